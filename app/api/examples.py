"""The examples of the description: real questions, answered by the watchlist that is loaded."""

import io
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import orjson
from starlette.responses import Response

from app.api.asked import ScreeningAsked, record_rows
from app.api.desk import Desk
from app.api.formats import CSV, NDJSON, Format
from app.api.health import healthy
from app.api.history_examples import EARLIER, REVIEW, draw_example, history_answers
from app.api.instruments import get_entries, get_instruments
from app.api.job_examples import job_answers
from app.api.metrics import Metrics
from app.api.releases import get_releases
from app.api.replies import JsonReply, page_of
from app.api.resolving import answer_names, draw_asked
from app.api.rows import write_rows
from app.api.screenings import show_run
from app.api.shown import show_decision, show_decision_line
from app.api.substances import get_substance, list_substances
from app.domain.errors import NoStructureError
from app.domain.version import VERSION
from app.domain.words import ALARMS
from app.records.source import open_records
from app.screening.scope import Scope
from app.storage.decisions import KeptDecision
from app.storage.revision import REVISION
from app.storage.runs import RunStart, decision_id
from app.usecases.describe_decision import describe_decision
from app.usecases.read_substances import draw_substance
from app.usecases.screen_file import screen_file
from app.usecases.screen_records import ScreenedRun, table_of

RUN_ID = "01955c2e-7f3a-7c41-9d55-6f0a8be3c1d2"
MOMENT = datetime(2025, 3, 3, 9, 30, tzinfo=UTC)

SCREENING: dict[str, Any] = {
    "records": [
        {
            "record_id": "1",
            "description": "200 DRUMS ACETIC ANHYDRIDE 99%",
            "hs_code": "2915.24",
            "origin": "IN",
            "destination": "US",
            "date": "2025-03-01",
        },
        {
            "record_id": "2",
            "description": "MALEIC ANHYDRIDE BRIQUETTES, 25 KG BAGS",
            "cas": "108-31-6",
            "origin": "IN",
            "destination": "US",
            "date": "2025-03-01",
        },
    ],
    "as_of": None,
    "instruments": None,
}

RESOLVING = {"names": ["acetic anhydride", "maleic anhydride"]}
DRAWING = {"name": "4-(4-bromoanilino)piperidine"}

FILE = (
    "line_no,goods_description,hscode,country_of_origin,country_of_destination,shipment_date\r\n"
    "1,200 DRUMS ACETIC ANHYDRIDE 99%,29152400,IN,US,2025-03-01\r\n"
    "2,SODIUM CHLORIDE FOOD GRADE,25010000,IN,US,2025-03-01\r\n"
)

REQUESTS: dict[str, dict[str, Any]] = {
    "screenRecords": {"application/json": SCREENING},
    "resolveNames": {"application/json": RESOLVING},
    "drawName": {"application/json": DRAWING},
    "screenFile": {"text/csv": FILE},
    "makeJob": {"text/csv": FILE},
    "reviewDecision": {"application/json": REVIEW},
}
"""Bodies, by operation and media type."""

PARAMETERS: dict[str, dict[str, Any]] = {
    "listSubstances": {"q": "acetic", "limit": 2},
    "listInstruments": {"limit": 2},
    "listEntries": {"on": "2025-03-01", "limit": 1},
    "listDecisions": {"verdict": "controlled", "limit": 1},
}
"""Query parameters of the examples; path parameters are taken from the watchlist."""


class Examples:
    """Every example of one service, as JSON's types."""

    def __init__(self, desk: Desk) -> None:
        watchlist = desk.screener.index.watchlist
        drawn = [each.id for each in watchlist.substances if each.smiles]
        self._desk = desk
        self._substance = "acetic-anhydride" if "acetic-anhydride" in drawn else drawn[0]
        self._smiles = next(each.smiles or "" for each in watchlist.substances if each.id == self._substance)
        self._instrument = watchlist.instruments[0].id
        self._screened = screen_example(desk)
        self._kept = keep_example(self._screened)

    def parameters(self) -> dict[str, dict[str, Any]]:
        """Return the parameters of each operation's example, by operation id."""
        in_path: dict[str, dict[str, Any]] = {
            "getSubstance": {"substance_id": self._substance},
            "drawSubstance": {"substance_id": self._substance},
            "listEntries": {"instrument_id": self._instrument},
            "getDecision": {"decision_id": self._kept.id},
            "reviewDecision": {"decision_id": self._kept.id},
            "eraseContent": {"run_id": self._kept.run_id},
            "replayDecision": {"decision_id": self._kept.id},
            "drawEvidence": {"decision_id": self._kept.id, "number": 0},
            "activateRelease": {"release": EARLIER},  # tried as it is, it changes nothing
            **{name: {"job_id": RUN_ID} for name in ("getJob", "withdrawJob", "getJobResult", "watchJob")},
            "compareReleases": {"a": EARLIER, "b": self._desk.screener.index.release},
        }
        return {name: {**in_path.get(name, {}), **PARAMETERS.get(name, {})} for name in {*in_path, *PARAMETERS}}

    def answers(self) -> dict[str, dict[str, Any]]:
        """Return each operation's answer, by operation id and media type."""
        desk, index, policy = self._desk, self._desk.screener.index, self._desk.screener.policy.id
        metrics = Metrics()
        metrics.name_index((index.release, index.digest, policy, VERSION), desk.in_use.compiled_at)
        day = date.fromisoformat(PARAMETERS["listEntries"]["on"])
        ready = {"version": VERSION, "release": index.release, "index": index.digest, "policy": policy}
        answered = {
            "screenRecords": JsonReply(show_run(self._screened)),
            "resolveNames": JsonReply(answer_names(desk, orjson.dumps(RESOLVING))),
            "listSubstances": list_substances(desk, **PARAMETERS["listSubstances"]),
            "getSubstance": get_substance(desk, self._substance),
            "listInstruments": get_instruments(desk, **PARAMETERS["listInstruments"]),
            "listEntries": get_entries(desk, self._instrument, day, limit=PARAMETERS["listEntries"]["limit"]),
            "listReleases": get_releases(desk),
            "listDecisions": JsonReply(page_of([show_decision_line(self._kept)], "decisions", None)),
            "getDecision": JsonReply(show_decision(self._kept, ())),
            **history_answers(desk, self._kept),
            "getHealth": healthy(),
            "getReadiness": JsonReply({"status": "ready", **ready, "database": REVISION}),
        }
        return {
            **{name: {"application/json": _json(reply)} for name, reply in answered.items()},
            "screenFile": {each.media_type: screen_example_file(desk, each) for each in (CSV, NDJSON)},
            **job_answers(desk, RUN_ID, MOMENT, FILE, screen_example_file(desk, CSV)),
            "drawSubstance": {"image/svg+xml": draw_substance(index.watchlist, self._substance)},
            "drawName": {"image/svg+xml": self._drawn_name()},
            "drawEvidence": {"image/svg+xml": draw_example(desk, self._smiles, self._substance)},
            "getMetrics": {"text/plain": metrics.text().decode()},
        }

    def _drawn_name(self) -> str:
        try:
            return draw_asked(self._desk, orjson.dumps(DRAWING))
        except NoStructureError:  # a watchlist of one's own that has no 4-anilinopiperidine
            return draw_example(self._desk, self._smiles, self._substance)


def screen_example(desk: Desk) -> ScreenedRun:
    """Screen the example's records, without keeping a run."""
    scope = Scope(today=MOMENT.date())
    asked = ScreeningAsked.model_validate(SCREENING)
    decisions = desk.screener.screen(table_of(record_rows(asked.records)), scope)
    index = desk.screener.index
    run = RunStart(
        id=RUN_ID,
        created_at=MOMENT,
        door="http-json",
        release=index.release,
        index_digest=index.digest,
        policy=desk.screener.policy.id,
        version=VERSION,
        as_of=None,
        instruments=None,
        input_sha256=None,
    )
    return ScreenedRun(run, Counter(decisions.verdicts()), [describe_decision(each) for each in decisions], [])


def screen_example_file(desk: Desk, chosen: Format) -> str:
    """Screen the example's file, without keeping a run."""
    source = open_records(io.BytesIO(FILE.encode()), name="example.csv")
    blocks = screen_file(desk.screener, source, Scope(today=MOMENT.date()))
    return b"".join(write_rows(blocks, source.recognised, chosen)).decode()


def keep_example(screened: ScreenedRun) -> KeptDecision:
    """Return the first alarm of the example, or its first decision where the watchlist gives no alarm."""
    alarms = [place for place, each in enumerate(screened.documents) if each["verdict"] in ALARMS]
    position = alarms[0] if alarms else 0
    document, run = screened.documents[position], screened.run
    return KeptDecision(
        id=decision_id(run.id, position),
        run_id=run.id,
        position=position,
        created_at=run.created_at,
        door=run.door,
        release=run.release,
        index_digest=run.index_digest,
        policy=run.policy,
        version=run.version,
        today=run.created_at.date(),
        as_of=run.as_of,
        instruments=run.instruments,
        record_id=document["record_id"],
        verdict=document["verdict"],
        score=document["score"],
        reason=document["reason"],
        substance_ids=tuple(finding["substance_id"] for finding in document["findings"]),
        document=document,
        origin_run_id=run.id,
        origin_position=position,
    )


def _json(reply: Response) -> Any:
    return orjson.loads(reply.body)
