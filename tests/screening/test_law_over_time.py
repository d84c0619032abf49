"""Last year's file with last year's law: the same goods on the same routes, day after day."""

from datetime import date

import pytest

from app.domain.words import ALARMS, Verdict, worst
from app.screening.scope import Scope
from app.screening.screener import Screener

TODAY = date(2026, 11, 22)

FOUR_PIPERIDONE = [
    (date(2012, 1, 1), set()),
    (date(2023, 5, 11), set()),
    (date(2023, 5, 12), {"us-cfr-1310"}),
    (date(2024, 9, 2), {"us-cfr-1310"}),
    (date(2024, 12, 2), {"us-cfr-1310"}),
    (date(2024, 12, 3), {"us-cfr-1310", "un-1988"}),
    (date(2025, 1, 22), {"us-cfr-1310", "un-1988"}),
    (date(2025, 1, 23), {"us-cfr-1310", "un-1988", "in-rcs-2013"}),
    (date(2025, 8, 13), {"us-cfr-1310", "un-1988", "in-rcs-2013"}),
    (date(2025, 8, 14), {"us-cfr-1310", "un-1988", "in-rcs-2013", "eu-111-2005"}),
    (date(2026, 5, 3), {"us-cfr-1310", "un-1988", "in-rcs-2013", "eu-111-2005"}),
    (TODAY, {"us-cfr-1310", "un-1988", "in-rcs-2013", "eu-111-2005"}),
]
"""From India to the United States through Germany: which instruments list it on which day."""

BMK_ETHYL_GLYCIDATE = [
    (date(2020, 12, 13), set()),
    (date(2024, 6, 2), set()),
    (date(2024, 6, 3), {"eu-111-2005"}),
    (date(2024, 12, 2), {"eu-111-2005"}),
    (date(2024, 12, 3), {"eu-111-2005", "un-1988"}),
    (date(2025, 1, 23), {"eu-111-2005", "un-1988", "in-rcs-2013"}),
    (date(2026, 5, 3), {"eu-111-2005", "un-1988", "in-rcs-2013"}),
    (date(2026, 5, 4), {"eu-111-2005", "un-1988", "in-rcs-2013", "us-cfr-1310"}),
]

MAPA = [
    (date(2020, 11, 2), {"in-rcs-2013"}),
    (date(2020, 11, 3), {"in-rcs-2013", "un-1988"}),
    (date(2020, 12, 12), {"in-rcs-2013", "un-1988"}),
    (date(2020, 12, 13), {"in-rcs-2013", "un-1988", "eu-111-2005"}),
    (date(2021, 12, 19), {"in-rcs-2013", "un-1988", "eu-111-2005"}),
    (date(2021, 12, 20), {"in-rcs-2013", "un-1988", "eu-111-2005", "us-cfr-1310"}),
]

ROUTE = {"origin": "IN", "destination": "US", "transit": "DE"}


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("4-PIPERIDONE", FOUR_PIPERIDONE),
        ("BMK ETHYL GLYCIDATE", BMK_ETHYL_GLYCIDATE),
        ("METHYL ALPHA-PHENYLACETOACETATE", MAPA),
    ],
)
def test_a_substance_is_listed_where_it_was_listed_on_the_day(
    name: str, days: list[tuple[date, set[str]]], screener: Screener, today: Scope
) -> None:
    for day, instruments in days:
        dated = screener.decide({"description": name, "date": day.isoformat(), **ROUTE}, today)
        assert {entry.instrument for found in dated.findings for entry in found.entries} == instruments, day
        asked = screener.decide({"description": name, **ROUTE}, Scope(today=TODAY, as_of=day))
        assert (asked.verdict, asked.findings, asked.places) == (dated.verdict, dated.findings, dated.places)


@pytest.mark.parametrize("goods", ["4-PIPERIDONE", "ACETONE", "ETHYL PHENYLACETATE", "P2P", "TOILET SOAP", "CHEMICALS"])
@pytest.mark.parametrize("route", [("IN", "US"), ("DE", "MX"), ("CN", "NL"), ("BR", "AR"), ("DE", "FR"), (None, None)])
@pytest.mark.parametrize("day", ["2012-06-01", "2020-12-31", "2025-03-01"])
def test_the_worst_verdict_of_the_places_is_the_records(
    goods: str, route: tuple[str | None, str | None], day: str, screener: Screener, today: Scope
) -> None:
    record = {"description": goods, "origin": route[0], "destination": route[1], "date": day}
    decision = screener.decide(record, today)
    places = worst([place.verdict for place in decision.places])
    if places is Verdict.UNDETERMINED and route == (None, None):
        places = decision.verdict  # where no route is declared, the law before the first list here is nobody's question
    assert decision.verdict is places
    for place in decision.places:
        assert (place.law is None) <= (place.verdict is Verdict.UNDETERMINED)
        assert (place.verdict in ALARMS) == bool(place.substances)


def test_without_a_route_every_instrument_is_asked_and_the_answer_says_so(screener: Screener, today: Scope) -> None:
    decision = screener.decide({"description": "EPHEDRINE"}, today)
    assert set(decision.instruments) == {each.id for each in screener.index.watchlist.instruments}
    assert decision.route == "no route is declared: every loaded instrument was asked"
    assert {place.place for place in decision.places} == {"CA", "EU", "IN", "UN", "US"}
