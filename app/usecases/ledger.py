"""Amounts of a file that is screened on a terminal, added to those of earlier runs and kept for later ones."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.domain.decisions import Decision
from app.domain.words import Verdict
from app.screening.totals import Totals
from app.storage.engine import Database
from app.storage.runs import RunStart, begin_run, finish_run, keep_amounts
from app.usecases.history import History, amounts_at, history_of
from app.usecases.keep_run import start_run
from app.usecases.screen_in_workers import Book
from app.usecases.screen_rows import screener_of
from app.usecases.screening_task import Task


@dataclass
class Ledger:
    """Used for one file. Of its records nothing is kept but their amounts."""

    database: Database
    source: Path | None
    """The file, None for standard input: by its content a second screening of the same file is known."""
    _run: RunStart | None = field(default=None, init=False)

    def open(self, task: Task) -> Book:
        """Keep the beginning of a run.

        Args:
            task: what the file is screened with.

        Returns:
            What is to be told of every block.

        Raises:
            StorageError: the run could not be kept.
        """
        digest = None
        if self.source is not None and self.source.is_file():
            with self.source.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        run = self._run = start_run(screener_of(task), task.scope, "terminal", digest, history=True)
        begin_run(self.database, run)
        history = history_of(self.database, run)
        assert history is not None, "it was asked for"
        return lambda totals, rows: self._add(run, history, totals, rows)

    def close(self, verdicts: Counter[Verdict]) -> None:
        """Finish the run: from now on its amounts count for later ones.

        Raises:
            StorageError: the run could not be kept.
        """
        assert self._run is not None, "a ledger is opened before it is closed"
        finish_run(self.database, self._run.id, datetime.now(UTC), verdicts)

    def _add(self, run: RunStart, history: History, totals: Totals, rows: Sequence[tuple[int, Decision]]) -> None:
        history.recall(totals, (decision for _, decision in rows))
        amounts = [kept for row, decision in rows for kept in amounts_at(row - 1, decision)]
        keep_amounts(self.database, run, amounts)
