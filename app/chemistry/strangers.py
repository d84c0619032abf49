"""Names that no listed molecule can have: some morpheme of nomenclature is strange to each of them."""

import re
from collections.abc import Iterable, Sequence

from app.chemistry.structure import Molecule, query_of

_CHAIN = "[#6,#7,#8,#16;!R]"
_N_RING, _O_RING = "[#7;r6]", "[#8;r6]"
_NAPHTHALENE = "[#6;r6]1~[#6;r6]~[#6;r6]2~[#6;r6]~[#6;r6]~[#6;r6]~[#6;r6]~[#6;r6]~2~[#6;r6]~1"

# Morpheme, as keys have it, and what every molecule has in it (one of several things) that is named with it.
_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("fluor(?!id)", ("[F]", "c1ccc2c(c1)Cc1ccccc12", "c1ccc2c(c1)-c1cccc3cccc2c13", "O=C1c2ccccc2C(=O)O1")),
    ("(?<!idro)clor(?!id)", ("[Cl]",)),
    ("(?<!idro)brom(?!id)", ("[Br]",)),
    ("iod(?!id)", ("[I]",)),
    ("sil(?:an|il|ocs|icon)", ("[Si]",)),
    ("selen", ("[Se]",)),
    ("arsen|arsin", ("[As]",)),
    ("stann|stanan|plumb|mercur|german", ("[Sn]", "[Pb]", "[Hg]", "[Ge]")),
    ("boran|boron", ("[B]",)),
    ("tiol|tiof|tiaz|tian|tiocs|tiour|tioamid|sulfanil|sulfonil|sulfonamid|sulfinil|mercapt", ("[#6]~[#16]",)),
    ("fosfon|fosfin|fosforan", ("[#15]",)),
    ("azol|imidaz|pirazol", ("[#7,#8,#16;r5]~[#7;r5]", "[#7,#8,#16;r5]~[#6;r5]~[#7;r5]", "c1ccc2c(c1)[nH]c1ccccc12")),
    ("piridin|piridil|picolin|nicotin|lutidin", (_N_RING,)),
    ("pirimid|pirazin|piridaz|triazin|tetrazin|purin|pteridin|cinazolin|cinocsalin|ftalazin", (_N_RING,)),
    ("furan|furil|furfur", ("[#8;r5]",)),
    ("morfolin", (f"{_O_RING}~[#6;r6]~[#6;r6]~{_N_RING}",)),
    ("piran|cromen|cumarin|csanten", (_O_RING,)),
    ("androst|pregn|colest|gonan|steroid", ("[#6;r5]~1~[#6]~[#6]~[#6]~[#6]~1",)),
    ("naftal|naftil|naft[oi]l|antracen|antracin|fenantren|piren", (_NAPHTHALENE,)),
    ("bifenil|terfenil|stilben", ("c1ccccc1-c1ccccc1", "c1ccccc1C=Cc1ccccc1")),
    ("nitro(?!so)", ("[N+](=O)[O-]", "[N](=O)=O")),
    ("cicloprop", ("[#6;r3]",)),
    ("ciclobut", ("[#6;r4]",)),
    ("ciclopent", ("[#6;r5]",)),
    ("cicloecs", ("[#6;r6]",)),
    ("ciclo(?:ept|oct|non|dec|undec|dodec)", ("[#6;r7]", "[#6;r8]", "[#6;r9]", "[#6;r10]", "[#6;r11]", "[#6;r12]")),
    ("adamant|norborn|bornil|bornan|camf|pinen|pinan", ("[#6;R2]~[#6;R1]~[#6;R2]",)),
    ("(?:un|do|tri|tetra|penta|ecsa|epta|octa|nona)dec(?:an|il|en|oil)|[ei]cosan", ("~".join([_CHAIN] * 11),)),
    ("(?<![a-z])dec(?:an|il|en|oil|oat)", ("~".join([_CHAIN] * 10),)),
    ("non(?:an|il|en|oil|oat)", ("~".join([_CHAIN] * 9),)),
    ("oct(?:an|il|en|oil|oat)", ("~".join([_CHAIN] * 8),)),
    ("ept(?:an|il|en|oil|oat)", ("~".join([_CHAIN] * 7),)),
)

# What a relative of a listed molecule may be called (its esters, amides, carbamates, acetals, halides), whatever else
# its name has; and ring systems whose stems count rings and chains together. A piece of a word, or two of one name.
_RELATIVE = re.compile(
    "antranil|fenilacet|benzenacet|ester|etanoat|etanoic|tolu(?:at|ic)|glicid|ocsiran|osiran|epocsi|carbam|piperid|cetal"
    "|sulfonat|sulfonic|(?:bi|tri|tetra|penta)cicl|spiro|indol|erg|lisergi"
)
_PAIRS = (("amino", "benzo"), ("amin", "benzencarbocsil"), ("fenil", "acet"), ("benzen", "acet"))
"""Aminobenzoic acids and phenylacetic acid, whose words may stand apart."""
_ALONE = 1
"""The bit of a word that is a relative's by itself; each pair has two of its own above it."""


class Strangers:
    """The morphemes of nomenclature, each with the molecules it is no stranger to."""

    def __init__(self, molecules: Iterable[Molecule]) -> None:
        """Look for the mark of each morpheme in each molecule."""
        known: Sequence[Molecule] = tuple(molecules)
        self._holders = [
            sum(
                1 << number
                for number, molecule in enumerate(known)
                if any(molecule.HasSubstructMatch(query_of(mark)) for mark in marks)
            )
            for _, marks in _MARKS
        ]
        self.everyone = (1 << len(known)) - 1
        """All molecules, as bits."""
        self._morpheme = re.compile("|".join(f"({morpheme})" for morpheme, _ in _MARKS))

    def holders_of(self, key: str) -> int:
        """Return the molecules, as bits, that have what is named with every morpheme of a word."""
        holders = self.everyone
        for found in self._morpheme.finditer(key):
            assert found.lastindex is not None
            holders &= self._holders[found.lastindex - 1]
        return holders


def marks_of_relatives(key: str) -> int:
    """Return, as bits, what of a relative's name a word has in it; the bits of a name are those of its words."""
    marks = _ALONE if _RELATIVE.search(key) else 0
    for place, pair in enumerate(_PAIRS):
        for half, piece in enumerate(pair):
            if piece in key:
                marks |= _ALONE << (1 + 2 * place + half)
    return marks


def may_be_a_relative(marks: int) -> bool:
    """Tell whether a name with these bits may be that of a relative which the law names with its parent."""
    return bool(marks & _ALONE) or any(marks >> shift & 0b11 == 0b11 for shift in range(1, 1 + 2 * len(_PAIRS), 2))
