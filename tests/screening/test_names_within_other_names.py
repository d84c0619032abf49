"""A listed name inside another chemical's name is not meant; words run together are still read with their slips."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from app.domain.words import ALARMS
from app.screening.context import is_reacted
from app.screening.scope import Scope
from app.screening.screener import Screener

Row = dict[str, str | None]


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("docosane, 1-iodo-", "iodo", True),
        ("5-iodo-1,2-dihydroacenaphthylene", "iodo", True),
        ("bis(4-chlorosulfonylphenyl) ether", "ether", True),
        ("ether, bis(2-ethylhexyl)", "ether", True),
        ("cis-(3,3-dimethyl-1-butenyl) ethyl ether", "ethyl ether", True),
        ("2-chloranylbenzene-1,4-diamine;sulfuric acid", "sulfuric acid", True),
        ("sulfuric acid;2-chloranylbenzene-1,4-diamine", "sulfuric acid", True),
    ],
)
def test_a_part_of_another_substance_is_not_named(text: str, name: str, whole: bool) -> None:
    start = text.index(name)
    assert is_reacted(text, start, start + len(name), whole=whole)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("iodo - 25 kg", "iodo"),
        ("iodo-99%", "iodo"),
        ("ether, ethyl", "ether"),
        ("ether, diethyl", "ether"),
        ("drums (steel) ether", "ether"),
        ("acetone;toluene", "acetone"),
        ("200-litre drums;acetone", "acetone"),
    ],
)
def test_a_substance_beside_other_words_is_named(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_reacted(text, start, start + len(name), whole=True)


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("mertylisobutylketon", "methyl-isobutyl-ketone"),
        ("benzylmethylketom", "1-phenyl-2-propanone"),
        ("4-chloro-2-iodo-1-methylbenzene", None),
        ("1-chloro-2,6-diisopropyl-4-methylbenzene", None),
        ("2-(trimethylsiloxy)ethylamine", None),
    ],
)
def test_three_words_run_together_may_be_misspelt_and_strange_groups_belong_to_the_name(
    text: str, substance: str | None, screener: Screener, table: Callable[[list[Row]], pa.Table], today: Scope
) -> None:
    (decision,) = screener.screen(table([{"description": text}]), today)
    found = [finding.substance_id for finding in decision.findings] if decision.verdict in ALARMS else []
    assert found[:1] == ([substance] if substance else [])
