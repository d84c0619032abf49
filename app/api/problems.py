"""What goes wrong, said the same way everywhere: RFC 9457 problem details."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.domain.errors import Fault

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem; `type` is `/problems/` and the name, and does not change."""

    name: str
    status: int
    title: str
    meaning: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind("malformed-request", 400, "The request cannot be parsed", "The body is not JSON, or not multipart."),
        Kind("not-found", 404, "There is nothing here", "No such path, or nothing is known under this name."),
        Kind("no-structure", 404, "There is nothing to draw", "The finding rests on no structure; says on what."),
        Kind("method-not-allowed", 405, "The method is not allowed", "The path exists; `Allow` says what it takes."),
        Kind("not-acceptable", 406, "No such format", "None of the formats in `Accept` can be given."),
        Kind("decision-replaced", 409, "There is a newer decision", "A rescreening came to another outcome."),
        Kind("same-person", 409, "Another person must confirm", "A clearance is not confirmed by who gave it."),
        Kind("release-not-here", 409, "The release is not here", "It is not on this machine in a form it can use."),
        Kind("record-gone", 410, "The record is gone", "The record's fields were erased or never kept."),
        Kind("too-large", 413, "The body is too large", "The body has more bytes than the stated limit."),
        Kind("unsupported-media-type", 415, "The content type is not supported", "`Content-Type` is not one of these."),
        Kind("unknown-field", 422, "The request has unknown fields", "Every field that is not known is named."),
        Kind("unknown-parameter", 422, "The request has unknown parameters", "Query parameters that are not known."),
        Kind("invalid-request", 422, "The request has wrong values", "Every field or parameter at fault is named."),
        Kind("unreadable-file", 422, "The file cannot be read", "The upload is no shipment file that can be read."),
        Kind("internal", 500, "The service failed", "A fault of the service; the request id finds it in its log."),
        Kind("overloaded", 503, "The service is busy", "Nothing was screened; try again after `Retry-After` seconds."),
        Kind("storage-unavailable", 503, "The database is not available", "Nothing was answered that is not kept."),
        Kind("drawing-unavailable", 503, "Structures cannot be drawn", "What RDKit draws with is not installed."),
        Kind("not-ready", 503, "The service is not ready", "The database is not reachable or not migrated."),
    )
}
"""Every kind of problem, by name."""


@dataclass
class ProblemError(Exception):
    """A request that is answered with a problem; raised by the door only."""

    kind: str
    detail: str
    errors: tuple[Fault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


def problem_document(kind: Kind, detail: str, instance: str, errors: tuple[Fault, ...] = ()) -> dict[str, Any]:
    """Return the problem details object.

    Args:
        kind: which problem.
        detail: what happened to this request, in a sentence.
        instance: the path of the request.
        errors: every field, parameter or row at fault, with what is wrong with it.
    """
    return {
        "type": f"/problems/{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        "errors": [{"place": fault.place, "what": fault.what} for fault in errors],
    }


def problem_response(request: Request, error: ProblemError) -> Response:
    """Return the answer to a request that met a problem."""
    kind = KINDS[error.kind]
    document = problem_document(kind, error.detail, request.url.path, error.errors)
    return Response(orjson.dumps(document), kind.status, error.headers, MEDIA_TYPE)
