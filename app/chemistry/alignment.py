"""Where the words of a folded text stand in the text as it is written."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise

from app.chemistry.fold import DOTTED, Words, fold
from app.chemistry.letters import ALONE, TOGETHER, fold_run, fold_together

_LONGEST_RUN = 200
"""Characters without a space among them that are folded piece by piece; a longer run is one piece."""


def quoted(words: Words, first: int, last: int) -> str:
    """Return words `first` to `last` (exclusive) as they stand in the text, whatever folding has made of its length.

    Args:
        words: of a text.
        first: place of the first word in reading order.
        last: one past the last.

    Returns:
        A part of `words.text`; a bracket that belongs to the words is in it, as in `Words.as_written`.
    """
    if words.text.isascii() and len(words.text) == len(words.folded):
        return words.as_written(first, last)
    start, end = written_span(words.text, *words.span_in(words.folded, first, last))
    return words.text[start:end]


def quoted_reading(text: str, reading: str) -> str:
    """Return what in a text was read as something: the same words where they stand there, else the whole text.

    Args:
        text: as written.
        reading: what was read, in lower case and perhaps in English.
    """
    if reading in text:
        return reading
    sought = fold(reading)
    place = fold(text).find(sought) if sought else -1
    return text[slice(*written_span(text, place, place + len(sought)))] if place >= 0 else text.strip()


def written_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where in a text stands what `fold` has put between two places.

    Args:
        text: as written.
        start: place in `fold(text)`.
        end: place behind it, `start < end`.

    Returns:
        Places in `text`: what was folded into the part is whole, with the marks on its last letter.
    """
    plain, begins, ends = _pieces(text)
    start, end = _before_dots(plain, start), _before_dots(plain, end)
    first, last = bisect_right(ends, start), bisect_left(begins, end)
    while last < len(text) and (unicodedata.combining(text[last]) or _adds_nothing(text, begins, ends, last)):
        last += 1
    return first, last


def _adds_nothing(text: str, begins: list[int], ends: list[int], place: int) -> bool:
    """Tell of a letter that it is folded together with those before it."""
    return begins[place] == ends[place] and text[place].isalpha()


@lru_cache(maxsize=32)
def _pieces(text: str) -> tuple[str, list[int], list[int]]:
    """Return a text as folded, but for Greek letters between dots, and where in that each character begins and ends."""
    if TOGETHER.search(text) is None:
        bounds = [0, *accumulate(map(len, map(ALONE.__getitem__, map(ord, text))))]
        return text.translate(ALONE), bounds[:-1], bounds[1:]
    folded: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    for number, run in enumerate(text.split(" ")):
        if number:
            folded.append(" ")
            begins.append(at)
            ends.append(at := at + 1)
        whole = fold_run(run)
        folded.append(whole)
        for begin, end in _edges(run, whole):
            begins.append(at + begin)
            ends.append(at + end)
        at += len(whole)
    return "".join(folded), begins, ends


def _edges(run: str, whole: str) -> Iterator[tuple[int, int]]:
    """Yield where each character of a run begins and ends in the folded run."""
    alone = [*map(ALONE.__getitem__, map(ord, run))]
    if "".join(alone) == whole:
        yield from pairwise(accumulate(map(len, alone), initial=0))
    elif len(run) > _LONGEST_RUN:
        yield from [(0, len(whole))] * len(run)
    else:
        # A Greek letter alone is folded to its name, longer than the word it begins: what stands behind corrects it.
        reached = [*(len(fold_together(run[:number])) for number in range(1, len(run))), len(whole)]
        bounds = [*accumulate(reversed(reached), min)][::-1]
        at = 0
        for bound in bounds:
            behind = max(at, bound)
            yield at, behind
            at = behind


def _before_dots(plain: str, place: int) -> int:
    """Return the place before `. beta .` was written ` beta `."""
    if "." not in plain:
        return place
    shift = 0
    for match in DOTTED.finditer(plain):
        inside = place + shift - match.start()
        if inside <= 0:
            break
        letter = len(match[1])
        if inside <= letter + 1:
            return match.start(1) + inside - 1
        shift += len(match[0]) - letter - 2
    return place + shift
