"""What a file is screened with, and what comes of some of its rows: they travel between processes."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.screening.scope import Scope

if TYPE_CHECKING:
    import pyarrow as pa

    from app.domain.decisions import Decision


@dataclass(frozen=True, slots=True)
class Task:
    """What every block of one file is screened with."""

    index_folder: Path
    watchlists: Path
    scope: Scope
    with_findings: bool
    release: str | None = None
    """The digest of the release; the active one where none is given."""


@dataclass(frozen=True, slots=True)
class ScreenedRows:
    """What is said of some rows, each by itself."""

    answers: "pa.Table"
    findings: dict[int, bytes]
    """By the number of the row, for rows with findings, where they were asked for."""
    counted: "tuple[tuple[int, Decision], ...]"
    """Rows that add to a total over the file, with their numbers: other rows may still raise them."""
