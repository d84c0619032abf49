"""One line of a shipment: its fields and the table every door hands to the screening."""

import pyarrow as pa

FIELDS: tuple[str, ...] = (
    "record_id",
    "description",
    "cas",
    "smiles",
    "inchi",
    "inchikey",
    "hs_code",
    "un_number",
    "quantity",
    "unit",
    "concentration",
    "origin",
    "destination",
    "transit",
    "movement",
    "date",
    "consignor",
    "consignee",
)
"""The record's fields, in the order of the table's columns."""

UNREADABLE = "unreadable"
"""The column that says why a row could not be read; null for a row that could."""

RECORD_SCHEMA = pa.schema([(name, pa.string()) for name in (*FIELDS, UNREADABLE)])
"""A batch of records: every field as text, as it was declared; null where nothing was."""

MAX_DESCRIPTION = 4_000
"""Characters of a description that are read (contract, section 3)."""
