"""Drawn structures: identity under any spelling, salt or charge; members of family clauses; close analogues."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter

from app.chemistry.family import Kinship, family_of, family_of_molecule
from app.chemistry.resemblance import Resemblance
from app.chemistry.strangers import Strangers
from app.chemistry.structure import (
    Drawing,
    Makeup,
    Molecule,
    Structure,
    makeup_of,
    read_inchi,
    read_smiles,
    take_apart,
    why_unread,
)
from app.domain.words import Channel
from app.screening.forms import OTHER_ISOMER, PARENT, WATER, SeenForm, form_of_parts
from app.screening.policy import Policy
from app.screening.sequences import Bools
from app.screening.tallies import MOST_ATOMS, ListedTallies
from app.screening.written import has_identifiers
from app.watchlist.index import Index
from app.watchlist.model import Substance

_SMALL = 0.002
"""What is taken from the confidence in a molecule of one atom: the larger, the less likely is it drawn by a slip."""


@dataclass(frozen=True, slots=True)
class StructureClue:
    """A listed substance seen in a drawn structure."""

    substance: int
    channel: Channel
    score: float
    note: str
    form: SeenForm = PARENT


@dataclass(frozen=True, slots=True)
class StructureRead:
    """What one drawn structure says."""

    clues: tuple[StructureClue, ...]
    problem: str = ""
    """Why it was not read, to follow the name of what it is; empty where it was."""

    @property
    def readable(self) -> bool:
        """Tell whether it was read."""
        return not self.problem


class StructureIndex:
    """The listed structures, prepared for comparison."""

    def __init__(self, index: Index, policy: Policy) -> None:
        self._policy = policy
        substances = index.watchlist.substances
        self._position = index.position
        self._by_skeleton: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._whole: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._compared: list[int] = []
        molecules, parts, mixtures = [], [], []
        self._makeups: set[Makeup] = set()
        self._mixtures: set[tuple[Makeup, ...]] = set()
        for row in index.structures.to_pylist():
            number = row["substance"]
            known = self._whole if substances[number].whole_molecule_only else self._by_skeleton
            known[row["skeleton"]].append((number, row["stereo"]))
            if row["atoms"] >= policy.similarity_fewest_atoms and not substances[number].whole_molecule_only:
                self._compared.append(number)
                molecules.append(_drawn(row["smiles"]).molecule)
            drawn = [_drawn(part).molecule for part in row["skeleton"].split(".")]
            makeups = [makeup_of(each) for each in drawn]
            if known is self._whole:
                mixtures.append(drawn)
                self._mixtures.add(_mixture(makeups))
            else:
                parts += drawn
                self._makeups.update(makeups)
        water = _drawn(WATER).molecule
        mixtures.append([water])
        self._constituents = {mixture[0] for mixture in self._mixtures if len(mixture) == 1} | {makeup_of(water)}
        self._heavy_constituents = {makeup.heavy for makeup in self._constituents}
        self._heavy_makeups = {makeup.heavy for makeup in self._makeups}
        self._heavy_mixtures = {_mixture(makeup.heavy for makeup in mixture) for mixture in self._mixtures}
        self._resemblance = Resemblance(molecules)
        self._tallies = ListedTallies(parts, mixtures, self._resemblance, policy)
        self.strangers = Strangers(_drawn(row["smiles"]).molecule for row in index.structures.to_pylist())
        """What the name of no listed molecule has in it."""
        self.read_smiles = lru_cache(maxsize=65_536)(self._read_smiles)
        self.identify_smiles = lru_cache(maxsize=65_536)(self._identify_smiles)
        """The same without looking for what is merely similar."""
        self.read_inchi = lru_cache(maxsize=16_384)(self._read_inchi)
        self.says_nothing = lru_cache(maxsize=65_536)(self._says_nothing)
        """Whether a SMILES can be read and is not, and does not resemble, anything listed."""

    def say_nothing(self, texts: Sequence[str]) -> Bools:
        """Return bool[n]: whether each SMILES can be read and is not, and does not resemble, anything listed.

        Args:
            texts: n SMILES. One in which an identifier may stand is never told apart.
        """
        says = has_identifiers(list(texts))
        for place, smiles in enumerate(texts):
            says[place] |= not self.says_nothing(smiles)
        return ~says

    def _says_nothing(self, smiles: str) -> bool:
        if self._tallies.leave_out(smiles):
            return True
        read = self.read_smiles(smiles)
        return read.readable and not read.clues

    def _read_smiles(self, smiles: str) -> StructureRead:
        return self._read(smiles, read_smiles(smiles), similar=True)

    def _read_inchi(self, inchi: str) -> StructureRead:
        return self._read(inchi, read_inchi(inchi), similar=True)

    def _identify_smiles(self, smiles: str) -> StructureRead:
        return self._read(smiles, read_smiles(smiles), similar=False)

    def _read(self, text: str, drawing: Drawing | None, *, similar: bool) -> StructureRead:
        if drawing is None:
            return StructureRead((), why_unread(text))
        if not drawing.labelled:
            parts = drawing.molecules()
            if not self._may_be_listed(parts, [makeup_of(part.molecule) for part in parts]):
                # Nothing listed is made of these atoms: it need not be put into canonical form to be told apart.
                molecules = [part.neutral() for part in parts]
                largest = _largest(molecules)
                if largest is not None and not any(map(family_of_molecule, molecules)):
                    return StructureRead(tuple(self._similar(largest) if similar else ()))
        return self.read_at_length(drawing, similar=similar)

    def read_at_length(self, drawing: Drawing, *, similar: bool) -> StructureRead:
        """Read a structure by the canonical form of its molecules, also where it could be told apart sooner."""
        structure = take_apart(drawing)
        clues = self._identical(structure) or self._member(family_of(structure))
        if not clues and similar:
            first = read_smiles(structure.parts[0].skeleton)  # not every neutral form can be read
            clues = [] if first is None else self._similar(first.molecule)
        return StructureRead(tuple(clues))

    def other_formulas(self, text: str, substance: Substance) -> tuple[str, str] | None:
        """Return the formulas of a structure and of the substance that it cannot be of, None where it may be.

        Args:
            text: a SMILES or InChI.
            substance: whose structure is expected.
        """
        drawn = read_inchi(text) if text.startswith("InChI") else read_smiles(text)
        if drawn is None or not substance.smiles:
            return None
        listed = _drawn(substance.smiles)
        own, seen = (
            {each for part in of.molecules() if (each := _but_metals(makeup_of(part.molecule))).formula}
            for of in (listed, drawn)
        )
        return None if own <= seen else (makeup_of(drawn.molecule).formula, makeup_of(listed.molecule).formula)

    def _may_be_listed(self, parts: list[Drawing], makeups: list[Makeup]) -> bool:
        """Tell whether molecules without isotopes may be listed, each by itself or all together, once neutral."""
        if any(part.charged for part in parts):
            heavy = [makeup.heavy for makeup in makeups]
            listed = not self._heavy_makeups.isdisjoint(heavy) or _mixture(heavy) in self._heavy_mixtures
            return listed or self._heavy_constituents.issuperset(heavy)
        listed = not self._makeups.isdisjoint(makeups) or _mixture(makeups) in self._mixtures
        return listed or self._constituents.issuperset(makeups)

    def _member(self, kin: Kinship | None) -> list[StructureClue]:
        if kin is None or kin.parent not in self._position:
            return []
        note, form = f"{kin.relation} of the listed substance", SeenForm(relation=kin.relation)
        return [StructureClue(self._position[kin.parent], Channel.FAMILY, 0.97, note, form)]

    def _identical(self, structure: Structure) -> list[StructureClue]:
        found: dict[int, StructureClue] = {}
        whole_skeleton = ".".join(sorted(part.skeleton for part in structure.parts))
        whole_stereo = ".".join(sorted(part.stereo for part in structure.parts))
        labelled = any(part.labelled for part in structure.parts)
        drawn = Drawn(whole_stereo, whole_stereo != whole_skeleton, labelled)
        for number, score, note, form in _nearest_stereo(self._whole.get(whole_skeleton, []), drawn):
            atoms = sum(part.atoms for part in structure.parts)
            found[number] = StructureClue(number, Channel.STRUCTURE, score - _SMALL / atoms, note, form)
        for part in structure.parts:
            drawn = Drawn(part.stereo, part.stereo != part.skeleton, part.labelled)
            for number, score, note, form in _nearest_stereo(self._by_skeleton.get(part.skeleton, []), drawn):
                if len(structure.parts) > 1:
                    note = f"{note}; other parts of the structure removed".removeprefix("; ")
                    others = form_of_parts(other for other in structure.parts if other is not part)
                    form = replace(form, salt=others.salt, hydrate=others.hydrate)
                score -= _SMALL / part.atoms
                found.setdefault(number, StructureClue(number, Channel.STRUCTURE, score, note, form))
        return list(found.values()) or self._constituents_of(structure)

    def _constituents_of(self, structure: Structure) -> list[StructureClue]:
        """Return what is listed whole and drawn beside nothing but the like and water.

        Beside another molecule it may be the acid of its salt, or the solvent it crystallised with.
        """
        own = [part for part in structure.parts if part.skeleton != WATER]
        if len(structure.parts) == 1 or not all(part.skeleton in self._whole for part in own):
            return []
        clues: dict[int, StructureClue] = {}
        for part in own:
            drawn = Drawn(part.stereo, part.stereo != part.skeleton, part.labelled)
            for number, score, note, form in _nearest_stereo(self._whole[part.skeleton], drawn):
                told = f"{note}; one of several molecules that are drawn".removeprefix("; ")
                clues.setdefault(number, StructureClue(number, Channel.STRUCTURE, score, told, form))
        return list(clues.values())

    def _similar(self, molecule: Molecule) -> list[StructureClue]:
        if not self._policy.similarity_fewest_atoms <= molecule.GetNumHeavyAtoms() <= MOST_ATOMS:
            return []
        if not self._resemblance.may_reach(molecule, self._policy.similarity_cutoff):
            return []
        values = self._resemblance.of(molecule)
        best = int(values.argmax()) if values.size else -1
        if best < 0 or values[best] < self._policy.similarity_cutoff:
            return []
        note = f"structure resembles it (Tanimoto {values[best]:.2f})"
        score = 0.5 + 0.3 * (float(values[best]) - 0.5)
        return [StructureClue(self._compared[best], Channel.SIMILARITY, score, note)]


_METALS = re.compile(r"(?:Li|Na|K|Mg|Ca|Zn)(?![a-z])\d*")


def _but_metals(makeup: Makeup) -> Makeup:
    """Return what is the same for a molecule, its tautomers and ions, and its salts in whatever way they are drawn."""
    heavy = makeup.heavy
    return replace(heavy, formula=_METALS.sub("", heavy.formula))


def _mixture(makeups: Iterable[Makeup]) -> tuple[Makeup, ...]:
    """Return molecules in an order that does not hang on how they were drawn."""
    return tuple(sorted(makeups, key=attrgetter("formula", "rings")))


def _largest(molecules: list[Molecule]) -> Molecule | None:
    """Return the molecule with the most atoms, None where several have as many."""
    if len(molecules) == 1:
        return molecules[0]
    sizes = [molecule.GetNumHeavyAtoms() for molecule in molecules]
    most = max(sizes)
    return molecules[sizes.index(most)] if sizes.count(most) == 1 else None


def _drawn(smiles: str) -> Drawing:
    drawing = read_smiles(smiles)
    if drawing is None:
        raise ValueError(f"a listed structure cannot be read: {smiles}")  # the compiled index has only readable ones
    return drawing


@dataclass(frozen=True, slots=True)
class Drawn:
    """The stereochemistry and isotopes of a drawn molecule."""

    stereo: str
    """Canonical SMILES with stereochemistry."""
    has_stereo: bool
    labelled: bool


def _nearest_stereo(known: list[tuple[int, str]], drawn: Drawn) -> list[tuple[int, float, str, SeenForm]]:
    """Return the listed substances of a skeleton: the one whose stereo layer fits, or all where none was drawn."""
    if not known:
        return []
    exact = [number for number, listed in known if listed == drawn.stereo]
    if drawn.labelled:
        form = SeenForm(labelled=True)
        return [(number, 0.80, "an isotope-labelled form: the law is silent", form) for number, _ in known]
    if exact:
        return [(number, 0.999 - 0.0005 * place, "", PARENT) for place, number in enumerate(exact)]
    note = "same skeleton, other or no stereochemistry drawn"
    form = SeenForm(isomer=OTHER_ISOMER) if drawn.has_stereo else PARENT
    return [(number, 0.985 - 0.003 * place, note, form) for place, (number, _) in enumerate(known)]
