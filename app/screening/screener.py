"""Records in, decisions out: the one pure function every door calls."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import pyarrow as pa

from app.domain.decisions import Decision, Decisions, Rejected
from app.domain.records import FIELDS, MAX_DESCRIPTION, UNREADABLE
from app.screening.clues import TextRead, add_structures, names_in_doubt, read_text
from app.screening.dictionary import Dictionary
from app.screening.evidence import Lookup
from app.screening.judging import Judge
from app.screening.law import Law
from app.screening.policy import Policy
from app.screening.resolution import Mention, Resolution
from app.screening.scope import Scope
from app.screening.structures import StructureIndex
from app.watchlist.index import Index

ReadNames = Callable[[Sequence[str]], list[str | None]]


class Screener:
    """The compiled watchlist and a policy, ready to judge records.

    The answers depend on the records, the index, the policy and the name reader alone.
    """

    def __init__(self, index: Index, policy: Policy | None = None, read_names: ReadNames | None = None) -> None:
        """Prepare the screening.

        Args:
            index: the compiled watchlist.
            policy: the knobs; the default ones where none are given.
            read_names: reads systematic names as SMILES, None for what it cannot read; without it such names are found
                by the dictionary alone.
        """
        self.index = index
        self.policy = policy or Policy()
        self._names = Dictionary(index, self.policy)
        self._structures = StructureIndex(index, self.policy)
        self._read_names = read_names
        self._read_text = lru_cache(maxsize=65_536)(partial(read_text, names=self._names))
        self._read = lru_cache(maxsize=65_536)(self._read_once)
        self._judge = Judge(Lookup(index, self._structures, self._read), self.policy, Law(index))

    def _read_once(self, text: str) -> TextRead:
        read = self._read_text(text)
        if self._read_names is None:
            return read
        return add_structures(read, self._structures, self._read_name)

    def _read_name(self, name: str) -> str | None:
        assert self._read_names is not None
        return self._read_names([name])[0]

    def screen(self, records: pa.Table, scope: Scope) -> Decisions:
        """Judge a batch of records.

        Args:
            records: a table of `app.domain.records.RECORD_SCHEMA`, any number of rows.
            scope: the day and the instruments asked for.

        Returns:
            One decision for each row, in order. The same records, index, policy and scope give the same decisions,
            whatever the size and order of the batches.

        Raises:
            UnknownNameError: the scope names an instrument that is not in the watchlist.
        """
        self._ask_ahead(records.column("description").unique().to_pylist())
        columns = [records.column(name).to_pylist() for name in (*FIELDS, UNREADABLE)]
        session = self._judge.open(scope)
        return Decisions([session.decide(*row) for row in zip(*columns, strict=True)])

    def _ask_ahead(self, descriptions: list[str | None]) -> None:
        """Ask for the structures of all names of a batch at once: the reader remembers what it was asked."""
        if self._read_names is None:
            return
        reads = [self._read_text(text[:MAX_DESCRIPTION]) for text in descriptions if text]
        names = list(dict.fromkeys(name for read in reads for name in names_in_doubt(read)))
        if names:
            self._read_names(names)

    def resolve(self, text: str) -> Resolution:
        """Say what the names in a text mean, and which lawful look-alikes were rejected.

        Args:
            text: one name or a whole description, up to `MAX_DESCRIPTION` characters are read.
        """
        read: TextRead = self._read(text[:MAX_DESCRIPTION])
        return resolution_of(text, read, self.index)

    def decide(self, record: dict[str, str | None], scope: Scope) -> Decision:
        """Judge one record given as a mapping of field to text."""
        session = self._judge.open(scope)
        decision: Decision = session.decide(*(record.get(name) for name in (*FIELDS, UNREADABLE)))
        return decision


def resolution_of(text: str, read: TextRead, index: Index) -> Resolution:
    """Return the mentions of a text that was read."""
    mentions = []
    substances = index.watchlist.substances
    for clue in read.clues:
        substance = substances[clue.substance]
        mentions.append(
            Mention(clue.matched, "listed", substance.id, substance.name, substance.cas, clue.channel.value, clue.score)
        )
    for look in read.look_alikes:
        rejected = (Rejected(substances[look.substance].id, substances[look.substance].name, look.why),)
        lawful = look.lawful is not None
        mentions.append(
            Mention(
                look.matched,
                "lawful" if lawful else "unknown",
                None,
                index.chemicals.column("name")[look.lawful].as_py() if lawful else None,
                (index.chemicals.column("cas")[look.lawful].as_py(),) if lawful else (),
                None,
                None,
                rejected,
            )
        )
    return Resolution(text, read.folded, tuple(mentions))
