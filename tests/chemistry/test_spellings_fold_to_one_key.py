"""Spellings of one name in many languages and scripts fold to one key, and different chemicals do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chemistry.fold import DOTTED, fold, key_of_word, name_keys, split_words
from app.chemistry.letters import fold_together

SAME = [
    ("phenyl", "fenilo", "fényle", "fenyl"),
    ("1-phenyl-2-propanone", "1-fenil-2-propanona", "1-фенил-2-пропанон", "1-Phenyl-2-propanon"),
    ("acetic anhydride", "anhydride acétique", "anhídrido acético", "ANIDRIDE ACETICA"),
    ("benzyl chloride", "cloruro de bencilo", "chlorure de benzyle", "cloreto de benzila"),
    ("2-aminobenzoic acid", "ácido 2-aminobenzoico", "acide 2-aminobenzoïque"),
    ("potassium permanganate", "permanganato de potasio", "permanganate de potassium"),
    ("gamma-butyrolactone", "γ-butyrolactone", ".gamma.-butyrolactone", "Gamma Butyrolactone"),
    ("3,4-(methylenedioxy)benzaldehyde", "3,4-metilendioxi benzaldehído"),
    ("sulfuric acid", "sulphuric acid", "ácido sulfúrico", "acide sulfurique"),
    ("एसीटोन", "ऐसिटोन", "एसिटोन"),
    ("टॉल्यूइन", "टोलुइन", "टोलुईन"),
    ("हाइड्रोक्लोरिक अम्ल", "हाइड्रोक्लोरिक एसिड"),
    ("অ্যাসিটোন", "এসিটোন"),
    ("الأسيتون", "أسيتون", "اسيتون"),
    ("過錳酸鉀", "过锰酸钾"),
    ("鹽酸麻黃鹼", "盐酸麻黄碱"),
    ("ジエチルエーテル", "ジエチルエテル"),
    ("黄りん", "黄リン"),
    ("ακετόνη", "ΑΚΕΤΟΝΗ"),
    ("acetone", "ACETONE™", "acetone®", "Acetone℠", "acetoneª", "acetoneᵃᵇ", "acetoneⓐ", "acetone©"),
    ("丙酮", "丙酮™"),
    ("phenylacetic acid", "Ｐｈｅｎｙｌａｃｅｔｉｃ　Ａｃｉｄ", "PHENYLACETIC   ACID"),
]
DIFFERENT = [
    ("1-phenyl-2-propanone", "1-phenyl-1-propanone"),
    ("methylamine", "ethylamine"),
    ("methylamine", "methylamino"),
    ("propane", "propene"),
    ("ethanol", "ethanal"),
    ("acetic anhydride", "maleic anhydride"),
    ("NPP", "NP"),
    ("丙酮", "丙醇"),
    ("トルエン", "キシレン"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_one_name_has_one_key_in_every_language(spellings: tuple[str, ...]) -> None:
    assert len({name_keys(spelling)[0] for spelling in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_different_chemicals_keep_different_keys(one: str, other: str) -> None:
    assert name_keys(one)[0] != name_keys(other)[0]


@given(st.text(max_size=80))
def test_words_lie_in_the_folded_text_and_their_keys_make_the_squashed_text(text: str) -> None:
    words = split_words(text)
    assert words.squashed == "".join(words.keys) == name_keys(text)[0]
    assert list(words.keys) == [key_of_word(word) for word in words.words]
    for word, (start, end) in zip(words.words, words.spans, strict=True):
        assert words.folded[start:end] == word
    for key, start, end in zip(words.keys, words.starts, words.ends, strict=True):
        assert words.squashed[start:end] == key


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=60))
def test_folding_ascii_changes_case_and_dotted_greek_only(text: str) -> None:
    assert fold(text).replace(" ", "") == fold(fold(text)).replace(" ", "")


@settings(deadline=None, max_examples=500)
@given(
    text=st.one_of(
        st.text(max_size=30),
        st.text(alphabet="éÅЙйгидрГИДР øßŁıİѐ\u0301\u00a0µ²½ǅﬁ–“ếẞẛ硫醯가각\u11a8\u0323りんィªᵃⓐ™", max_size=30),
    )
)
def test_a_text_is_folded_character_by_character_as_it_is_as_a_whole(text: str) -> None:
    whole = text.lower() if text.isascii() else fold_together(text)
    assert fold(text) == DOTTED.sub(r" \1 ", whole)


@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("  \u0301\u0308\u09be\u09c7\u093c\u0645\u0627\u0644ßгидр")),
        max_size=24,
    )
)
def test_a_text_folds_as_its_runs_between_spaces_do(text: str) -> None:
    assert " ".join(map(fold_together, text.split(" "))) == fold_together(text)
