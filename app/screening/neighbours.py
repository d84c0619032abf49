"""The words beside a name: do they make another substance of it, and does it fill its clause?"""

from functools import lru_cache

from rapidfuzz.distance import OSA

from app.chemistry.fold import Words
from app.chemistry.nomenclature import is_chemical_word
from app.screening.context import CHANGING_WORDS, DESCRIPTORS, FUNCTIONAL, NEUTRAL, SALT_WORDS, is_radical
from app.screening.dictionary import Dictionary
from app.screening.trade_words import SOLVENTS, TRADE_WORDS
from app.screening.windows import Window

_LONG_ENOUGH_TO_SLIP = 6
_LONG_RADICAL = 6
"""A word that no dictionary has is a group of atoms from so many characters: `4-diisopropyl-toluene`."""
_SHORTEST_PART = 4
"""A misspelt part of a name has so many letters."""
_LISTED_RADICALS = frozenset({"iodo", "diod"})
"""Names of iodine that are groups of atoms where a hyphen joins them to a name."""
_CLAUSE = 60
"""Words on either side that are looked at; a clause of more is no clause."""


class Neighbours:
    """The surroundings of the names in one text."""

    def __init__(self, dictionary: Dictionary, words: Words, exact: dict[Window, str]) -> None:
        """Take a text with the listed names that stand in it exactly."""
        self._names = dictionary
        self._words = words
        self._listed = frozenset(place for window in exact for place in range(window.first, window.last))

    def changing(self, window: Window, *, whole: bool) -> str | None:
        """Return the word beside the window that makes it part of a longer chemical name, None for none."""
        for step, place in ((-1, window.first - 1), (1, window.last)):
            edge = window.first if step < 0 else window.last - 1
            while 0 <= place < len(self._words.keys):
                gap = self._gap(min(edge, place), max(edge, place))
                if step < 0 and self._is_alcohols_part(window, place, gap):
                    return self._words.words[place]
                if _breaks(gap) or (gap.strip() == "-" and gap != "-" and self._both_words(edge, place)):
                    break
                key = self._words.keys[place]
                if key.isdigit() or (len(key) == 1 and key.isascii()) or key in DESCRIPTORS:
                    edge, place = place, place + step
                    continue
                if self._changes_name(key, place, gap, step, whole=whole) or self._is_misspelt_part(window, place, gap):
                    return self._words.words[place]
                break
        return None

    def _is_misspelt_part(self, window: Window, place: int, gap: str) -> bool:
        """Tell whether a word that no dictionary has is a part of the window's name, misspelt or not.

        It is one where a locant joins it to the name, as in `toluene, 3,4-dcihloro-`, and it ends as a group of atoms
        does or is a slip away from a word of chemistry; and before a space, where it ends as English radicals do or is
        an acid's adjective and the window begins with `acid`.
        """
        key, word = self._words.keys[place], self._words.words[place]
        if key in NEUTRAL or len(key) < _SHORTEST_PART or not (word.isascii() and word.isalpha()):
            return False
        if gap == " ":
            begins = self._words.keys[window.first] == "acid" and word.endswith("ic")
            before = place < window.first and place not in self._listed
            return before and (begins or (len(word) >= _LONG_RADICAL and word.endswith("yl")))
        if " " in gap or not self._is_numbered(window, place) or is_chemical_word(key):
            return False
        return is_radical(key) or (len(key) > _SHORTEST_PART and self._names.is_slip_of_a_word(key))

    def _is_numbered(self, window: Window, place: int) -> bool:
        """Tell whether a number stands between a word and the window, or before the word that stands before it."""
        keys = self._words.keys
        between = range(place + 1, window.first) if place < window.first else range(window.last, place)
        ahead = place < window.first and place > 0 and keys[place - 1].isdigit() and self._gap(place - 1, place) == "-"
        return ahead or any(keys[each].isdigit() for each in between)

    def _is_alcohols_part(self, window: Window, place: int, gap: str) -> bool:
        """Tell whether a word ends what the acid of the window is an ester with: `butan-2-yl `, `(4-methylphenyl) `."""
        words = self._words
        numbered = place > 0 and words.keys[place - 1].isdigit() and self._gap(place - 1, place) == "-"
        if not numbered or not words.keys[window.last - 1].endswith(_ESTER):
            return False
        return (gap == " " and words.words[place] == "yl") or (gap == ") " and is_radical(words.keys[place]))

    def _changes_name(self, key: str, place: int, gap: str, step: int, *, whole: bool) -> bool:
        joined = " " not in gap
        if place in self._listed:
            return joined and key in _LISTED_RADICALS
        if not key.isascii():
            return joined and _is_han(key) and key in _HAN_CHEMICAL
        if key in CHANGING_WORDS and (len(key) > 3 or " " not in gap) and not (step < 0 and "," in gap):
            return True
        if (step > 0 and not whole and is_salt_word(key)) or key in NEUTRAL:
            return False
        if not is_chemical_word(key):
            return joined and step < 0 and len(key) >= _LONG_RADICAL and is_radical(key)
        stands_alone = not joined and key not in FUNCTIONAL and not is_radical(key)
        return not (stands_alone and self._names.lawful([key])[0] is not None)

    def _both_words(self, one: int, other: int) -> bool:
        return all(self._words.keys[place].isalpha() and len(self._words.keys[place]) > 2 for place in (one, other))

    def _gap(self, left: int, right: int) -> str:
        (left_start, left_end), (right_start, right_end) = self._words.spans[left], self._words.spans[right]
        return (
            self._words.folded[left_end:right_start]
            if left_start < right_start
            else self._words.folded[right_end:left_start]
        )

    def fill_clause(self, window: Window) -> bool:
        """Tell whether the window's clause holds nothing but the name and words that say nothing."""
        for step, place in ((-1, window.first - 1), (1, window.last)):
            edge = window.first if step < 0 else window.last - 1
            while 0 <= place < len(self._words.keys):
                if _ends_clause(self._gap(min(edge, place), max(edge, place))):
                    break
                if not self._says_nothing(place):
                    return False
                edge, place = place, place + step
                if abs(place - window.first) > _CLAUSE:
                    break
        return True

    def is_part_of_a_code(self, window: Window) -> bool:
        """Tell whether digits or letters stand against the window without anything between, as in a model number."""
        last = len(self._words.keys)
        return (window.first > 0 and not self._gap(window.first - 1, window.first)) or (
            window.last < last and not self._gap(window.last - 1, window.last)
        )

    def _says_nothing(self, place: int) -> bool:
        key = self._words.keys[place]
        idle = key in NEUTRAL or key in SALT_WORDS or key in TRADE_WORDS
        return idle or key.isdigit() or place in self._listed or len(key) == 1 or self._dissolves(place)

    def _dissolves(self, place: int) -> bool:
        """Tell whether a word is what something is dissolved in: `in methanol`."""
        return self._words.keys[place] in SOLVENTS and place > 0 and self._words.words[place - 1] in _IN


_ESTER = "at"
"""How the keys of esters and of salts end."""
_IN = frozenset(["in", "en", "dans", "em"])


def _breaks(gap: str) -> bool:
    """Tell whether what stands between two words ends a name."""
    return (
        any(mark in gap for mark in (";", ":", ") ", "/", "+", "&", "|", "\n"))
        or gap.startswith(". ")
        or (" (" in gap and "-" not in gap)
    )


def _ends_clause(gap: str) -> bool:
    return any(mark in gap for mark in ";:()/|,\n") or gap.startswith(". ") or " - " in gap


@lru_cache(maxsize=16_384)
def is_salt_word(key: str) -> bool:
    """Tell whether a word names a salt or hydrate, one slip allowed."""
    return key in SALT_WORDS or (
        len(key) >= _LONG_ENOUGH_TO_SLIP and any(OSA.distance(key, word, score_cutoff=1) <= 1 for word in SALT_WORDS)
    )


def _is_han(key: str) -> bool:
    return len(key) == 1 and "\u3400" <= key <= "\u9fff"


_HAN_CHEMICAL = frozenset(
    "甲乙丙丁戊己庚辛壬癸酸酯醇醛酮醚酐胺腈肼肟脲烷烯炔苯萘蒽酚醌环環氯溴碘氟氧硫磷硅氮氢氫钠鈉钾鉀钙鈣镁鎂铵銨铜銅锌鋅铁鐵银銀基酰醯硝亚亞"
    "硼过過次高偏焦代叔仲伯异異正邻鄰间間对對二三四五六多聚氨吡啶哌嗪嗪唑呋喃噻吲哚喹啉嘌嘧咪酞烃烴脂糖苷肽素盐鹽化"
)
