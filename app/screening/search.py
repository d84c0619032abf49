"""Whole columns of descriptions searched at once: which of them can say anything of a listed substance, and where.

What is left out says nothing, by construction; what is kept is read word by word (`app.screening.names`), so that a
line kept too many costs time and changes no answer.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from app.chemistry.fold_columns import fold_column
from app.chemistry.keyhash import HashSet, UInts, hash_beginnings, hash_keys
from app.chemistry.word_columns import KnownRuns, split_folded
from app.screening.anchors import AnchoredName, Anchors
from app.screening.lexicon import BEGINS, CHEMICAL, IDLE, NUMBER, SAID, SLIP, STRANGE, VAGUE, Lexicon
from app.screening.made_once import MadeOnce
from app.screening.mending import MOST_WORDS, Mending
from app.screening.misspellings import Misspellings
from app.screening.near_words import MOST_SLIPS
from app.screening.sequences import Bools, Ints, Sequences, arrange
from app.screening.systematic import mention_in
from app.screening.windows import Window
from app.screening.written import has_identifiers, respelt

_BINDING = (ord("-"), ord(","))


@dataclass(slots=True)
class Hits:
    """Where in one text a listed name may stand."""

    exact: list[Window] = field(default_factory=list)
    """Windows whose key is a listed name's."""
    near: list[tuple[Window, AnchoredName]] = field(default_factory=list)
    """Windows that may be a name with a few slips."""
    mendable: bool = False
    """Each word is one of chemistry, says nothing, or is a slip away from a listed name's, and it can be read so."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the texts of a batch can say."""

    hits: dict[str, Hits]
    """Of the texts in which a listed name may stand, and of what they may be respelt as."""
    named: Bools
    """bool[n]: a listed name may stand in it or in what it may be respelt as, or it names an ester of a listed acid."""
    numbered: Bools
    """bool[n]: a registry number, UN number or InChIKey stands in it."""
    vague: Bools
    """bool[n]: no word names any goods in particular."""
    mentions: dict[int, str]
    """The part of a text that may be a systematic name, by the text's place; none of texts that are a lawful name."""


class Search:
    """Everything a search of texts needs, prepared once."""

    def __init__(
        self,
        keys: Sequence[str],
        anchors: Anchors,
        lawful: UInts,
        esters: UInts,
        mending: Mending,
        once: MadeOnce | None = None,
    ) -> None:
        """Take what is searched for.

        Args:
            keys: the keys of all listed names.
            anchors: the same names under their longest words.
            lawful: uint64[n], sorted: hashes of the keys of lawful names.
            esters: uint64[m]: those of them that name a member of a family clause.
            mending: tells whether a text with slips has a reading.
            once: keeps the tables that are made of all this; None where it is made for this search alone.
        """
        once = once or MadeOnce()
        self._names = once.hash_set("names", lambda: hash_keys(keys))
        self._beginnings = once.hash_set("beginnings", lambda: hash_beginnings(keys))
        self._lawful = once.hash_set("lawful", lambda: lawful)
        self._esters = HashSet(esters)
        self._mending = mending
        self._known_runs = KnownRuns()
        self._misspellings = Misspellings(anchors, once)
        self._lexicon = Lexicon(self._misspellings.near, self._misspellings.keep, self._beginnings.contains)

    def search(self, texts: list[str]) -> Found:
        """Search some texts, each of them once.

        Args:
            texts: n distinct texts, each cut to what is read of a description.
        """
        self._lexicon.make_room()
        folded = fold_column(texts, self._known_runs.folded)
        owners, others = respelt(folded)
        more = list(dict.fromkeys(others).keys() - set(texts)) if others else []
        every = pa.concat_arrays([folded, fold_column(more, self._known_runs.folded)])
        sequences = arrange(split_folded(every, self._known_runs), self._lexicon)
        hits = self._hits(sequences, texts + more)
        named = np.fromiter((text in hits for text in texts), dtype=np.bool_, count=len(texts))
        named[[owner for owner, other in zip(owners, others, strict=True) if other in hits]] = True
        sequences = sequences.of_first(len(texts))
        whole, hashes = self._whole(sequences)
        named[whole[self._esters.contains(hashes)]] = True
        lawful = np.zeros(len(texts), dtype=np.bool_)
        lawful[whole[self._lawful.contains(hashes)]] = True
        return Found(
            hits=hits,
            named=named,
            numbered=has_identifiers(texts),
            vague=self._vague(sequences, len(texts)),
            mentions=self._mentions(sequences, lawful, folded),
        )

    def _hits(self, sequences: Sequences, texts: list[str]) -> dict[str, Hits]:
        hits: dict[str, Hits] = defaultdict(Hits)
        for text, window, _ in _by_text(sequences, texts, *self._exact(sequences)):
            hits[text].exact.append(window)
        for text, window, name in _by_text(sequences, texts, *self._misspellings.find(sequences, self._lexicon)):
            hits[text].near.append((window, self._misspellings.name_of(name)))
        for line in self._mendable(sequences):
            hits[texts[line]].mendable = True
        return dict(hits)

    def _mendable(self, sequences: Sequences) -> Iterator[int]:
        """Yield the texts with a word or two a slip away from a listed name's, none strange, that have a reading so."""
        kinds, lines = sequences.kinds, sequences.lines
        slipped, slips = np.unique(lines[(kinds & SLIP) != 0], return_counts=True)
        slipped = slipped[slips <= MOST_SLIPS]
        first, last = np.searchsorted(lines, slipped), np.searchsorted(lines, slipped, side="right")
        strange = np.concatenate([[0], np.cumsum((kinds & STRANGE) != 0)])
        likely = (last - first <= MOST_WORDS) & (strange[last] == strange[first])
        spelt, keys = self._lexicon.spelt, self._lexicon.keys
        for line, begin, end in zip(*(each[likely].tolist() for each in (slipped, first, last)), strict=True):
            words = sequences.words[begin:end].tolist()
            if self._mending.may_mend([spelt[word] for word in words], [keys[word] for word in words]):
                yield line

    def _exact(self, sequences: Sequences) -> tuple[Ints, Ints, Ints]:
        """Return windows that are listed names, going on from word to word as long as a name begins so."""
        found = [(np.empty(0, dtype=np.int64),) * 2]
        first = np.flatnonzero(sequences.kinds & BEGINS)
        last = first + 1
        before, scale = sequences.sums[first], sequences.scales(first)
        hashes = (sequences.sums[last] - before) * scale
        while first.size:
            names = self._names.contains(hashes)
            found.append((first[names], last[names]))
            further = np.flatnonzero(last < sequences.last_words[first])
            first, last, before, scale = first[further], last[further] + 1, before[further], scale[further]
            hashes = (sequences.sums[last] - before) * scale
            begins = np.flatnonzero(self._beginnings.contains(hashes))
            first, last, before, scale = first[begins], last[begins], before[begins], scale[begins]
            hashes = hashes[begins]
        firsts, lasts = (np.concatenate(column) for column in zip(*found, strict=True))
        return firsts, lasts, np.zeros_like(firsts)

    def _whole(self, sequences: Sequences) -> tuple[Ints, UInts]:
        """Return the texts that say something, and the hash of each from the first such word to the last."""
        telling = np.flatnonzero((sequences.kinds & IDLE) == 0)
        lines = sequences.lines[telling]
        changes = np.flatnonzero(lines[1:] != lines[:-1])
        first, last = np.append(0, changes + 1)[: len(lines)], np.append(changes, len(lines) - 1)[: len(lines)]
        return lines[first], sequences.hashes(telling[first], telling[last] + 1)

    def _vague(self, sequences: Sequences, count: int) -> Bools:
        vague = np.ones(count, dtype=np.bool_)
        vague[sequences.lines[(sequences.kinds & VAGUE) == 0]] = False
        return vague

    def _mentions(self, sequences: Sequences, settled: Bools, folded: pa.Array) -> dict[int, str]:
        """Return what `app.screening.systematic` would read of texts that are not settled."""
        words, lines, kinds = sequences.words, sequences.lines, sequences.kinds
        said = np.bincount(lines[(kinds & SAID) != 0], minlength=len(settled))
        chemical = np.bincount(lines[(kinds & CHEMICAL) != 0], minlength=len(settled))
        asked = (chemical > 0) & (3 * chemical >= said) & ~settled
        bound = (self._lexicon.of.length[words] > 1) | np.isin(sequences.behind, _BINDING)
        telling = np.flatnonzero(((kinds & (IDLE | NUMBER)) == 0) & bound & asked[lines])
        texts, first = np.unique(lines[telling], return_index=True)
        if not texts.size:
            return {}
        starts = np.minimum.reduceat(sequences.begins_at[telling], first)
        ends = np.maximum.reduceat(sequences.ends_at[telling], first)
        return {
            text: mention_in(line, start, end)
            for text, line, start, end in zip(
                texts.tolist(), folded.take(pa.array(texts)).to_pylist(), starts.tolist(), ends.tolist(), strict=True
            )
        }


def _by_text(
    sequences: Sequences, texts: list[str], first: Ints, last: Ints, what: Ints
) -> Iterator[tuple[str, Window, int]]:
    """Yield (text, window within it, what was found)."""
    before = sequences.first_words[first]
    columns = (sequences.lines[first], first - before, last - before, what)
    for line, begin, end, each in zip(*(column.tolist() for column in columns), strict=True):
        yield texts[line], Window(begin, end), each
