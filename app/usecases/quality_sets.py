"""Labelled rows for measuring the screening: read from files, with the labels kept apart from what is screened."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from app.domain.errors import UnreadableFileError
from app.domain.records import RECORD_SCHEMA


class Expectation(StrEnum):
    """What a labelled row asks of the screening."""

    FOUND = "found"
    """A listed substance: an alarm that names it."""
    SILENT = "silent"
    """Harmless: no alarm."""
    OPEN = "open"
    """Experts would differ (tautomers, one deuterium): counted, never scored."""


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One labelled row; only `record_id` and the text reach the screening."""

    record_id: str
    set: str
    field: str
    """`description` or `smiles`: the record's field that `text` stands in."""
    text: str
    expectation: Expectation
    substance: str
    """The label: the listed substance it is, empty for a harmless row."""
    accepted_cas: frozenset[str]
    """Any of these in `substance_cas` names the substance; empty where nobody published one: then an alarm will do."""
    note: str
    """What else the label says, for the list of errors."""


@dataclass(frozen=True, slots=True)
class QualitySets:
    """The rows of every set that is present, and a line for each one that is not."""

    rows: tuple[QualityRow, ...]
    notes: tuple[str, ...]


def read_quality_sets(development: Path | None, public: Path) -> QualitySets:
    """Read the development sets, when they are there, and the project's own public set.

    Args:
        development: folder with `names.csv`, `structures.csv` and `substances_key.csv`; None or absent is not an
            error, because some of its sources state no licence and it travels apart from the repository.
        public: folder with the committed `names.csv` and `structures.csv`.

    Returns:
        All rows in the order of the files, the development sets first.

    Raises:
        UnreadableFileError: a file lacks a column that is needed; the message names it.
    """
    rows: list[QualityRow] = []
    notes: list[str] = []
    if development is not None and (development / "names.csv").is_file():
        rows += _read_folder(development)
    else:
        notes.append(f"no development sets at {development}: the project's own public set is used alone")
    if (public / "names.csv").is_file():
        rows += _read_folder(public)
    else:
        notes.append(f"no public quality set at {public}")
    return QualitySets(tuple(rows), tuple(notes))


def records_of(rows: Iterable[QualityRow]) -> pa.Table:
    """Return the table to screen: record id and text, nothing of the labels.

    Args:
        rows: labelled rows.

    Returns:
        A table in `RECORD_SCHEMA`, one record for each row, same order.
    """
    chosen = list(rows)
    columns: dict[str, list[str | None]] = {
        "record_id": [row.record_id for row in chosen],
        "description": [row.text if row.field == "description" else None for row in chosen],
        "smiles": [row.text if row.field == "smiles" else None for row in chosen],
    }
    empty = pa.nulls(len(chosen), pa.string())
    return pa.table(
        [pa.array(columns[name], pa.string()) if name in columns else empty for name in RECORD_SCHEMA.names],
        schema=RECORD_SCHEMA,
    )


def _read_folder(folder: Path) -> list[QualityRow]:
    key = folder / "substances_key.csv"
    accepted = {row["substance"]: _cas_of_key(row) for row in _read_csv(key)} if key.is_file() else {}
    rows = [_name_row(row, accepted) for row in _read_csv(folder / "names.csv")]
    structures = folder / "structures.csv"
    if structures.is_file():
        rows += [_structure_row(row, accepted) for row in _read_csv(structures)]
    return rows


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    needed = {"substances_key.csv": {"substance", "cas_verified_by_structure", "cas_unverified"}}.get(
        path.name, {"record_id", "set", "label_substance"}
    )
    missing = needed - set(rows[0]) if rows else needed
    if missing:
        raise UnreadableFileError(str(path), f"lacks {', '.join(sorted(missing))}")
    return rows


def _cas_of_key(row: dict[str, str]) -> frozenset[str]:
    return frozenset(f"{row['cas_verified_by_structure']} {row['cas_unverified']}".split())


def _name_row(row: dict[str, str], accepted: dict[str, frozenset[str]]) -> QualityRow:
    substance = row["label_substance"]
    own = frozenset(row.get("label_cas", "").split()) if substance else frozenset()
    told = ("label_kind", "label_language", "label_variant", "label_cas")
    return QualityRow(
        record_id=row["record_id"],
        set=row["set"],
        field="description",
        text=row["description"],
        expectation=Expectation.FOUND if substance else Expectation.SILENT,
        substance=substance,
        accepted_cas=accepted.get(substance, frozenset()) | own,
        note="; ".join(row[name] for name in told if row.get(name)),
    )


def _structure_row(row: dict[str, str], accepted: dict[str, frozenset[str]]) -> QualityRow:
    substance = row["label_substance"]
    expectations = {"match": Expectation.FOUND, "none": Expectation.SILENT, "ambiguous": Expectation.OPEN}
    own = frozenset(row.get("label_cas", "").split()) if substance else frozenset()
    nearest = row.get("label_nearest", "")
    return QualityRow(
        record_id=row["record_id"],
        set=row["set"],
        field="smiles",
        text=row["smiles"],
        expectation=expectations[row["label_expect"]],
        substance=substance,
        accepted_cas=accepted.get(substance, frozenset()) | own,
        note=f"nearest {nearest}, {row.get('label_tanimoto', '')}" if nearest else "",
    )
