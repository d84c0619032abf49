"""What each reader must do with any bytes at all: answer or refuse as documented, and lose nothing."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.api.asked import record_rows
from app.api.problems import ProblemError
from app.api.screenings import read_asked
from app.chemistry.cas import cas_is_valid, ec_is_valid
from app.chemistry.identifiers import find_cas_in_field, find_cas_in_text, find_ec_numbers
from app.chemistry.structure import MAX_ATOMS, read_inchi, read_smiles, take_apart
from app.domain.errors import UnreadableFileError
from app.records.source import open_records
from app.screening.dates import read_date
from app.screening.mixtures import read_share, shares_of
from app.screening.quantity import read_declared
from app.usecases.screen_records import table_of


@dataclass(frozen=True)
class Target:
    """One reader, with bytes to begin from."""

    feed: Callable[[bytes], None]
    """Raises where the reader broke a promise."""
    seeds: tuple[bytes, ...]


def read_file(content: bytes) -> None:
    """A file of any format is refused with a reason, or every row comes back once, under the headers it came with."""
    try:
        source = open_records(io.BytesIO(content), name="fuzzed")
        next_row = 1
        for batch in source.batches(rows=64):
            assert batch.first_row == next_row, "rows were lost or came twice"
            assert batch.rows.num_rows == batch.records.num_rows > 0, "a row has no record, or a record no row"
            assert tuple(batch.rows.column_names) == source.recognised.columns
            next_row += batch.rows.num_rows
    except UnreadableFileError as error:
        if not error.why:
            raise


def read_day(content: bytes) -> None:
    """A date is a day or nothing, and a day that is written down again is read as the same."""
    day = read_date(_text(content))
    assert day is None or (isinstance(day, date) and read_date(day.isoformat()) == day)


def read_quantity(content: bytes) -> None:
    """An amount is never negative or without bounds, and what could not be read is said."""
    quantity, _, rest = _text(content).partition("\n")
    unit, _, description = rest.partition("\n")
    declared = read_declared(quantity, unit or None, description or None)
    for amount in declared.amounts:
        assert Decimal(0) <= amount.low <= amount.high
        assert amount.high.is_finite()
        assert amount.unit in {"kg", "L"}
    if quantity.strip():
        assert declared.anything
        assert declared.amounts or declared.problem


def read_concentration(content: bytes) -> None:
    """A share lies between its bounds, in the field and in the description."""
    text = _text(content)
    words = {number: word for number, word in enumerate(text.split()[:3]) if word}
    for share in (read_share(text), *shares_of(text, words).values()):
        assert share is None or Decimal(0) <= share.low <= share.high


def read_structure(content: bytes) -> None:
    """A structure is read and taken apart, or it is none; no atom appears out of nothing."""
    text = _text(content)
    drawing = read_inchi(text) if text.startswith("InChI=") else read_smiles(text)
    if drawing is not None:
        atoms = drawing.molecule.GetNumAtoms()
        assert 0 < atoms <= MAX_ATOMS
        assert sum(part.atoms for part in take_apart(drawing).parts) <= atoms


def read_numbers_of_substances(content: bytes) -> None:
    """A CAS or EC number that is found has its check digit, and was written."""
    text = _text(content)
    for found in (*find_cas_in_text(text), *find_cas_in_field(text)):
        assert found.written
        assert cas_is_valid(found.cas)
    assert all(ec_is_valid(found) for found in find_ec_numbers(text))


def read_body(content: bytes) -> None:
    """A body is refused as a problem that names the place, or every record of it is a row."""
    try:
        asked = read_asked(content)
    except ProblemError as problem:
        if problem.kind not in {"malformed-request", "unknown-field", "invalid-request"}:
            raise
        return
    assert table_of(record_rows(asked.records)).num_rows == len(asked.records)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode("utf-8")


TARGETS = {
    "file": Target(
        read_file,
        (
            b'line_no,goods_description,cas_no\n1,ACETONE 99%,67-64-1\n2,"TOLUENE, AR",\n',
            b'id;beschreibung\r\n1;"Essigs\xe4ure\r\nanhydrid"\r\n',
            b'{"record_id": "1", "description": "acetone"}\n{"record_id": "2"}\n',
            b"\xef\xbb\xbfitem_desc\thscode\nP2P\t2914.31\n",
            b"\x1f\x8b\x08\x00",
            b"PK\x03\x04",
            b"PAR1",
        ),
    ),
    "date": Target(read_day, (b"2025-03-01", b"31/03/2025", b"1-Mar-25", b"20250301", b"Mar 1, 2025")),
    "quantity": Target(
        read_quantity,
        (
            b"80 DRUMS X 100 KG",
            b"1.000,5\nkg",
            b"500 BTL X 100 TAB X 30 MG",
            b"1X20FT STC 16 MT",
            b"25\nDRM\n25 x 200 L",
        ),
    ),
    "concentration": Target(read_concentration, (b"30 % w/w", b"5-10 %", b"60% toluene, 40% acetone", b"AR 99.5%")),
    "structure": Target(
        read_structure,
        (b"CC(=O)C", b"C[C@@H](NC)[C@@H](O)c1ccccc1.Cl", b"[13CH3]C(=O)[O-].[Na+]", b"InChI=1S/C3H6O/c1-3(2)4/h1-2H3"),
    ),
    "numbers": Target(read_numbers_of_substances, (b"67-64-1", b"108247", b"CAS: 299-42-3; 90-82-4", b"200-662-2")),
    "body": Target(
        read_body,
        (
            b'{"records": [{"record_id": "1", "description": "acetone", "cas": ["67-64-1"], "quantity": 5}]}',
            b'{"records": [], "as_of": "2025-03-01", "instruments": ["un-1988"]}',
        ),
    ),
}
