"""Substances and their names, as read from watchlists/substances and watchlists/names."""

import csv
from dataclasses import replace
from pathlib import Path

from app.domain.errors import Fault
from app.watchlist.fields import Fields
from app.watchlist.files import Document, read_text
from app.watchlist.model import Density, Form, Name, Substance

NAME_KINDS = (
    "statute",
    "inn",
    "iupac",
    "cas-inverted",
    "systematic",
    "common",
    "abbreviation",
    "historical",
    "trade",
    "form",
    "misspelling",
)
FORM_KINDS = ("salt", "hydrate", "isomer", "solution", "mixture")
COLUMNS = ("substance", "text", "language", "kind", "source", "cas")
"""The header of a table of names."""


def read_substance(document: Document, faults: list[Fault]) -> Substance:
    """Read one substance; `faults` is added to for everything in this file that is wrong by itself."""
    fields = Fields(document.table, document.name, faults)
    identity = fields.text("id")
    if identity and identity != document.stem:
        fields.fault("id", f"{identity!r} must be the file's name, {document.stem!r}")
    whole = fields.flag("whole_molecule_only")
    substance = Substance(
        id=document.stem,
        name=fields.text("name"),
        cas=fields.texts("cas"),
        ec=fields.texts("ec"),
        un=fields.texts("un"),
        hs=fields.texts("hs"),
        smiles=fields.text("smiles", "") or None,
        inchikey=fields.text("inchikey", "") or None,
        structure_basis=fields.text("structure_basis", ""),
        whole_molecule_only=bool(whole),
        forms=tuple(form for form in map(_read_form, fields.tables("forms", "cas")) if form.verified != "no"),
        names=tuple(map(_read_name, fields.tables("names", "text"))),
        density=_read_density(fields.table("density")),
    )
    fields.close()
    return substance


def read_names(folder: Path, path: Path, faults: list[Fault]) -> dict[str, list[Name]]:
    """Read one table of names.

    Args:
        folder: the watchlist's folder.
        path: a CSV file (RFC 4180, UTF-8) with the columns of `COLUMNS`, in that order.
        faults: added to for every line that cannot be taken.

    Returns:
        The names by substance, in the order of the file.
    """
    place = path.relative_to(folder).as_posix()
    text = read_text(path, place, faults)
    if text is None:
        return {}
    rows = csv.reader(text.splitlines(keepends=True), strict=True)
    names: dict[str, list[Name]] = {}
    try:
        header = tuple(next(rows, ()))
        if header != COLUMNS:
            faults.append(Fault(f"{place}:1", f"the columns must be {', '.join(COLUMNS)}, not {', '.join(header)}"))
            return {}
        for row in rows:
            line = f"{place}:{rows.line_num}"
            if len(row) != len(COLUMNS):
                faults.append(Fault(line, f"has {len(row)} cells, not {len(COLUMNS)}"))
                continue
            substance, word, language, kind, source, cas = (cell.strip() for cell in row)
            for column, cell in zip(COLUMNS[:5], row, strict=False):
                if not cell.strip():
                    faults.append(Fault(line, f"{column} is blank"))
            if kind and kind not in NAME_KINDS:
                faults.append(Fault(line, f"kind {kind!r} is not one of {', '.join(NAME_KINDS)}"))
            names.setdefault(substance, []).append(Name(word, language, kind, source, cas or None))
    except csv.Error as error:
        faults.append(Fault(f"{place}:{rows.line_num}", f"is not CSV: {error}"))
    return names


def with_names(substance: Substance, names: list[Name]) -> Substance:
    """Return the substance with the names of the tables behind its own.

    A name of a table that the substance's own file has too, in the same language, is left out: what was written by hand
    knows better what kind of name it is.
    """
    own = {key_of(name) for name in substance.names}
    return replace(substance, names=(*substance.names, *(name for name in names if key_of(name) not in own)))


def key_of(name: Name) -> tuple[str, str, str | None]:
    """Return what two names have in common when they are one name written twice."""
    return name.text.casefold(), name.language, name.cas


def _read_form(fields: Fields) -> Form:
    form = Form(
        cas=fields.text("cas"),
        name=fields.text("name"),
        kind=fields.choice("kind", FORM_KINDS),
        verified=fields.choice("verified", ("yes", "partial", "no")),
        source=fields.text("source"),
    )
    fields.close()
    return form


def _read_density(fields: Fields | None) -> Density | None:
    if fields is None:
        return None
    weight, temperature = fields.number("kg_per_litre"), fields.number("at_celsius")
    if not weight:
        fields.fault("kg_per_litre", "missing")
    density = Density(weight or 0.0, 20.0 if temperature is None else temperature, fields.text("source"))
    fields.close()
    return density


def _read_name(fields: Fields) -> Name:
    name = Name(
        text=fields.text("text"),
        language=fields.text("language"),
        kind=fields.choice("kind", NAME_KINDS),
        source=fields.text("source"),
        cas=fields.text("cas", "") or None,
    )
    fields.close()
    return name
