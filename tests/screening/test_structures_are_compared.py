"""Drawn structures: identity under any spelling, and similarity as RDKit has it."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator
from rdkit.DataStructs import TanimotoSimilarity

from app.chemistry.family import PATTERNS, family_of_molecule
from app.chemistry.resemblance import Resemblance
from app.chemistry.shapes import may_be_relative
from app.chemistry.structure import read_smiles
from app.chemistry.tally import read_soon, tallies_of_smiles, tally_of
from app.domain.words import Channel
from app.screening.policy import Policy
from app.screening.structures import StructureIndex
from app.watchlist.index import Index

BENIGN = [
    "CCO",
    "CC(=O)Oc1ccccc1C(=O)O",
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
    "CC(=O)Nc1ccc(O)cc1",
    "CC(C)Cc1ccc(C(C)C(=O)O)cc1",
    "OC(=O)c1ccccc1",
    "CCN(CC)CC(=O)Nc1c(C)cccc1C",
    "CC(=O)c1ccccc1",
    "CCC(=O)c1ccccc1",
    "O=C1CCCN1",
    "Nc1ccc(C(=O)O)cc1",
    "c1ccc(CCCN2CCC(Nc3ccccc3)CC2)cc1",
    "CC(=O)C(C(=O)OCCC)c1ccccc1",
]


@pytest.fixture(scope="module")
def structures(index: Index) -> StructureIndex:
    return StructureIndex(index, Policy())


@pytest.fixture(scope="module")
def listed(index: Index) -> list[tuple[str, str]]:
    substances = index.watchlist.substances
    return [(substances[row["substance"]].id, row["smiles"]) for row in index.structures.to_pylist()]


def _slowly(one: str, other: str) -> float:
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2)
    prints = [generator.GetSparseCountFingerprint(Chem.MolFromSmiles(smiles)) for smiles in (one, other)]
    return float(TanimotoSimilarity(*prints))


@pytest.mark.parametrize("smiles", BENIGN)
def test_similarities_are_those_of_rdkit_one_by_one(smiles: str, listed: list[tuple[str, str]]) -> None:
    others = [molecule for _, other in listed if (molecule := Chem.MolFromSmiles(other)) is not None]
    slow = [_slowly(smiles, other) for _, other in listed if Chem.MolFromSmiles(other) is not None]
    assert Resemblance(others).of(Chem.MolFromSmiles(smiles)).tolist() == pytest.approx(slow)


def test_nothing_resembles_nothing() -> None:
    assert Resemblance([]).of(Chem.MolFromSmiles("CCO")).tolist() == []


@pytest.mark.parametrize("smiles", BENIGN)
def test_the_nearest_listed_structure_is_shown_from_the_cut_off_on(
    smiles: str, structures: StructureIndex, index: Index
) -> None:
    policy = Policy()
    rows = [
        (index.watchlist.substances[row["substance"]], row)
        for row in index.structures.to_pylist()
        if row["atoms"] >= policy.similarity_fewest_atoms
    ]
    values = [_slowly(smiles, row["smiles"]) for substance, row in rows if not substance.whole_molecule_only]
    atoms = Chem.MolFromSmiles(smiles).GetNumHeavyAtoms()
    expected = atoms >= policy.similarity_fewest_atoms and max(values) >= policy.similarity_cutoff
    found = [clue for clue in structures.read_smiles(smiles).clues if clue.channel is Channel.SIMILARITY]
    assert bool(found) == expected


def test_every_listed_structure_is_found_as_itself(
    structures: StructureIndex, listed: list[tuple[str, str]], index: Index
) -> None:
    for slug, smiles in listed:
        read = structures.read_smiles(smiles)
        best = max(read.clues, key=lambda clue: clue.score)
        assert (index.watchlist.substances[best.substance].id, best.channel) == (slug, Channel.STRUCTURE)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_listed_structure_written_in_any_order_of_atoms_is_found(
    data: st.DataObject, structures: StructureIndex, listed: list[tuple[str, str]], index: Index
) -> None:
    slug, smiles = data.draw(st.sampled_from(listed))
    molecule = Chem.MolFromSmiles(smiles)
    order = data.draw(st.permutations(range(molecule.GetNumAtoms())))
    written = Chem.MolToSmiles(Chem.RenumberAtoms(molecule, list(order)), canonical=False)
    found = [index.watchlist.substances[clue.substance].id for clue in structures.read_smiles(written).clues]
    assert slug in found[:1]


@pytest.mark.parametrize("acid", ["Cl", "Br", "OS(=O)(=O)O", "OC(=O)C(O)C(O)C(=O)O", "[Cl-].[H+]", "O"])
def test_a_salt_or_hydrate_is_its_base(acid: str, structures: StructureIndex, index: Index) -> None:
    clues = structures.read_smiles(f"CN[C@@H](C)[C@H](O)c1ccccc1.{acid}").clues
    assert index.watchlist.substances[clues[0].substance].id == "ephedrine"


@pytest.mark.parametrize("smiles", ["CC(=O)O.CC(C)=O", "CCO.Cc1ccccc1"])
def test_a_solvent_is_not_stripped_out_of_a_mixture(smiles: str, structures: StructureIndex) -> None:
    assert structures.read_smiles(smiles).clues == ()


def test_stereochemistry_tells_ephedrine_from_pseudoephedrine(structures: StructureIndex, index: Index) -> None:
    substances = index.watchlist.substances
    for slug in ("ephedrine", "pseudoephedrine"):
        smiles = next(substance.smiles for substance in substances if substance.id == slug)
        found = structures.read_smiles(smiles or "").clues
        assert [substances[clue.substance].id for clue in found] == [slug]
    open_clues = structures.read_smiles("CNC(C)C(O)c1ccccc1").clues
    assert {substances[clue.substance].id for clue in open_clues} == {"ephedrine", "pseudoephedrine"}


def test_a_labelled_form_is_less_sure_than_the_high_confidence(structures: StructureIndex) -> None:
    clues = structures.read_smiles("[13CH3]C(=O)Cc1ccccc1").clues
    assert clues
    assert all(clue.score < Policy().high_confidence for clue in clues)


def test_what_cannot_be_read_is_told_from_what_is_not_listed(structures: StructureIndex) -> None:
    assert not structures.read_smiles("C1CC(").readable
    assert not structures.read_inchi("InChI=1S/nonsense").readable
    assert structures.read_smiles("CCO").readable
    assert structures.read_smiles("CCO").clues == ()


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_what_is_passed_over_by_its_atoms_would_not_have_been_found(
    data: st.DataObject, structures: StructureIndex, listed: list[tuple[str, str]]
) -> None:
    smiles = data.draw(st.sampled_from([*BENIGN, *(smiles for _, smiles in listed)]))
    added = data.draw(st.sampled_from(["", "C", "O", "N", "F", "[NH3+]", "C(=O)[O-]"]))
    beside = data.draw(st.sampled_from(["", ".O", ".Cl", ".[Na+]", ".[Cl-]", f".{data.draw(st.sampled_from(BENIGN))}"]))
    drawing = read_smiles(smiles + added + beside)
    if drawing is not None:
        assert structures.read_smiles(smiles + added + beside) == structures.read_at_length(drawing, similar=True)
        assert structures.identify_smiles(smiles + added + beside) == structures.read_at_length(drawing, similar=False)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), cutoff=st.floats(0.3, 1.0))
def test_a_molecule_passed_over_by_its_atoms_alone_does_not_resemble_any(
    data: st.DataObject, cutoff: float, listed: list[tuple[str, str]]
) -> None:
    molecules = [read_smiles(smiles).molecule for _, smiles in listed]  # type: ignore[union-attr]  # all can be read
    resemblance = Resemblance(molecules)
    smiles = data.draw(st.sampled_from([*BENIGN, *(smiles for _, smiles in listed)]))
    molecule = read_smiles(smiles + data.draw(st.sampled_from(["", "C", "O", "CC", "Cl"])))
    if (
        molecule is not None
        and molecule.molecule.GetNumAtoms() > 2
        and (resemblance.of(molecule.molecule) >= cutoff).any()
    ):
        assert resemblance.may_reach(molecule.molecule, cutoff)


RELATIVES = [
    "Nc1ccccc1C(=O)OC",
    "CC(=O)Nc1ccccc1C(=O)OCC",
    "CC1(OC1c1ccccc1)C(=O)OC",
    "CC1(OC1c1ccc2OCOc2c1)C(=O)OC",
    "COC(=O)Cc1ccccc1",
    "CCC(=O)N1CCC(CC1)Nc1ccccc1",
    "C1CN(CCC1Nc1ccccc1)C(=O)OC(C)(C)C",
    "Fc1ccccc1NC1CCNCC1",
    "Clc1cccc(c1)NC1CCNCC1",
    "C1C[NH2+]CCC1Nc1ccc(Br)cc1.[Cl-]",
    "CC(=O)N1CCC(=O)CC1",
    "O=CN1CCC(=O)CC1",
    "O=C1CCN(CC1)C(=O)OC(C)(C)C",
    "C1CNCCC12OCCO2",
    "CNC(C)C(OC)c1ccccc1",
    "C[NH+](C)C(C)C(OCC)c1ccccc1",
    "NC(C)C(OC)c1ccccc1",
    "COCCCCO",
    *(
        f"{own}N1CCC(CC1){other}c1{ring}"
        for own, other, ring in product(
            ("", "CC(=O)", "COC(=O)"),
            ("N", "N(C(C)=O)", "N(C(=O)OCC)"),
            ("ccccc1", "c(Cl)cccc1", "cc(Br)ccc1", "ccc(F)c(F)c1"),
        )
        if (own, other, ring) != ("", "N", "ccccc1")
    ),
    "CC(=O)N1CCC2(CC1)OCCO2",
    "COC1(OC)CCN(CC1)C(=O)OCc1ccccc1",
]
"""One for each pattern of the family clauses, some as salts."""

ODD = [
    "CC(=O)[O-].[Na+]",
    "C[N+](=O)[O-]",
    "CN(=O)=O",
    "C[Hg]Cl",
    "F/C=C/F",
    "c1ccc#cc1",
    "C12.C1CC2",
    "[H]OCC",
    "[13CH4]",
]


@pytest.mark.parametrize("smiles", RELATIVES)
def test_a_relative_has_the_shape_of_one(smiles: str) -> None:
    drawing = read_smiles(smiles)
    assert drawing is not None
    assert family_of_molecule(drawing.neutral()) is not None
    soon, tallies = read_soon(smiles), tallies_of_smiles(smiles)
    assert soon is not None
    assert tallies is not None
    assert may_be_relative(soon, tallies)


def test_every_pattern_of_the_family_clauses_has_an_example() -> None:
    drawings = [read_smiles(smiles) for smiles in RELATIVES]
    for kin, pattern in PATTERNS:
        query = Chem.MolFromSmarts(pattern)
        assert any(drawing is not None and drawing.neutral().HasSubstructMatch(query) for drawing in drawings), kin


@st.composite
def _written(draw: st.DrawFn, structures: list[str]) -> str:
    """Return a SMILES in any order of atoms, perhaps with another beside it, perhaps damaged."""
    parts = draw(st.lists(st.sampled_from(structures), min_size=1, max_size=2))
    text = ".".join(parts)
    molecule = Chem.MolFromSmiles(text)
    if molecule is not None and draw(st.booleans()):
        order = draw(st.permutations(range(molecule.GetNumAtoms())))
        molecule = Chem.RenumberAtoms(molecule, list(order))
        text = Chem.MolToSmiles(molecule, canonical=False, kekuleSmiles=False)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(text)))
        put = draw(
            st.sampled_from(["", *"CNOPSFIBclnos[]()=#-+.@/1234%H", "Br", "Cl", "[O-]", "[NH3+]", "[Na+]", "[H]"])
        )
        text = text[:place] + put + text[place + draw(st.integers(0, 2)) :]
    return text


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_what_is_left_out_by_its_text_would_say_nothing_when_it_is_read(
    data: st.DataObject, structures: StructureIndex, listed: list[tuple[str, str]]
) -> None:
    smiles = data.draw(_written([*BENIGN, *RELATIVES, *ODD, *(smiles for _, smiles in listed)]))
    read = structures.read_smiles(smiles)
    assert structures.says_nothing(smiles) == (read.readable and not read.clues)


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_the_text_of_a_smiles_tells_the_atoms_and_rings_of_its_molecules(
    data: st.DataObject, listed: list[tuple[str, str]]
) -> None:
    smiles = data.draw(_written([*BENIGN, *RELATIVES, *ODD, *(smiles for _, smiles in listed)]))
    tallies = tallies_of_smiles(smiles)
    if tallies is not None:
        drawing = read_smiles(smiles)
        assert drawing is not None or read_soon(smiles) is None
        if drawing is not None:
            assert sorted(tallies) == sorted(tally_of(part.molecule) for part in drawing.molecules())
