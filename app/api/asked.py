"""What may be sent as JSON: every field is known by name, and others are refused."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.api.days import Day
from app.domain.records import FIELDS, MAX_DESCRIPTION
from app.usecases.kept_records import Row

MAX_RECORDS = 1_000
"""Records of one request (contract, section 5)."""

MAX_NAMES = 100
MAX_TEXT = 1_000
MAX_NUMBERS = 50

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")

Text = Annotated[str, Field(max_length=MAX_TEXT)]
LongText = Annotated[str, Field(max_length=MAX_DESCRIPTION)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Digits = Annotated[int, Field(ge=0, le=999_999_999_999)]


class Asked(BaseModel):
    """A part of a request."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @field_validator("*", mode="after")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and _NOT_TEXT.search(text):
                raise ValueError("Text must not contain U+0000")
        return value


class RecordAsked(Asked):
    """One line of a shipment, export or import declaration. Every field may be left out or null."""

    record_id: Text | None = Field(None, description="Your name for the line; comes back with its decision.")
    description: LongText | None = Field(None, description="The goods as declared, in any language.")
    cas: Text | Annotated[list[Text], Field(max_length=MAX_NUMBERS)] | None = Field(
        None, description="CAS numbers: one, several in one text, or a list. Lost hyphens are repaired."
    )
    smiles: LongText | None = Field(None, description="Structure as SMILES.")
    inchi: LongText | None = Field(None, description="Structure as InChI.")
    inchikey: Text | None = Field(None, description="Structure as InChIKey.")
    hs_code: Text | Digits | None = Field(
        None, description="HS or national tariff code, 4 to 12 digits; dots and lost leading zeros are tolerated."
    )
    un_number: Text | Digits | None = Field(None, description="UN number of dangerous goods, with or without 'UN'.")
    quantity: Text | int | Number | None = Field(
        None, description="Amount: a number with `unit`, or text such as '80 DRUMS X 100 KG'."
    )
    unit: Text | None = Field(None, description="UN/ECE Recommendation 20 code or a plain unit.")
    concentration: Text | int | Number | None = Field(
        None, description="Percent as a number, or text such as '37 % w/w' or '500 g/L'."
    )
    origin: Text | None = Field(None, description="Country of origin or export: ISO 3166-1 code or name.")
    destination: Text | None = Field(None, description="Country of destination or import: ISO 3166-1 code or name.")
    transit: Text | Annotated[list[Text], Field(max_length=MAX_NUMBERS)] | None = Field(
        None, description="Countries passed through: one, several in one text, or a list."
    )
    movement: Text | None = Field(
        None, description="export, import, transit or domestic. An unknown word is reported in the decision."
    )
    date: Text | None = Field(None, description="Day of the shipment; ISO 8601, or a national form with one reading.")
    consignor: Text | None = Field(None, description="Who sends the goods. Not screened.")
    consignee: Text | None = Field(None, description="Who receives the goods. Not screened.")


class ScreeningAsked(Asked):
    """Records to be screened, and the law to screen them by."""

    records: list[RecordAsked] = Field(
        max_length=MAX_RECORDS, description="One decision for each is answered, in order."
    )
    as_of: Annotated[Day, Field(strict=False)] | None = Field(
        None, description="Judge every record by the law of this day; null: each by its own date, or today's law."
    )
    instruments: Annotated[list[Text], Field(min_length=1, max_length=MAX_NUMBERS)] | None = Field(
        None, description="Only these instruments, by id; null: all that each record's route reaches."
    )
    history: bool = Field(
        False, description="Add the amounts to those of earlier runs, where a law compares a total with a threshold."
    )


class ResolvingAsked(Asked):
    """Names to be resolved."""

    names: list[LongText] = Field(min_length=1, max_length=MAX_NAMES, description="Each is read by itself.")


class DrawingAsked(Asked):
    """A name whose structure is to be drawn beside the listed one."""

    name: LongText = Field(description="A name or a line of goods, as in `/v1/resolve`.")
    substance: Text | None = Field(
        None, description="Id of the listed substance; null: the first one that the name describes by a structure."
    )


class ReviewAsked(Asked):
    """What an officer made of a decision."""

    disposition: Literal["cleared", "confirmed", "escalated"] = Field(
        description="cleared: no duty, or no such goods; confirmed: the alarm is right; escalated: others decide."
    )
    reason: Annotated[str, Field(min_length=1, max_length=2_000, description="Why, in the officer's words.")]
    reviewer: Annotated[str, Field(min_length=1, max_length=200, description="Who says so: a name or a number.")]


def record_rows(records: list[RecordAsked]) -> list[Row]:
    """Return records as the screening takes them.

    Returns:
        One row each, in order, with the fields of `RECORD_SCHEMA`; numbers in their shortest decimal form, lists joined
        by "; ".
    """
    return [(*[_cell(getattr(each, name)) for name in FIELDS], None) for each in records]


def _cell(value: str | int | float | list[str] | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(value)
    # 37.0 is 37 on paper; repr gives the shortest digits that mean the same number.
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
