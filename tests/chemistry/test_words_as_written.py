"""The words of a record are shown as they stand in it, whatever folding makes of their length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chemistry.alignment import quoted, written_span
from app.chemistry.fold import fold, split_words

WRITTEN = [
    ("60% टोल्यूइन in water", "टोल्यूइन"),
    ("β-Phenylethylbromid 99%", "β-Phenylethylbromid"),
    ("ﬁne powder of ACETON", "ACETON"),
    ("Weiß: Kaliumpermanganat (Fässer)", "Kaliumpermanganat"),
    ("Straße, Essigsäureanhydrid", "Essigsäureanhydrid"),
    ("Eßigsäureanhydrid", "Eßigsäureanhydrid"),
    ("метилэтилкетон, щ", "метилэтилкетон"),
    ("½ (ﬂüssig) . beta .-phenyl", "phenyl"),
    ("ＳＡＦＲＯＬＥ ﬁ", "ＳＡＦＲＯＬＥ"),
    ("ﬃ e\u0301ther acétique\u0301", "acétique\u0301"),
    ("فنیل استیک اسید ﷼", "فنیل"),
    ("過錳酸鉀 ﬁ", "過錳酸鉀"),
    ("25kg ακετόνη καθαρή", "ακετόνη"),
    ("τολουόλιο", "τολουόλιο"),
]


@pytest.mark.parametrize(("text", "word"), WRITTEN)
def test_a_word_is_shown_as_it_is_written(text: str, word: str) -> None:
    words = split_words(text)
    shown = {
        quoted(words, first, last) for first in range(len(words.keys)) for last in range(first + 1, len(words.keys) + 1)
    }
    assert word in shown


@given(st.text(alphabet="aB .-()βßﬁéщ\u0301टोल्यूइन①ﷺ過", max_size=40))
def test_what_is_shown_folds_to_the_words(text: str) -> None:
    words = split_words(text)
    for place in range(len(words.words)):
        shown = quoted(words, place, place + 1)
        assert shown in text
        assert words.words[place] in fold(shown) or len(fold(text)) != len("".join(map(fold, text)))


@given(st.text(alphabet="aB .-()βßﬁé", max_size=40))
def test_texts_that_are_folded_letter_by_letter_are_cut_exactly(text: str) -> None:
    words = split_words(text)
    for begin, end in words.spans:
        first, last = written_span(text, begin, end)
        assert words.folded[begin:end] in fold(text[first:last])


@given(st.text(max_size=60))
def test_any_text_is_cut_within_it(text: str) -> None:
    words = split_words(text)
    for place in range(len(words.words)):
        assert quoted(words, place, place + 1) in text
