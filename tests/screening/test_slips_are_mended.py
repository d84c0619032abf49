"""Texts with several slips are read word by word as what listed names are made of; nothing else is made of them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chemistry.fold import fold, split_words
from app.screening.dictionary import Dictionary
from app.screening.slips import is_common_slip, misread

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pheinyl-acetic acir", "phenyl-acetic acid"),
        ("1-aminobenzene-2-carboxylic cid", "1-aminobenzene-2-carboxylic acid"),
        ("2-phenlyacetamide of methly", "2-phenylacetamide of methyl"),
    ],
)
def test_words_are_mended_each_for_itself(written: str, meant: str, names: Dictionary) -> None:
    assert meant in [each.text for each in names.mending.readings(split_words(written))]


@pytest.mark.parametrize(
    "text",
    [
        "ephedrone",  # a lawful chemical of its own
        "acetone and acetophenone",  # every word is one of chemistry
        "bedroom furniture of acetoone",  # other words are none
        "",
    ],
)
def test_what_is_no_slip_is_left_as_it_is(text: str, names: Dictionary) -> None:
    assert all(each.slips == 0 for each in names.mending.readings(split_words(text)))


@settings(SLOW, max_examples=60)
@given(text=st.text(alphabet="abcdefghilmnopty ,-12()áф酮", max_size=40))
def test_a_mended_text_has_two_slips_at_most_and_tells_where_its_pieces_stood(text: str, names: Dictionary) -> None:
    for each in names.mending.readings(split_words(text)):
        assert 0 <= each.slips <= 2
        assert each.text != text
        assert all(start <= end for start, end in [each.written(0, len(each.text))])
        assert each.written(0, len(each.text)) == (0, len(text))


WRITTEN = (
    *("pheinyl", "phenlyacetamide", "methly", "acetic", "acir", "cid", "carboxylic", "sudafedd"),
    *("acetoone", "bedroom", "tolueene", "of", "de", "2-", "酮", "fenilo", "guaiene", "кислота"),
)


@settings(SLOW, max_examples=200)
@given(parts=st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=6))
def test_a_text_that_may_not_be_mended_has_no_reading(parts: list[str], names: Dictionary) -> None:
    text = " ".join(parts)
    words = split_words(fold(text))
    assert names.mending.may_mend(words.words, words.keys) == bool(names.mending.readings(split_words(text)))


def test_a_mended_text_ends_where_the_text_ends(names: Dictionary) -> None:
    text = "nitroethanne ,"
    (read,) = names.mending.readings(split_words(text))
    assert read.written(0, len(read.text)) == (0, len(text))


@pytest.mark.parametrize(
    ("written", "meant", "common"),
    [
        ("suadfed", "sudafed", True),
        ("usdafed", "sudafed", True),
        ("sudaffed", "sudafed", True),
        ("sudefed", "sudafed", True),
        ("sudafed", "sudafed", False),
        ("sudakfed", "sudafed", True),
        ("rudafed", "sudafed", False),
        ("sudaxed", "sudafed", False),
        ("sudfaed", "sudafed", True),
        ("suadefd", "sudafed", False),
    ],
)
def test_a_common_slip_keeps_the_ends_of_a_word(written: str, meant: str, common: bool) -> None:
    assert is_common_slip(written, meant) is common


@pytest.mark.parametrize(
    ("seen", "printed"),
    [("arnine", "amine"), ("chlonde", "chloride"), ("metlxyl", "methyl"), ("hyclroxy", "hydroxy"), ("amirro", "amino")],
)
def test_what_looks_like_other_letters_is_read_back(seen: str, printed: str) -> None:
    assert printed in misread(seen)
    assert seen not in misread(seen)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("phenylpropxnolarnine", "phenylpropanolamine"),  # one slip, and `m` read as `rn`
        ("isopropyl 2-metlxyl-3-phenyloxirane-2-carboxylate", "isopropyl 2-methyl-3-phenyloxirane-2-carboxylate"),
        ("pnenylacetrnitrile", "phenylacetonitrile"),  # two slips that part the keys by more
        ("eihyl ether", "ethyl ether"),  # a word of five letters
        ("ulei dee sassafras", "ulei de sassafras"),  # a joining word
    ],
)
def test_lines_with_such_words_are_looked_at_and_mended(written: str, meant: str, names: Dictionary) -> None:
    assert names.line_search().search(written).hits[written].mendable
    assert meant in [each.text for each in names.mending.readings(split_words(written))]
