"""Records in, decisions out: the one pure function every door calls."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from app.chemistry.opsin import ReadNames
from app.domain.decisions import Decision, Decisions, Rejected
from app.domain.records import FIELDS, MAX_DESCRIPTION, UNREADABLE
from app.screening.alike import Alike
from app.screening.clues import TextRead
from app.screening.dictionary import Dictionary
from app.screening.judging import Judge
from app.screening.law import Law
from app.screening.lookup import Lookup
from app.screening.policy import Policy
from app.screening.resolution import Mention, Resolution
from app.screening.scope import Scope
from app.screening.structures import StructureIndex
from app.screening.systematic import IsStrangeWord, is_never_strange
from app.screening.texts import Texts
from app.watchlist.index import Index

_FEW = 4
"""So many records are judged each for itself sooner than put together."""


class Screener:
    """The compiled watchlist and a policy, ready to judge records.

    The answers depend on the records, the index, the policy and the name reader alone.
    """

    def __init__(
        self,
        index: Index,
        policy: Policy | None = None,
        read_names: ReadNames | None = None,
        is_strange_word: IsStrangeWord = is_never_strange,
    ) -> None:
        """Prepare the screening.

        Args:
            index: the compiled watchlist.
            policy: the knobs; the default ones where none are given.
            read_names: reads systematic names as SMILES, None for what it cannot read; without it such names are found
                by the dictionary alone.
            is_strange_word: tells of a word of letters that no name has it in it which can be read, so that nothing
                need be asked.
        """
        self.index = index
        self.policy = policy or Policy()
        self.read_names = read_names
        self.is_strange_word = is_strange_word
        structures = StructureIndex(index, self.policy)
        self._texts = Texts(Dictionary(index, self.policy), structures, read_names, is_strange_word)
        lookup = Lookup(index, structures, self._texts.read)
        self._judge = Judge(lookup, self.policy, Law(index))
        self._alike = Alike(self._texts, lookup)

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
        session = self._judge.open(scope)
        if records.num_rows <= _FEW:
            return Decisions.each([session.decide(*cells) for cells in _rows_of(records)])
        declared = records.column("date").combine_chunks().dictionary_encode()
        distinct = [*map(session.day_of, declared.dictionary.to_pylist()), session.day_of(None)]
        days = [distinct[place] for place in pc.fill_null(declared.indices, len(distinct) - 1).to_pylist()]
        groups = self._alike.group(records, [day.kind for day in days])
        decisions = Decisions(
            [session.decide(*cells) for cells in groups.cells[: groups.speaking]]
            + [session.decide_silent(cells) for cells in groups.cells[groups.speaking :]],
            groups.which,
            records.column("record_id").to_pylist(),
            [day.law for day in days],
        )
        silent = {row: decisions.kinds[groups.which[row]] for row in groups.considered}
        return decisions.replaced({row: session.consider(silent[row], text) for row, text in groups.considered.items()})

    def resolve(self, text: str) -> Resolution:
        """Say what the names in a text mean, and which lawful look-alikes were rejected.

        Args:
            text: one name or a whole description, up to `MAX_DESCRIPTION` characters are read.
        """
        return resolution_of(text, self._texts.read(text[:MAX_DESCRIPTION]), self.index)

    def decide(self, record: dict[str, str | None], scope: Scope) -> Decision:
        """Judge one record given as a mapping of field to text."""
        return self._judge.open(scope).decide(*(record.get(name) for name in (*FIELDS, UNREADABLE)))


def _rows_of(records: pa.Table) -> Iterator[tuple[str | None, ...]]:
    for batch in records.to_batches():
        yield from zip(*[column.to_pylist() for column in batch.columns], strict=True)


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
