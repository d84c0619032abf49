"""The difference of two releases as tables for a reader."""

from app.usecases.sheets import Sheet
from app.watchlist.difference import Difference, FieldChange


def difference_sheets(difference: Difference) -> list[Sheet]:
    """Return what changed: a table for each instrument, then the substances and the subheadings.

    Args:
        difference: of two releases.

    Returns:
        Tables with nothing in them are left out; the last has a note that names both releases.
    """
    sheets = []
    for instrument in difference.instruments:
        title = f"{instrument.short} ({instrument.id}, {instrument.change}): {instrument.concerns}"
        rows = [("", each.field.replace("_", " "), f"{each.was} → {each.now}") for each in instrument.fields]
        rows += [(each.id.partition("/")[2], each.change, each.words) for each in instrument.entries]
        sheets.append(Sheet(title, ("line", "change", "what"), tuple(rows)))
    known = []
    for substance in difference.substances:
        told = [(each.field.replace("_", " "), f"{each.was} → {each.now}") for each in substance.fields]
        told += [("gained", name) for name in substance.gained] + [("lost", name) for name in substance.lost]
        known += [(substance.name, substance.change, *each) for each in told or [("", "")]]
    if known:
        sheets.append(Sheet("Substances", ("substance", "change", "what", "reads"), tuple(known)))
    for title, fields in (("HS subheadings", difference.headings), ("Other", difference.others)):
        if fields:
            sheets.append(Sheet(title, ("what", "was", "is"), tuple(map(_row, fields))))
    says = "" if sheets else ": they say the same"
    return [*sheets, Sheet("", (), (), note=f"from release {difference.old[:12]} to {difference.new[:12]}{says}")]


def _row(change: FieldChange) -> tuple[str, str, str]:
    return change.field, change.was, change.now
