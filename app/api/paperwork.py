"""What the OpenAPI description says of every operation alike: its errors and its request bodies."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from app.api.problems import KINDS, MEDIA_TYPE, problem_document

ALWAYS = ("unknown-parameter", "internal")
"""Any operation may be answered so."""

WAITING = (429, 503)

LASTING = frozenset({"drawing-unavailable"})
"""Problems of status 503 that do not pass by waiting."""

COMPONENT = "#/components/schemas/{model}"


def refusals(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """Return the documented errors of an operation.

    Args:
        kinds: names of problems, beside the ones every operation has.

    Returns:
        For FastAPI's `responses`: each status with every problem it may be, one example each.
    """
    by_status: dict[int | str, dict[str, Any]] = {}
    add_refusals(by_status, *kinds, *ALWAYS)
    return by_status


def add_refusals(answers: dict[int | str, dict[str, Any]], *kinds: str) -> None:
    """Add errors to the documented answers of an operation, each status with every problem it may be.

    Args:
        answers: by status; those of FastAPI's `responses`, or of the finished description.
        kinds: names of problems.
    """
    for kind in sorted((KINDS[name] for name in set(kinds)), key=lambda kind: (kind.status, kind.name)):
        status = str(kind.status) if str(kind.status) in answers else kind.status
        schema = {"$ref": COMPONENT.format(model="Problem")}
        answer = answers.setdefault(
            status, {"description": "", "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}}}
        )
        answer["description"] = f"{answer['description']} `{kind.name}`: {kind.meaning}".strip()
        document = problem_document(kind, kind.meaning, "/v1/screenings", "5f0e7c9a-3c55-4a5e-9b0c-2f4d7f1f0a11")
        answer["content"][MEDIA_TYPE]["examples"][kind.name] = {"value": document}
        if kind.status in WAITING and kind.name not in LASTING:
            seconds = {"description": "Seconds to wait, where waiting helps.", "schema": {"type": "integer"}}
            answer.setdefault("headers", {})["Retry-After"] = seconds


def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """Return the documented JSON body of an operation that parses it itself, off the event loop."""
    schema = {"$ref": COMPONENT.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def file_body(media_types: Sequence[str]) -> dict[str, Any]:
    """Return the documented body of an operation that takes a file: as it is, or as the only part of a multipart."""
    binary = {"type": "string", "format": "binary"}
    part = {"type": "object", "required": ["file"], "additionalProperties": False, "properties": {"file": binary}}
    content = {media_type: {"schema": binary} for media_type in media_types}
    return {"requestBody": {"required": True, "content": {**content, "multipart/form-data": {"schema": part}}}}


def described(description: str, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a documented answer that is not plain JSON."""
    shown = {name: {"description": text, "schema": {"type": "string"}} for name, text in (headers or {}).items()}
    return {"description": description, "content": dict(content), "headers": shown}
