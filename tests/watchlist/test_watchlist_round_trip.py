"""What is written as TOML is read back as it was."""

import json
import tomllib
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Fault
from app.domain.words import Evidence, InstrumentKind
from app.watchlist.files import Document
from app.watchlist.law import DUTIES, MOVEMENTS, PERIODS, UNITS, read_instrument
from app.watchlist.model import Clause, Entry, Instrument, Threshold

SOURCE = "the official gazette"

words = st.text(st.characters(codec="utf-8", exclude_characters="\r\x7f"), max_size=30).filter(
    lambda text: not text or bool(text.strip())
)
said = words.filter(bool)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
days = st.dates(date(1, 1, 1), date(9998, 12, 31))
flags = st.none() | st.booleans()


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


amounts = st.floats(0, 1e12, allow_nan=False)
clauses = st.builds(
    Clause,
    flags,
    flags,
    flags,
    flags,
    flags,
    st.lists(slugs, unique=True, max_size=2).map(tuple),
    st.none() | st.floats(0, 100),
    words,
    words,
)
thresholds = st.builds(
    Threshold, st.sampled_from((*MOVEMENTS, "any")), amounts, st.sampled_from(UNITS), st.sampled_from(PERIODS), said
)


@st.composite
def entries(draw: st.DrawFn, number: int) -> Entry:
    begins, ends = draw(st.none() | days), draw(st.none() | days)
    if begins and ends and begins >= ends:
        begins, ends = (ends, begins) if ends < begins else (begins, None)
    evidence = draw(st.sampled_from(Evidence))
    return Entry(
        id=f"xx/{number}",
        instrument="xx",
        list="I",
        printed=draw(said),
        substances=tuple(draw(st.lists(slugs, unique=True, min_size=1, max_size=3))),
        clause=draw(clauses),
        begins=begins,
        begins_basis=draw(said),
        ends=ends,
        thresholds=tuple(draw(st.lists(thresholds, max_size=2))),
        no_threshold=draw(some(MOVEMENTS)),
        duties=draw(some(DUTIES)),
        duty_words=draw(words),
        citation=draw(said),
        evidence=evidence,
        verified="yes" if evidence is Evidence.PRIMARY else draw(st.sampled_from(("yes", "partial"))),
        verified_source=SOURCE,
        notes=draw(words),
        source_row="xx.csv:1",
        movements=draw(some(MOVEMENTS)),
    )


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    items = tuple(draw(entries(number)) for number in range(1, draw(st.integers(1, 2)) + 1))
    kind = draw(st.sampled_from(InstrumentKind))
    return Instrument("xx", draw(said), draw(said), "XX", kind, draw(said), draw(days), items)


def value(item: object) -> str:
    match item:
        case bool():
            return "true" if item else "false"
        case float():
            return repr(item) if "e" not in repr(item) or "." in repr(item) else repr(item).replace("e", ".0e")
        case date():
            return item.isoformat()
        case tuple():
            return "[" + ", ".join(map(value, item)) + "]"
        case _:
            return json.dumps(item, ensure_ascii=False)


def as_toml(instrument: Instrument) -> str:
    lines = [
        f"{key} = {value(getattr(instrument, key))}"
        for key in ("id", "title", "short", "jurisdiction", "kind", "authority", "read")
    ]
    lines += [f"expected_entries = {len(instrument.entries)}", "[sources]", f"gazette = {value(SOURCE)}"]
    lines += ["[lists.I]", 'title = "List I"']
    for entry in instrument.entries:
        written = {
            "line": entry.id.partition("/")[2],
            "list": entry.list,
            "printed": entry.printed,
            "substances": entry.substances,
            "from": entry.begins,
            "from_basis": entry.begins_basis,
            "until": entry.ends,
            "no_threshold": entry.no_threshold,
            "duties": entry.duties,
            "duty_words": entry.duty_words,
            "citation": entry.citation,
            "evidence": entry.evidence,
            "verified": entry.verified,
            "verified_source": ("gazette",),
            "notes": entry.notes,
            "source_rows": (entry.source_row,),
            "movements": entry.movements,
        }
        lines += ["[[entry]]", *(f"{key} = {value(item)}" for key, item in written.items() if item is not None)]
        clause = {key: getattr(entry.clause, key) for key in Clause.__dataclass_fields__}
        lines += ["[entry.clause]", *(f"{key} = {value(item)}" for key, item in clause.items() if item is not None)]
        for threshold in entry.thresholds:
            amount = {key: getattr(threshold, key) for key in Threshold.__dataclass_fields__}
            lines += ["[[entry.threshold]]", *(f"{key} = {value(item)}" for key, item in amount.items())]
    return "\n".join(lines) + "\n"


@settings(max_examples=50, deadline=None)
@given(instruments())
def test_an_instrument_is_read_as_it_was_written(instrument: Instrument) -> None:
    faults: list[Fault] = []
    read = read_instrument(Document("instruments/xx.toml", "xx", tomllib.loads(as_toml(instrument))), faults)
    assert faults == []
    assert read == instrument
