"""Systematic names in English nomenclature, slips of typesetting mended, and words that read as chemistry."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chemistry.english import english_of
from app.chemistry.fold import fold, key_of_word
from app.chemistry.nomenclature import is_chemical_word
from app.chemistry.respell import RESPELLABLE, respellings


@pytest.mark.parametrize(
    ("foreign", "english"),
    [
        ("1-fenil-2-propanona", "1-phenyl-2-propanone"),
        ("ácido 2-aminobenzoico", "2-aminobenzoic acid"),
        ("acide 2-aminobenzoïque", "2-aminobenzoic acid"),
        pytest.param("cloruro de bencilo", "benzyl chloride"),
        pytest.param("chlorure de benzyle", "benzyl chloride"),
        ("4-metilpiperidina", "4-methylpiperidine"),
        ("2-clorobenzonitrilo", "2-chlorobenzonitrile"),
        ("1-phenylpropan-2-one", "1-phenylpropan-2-one"),
        ("2-Methyl-3-phenyloxiran-2-carbonsäure", "2-methyl-3-phenyloxiran-2-carboxylic acid"),
        ("kwas 2-metylo-3-fenylooksirano-2-karboksylowy", "2-methyl-3-phenyloxirane-2-carboxylic acid"),
        ("3,4-метилендиоксибензальдегид", "3,4-methylenedioxybenzaldehyde"),
        ("3-(1,3-benzodiossol-5-il)propanoato di metile", "methyl 3-(1,3-benzodioxol-5-yl)propanoate"),
        ("keton benzylowo-metylowy", "benzyl methyl ketone"),
        ("éster isobutílico del ácido fenilacético", "isobutyl phenylacetate"),
        ("хлористый бензил", "benzyl chloride"),
        ("soap", "soap"),
    ],
)
def test_a_systematic_name_of_another_language_is_put_into_english(foreign: str, english: str) -> None:
    assert key_of_name(english_of(fold(foreign))) == key_of_name(english)


def key_of_name(text: str) -> str:
    """Return a name's letters and digits alone, a last silent letter left off."""
    return "".join(char for char in text.rstrip("eo") if char.isalnum())


@given(st.text(max_size=60))
def test_any_text_has_an_english_reading(text: str) -> None:
    assert isinstance(english_of(fold(text)), str)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("phenyl-1 propanone-2", "1-phenyl 2-propanone"),
        ("acet0ne", "acetone"),
        ("t0luene", "toluene"),
        ("pot@ssium", "potassium"),
        ("piperid1ne", "piperidlne"),
        ("carboxyl9c acid", "carboxylgc acid"),
        ("ethano1", "ethanol"),
        ("pher1ylacetone", "phenylacetone"),
        ("benzene, 0hosphinate", "benzene, hosphinate"),
        ("h^droxyl<amine", "hdroxylamine"),
        ("benzyle (chlorure de)", "chlorure de benzyle"),
        ("potassium (permanganate de) [french]", "permanganate de potassium"),
        ("sulfurique (acide)", "acide sulfurique"),
        ("|a-chlorotoluene", " alpha -chlorotoluene"),
    ],
)
def test_a_slip_of_typesetting_has_another_reading(written: str, meant: str) -> None:
    assert meant in respellings(fold(written))


@pytest.mark.parametrize("written", ["acetone", "1-phenyl-2-propanone", "", "20 drums", "pg ii", "benzo4", "50kg bags"])
def test_a_text_without_such_slips_has_no_other_reading(written: str) -> None:
    assert respellings(fold(written)) == []


@given(st.text(max_size=80))
def test_a_respelling_is_never_the_text_itself(text: str) -> None:
    folded = fold(text)
    found = respellings(folded)
    assert folded not in found
    assert len(found) == len(set(found)) <= 4


@pytest.mark.parametrize("word", ["phenyl", "methylamine", "benzaldehyde", "fenilacetico", "diisocyanate", "oxirane"])
def test_a_word_of_nomenclature_reads_as_chemistry(word: str) -> None:
    assert is_chemical_word(key_of_word(word))


@pytest.mark.parametrize("word", ["gloves", "network", "drums", "shirt", "", "in", "123", "苯基", "wireless"])
def test_a_word_of_other_trades_does_not(word: str) -> None:
    assert not is_chemical_word(key_of_word(word))


@settings(deadline=None, max_examples=400)
@given(
    text=st.lists(
        st.sampled_from(
            [
                "phenyl",
                "benzyle",
                "(chlorure de)",
                "[acide]",
                "-1",
                "(a)",
                ")-2 ",
                "|a-",
                "|",
                "p1per",
                "ethano1",
                "r1y",
                "0hosphin",
                "pro^",
                "p(per",
                " ",
                ",",
                "2",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_a_text_without_the_pattern_has_no_other_reading(text: str) -> None:
    assert re.search(RESPELLABLE, text) or not respellings(text)
