"""Which form of a listed substance the words and structures of a record show."""

import pytest

from app.chemistry.structure import read_structure
from app.screening.clauses import preparation_in
from app.screening.forms import SeenForm, form_of_parts, form_of_words, merged


@pytest.mark.parametrize(
    ("name", "after", "salt"),
    [
        ("ephedrine hydrochloride", "", "hydrochloride"),
        ("EPHEDRINE", " HCL BP 25 KG", "hydrochloride"),
        ("pseudoephedrine", " sulphate", "sulphate"),
        ("ergotamine", " (tartrate)", "tartrate"),
        ("sodium phenylacetate", "", "sodium salt"),
        ("phenylacetic acid", ", sodium salt", "salt"),
        ("piperidine", "", ""),
        ("piperidine", " in drums, not the hydrochloride", ""),
        ("pseudoefedrina clorhidrato", "", "clorhidrato"),
    ],
)
def test_a_salt_is_read_from_the_name_and_the_words_behind_it(name: str, after: str, salt: str) -> None:
    assert form_of_words(name, after).salt == salt


@pytest.mark.parametrize(
    ("smiles", "form"),
    [
        ("CNCc1ccccc1.Cl", SeenForm(salt="hydrochloride")),
        ("CNCc1ccccc1.O", SeenForm(hydrate=True)),
        ("CNCc1ccccc1.Cl.O", SeenForm(salt="hydrochloride", hydrate=True)),
        ("[O-]C(=O)Cc1ccccc1.[Na+]", SeenForm(salt="sodium salt")),
        ("CNCc1ccccc1", SeenForm()),
    ],
)
def test_what_is_drawn_beside_the_parent_is_its_salt_or_its_water(smiles: str, form: SeenForm) -> None:
    structure = read_structure(smiles)
    assert structure is not None
    assert form_of_parts(structure.parts[1:]) == form


def test_a_derivative_is_only_one_where_every_clue_says_so() -> None:
    ester = SeenForm(relation="ester")
    assert merged([ester, ester]).relation == "ester"
    assert merged([ester, SeenForm(salt="hydrochloride")]) == SeenForm(salt="hydrochloride")
    assert merged([]) == SeenForm()


@pytest.mark.parametrize(
    ("description", "hs_code", "said"),
    [
        ("PSEUDOEPHEDRINE 60 MG TABLETS", None, "'TABLETS'"),
        ("Ephedrin Tabletten", None, "'Tabletten'"),
        ("efedrina comprimidos", None, "'comprimidos'"),
        ("EPHEDRINE 30MG/ML INJ", None, "'INJ'"),
        ("EPHEDRINE", "30044100", "HS heading 30.04"),
        ("EPHEDRINE", "2939.41", ""),
        ("EPHEDRINE TABLEWARE", None, ""),
        (None, None, ""),
    ],
)
def test_a_medicinal_product_is_known_by_its_words_or_its_heading(
    description: str | None, hs_code: str | None, said: str
) -> None:
    assert preparation_in(description, hs_code) == said
