"""Drawn structures: identity under any spelling, salt or charge; members of family clauses; close analogues."""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache

from app.chemistry.family import family_of
from app.chemistry.structure import Structure, fingerprint, read_inchi, read_structure, similarities
from app.domain.words import Channel
from app.screening.forms import OTHER_ISOMER, PARENT, SeenForm, form_of_parts
from app.screening.policy import Policy
from app.watchlist.index import Index


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
    readable: bool


class StructureIndex:
    """The listed structures, prepared for comparison."""

    def __init__(self, index: Index, policy: Policy) -> None:
        self._policy = policy
        substances = index.watchlist.substances
        self._position = index.position
        self._by_skeleton: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._whole: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._compared: list[int] = []
        prints = []
        for row in index.structures.to_pylist():
            number = row["substance"]
            known = self._whole if substances[number].whole_molecule_only else self._by_skeleton
            known[row["skeleton"]].append((number, row["stereo"]))
            if row["atoms"] >= policy.similarity_fewest_atoms and not substances[number].whole_molecule_only:
                own = fingerprint(row["smiles"])
                if own is not None:
                    self._compared.append(number)
                    prints.append(own)
        self._prints = prints
        self.read_smiles = lru_cache(maxsize=65_536)(self._read_smiles)
        self.read_inchi = lru_cache(maxsize=16_384)(self._read_inchi)

    def _read_smiles(self, smiles: str) -> StructureRead:
        return self._read(read_structure(smiles))

    def _read_inchi(self, inchi: str) -> StructureRead:
        return self._read(read_inchi(inchi))

    def _read(self, structure: Structure | None) -> StructureRead:
        if structure is None:
            return StructureRead((), readable=False)
        clues = self._identical(structure)
        if not clues:
            kin = family_of(structure)
            if kin is not None and kin.parent in self._position:
                note = f"{kin.relation} of the listed substance"
                form = SeenForm(relation=kin.relation)
                clues = [StructureClue(self._position[kin.parent], Channel.FAMILY, 0.97, note, form)]
        if not clues:
            clues = self._similar(structure)
        return StructureRead(tuple(clues), readable=True)

    def _identical(self, structure: Structure) -> list[StructureClue]:
        found: dict[int, StructureClue] = {}
        whole_skeleton = ".".join(sorted(part.skeleton for part in structure.parts))
        whole_stereo = ".".join(sorted(part.stereo for part in structure.parts))
        labelled = any(part.labelled for part in structure.parts)
        drawn = Drawn(whole_stereo, whole_stereo != whole_skeleton, labelled)
        for number, score, note, form in _nearest_stereo(self._whole.get(whole_skeleton, []), drawn):
            found[number] = StructureClue(number, Channel.STRUCTURE, score, note, form)
        for part in structure.parts:
            drawn = Drawn(part.stereo, part.stereo != part.skeleton, part.labelled)
            for number, score, note, form in _nearest_stereo(self._by_skeleton.get(part.skeleton, []), drawn):
                if len(structure.parts) > 1:
                    note = f"{note}; other parts of the structure removed".removeprefix("; ")
                    others = form_of_parts(other for other in structure.parts if other is not part)
                    form = replace(form, salt=others.salt, hydrate=others.hydrate)
                found.setdefault(number, StructureClue(number, Channel.STRUCTURE, score, note, form))
        return list(found.values())

    def _similar(self, structure: Structure) -> list[StructureClue]:
        part = structure.parts[0]
        if part.atoms < self._policy.similarity_fewest_atoms or part.atoms > 60:
            return []
        values = similarities(part.skeleton, self._prints)
        best = max(range(len(values)), key=values.__getitem__, default=None)
        if best is None or values[best] < self._policy.similarity_cutoff:
            return []
        note = f"structure resembles it (Tanimoto {values[best]:.2f})"
        return [StructureClue(self._compared[best], Channel.SIMILARITY, 0.5 + 0.3 * (values[best] - 0.5), note)]


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
