"""Write totals out: as the documents an answer carries, and as the lines of a table."""

import csv
import io

from app.screening.thresholds import words_of
from app.screening.totals import Total, Totals
from app.usecases.describe_decision import Document

COLUMNS = (
    "substance_id",
    "substance",
    "entry",
    "citation",
    "movement",
    "period",
    "consignor",
    "consignee",
    "total",
    "unit",
    "threshold",
    "threshold_words",
    "reached",
    "reached_at_row",
    "rows_added",
    "rows",
    "rows_of_unknown_amount",
    "earlier_total",
    "earlier_records",
    "earlier_of_unknown_amount",
)
"""The keys of a total, and the header of the table."""


def describe_totals(totals: Totals) -> list[Document]:
    """Return the totals of several records, as JSON's types.

    Args:
        totals: after the last row.

    Returns:
        Those that reached their threshold first; rows are counted from 1.
    """
    return [_document(total) for total in totals.shown()]


def totals_table(totals: Totals) -> bytes:
    """Return the totals of several records as CSV (RFC 4180, UTF-8); rows are separated by spaces."""
    sink = io.StringIO(newline="")
    table = csv.writer(sink)
    table.writerow(COLUMNS)
    for document in describe_totals(totals):
        lists = {name: " ".join(map(str, document[name])) for name in ("rows", "earlier_records")}
        cells = {**document, **lists, "reached": "yes" if document["reached"] else "no"}
        table.writerow(["" if cells[column] is None else cells[column] for column in COLUMNS])
    return sink.getvalue().encode()


def _document(total: Total) -> Document:
    tally, counted = total.first, total.first.counted
    return {
        "substance_id": tally.substance_id,
        "substance": tally.substance,
        "entry": tally.entry,
        "citation": tally.citation,
        "movement": counted.movement,
        "period": tally.period,
        "consignor": tally.consignor,
        "consignee": tally.consignee,
        "total": float(total.amount),
        "unit": counted.unit,
        "threshold": float(counted.quantity),
        "threshold_words": words_of(counted) + (", and the duty begins above it" if counted.above else ""),
        "reached": total.reached_at is not None,
        "reached_at_row": total.reached_at,
        "rows_added": total.added,
        "rows": list(total.rows),
        "rows_of_unknown_amount": total.unknown,
        "earlier_total": float(total.earlier.amount),
        "earlier_records": list(total.earlier.records),
        "earlier_of_unknown_amount": total.earlier.unknown,
    }
