"""The end of a screening as tables for a reader: what was recognised, and the rows by verdict."""

from app.domain.words import VERDICTS
from app.usecases.screen_to_file import Screened
from app.usecases.sheets import Sheet

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

MEANINGS = {
    "controlled": "a listed substance under a law in force that day",
    "conditional": "a listed substance; the duty hangs on a fact that is missing or below a threshold",
    "review": "a person must look",
    "undetermined": "cannot be told from what is there",
    "not_listed": "nothing found in the lists that were checked",
}


def recognised_sheet(screened: Screened) -> Sheet:
    """Return which header was read as which field, and how the file is written."""
    found = screened.recognised
    rows = [(field, header) for field, header in found.fields.items()]
    rows += [("description (also)", header) for header in found.also_description]
    told = [found.format]
    if found.encoding:
        told.append(found.encoding)
    if found.delimiter:
        told.append(f"delimiter {DELIMITERS.get(found.delimiter, found.delimiter)}")
    if found.header_row:
        told.append(f"header in row {found.header_row}")
    carried = len(found.columns) - len({header for _, header in rows})
    if carried:
        told.append(f"{carried} other columns carried through")
    return Sheet("Recognised", ("field", "column"), tuple(rows), note="; ".join(told))


def verdicts_sheet(screened: Screened) -> Sheet:
    """Return the rows by verdict, worst first, with the notes under it."""
    tally = screened.tally
    rows = [
        (
            verdict.value,
            f"{tally.verdicts[verdict]:,}",
            f"{tally.verdicts[verdict] / tally.rows:.1%}" if tally.rows else "",
            MEANINGS[verdict.value],
        )
        for verdict in VERDICTS
    ]
    rows.append(("all rows", f"{tally.rows:,}", "", ""))
    notes = list(screened.notes)
    if tally.unreadable:
        rows_were = "row was" if tally.unreadable == 1 else "rows were"
        notes.append(f"{tally.unreadable:,} {rows_were} unreadable: `undetermined` with the reason, unless an alarm")
    return Sheet(
        "Verdicts", ("verdict", "rows", "share", "meaning"), tuple(rows), frozenset({"rows", "share"}), "\n".join(notes)
    )
