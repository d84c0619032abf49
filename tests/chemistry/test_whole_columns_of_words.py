"""Whole columns folded, split and hashed at once give what one text after the other gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chemistry.fold import ASCII_WORD, WORD, fold
from app.chemistry.keyhash import HashSet, hash_keys, hash_of_key
from app.chemistry.word_columns import split_column

TEXTS = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="abcde.,-() 123ÄéФя酮ケα\u0301\u00a0", max_size=60),
        st.text(alphabet="ab1 .-–é硫酸가क्ा١\u3000\u0301", min_size=60, max_size=90),
        st.sampled_from(
            [
                "",
                " ",
                "x.alpha.y",
                "é. beta .–",
                "α.+/-.β",
                "A. Beta .B",
                "МЕТИЛАМИН 40%",
                "2-Метил",
                "α-PVP",
                "ﷺ",
                "İzopropil",
            ]
        ),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=300)
@given(texts=TEXTS)
def test_a_column_is_split_as_its_texts_are_one_by_one(texts: list[str]) -> None:
    column = split_column(texts)
    assert column.folded.to_pylist() == [fold(text) for text in texts]
    found: list[list[tuple[str, int, int, int]]] = [[] for _ in texts]
    rows = (column.words, column.lines, column.starts, column.ends, column.behind)
    for word, line, start, end, behind in zip(*(row.tolist() for row in rows), strict=True):
        found[line].append((column.distinct[word], start, end, behind))
    for text, words in zip(texts, found, strict=True):
        folded = fold(text)
        pattern = ASCII_WORD if folded.isascii() else WORD
        assert words == [
            (match.group(), match.start(), match.end(), ord(folded[match.end()]) if match.end() < len(folded) else 0)
            for match in pattern.finditer(folded)
        ]


@given(keys=st.lists(st.text(max_size=30), max_size=20))
def test_keys_are_hashed_together_as_they_are_alone(keys: list[str]) -> None:
    assert hash_keys(keys).tolist() == [hash_of_key(key) for key in keys]


@given(kept=st.lists(st.integers(0, 2**64 - 1), max_size=40), asked=st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_a_set_of_hashes_holds_what_was_put_in_and_nothing_else(kept: list[int], asked: list[int]) -> None:
    wanted = np.array(asked + kept, dtype=np.uint64)
    held = HashSet(np.array(kept, dtype=np.uint64)).contains(wanted)
    assert held.tolist() == [value in set(kept) for value in asked + kept]
