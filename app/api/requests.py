"""Around every request: its id, its line in the log, its count."""

import re
import time
from asyncio import CancelledError
from uuid import uuid4

import structlog
from opentelemetry import trace
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.metrics import Metrics
from app.api.problems import ProblemError, problem_response
from app.api.refusals import RETRY_AFTER
from app.domain.callers import NOBODY

REQUEST_ID = "X-Request-ID"

_USABLE_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

LOG = structlog.get_logger("precursor-watch")


class RequestLog:
    """Gives each request an id, and logs and counts its answer.

    It stands outside the framework's own error handling, so that an answer 500 has an id and is counted too. It logs
    the route's template and never the path, query or body, and leaves them out of traces: those may hold what a shipper
    declared.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = scope["request_id"] = given if _USABLE_ID.fullmatch(given) else str(uuid4())
        began = time.perf_counter()
        status = 0
        finished = False

        async def send_with_id(message: Message) -> None:
            nonlocal status, finished
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                for name, value in scope.get("pace", {}).items():
                    headers.setdefault(name, value)
                if _is_draining(scope):
                    headers["Connection"] = "close"  # the caller's next request goes to somebody who stays
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                finished = True

        span = trace.get_current_span()
        # The framework has put the path and the query into the span; where the route is known it adds that.
        span.set_attributes({"request_id": request_id, "url.path": "hidden", "url.query": "hidden"})
        with structlog.contextvars.bound_contextvars(request_id=request_id, **_trace_of(span)):
            try:
                await self._app(scope, receive, send_with_id)
            except CancelledError:
                # The time for requests in hand is over. One whose answer has begun breaks off.
                if status or not _is_draining(scope):
                    raise
                await problem_response(Request(scope), _ended())(scope, receive, send_with_id)
            finally:
                for leave in scope.get("at_end", ()):
                    leave()
                seconds = time.perf_counter() - began
                route = getattr(scope.get("route"), "path", "none")
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._metrics.count_request(route, method, status, seconds)
                LOG.info(
                    "request",
                    method=method,
                    route=route,
                    status=status,
                    seconds=round(seconds, 4),
                    finished=finished,
                    key=scope.get("caller", NOBODY).key_id,
                )


def _is_draining(scope: Scope) -> bool:
    return bool(getattr(scope["app"].state, "draining", False))


def _ended() -> ProblemError:
    said = "The service ended before this request was done; send it again"
    return ProblemError("not-ready", said, headers=dict(RETRY_AFTER))


def _trace_of(span: trace.Span) -> dict[str, str]:
    """Return what finds the trace of a line of the log, where there is a trace."""
    context = span.get_span_context()
    return {"trace_id": trace.format_trace_id(context.trace_id)} if context.is_valid else {}
