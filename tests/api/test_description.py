"""The OpenAPI description is complete and true, and its page needs no other host."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.api import answers, history_answers, job_answers, law_answers
from app.api.description import operations_of
from app.api.problems import KINDS, MEDIA_TYPE

HTTP_PAGE = Path(__file__).resolve().parents[2] / "docs" / "http.md"

CALLS = {
    "post /v1/screenings",
    "post /v1/screenings/file",
    "post /v1/jobs",
    "get /v1/jobs",
    "get /v1/jobs/{job_id}",
    "delete /v1/jobs/{job_id}",
    "get /v1/jobs/{job_id}/result",
    "get /v1/jobs/{job_id}/events",
    "post /v1/resolve",
    "post /v1/resolve/evidence.svg",
    "get /v1/decisions",
    "get /v1/decisions/{decision_id}",
    "post /v1/decisions/{decision_id}/review",
    "post /v1/decisions/{decision_id}/replay",
    "get /v1/decisions/{decision_id}/findings/{number}/evidence.svg",
    "post /v1/rescreenings",
    "post /v1/releases/{release}/activate",
    "get /v1/substances",
    "get /v1/substances/{substance_id}",
    "get /v1/substances/{substance_id}/structure.svg",
    "get /v1/instruments",
    "get /v1/instruments/{instrument_id}/entries",
    "get /v1/audit",
    "get /v1/audit/head",
    "delete /v1/runs/{run_id}/content",
    "get /v1/releases",
    "get /v1/releases/{a}/diff/{b}",
    "get /healthz",
    "get /readyz",
    "get /metrics",
}


@pytest.fixture(scope="module")
def described(sqlite_door: TestClient) -> dict[str, Any]:
    answer = sqlite_door.get("/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def ask(door: TestClient, described: dict[str, Any], operation_id: str, accept: str) -> Any:
    """Send the example of an operation, as a reader of the description would."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] != operation_id:
                continue
            given = {each["name"]: each["example"] for each in operation.get("parameters", []) if "example" in each}
            query = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
            content = operation.get("requestBody", {}).get("content", {})
            body: dict[str, Any] = {"headers": {"Accept": accept}}
            for media_type, media in content.items():
                if "example" in media and media_type == "application/json":
                    body["json"] = media["example"]
                elif "example" in media:
                    body["content"] = media["example"].encode()
                    body["headers"]["Content-Type"] = media_type
            params = {name: value for name, value in given.items() if name in query}
            return door.request(method, path.format(**given), params=params, **body)
    raise AssertionError(operation_id)


def test_every_call_of_this_version_is_described(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert {f"{method} {path}" for path, methods in described["paths"].items() for method in methods} == CALLS


def test_every_operation_has_words_an_id_examples_and_its_errors(described: dict[str, Any]) -> None:
    operations = operations_of(described)
    assert len({each["operationId"] for each in operations}) == len(operations) == len(CALLS)
    for operation in operations:
        name = operation["operationId"]
        assert operation["summary"], name
        assert len(operation["description"]) > 40, name
        assert operation["tags"], name
        asked_for = next(answer for status, answer in operation["responses"].items() if status < "300")
        assert any("example" in media for media in asked_for["content"].values()), name
        for status, answer in operation["responses"].items():
            assert answer["description"], (name, status)
            assert "X-Request-ID" in answer["headers"], (name, status)
            if status >= "400":
                assert list(answer["content"]) == [MEDIA_TYPE], (name, status)
                assert answer["content"][MEDIA_TYPE]["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert {"422", "500"} <= set(operation["responses"]), name


def test_the_frameworks_own_error_form_is_nowhere(described: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in str(described)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    for reference in re.findall(r"'\$ref': '#/([^']+)'", str(described)):
        place: Any = described
        for part in reference.split("/"):
            place = place[part]


TRUE_EXAMPLES = [
    ("resolveNames", "application/json"),
    ("listSubstances", "application/json"),
    ("getSubstance", "application/json"),
    ("drawSubstance", "image/svg+xml"),
    ("drawName", "image/svg+xml"),
    ("listInstruments", "application/json"),
    ("listEntries", "application/json"),
    ("listReleases", "application/json"),
    ("getHealth", "application/json"),
    ("getReadiness", "application/json"),
    ("screenRecords", "application/json"),
    ("screenFile", "text/csv"),
    ("screenFile", "application/x-ndjson"),
]


def example_answer(described: dict[str, Any], operation_id: str, media_type: str) -> Any:
    (operation,) = [each for each in operations_of(described) if each["operationId"] == operation_id]
    asked_for = next(answer for status, answer in operation["responses"].items() if status < "300")
    return asked_for["content"][media_type]["example"]


@pytest.mark.parametrize(("operation_id", "media_type"), TRUE_EXAMPLES)
def test_the_example_request_gets_the_example_answer(
    sqlite_door: TestClient, described: dict[str, Any], operation_id: str, media_type: str
) -> None:
    answer = ask(sqlite_door, described, operation_id, media_type)
    assert answer.status_code == 200, answer.text
    example = example_answer(described, operation_id, media_type)
    got = answer.json() if media_type == "application/json" else answer.content.decode()
    if operation_id == "screenRecords":
        assert re.fullmatch(r"[0-9a-f-]{36}", got.pop("run_id"))
        example = {name: value for name, value in example.items() if name != "run_id"}
    assert got == example


def test_the_example_of_a_kept_alarm_is_the_first_decision_of_the_example_run(
    sqlite_door: TestClient, described: dict[str, Any]
) -> None:
    run = ask(sqlite_door, described, "screenRecords", "application/json").json()
    (line,) = sqlite_door.get("/v1/decisions", params={"run_id": run["run_id"]}).json()["items"]
    kept = sqlite_door.get(f"/v1/decisions/{line['id']}").json()
    own = {"id", "run_id", "created_at", "origin"}

    def plain(shown: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in shown.items() if name not in own}

    assert plain(kept) == plain(example_answer(described, "getDecision", "application/json"))
    assert plain(line) == plain(example_answer(described, "listDecisions", "application/json")["items"][0])


SHAPES: dict[str, type[BaseModel]] = {
    "screenRecords": answers.ScreeningAnswer,
    "resolveNames": answers.ResolvingAnswer,
    "listSubstances": law_answers.SubstancePage,
    "getSubstance": law_answers.SubstanceAnswer,
    "listInstruments": law_answers.InstrumentPage,
    "listEntries": law_answers.EntryPage,
    "listReleases": law_answers.ReleasePage,
    "listDecisions": answers.DecisionPage,
    "getDecision": answers.KeptDecisionAnswer,
    "reviewDecision": history_answers.ReviewedAnswer,
    "replayDecision": history_answers.ReplayAnswer,
    "rescreen": history_answers.RescreeningAnswer,
    "compareReleases": history_answers.DifferenceAnswer,
    "makeJob": job_answers.JobAnswer,
    "listJobs": job_answers.JobPage,
    "getJob": job_answers.JobAnswer,
    "withdrawJob": job_answers.JobAnswer,
}


@pytest.mark.parametrize("operation_id", SHAPES)
def test_answers_have_exactly_the_described_shape(described: dict[str, Any], operation_id: str) -> None:
    SHAPES[operation_id].model_validate(example_answer(described, operation_id, "application/json"))


def test_every_entry_and_substance_has_the_described_shape(sqlite_door: TestClient) -> None:
    watchlist = sqlite_door.app.state.desk.screener.index.watchlist  # type: ignore[attr-defined]
    for substance in watchlist.substances:
        law_answers.SubstanceAnswer.model_validate(sqlite_door.get(f"/v1/substances/{substance.id}").json())
    for instrument in watchlist.instruments:
        page = sqlite_door.get(f"/v1/instruments/{instrument.id}/entries", params={"limit": 200}).json()
        law_answers.EntryPage.model_validate(page)


def test_every_structure_can_be_drawn(sqlite_door: TestClient) -> None:
    watchlist = sqlite_door.app.state.desk.screener.index.watchlist  # type: ignore[attr-defined]
    for substance in watchlist.substances:
        answer = sqlite_door.get(f"/v1/substances/{substance.id}/structure.svg")
        assert answer.status_code == (200 if substance.smiles else 404), substance.id


def test_the_page_asks_no_other_host(sqlite_door: TestClient) -> None:
    page = sqlite_door.get("/docs")
    assert page.status_code == 200
    assert "'unsafe-eval'" not in page.headers["content-security-policy"]
    assert "connect-src 'self'" in page.headers["content-security-policy"]
    assert '"validatorUrl": null' in page.text
    assert not re.findall(r"https?://|[\"'(]//", page.text)
    references = [*re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text), *re.findall(r"url: '([^']+)'", page.text)]
    assert len(references) == 4
    for reference in references:
        assert urlsplit(reference).netloc == ""
        answer = sqlite_door.get(reference)
        assert answer.status_code == 200
        assert len(answer.content) > 500
    styles = sqlite_door.get("/docs/swagger-ui.css").text
    assert not re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", styles)


def test_swagger_ui_is_of_version_5(sqlite_door: TestClient) -> None:
    assert re.search(r'PACKAGE_VERSION:"5\.', sqlite_door.get("/docs/swagger-ui-bundle.js").text)


@pytest.mark.parametrize("path", ["/redoc", "/docs/oauth2-redirect", "/docs/../main.py", "/docs/__init__.py"])
def test_there_is_no_other_page(sqlite_door: TestClient, path: str) -> None:
    assert sqlite_door.get(path).status_code == 404


def test_the_page_on_http_names_every_kind_of_problem() -> None:
    page = HTTP_PAGE.read_text()
    for kind in KINDS.values():
        assert f"| `/problems/{kind.name}` | {kind.status} |" in page
