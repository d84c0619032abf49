"""Members of the family clauses: derivatives that a law lists together with their parent."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from rdkit import Chem

from app.chemistry.structure import Structure

# The esters that 21 CFR 1310.02(a)(2), (7) and (9) list with their acids. The acyl side is fixed atom by atom
# (`D` counts neighbours), so that a substituted acid is another acid; the alcohol's side is any carbon.
_ESTERS = (
    ("anthranilic-acid", "[NX3;H2]-[c;D3]1[cH][cH][cH][cH][c;D3]1-C(=O)-O-[#6]"),
    ("n-acetylanthranilic-acid", "[CH3]-C(=O)-[NH]-[c;D3]1[cH][cH][cH][cH][c;D3]1-C(=O)-O-[#6]"),
    ("bmk-glycidic-acid", "[cH]1[cH][cH][cH][cH][c;D3]1-[CH]2-O-C2(-[CH3])-C(=O)-O-[#6]"),
    ("pmk-glycidic-acid", "O1-[CH2]-O-c2[cH]c([cH][cH]c12)-[CH]3-O-C3(-[CH3])-C(=O)-O-[#6]"),
    ("phenylacetic-acid", "[cH]1[cH][cH][cH][cH][c;D3]1-[CH2]-C(=O)-O-[#6]"),
)

# What 21 CFR 1310.02(a) lists with 4-anilinopiperidine and 4-piperidone, "and any combination thereof": the ring and
# its phenyl group are fixed atom by atom; on a nitrogen stands an acyl group (amide) or an ester of carbamic acid
# (carbamate), nothing else, and on the phenyl group halogens (halide), nothing else.
_AP = "[CH2]1[CH2]{n}[CH2][CH2][CH]1-{a}-[c;D3]1{ring}"
_NITROGENS = {
    "": "[NH]",
    "amide": "N(-[$([CX3](=O)[#6]),$([CX3H]=O)])",
    "carbamate": "N(-C(=O)-O-[#6])",
}
_ANY = "[c;$([cH]),$(c[F,Cl,Br,I])]"
_PHENYLS = (
    ("", "[cH][cH][cH][cH][cH]1"),
    ("halide", f"c([F,Cl,Br,I]){_ANY}{_ANY}{_ANY}{_ANY}1"),
    ("halide", f"{_ANY}c([F,Cl,Br,I]){_ANY}{_ANY}{_ANY}1"),
    ("halide", f"{_ANY}{_ANY}c([F,Cl,Br,I]){_ANY}{_ANY}1"),
)
_KETONES = (
    ("", "O=[C]1[CH2][CH2]{n}[CH2][CH2]1"),
    ("acetal", "[CX4]1(-O-[CX4])(-O-[CX4])[CH2][CH2]{n}[CH2][CH2]1"),
)


def _relatives() -> Iterator[tuple[str, str, str]]:
    """Give each combination that is no parent: whose relative, which, and its pattern."""
    for (ring, phenyl), own, other in product(_PHENYLS, _NITROGENS, _NITROGENS):
        if relation := " and ".join(sorted({ring, own, other} - {""})):
            pattern = _AP.format(n=_NITROGENS[own], a=_NITROGENS[other], ring=phenyl)
            yield "4-anilinopiperidine", relation, pattern
    for (ketone, ring), own in product(_KETONES, _NITROGENS):
        if relation := " and ".join(sorted({ketone, own} - {""})):
            yield "4-piperidone", relation, ring.format(n=_NITROGENS[own])


# Ethers of the alcohols that the lists have: on the alcohol's oxygen stands one more carbon, no acid's, and the
# oxygen is in no ring: a morpholine made of both ends is another substance. No list here names ethers, so that they are
# told as derivatives that are not listed.
_ETHER = "-[OX2;!R]-[#6;!$(C=[O,S,N])]"
_PHENYLPROPYL = "[cH]1[cH][cH][cH][cH][c;D3]1-[CH](" + _ETHER + ")-[CH](-[CH3])-{amine}"
_ETHERS = (
    ("ephedrine", _PHENYLPROPYL.format(amine="[NH]-[CH3]")),
    ("n-methylephedrine", _PHENYLPROPYL.format(amine="N(-[CH3])-[CH3]")),
    ("norephedrine", _PHENYLPROPYL.format(amine="[NH2]")),
    ("1-4-butanediol", "[OH]-[CH2]-[CH2]-[CH2]-[CH2]" + _ETHER),
)

_LIKELY = Chem.MolFromSmarts(
    "[$(C(=O)-O-[#6]),$([#7]1[#6][#6][#6][#6][#6]1),$([CH](-[OX2]-[#6])(c)-[CH]-N),$([CH2](-[OH])-[CH2]-[CH2]-[CH2]-O)]"
)
"""Each of them is an ester, has the ring of piperidine, or is an ether of one of the few alcohols."""
CORES = {"4-anilinopiperidine": "[CH2]1[CH2]N[CH2][CH2][CH]1-N-c"}
"""What is in every relative of a parent that has most of the patterns, as SMARTS."""
_CORES = {parent: Chem.MolFromSmarts(core) for parent, core in CORES.items()}
_FEWEST_CARBONS = 5
"""The smallest of these, 4-methoxybutan-1-ol, has five carbons."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """A structure that a law may list together with its parent."""

    parent: str
    """The parent's slug."""
    relation: str
    """ester, ether, amide, carbamate, halide or acetal; of a combination all of them, joined by "and"."""


PATTERNS = (
    *((Kinship(slug, "ester"), smarts) for slug, smarts in _ESTERS),
    *((Kinship(slug, relation), smarts) for slug, relation, smarts in _relatives()),
    *((Kinship(slug, "ether"), smarts) for slug, smarts in _ETHERS),
)
"""Every kinship there is a rule for, with its pattern as SMARTS."""

RULES = frozenset((kin.parent, kin.relation) for kin, _ in PATTERNS)
"""Parents and relations for which there is a rule."""


@cache
def _queries() -> tuple[tuple[Kinship, Chem.Mol], ...]:
    return tuple((kin, Chem.MolFromSmarts(smarts)) for kin, smarts in PATTERNS)


def family_of(structure: Structure) -> Kinship | None:
    """Return whose relative a structure is.

    Args:
        structure: a structure as `app.chemistry.structure.read_structure` gives it.

    Returns:
        The listed parent and the relation, None where no part of the structure is such a relative.

    Source:
        21 CFR 1310.02(a)(2), (a)(7), (a)(9): "its esters"; (a)(33): "its amides, its carbamates, its halides"; and the
        line of 4-piperidone: "its acetals, its amides, its carbamates".
    """
    return next((kin for part in structure.parts if (kin := family_of_smiles(part.skeleton))), None)


def family_of_smiles(smiles: str) -> Kinship | None:
    """Return whose relative a SMILES draws, None for nobody's or where it cannot be read."""
    if smiles.upper().count("C") < _FEWEST_CARBONS or not ("O" in smiles or "N" in smiles):
        return None
    molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None else family_of_molecule(molecule)


def family_of_molecule(molecule: Chem.Mol) -> Kinship | None:
    """Return whose relative a molecule is, None for nobody's."""
    if molecule.GetNumHeavyAtoms() < _FEWEST_CARBONS or not molecule.HasSubstructMatch(_LIKELY):
        return None
    lacking = {parent for parent, core in _CORES.items() if not molecule.HasSubstructMatch(core)}
    return next(
        (kin for kin, query in _queries() if kin.parent not in lacking and molecule.HasSubstructMatch(query)), None
    )
