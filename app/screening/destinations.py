"""Entries that reach only goods bound for certain countries."""

from dataclasses import replace

from app.domain.words import Evidence
from app.screening.clauses import Coverage
from app.watchlist.model import Destinations


def reach(destinations: Destinations | None, destination: str | None, coverage: Coverage) -> Coverage:
    """Hold an entry's list of destinations against a record's.

    Args:
        destinations: the entry's list, None where it reaches every destination.
        destination: the record's, ISO 3166-1 alpha-2; None where it is not known.
        coverage: what the entry's clause said.

    Returns:
        The coverage, with the destination as a fact the duty hangs on where it is not declared; not covered where it is
        another. A list that was not seen in a source excludes nothing: the duty then hangs on it.
    """
    if destinations is None or not coverage.covered:
        return coverage
    listed = f"{destinations.citation} reaches goods bound for {len(destinations.countries)} countries"
    if destination is None:
        return replace(coverage, hangs_on=f"{listed}, and no destination is declared")
    if destination in destinations.countries:
        return replace(coverage, steps=(*coverage.steps, f"{destination} is one of the destinations it reaches"))
    if destinations.evidence is Evidence.RECONSTRUCTED:
        doubt = f"{listed}, {destination} not among them; the list was not seen in a source"
        return replace(coverage, hangs_on=doubt)
    return Coverage(False, (f"{listed}, and {destination} is not one of them",))
