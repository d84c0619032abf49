"""Structures read to one key, the esters that a law lists with their acid, and drawings."""

import pytest

from app.chemistry.depict import structure_svg
from app.chemistry.family import Kinship, family_of, family_of_smiles
from app.chemistry.structure import (
    MAX_ATOMS,
    MAX_SMILES,
    inchikey_of_smiles,
    read_inchi,
    read_structure,
    take_apart,
)
from app.domain.errors import InputError

ANTHRANILIC, ACETYLANTHRANILIC, PHENYLACETIC = "anthranilic-acid", "n-acetylanthranilic-acid", "phenylacetic-acid"


@pytest.mark.parametrize(
    ("smiles", "acid"),
    [
        ("COC(=O)c1ccccc1N", ANTHRANILIC),
        ("CCOC(=O)c1ccccc1N", ANTHRANILIC),
        ("O=C(OCCc1ccccc1)c1ccccc1N", ANTHRANILIC),
        ("COC(=O)c1ccccc1NC(C)=O", ACETYLANTHRANILIC),
        ("CCOC(=O)c1ccccc1NC(C)=O", ACETYLANTHRANILIC),
        ("COC(=O)Cc1ccccc1", PHENYLACETIC),
        ("CCOC(=O)Cc1ccccc1", PHENYLACETIC),
        ("O=C(Cc1ccccc1)OCc1ccccc1", PHENYLACETIC),
        ("O=C(Cc1ccccc1)OC1CCCCC1", PHENYLACETIC),
        ("C=CCOC(=O)Cc1ccccc1", PHENYLACETIC),
        ("O=C(Cc1ccccc1)Oc1ccc(C)cc1", PHENYLACETIC),
    ],
)
def test_an_ester_of_a_listed_acid_is_one_of_its_family(smiles: str, acid: str) -> None:
    kin = Kinship(acid, "ester")
    assert family_of_smiles(smiles) == kin
    structure = read_structure(smiles)
    assert structure is not None
    assert family_of(structure) == kin


@pytest.mark.parametrize(
    "smiles",
    [
        "OC(=O)c1ccccc1N",
        "OC(=O)Cc1ccccc1",
        "NC(=O)Cc1ccccc1",
        "COC(=O)c1ccc(N)cc1",
        "COC(=O)c1cccc(N)c1",
        "COC(=O)c1ccccc1NC",
        "COC(=O)c1ccccc1N(C)C",
        "COC(=O)c1cc(Cl)ccc1N",
        "COC(=O)c1ccccc1NC(=O)CC",
        "COC(=O)Cc1ccc(O)cc1",
        "COC(=O)Cc1ccccc1Cl",
        "COC(=O)CCc1ccccc1",
        "COC(=O)C(C)c1ccccc1",
        "COC(=O)C(N)c1ccccc1",
        "COC(=O)C(C(C)=O)c1ccccc1",
        "CC(=O)OCc1ccccc1",
        "COC(=O)c1ccccc1",
        "COC(=O)c1ccccc1O",
        "CCO",
        "",
        "not a structure",
    ],
)
def test_an_acid_itself_an_amide_and_the_ester_of_another_acid_are_not(smiles: str) -> None:
    assert family_of_smiles(smiles) is None


@pytest.mark.parametrize(
    "spellings",
    [
        ("CC(C)=O", "C(C)(C)=O", "O=C(C)C", " CC(C)=O "),
        ("c1ccccc1CC(C)=O", "C1=CC=CC=C1CC(=O)C"),
        ("CC(=O)[O-]", "CC(=O)O"),
        ("C[NH3+]", "CN"),
        ("[2H]OC", "CO"),
    ],
)
def test_one_molecule_has_one_skeleton_however_it_is_drawn(spellings: tuple[str, ...]) -> None:
    read = [read_structure(smiles) for smiles in spellings]
    assert len({structure.parts[0].skeleton for structure in read if structure}) == 1
    assert all(read)


def test_the_largest_molecule_of_a_salt_comes_first() -> None:
    structure = read_structure("Cl.CN[C@@H](C)[C@H](O)c1ccccc1")
    assert structure is not None
    assert [part.atoms for part in structure.parts] == [12, 1]


def test_stereochemistry_is_a_layer_of_its_own() -> None:
    drawn, plain = read_structure("C[C@H](N)[C@H](O)c1ccccc1"), read_structure("CC(N)C(O)c1ccccc1")
    assert drawn is not None
    assert plain is not None
    assert drawn.parts[0].skeleton == plain.parts[0].skeleton
    assert drawn.parts[0].stereo != plain.parts[0].stereo
    assert plain.parts[0].stereo == plain.parts[0].skeleton


def test_a_label_is_told_and_removed() -> None:
    labelled, plain = read_structure("[13CH3]C(C)=O"), read_structure("CC(C)=O")
    assert labelled is not None
    assert plain is not None
    assert labelled.parts[0].labelled
    assert not plain.parts[0].labelled
    assert labelled.parts[0].skeleton == plain.parts[0].skeleton


@pytest.mark.parametrize(
    "smiles", ["", "   ", "C1CC(", "C(C)(C)(C)(C)C", "C" * (MAX_SMILES + 1), "C" * (MAX_ATOMS + 1), "\x00"]
)
def test_what_is_no_structure_or_too_large_is_none(smiles: str) -> None:
    assert read_structure(smiles) is None


def test_a_structure_of_the_largest_size_is_read() -> None:
    structure = read_structure("C" * MAX_ATOMS)
    assert structure is not None
    assert structure.parts[0].atoms == MAX_ATOMS


def test_an_inchi_and_a_smiles_of_one_molecule_agree() -> None:
    inchi, smiles = read_inchi("InChI=1S/C3H6O/c1-3(2)4/h1-2H3"), read_structure("CC(C)=O")
    assert inchi is not None
    assert smiles is not None
    assert take_apart(inchi).parts == smiles.parts
    assert read_inchi("InChI=1S/none") is None
    assert read_inchi("x" * (MAX_SMILES + 1)) is None


def test_an_inchikey_is_that_of_the_molecule() -> None:
    assert inchikey_of_smiles("CC(C)=O") == "CSCPPACGZOOCGX-UHFFFAOYSA-N"
    assert inchikey_of_smiles("C1CC(") is None
    assert inchikey_of_smiles("") is None


def test_a_structure_is_drawn_without_anything_from_outside() -> None:
    drawing = structure_svg("CC(=O)Cc1ccccc1", width=200, height=100)
    assert "<svg" in drawing
    assert "width='200px'" in drawing
    assert "encoding='UTF-8'" in drawing
    assert "href" not in drawing


@pytest.mark.parametrize("smiles", ["", "C1CC(", "<script>"])
def test_what_is_no_structure_is_not_drawn(smiles: str) -> None:
    with pytest.raises(InputError):
        structure_svg(smiles, width=200, height=100)


@pytest.mark.parametrize(
    ("smiles", "parent", "relation"),
    [
        ("O=C1CCN(CC1)C(C)=O", "4-piperidone", "amide"),
        ("O=CN1CCC(=O)CC1", "4-piperidone", "amide"),
        ("O=C1CCN(CC1)C(=O)OCc1ccccc1", "4-piperidone", "carbamate"),
        ("C1CC2(CCN1)OCCO2", "4-piperidone", "acetal"),
        ("COC1(OC)CCNCC1", "4-piperidone", "acetal"),
        ("CC(=O)N1CCC(CC1)Nc1ccccc1", "4-anilinopiperidine", "amide"),
        ("COC(=O)N1CCC(CC1)Nc1ccccc1", "4-anilinopiperidine", "carbamate"),
        ("C1CC(CCN1)Nc1ccc(Cl)cc1", "4-anilinopiperidine", "halide"),
        ("C1CC(CCN1)Nc1ccccc1F", "4-anilinopiperidine", "halide"),
        ("C1CC(CCN1)Nc1cccc(I)c1", "4-anilinopiperidine", "halide"),
        ("C1CC(CCN1)Nc1ccc(F)c(F)c1", "4-anilinopiperidine", "halide"),
        ("CC(=O)N(C1CCNCC1)c1ccccc1", "4-anilinopiperidine", "amide"),
        ("CC(=O)N1CCC(CC1)N(C(C)=O)c1ccccc1", "4-anilinopiperidine", "amide"),
        ("COC(=O)N1CCC(CC1)Nc1ccc(Cl)cc1", "4-anilinopiperidine", "carbamate and halide"),
        ("COC(=O)N1CCC(CC1)N(C(C)=O)c1ccccc1", "4-anilinopiperidine", "amide and carbamate"),
        ("COC(=O)N1CCC(CC1)N(C(C)=O)c1ccccc1Br", "4-anilinopiperidine", "amide and carbamate and halide"),
        ("CC(=O)N1CCC2(CC1)OCCO2", "4-piperidone", "acetal and amide"),
        ("CNC(C)C(OC)c1ccccc1", "ephedrine", "ether"),
        ("CNC(C)C(OCc1ccccc1)c1ccccc1", "ephedrine", "ether"),
        ("CC(N)C(OCC)c1ccccc1", "norephedrine", "ether"),
        ("CN(C)C(C)C(OC)c1ccccc1", "n-methylephedrine", "ether"),
        ("OCCCCOC", "1-4-butanediol", "ether"),
    ],
)
def test_a_derivative_that_a_family_clause_names_is_known_by_its_relation(
    smiles: str, parent: str, relation: str
) -> None:
    assert family_of_smiles(smiles) == Kinship(parent, relation)


@pytest.mark.parametrize(
    "smiles",
    [
        "O=C1CCNCC1",
        "O=C1CCCN(C1)C(C)=O",
        "O=C1CCN(CC1)S(C)(=O)=O",
        "O=C1CCN(CCc2ccccc2)CC1",
        "CC1CN(C(C)=O)CCC1=O",
        "C1CC2(CCN1Cc1ccccc1)OCCO2",
        "C1CC(CCN1)Nc1ccccc1",
        "C1CC(CCN1)Nc1ccc(C)cc1",
        "C1CC(CCN1)N(C)c1ccc(Cl)cc1",
        "C1CC(NC1)Nc1ccc(Cl)cc1",
        "CC(=O)N1CCC(CC1)NCc1ccccc1",
        "CC(=O)N(C1CCN(CC1)CCc1ccccc1)c1ccccc1",
        "CS(=O)(=O)N(C1CCNCC1)c1ccccc1",
        "C1CC(CCN1)Nc1ccc(Cl)c(C)c1",
        "CC(=O)N1CCC2(CC1)SCCS2",
        "CNC(C)C(O)c1ccccc1",
        "CNC(C)C(OC(C)=O)c1ccccc1",
        "CC1NCCOC1c1ccccc1",
        "CNC(C)C(OC)c1ccc(C)cc1",
        "CNCC(OC)c1ccccc1",
        "CN(CC)C(C)C(OC)c1ccccc1",
        "OCCCCO",
        "OCCCOC",
        "COCCCCOC",
        "OCCCCOC(C)=O",
    ],
)
def test_the_parents_themselves_and_their_near_relations_are_no_members(smiles: str) -> None:
    assert family_of_smiles(smiles) is None
