"""Entries that reach only goods bound for certain countries."""

from dataclasses import replace

from app.domain.words import Evidence
from app.screening.clauses import Coverage
from app.screening.route import Route
from app.watchlist.model import Destinations


def reach(destinations: Destinations | None, route: Route, coverage: Coverage) -> Coverage:
    """Hold an entry's list of destinations against a route.

    Args:
        destinations: the entry's list, None where it reaches every destination.
        route: the record's route.
        coverage: what the entry's clause said.

    Returns:
        The coverage, with the destination as a fact the duty hangs on where it is not declared; not covered where it is
        another. A list that was not seen in a source excludes nothing: the duty then hangs on it.
    """
    if destinations is None or not coverage.covered:
        return coverage
    listed = f"{destinations.citation} reaches goods bound for {len(destinations.countries)} countries"
    if route.destination is None:
        return replace(coverage, hangs_on=f"{listed}, and no destination is declared")
    if route.destination in destinations.countries:
        return replace(coverage, steps=(*coverage.steps, f"{route.destination} is one of the destinations it reaches"))
    if destinations.evidence is Evidence.RECONSTRUCTED:
        doubt = f"{listed}, {route.destination} not among them; the list was not seen in a source"
        return replace(coverage, hangs_on=doubt)
    return Coverage(False, (f"{listed}, and {route.destination} is not one of them",))
