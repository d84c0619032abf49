"""Which error becomes which problem: the door owns the statuses."""

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.api.problems import ProblemError, problem_response
from app.domain.errors import (
    DrawingUnavailableError,
    Fault,
    InputError,
    JobNotDoneError,
    KeyReusedError,
    MappingError,
    NoStructureError,
    NotActivatedError,
    PrecursorWatchError,
    RecordGoneError,
    ReleaseNotHereError,
    ReplacedError,
    ResultGoneError,
    SamePersonError,
    StaleIndexError,
    StorageError,
    TookTooLongError,
    UnknownNameError,
    UnreadableFileError,
)

RETRY_AFTER = {"Retry-After": "5"}
"""Seconds; long enough for a lock or a restart to pass."""

_STATUS_KINDS = {
    400: "malformed-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid-request",
}

LOG = structlog.get_logger("precursor-watch")


def install_refusals(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Answer every error of the service, and of the framework under it, with a problem.

    Args:
        app: the service.
        routes: every call it has.
    """

    async def refuse(request: Request, error: Exception) -> Response:
        problem = as_problem(error)
        if problem.kind == "method-not-allowed":
            problem.headers["Allow"] = ", ".join(methods_of(routes, request.url.path))
        return problem_response(request, problem)

    for kind in (ProblemError, HTTPException, RequestValidationError, PrecursorWatchError, Exception):
        app.add_exception_handler(kind, refuse)


def methods_of(routes: Sequence[BaseRoute], path: str) -> list[str]:
    """Return every method that a path takes; the framework names those of the first call alone."""
    taken = [route.methods for route in routes if isinstance(route, Route) and route.path_regex.match(path)]
    return sorted({method for methods in taken for method in methods or ()})


def as_problem(error: Exception) -> ProblemError:
    """Return the problem an error is answered with; one that nobody foresaw is `internal`."""
    match error:
        case ProblemError():
            return error
        case HTTPException():
            return _framework_problem(error)
        case RequestValidationError():
            return parameter_problem(error.errors())
        case UnknownNameError():
            return ProblemError("not-found", str(error))
        case NoStructureError():
            return ProblemError("no-structure", f"There is nothing to draw: {error}")
        case ReplacedError():
            return ProblemError("decision-replaced", str(error))
        case SamePersonError():
            return ProblemError("same-person", str(error))
        case ReleaseNotHereError():
            return ProblemError("release-not-here", str(error))
        case JobNotDoneError():
            return ProblemError("job-not-done", str(error))
        case ResultGoneError():
            return ProblemError("result-gone", str(error))
        case KeyReusedError():
            return ProblemError("key-reused", str(error), (Fault("header Idempotency-Key", "is for one request only"),))
        case StaleIndexError():
            return ProblemError("release-not-here", str(error))
        case NotActivatedError():
            return ProblemError("not-activated", str(error))
        case TookTooLongError():
            said = (
                f"The records take longer than {error.seconds:g} s; send fewer at a time, or the file to POST /v1/jobs"
            )
            return ProblemError("took-too-long", said)
        case RecordGoneError():
            return ProblemError("record-gone", str(error))
        case UnreadableFileError():
            return ProblemError("unreadable-file", f"The file cannot be read: {error.why}")
        case MappingError():
            return ProblemError("invalid-request", "The mapping does not fit the file", (Fault("?map", str(error)),))
        case InputError():
            return ProblemError("invalid-request", str(error))
        case DrawingUnavailableError():
            LOG.error("drawing_unavailable", why=str(error), cause=str(error.__cause__))
            return ProblemError("drawing-unavailable", str(error))
        case StorageError():
            LOG.error("storage_failed", why=str(error), cause=type(error.__cause__).__name__)
            return ProblemError("storage-unavailable", "The run could not be kept or read", headers=RETRY_AFTER)
        case _:
            return ProblemError("internal", "The service failed; its log has this request's id")


def body_problem(error: ValidationError) -> ProblemError:
    """Return the problem of a JSON body that was refused, with every field at fault named.

    Args:
        error: what pydantic said; its quotes of the input are left out.
    """
    faults = error.errors(include_url=False, include_input=False)
    if faults[0]["type"] == "json_invalid":
        return ProblemError("malformed-request", faults[0]["msg"])
    places = _merge((_pointer(fault["loc"]), fault["msg"], fault["type"]) for fault in faults)
    only_unknown = all(fault["type"] == "extra_forbidden" for fault in faults)
    kind = "unknown-field" if only_unknown else "invalid-request"
    return ProblemError(kind, f"{len(places)} field(s) of the body were refused", places)


def parameter_problem(faults: Sequence[Any]) -> ProblemError:
    """Return the problem of query, path or header parameters that were refused.

    Args:
        faults: FastAPI's, each with `loc` (where it was, its name) and `msg`.
    """
    marks = {"query": "?", "path": "path ", "header": "header "}
    places = _merge((marks.get(f["loc"][0], "") + str(f["loc"][-1]), f["msg"], f["type"]) for f in faults)
    return ProblemError("invalid-request", f"{len(places)} parameter(s) were refused", places)


def _merge(faults: Any) -> tuple[Fault, ...]:
    """Join what is said of one place: a field that may be text or a number is refused twice."""
    said: dict[str, list[str]] = {}
    for place, message, kind in faults:
        what = "is not a known field" if kind == "extra_forbidden" else str(message).removeprefix("Value error, ")
        said.setdefault(place, []).append(what)
    return tuple(Fault(place, ", or ".join(dict.fromkeys(whats))) for place, whats in said.items())


def _pointer(location: tuple[int | str, ...]) -> str:
    """Return where a fault is in the body: an RFC 6901 pointer as a URI fragment, as RFC 9457 shows it.

    Pydantic appends which member of a union it tried; that is no place in the body, and is left out: below a record's
    field there are only numbers.
    """
    kept: list[str] = []
    for depth, part in enumerate(location):
        if depth > 2 and not isinstance(part, int):
            break
        kept.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "#" + "".join(f"/{part}" for part in kept)


def _framework_problem(error: HTTPException) -> ProblemError:
    kind = _STATUS_KINDS.get(error.status_code, "internal" if error.status_code >= 500 else "malformed-request")
    said = {404: "This service has no such path", 405: "The path does not have this method; see the header Allow"}
    detail = said.get(error.status_code, str(error.detail))
    return ProblemError(kind, detail, headers=dict(error.headers or {}))
