"""The windows around a word near an anchor are those that a plain loop over words and names finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chemistry.fold import name_keys, split_words
from app.chemistry.word_columns import split_column
from app.screening.anchors import MOST_EDITS, Anchors
from app.screening.around import NamesAround
from app.screening.letter_sums import LetterSums
from app.screening.lexicon import Lexicon
from app.screening.misspellings import Misspellings
from app.screening.policy import Policy
from app.screening.sequences import arrange

PARTS = ["1", "2", "12", "n", "benzil", "metil", "clorid", "acid", "dibenzil", "酮", "1,1"]
PHRASES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map(" ".join)


def _digits(text: str) -> list[str]:
    return sorted(filter(str.isdigit, text))


@settings(deadline=None, max_examples=200)
@given(phrases=st.lists(PHRASES, min_size=1, max_size=20), texts=st.lists(PHRASES, min_size=1, max_size=4))
def test_no_window_that_may_be_a_name_is_left_out_and_no_other_is_found(phrases: list[str], texts: list[str]) -> None:
    listed = {name_keys(phrase)[0]: split_words(phrase) for phrase in phrases}
    anchors = Anchors(list(listed.items()), np.empty(0, dtype=np.uint64), Policy())
    names = anchors.listed
    numbers = {name.key: number for number, name in enumerate(names)}
    held = [[(numbers[name.key], before) for name, before in pairs] for pairs in anchors.anchored.values()]
    around = NamesAround(*anchors.pairs, names)
    misspellings = Misspellings(anchors)
    lexicon = Lexicon(misspellings.near, misspellings.keep, lambda hashes: np.zeros(len(hashes), dtype=np.bool_))
    sequences = arrange(split_column(texts), lexicon)
    words, of = (each.ravel() for each in np.indices((len(sequences.words), len(held))))
    found = [
        window
        for some in around.windows(sequences, LetterSums(sequences, lexicon), words, of)
        for window in zip(
            words[some.pair].tolist(),
            of[some.pair].tolist(),
            some.first.tolist(),
            some.last.tolist(),
            around.name[some.place].tolist(),
            strict=True,
        )
    ]
    keys = [lexicon.keys[word] for word in sequences.words.tolist()]
    starts = sequences.starts.tolist()
    expected = [
        (word, anchor, first, last, number)
        for word in range(len(keys))
        for first in range(sequences.first_words[word], word + 1)
        for last in range(word + 1, sequences.last_words[word] + 1)
        for anchor, pairs in enumerate(held)
        for number, before in pairs
        if abs(starts[word] - starts[first] - before) <= MOST_EDITS
        and abs(starts[last] - starts[first] - len(names[number].key)) <= MOST_EDITS
        and _digits("".join(keys[first:last])) == _digits(names[number].key)
    ]
    assert sorted(found) == sorted(expected)
