"""Every kind of clause that an entry has is told by cases: by a member, and by something near that is none."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.screening.scope import Scope
from app.screening.screener import Screener
from app.settings import ROOT
from app.watchlist.model import Clause, Entry
from app.watchlist.read import read_watchlist
from tests.screening.test_cases import _cases, _record

RELATIVES = ("amides", "carbamates", "halides", "acetals")


# Excluded salts are never seen as a form of their acid, and lines whose limit is included are reconstructed: nothing is
# said of either, and the verdicts of their cases tell them.


def _kinds() -> dict[str, tuple[Callable[[Entry], object], str, str]]:
    """Return for each kind: which entries have it, what is said of a member, and what of something that is none."""

    def clause(claim: Callable[[Clause], object]) -> Callable[[Entry], object]:
        return lambda entry: claim(entry.clause)

    kinds: dict[str, tuple[Callable[[Entry], object], str, str]] = {
        "salts": (clause(lambda c: c.salts), "the entry covers its salts", "the entry is silent on salts"),
        "isomers": (clause(lambda c: c.isomers), "the entry covers its isomers", "the entry is silent on isomers"),
        "excluded isomers": (
            clause(lambda c: c.excluded_isomers),
            "the text takes it out of the stereoisomers it covers",
            "the entry covers its isomers",
        ),
        "esters": (clause(lambda c: c.esters), "the entry covers its esters", "the entry has no clause on esters"),
        "named esters": (
            clause(lambda c: c.esters),
            "the entry covers its esters",
            "the list names some esters of this acid, and this is another",
        ),
        "derivatives": (
            clause(lambda c: c.derivatives),
            "the entry covers derivatives and analogues",
            "derivative, not listed",
        ),
        "preparations excluded": (
            clause(lambda c: c.preparations == "excluded"),
            "medicinal products are outside the entry",
            "in force, whatever the amount",
        ),
        "preparations included": (
            clause(lambda c: c.preparations == "included"),
            "the entry covers preparations",
            "medicinal products are outside the entry",
        ),
        "preparations only": (
            clause(lambda c: c.preparations == "only"),
            "the entry covers medicinal products, and",
            "the entry covers medicinal products only",
        ),
        "mixtures above a limit": (
            clause(lambda c: c.mixture_limit_percent),
            "reaches the threshold of",
            "is not above",
        ),
        "shares added up": (clause(lambda c: c.mixture_with), "reaches the threshold of", "together 35 %"),
        "a limit of what is contained": (
            clause(lambda c: c.limit_of),
            "in force, whatever the amount",
            "declared concentration 3% is not above 4 %",
        ),
        "mixtures of one movement": (
            clause(lambda c: c.mixture_movements),
            "reaches the threshold of",
            "the entry covers mixtures for export only",
        ),
        "a fact it hangs on": (clause(lambda c: c.hangs_on), "anhydrous", "in force"),
        "a fact that words show": (
            clause(lambda c: c.shown_by),
            "in force, whatever the amount",
            "whether it is anhydrous is not known",
        ),
        "a fact that mixtures hang on": (
            clause(lambda c: c.mixtures_hang_on),
            "whether it can be is not known",
            "in force",
        ),
        "destinations": (
            lambda entry: entry.destinations,
            "is one of the destinations it reaches",
            "is not one of them",
        ),
    }  # fmt: skip
    for family in RELATIVES:
        kinds[family] = (
            clause(lambda c, family=family: family in c.relatives),  # type: ignore[misc]
            f"the entry covers its {family}",
            f"the entry has no clause on {family}",
        )
    return kinds


@pytest.fixture(scope="module")
def said(screener: Screener, today: Scope) -> str:
    """All that is answered to the cases."""
    words = []
    for case in _cases():
        instruments = tuple(case["instruments"]) if "instruments" in case else None
        decision = screener.decide(_record(case), replace(today, as_of=case.get("as_of"), instruments=instruments))
        for finding in decision.findings:
            words += [*finding.reasoning, *(entry.why for entry in finding.entries)]
    return "\n".join(words)


@pytest.mark.parametrize("kind", _kinds())
def test_a_kind_of_clause_is_told_by_a_member_and_by_something_near(kind: str, said: str) -> None:
    has, member, other = _kinds()[kind]
    entries = [entry for instrument in read_watchlist(ROOT / "watchlists").instruments for entry in instrument.entries]
    assert any(map(has, entries)), "no entry has this kind any more"
    assert member in said, f"no case tells a member: {member}"
    assert other in said, f"no case tells what is none: {other}"


def test_no_kind_of_clause_is_left_untold() -> None:
    told = {
        "salts", "excluded_salts", "isomers", "excluded_isomers", "esters", "derivatives", "preparations",
        "mixture_limit_percent", "limit_included", "mixture_with", "mixture_movements", "hangs_on", "mixtures_hang_on",
        "shown_by", "limit_of",
        "relatives",
    }  # fmt: skip
    words = {"words", "mixture_words"}
    silent = Clause(None, None, None, None, None, (), None, "", "")
    clauses = [
        entry.clause for instrument in read_watchlist(ROOT / "watchlists").instruments for entry in instrument.entries
    ]
    used = {
        name for name in Clause.__dataclass_fields__ if any(getattr(c, name) != getattr(silent, name) for c in clauses)
    }
    assert used - words <= told
    assert {family for c in clauses for family in c.relatives} <= set(RELATIVES)
