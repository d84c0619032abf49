"""Parts of texts that may be systematic names: what is told by words alone is what reading them as structures tells."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chemistry.fold import split_words
from app.chemistry.opsin import NameReader, find_name_reader
from app.screening.clues import described
from app.screening.dictionary import Dictionary
from app.screening.mentions import Mentions
from app.screening.policy import Policy
from app.screening.structures import StructureIndex
from app.screening.systematic import systematic_readings
from app.screening.texts import Texts
from app.watchlist.index import Index

# Systematic names of listed molecules that no dictionary need have, lawful neighbours, and what stands beside them.
LISTED = (
    "1-phenylpropan-2-one",
    "1-(1,3-benzodioxol-5-yl)propan-2-one",
    "2-methyl-1-phenylpropan-2-one",
    "1-fenilpropan-2-ona",
    "methyl 2-methyl-3-phenyloxirane-2-carboxylate",
    "N-phenyl-1-(2-phenylethyl)piperidin-4-amine",
    "2-aminobenzenecarboxylic acid",
    "benzeneacetic acid, ethyl ester",
)
LAWFUL = ("1-phenylpropan-1-one", "2,4-dinitrotoluene", "cyclohexyl acetate", "4-nitrophenol", "octadecane", "iodide")
BESIDE = ("99%", "grade", "cat", "brandex", "lot 4", "(tech)", "of", "sodium", "and", "drums", "acid", "2")
JOINTS = (" ", ", ", " - ", "; ", " / ")


@pytest.fixture(scope="module")
def reader() -> NameReader:
    """The reader of systematic names."""
    found = find_name_reader()
    assert found is not None
    return found


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_mention_that_is_told_to_name_nothing_listed_describes_nothing_listed(
    seed: int, index: Index, names: Dictionary, reader: NameReader
) -> None:
    chance = Random(seed)
    structures = StructureIndex(index, Policy())
    texts = Texts(names, structures, reader.read, reader.is_strange_word)
    mentions = Mentions(names, structures.strangers, reader.is_strange_word, texts.are_listed)
    parts = [
        *chance.choices(LISTED, k=chance.randint(0, 2)),
        *chance.choices(LAWFUL, k=chance.randint(0, 2)),
        *chance.choices(BESIDE, k=chance.randint(0, 3)),
    ]
    chance.shuffle(parts)
    mention = names.line_search().search(chance.choice(JOINTS).join(parts)).mention
    if mention is None:
        return
    told = mentions.name_listed([mention])[mention]
    readings = systematic_readings(split_words(mention))
    assert told or not described(readings, structures, lambda name: reader.read([name])[0]), mention


@pytest.mark.parametrize(
    "text",
    [
        "phenyl propargyl sulfide cat no 4711",
        "brandex cyclohexyl acetate reagent grade",
        "2,4-dinitrotoluene - brandex; 99 pct",
        "iodide",
        "octadecane 98 pct and packs",
    ],
)
def test_lawful_names_are_told_without_reading_a_structure_whatever_stands_beside_them(
    text: str, index: Index, names: Dictionary
) -> None:
    structures = StructureIndex(index, Policy())
    asked: list[str] = []

    def read(readings: list[list[str]]) -> list[bool | None]:
        asked.extend(reading for each in readings for reading in each)
        return [None] * len(readings)

    mentions = Mentions(names, structures.strangers, lambda word: word == "brandex", read)
    assert mentions.name_listed([text]) == {text: False}
    assert asked == []
