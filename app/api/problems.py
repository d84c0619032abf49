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
        Kind("unauthenticated", 401, "Nobody knows you here", "No key or token, or one that is not good any more."),
        Kind("forbidden", 403, "The key is not good for this", "The call needs a scope the key does not have."),
        Kind(
            "foreign-origin", 403, "The request is another site's", "Without keys, only this machine's pages may ask."
        ),
        Kind("not-found", 404, "There is nothing here", "No such path, or nothing is known under this name."),
        Kind("no-structure", 404, "There is nothing to draw", "The finding rests on no structure; says on what."),
        Kind("method-not-allowed", 405, "The method is not allowed", "The path exists; `Allow` says what it takes."),
        Kind("not-acceptable", 406, "No such format", "None of the formats in `Accept` can be given."),
        Kind("slow-body", 408, "The body came too slowly", "The body stayed out for longer than the stated pace."),
        Kind("decision-replaced", 409, "There is a newer decision", "A rescreening came to another outcome."),
        Kind("same-person", 409, "Another person must confirm", "A clearance is not confirmed by who gave it."),
        Kind("release-not-here", 409, "The release is not here", "It is not on this machine in a form it can use."),
        Kind("job-not-done", 409, "The job has no result", "It is still worked on, or came to nothing; see its state."),
        Kind("result-gone", 410, "The result is gone", "The job's result is no longer kept; send the file again."),
        Kind("not-activated", 409, "The release is not activated", "It cannot be here, or is not everywhere yet."),
        Kind("record-gone", 410, "The record is gone", "The record's fields were erased or never kept."),
        Kind("too-large", 413, "The body is too large", "The body has more bytes than the stated limit."),
        Kind(
            "took-too-long", 413, "It takes too long to screen", "Nothing was answered; send fewer records at a time."
        ),
        Kind("unsupported-media-type", 415, "The content type is not supported", "`Content-Type` is not one of these."),
        Kind("no-such-range", 416, "The file has no such part", "`Range` begins behind its end."),
        Kind("unknown-field", 422, "The request has unknown fields", "Every field that is not known is named."),
        Kind("unknown-parameter", 422, "The request has unknown parameters", "Query parameters that are not known."),
        Kind("invalid-request", 422, "The request has wrong values", "Every field or parameter at fault is named."),
        Kind("unreadable-file", 422, "The file cannot be read", "The upload is no shipment file that can be read."),
        Kind("too-many-requests", 429, "The key asks too often", "Wait for `Retry-After` seconds."),
        Kind(
            "quota-exceeded", 429, "The day's records are used up", "The key may have no more records screened today."
        ),
        Kind("key-reused", 422, "The key came with another request", "An `Idempotency-Key` is for one request only."),
        Kind("internal", 500, "The service failed", "A fault of the service; the request id finds it in its log."),
        Kind("overloaded", 503, "The service is busy", "Nothing was screened; try again after `Retry-After` seconds."),
        Kind("storage-unavailable", 503, "The database is not available", "Nothing was answered that is not kept."),
        Kind("issuer-unavailable", 503, "Tokens cannot be checked", "The OpenID Connect issuer does not answer."),
        Kind("drawing-unavailable", 503, "Structures cannot be drawn", "What RDKit draws with is not installed."),
        Kind(
            "not-ready",
            503,
            "The service is not ready",
            "The database or the index is not usable, or it is about to end.",
        ),
        Kind("no-room", 507, "The disk has no room", "The file was not kept; nothing of it is left behind."),
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


def unauthenticated(detail: str, *, shown: bool = True) -> ProblemError:
    """Return the problem of a caller nobody knows.

    Args:
        detail: what is wrong, without a word of what was shown.
        shown: a key or token was shown and does not do; False where none was.
    """
    fault = f', error="invalid_token", error_description="{detail}"' if shown else ""
    challenge = {"WWW-Authenticate": f'Bearer realm="precursor-watch"{fault}'}
    return ProblemError("unauthenticated", detail, headers=challenge)


def problem_document(
    kind: Kind, detail: str, instance: str, request_id: str, errors: tuple[Fault, ...] = ()
) -> dict[str, Any]:
    """Return the problem details object.

    Args:
        kind: which problem.
        detail: what happened to this request, in a sentence.
        instance: the path of the request.
        request_id: as in the log.
        errors: every field, parameter or row at fault, with what is wrong with it.
    """
    return {
        "type": f"/problems/{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        "request_id": request_id,
        "errors": [{"place": fault.place, "what": fault.what} for fault in errors],
    }


def problem_response(request: Request, error: ProblemError) -> Response:
    """Return the answer to a request that met a problem."""
    kind = KINDS[error.kind]
    document = problem_document(kind, error.detail, request.url.path, request.scope.get("request_id", ""), error.errors)
    return Response(orjson.dumps(document), kind.status, error.headers, MEDIA_TYPE)
