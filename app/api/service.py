"""The HTTP service put together: its calls, its refusals and its description."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import Depends, FastAPI
from starlette.types import ASGIApp

from app.api import (
    docs_page,
    health,
    instruments,
    job_results,
    jobs,
    kept_decisions,
    releases,
    replays,
    rescreenings,
    resolving,
    reviews,
    screenings,
    substances,
    uploads,
)
from app.api.description import finish_description
from app.api.metrics import Metrics
from app.api.parameters import refuse_unknown_parameters
from app.api.refusals import install_refusals
from app.api.requests import RequestLog
from app.domain.version import VERSION

Lifespan = Callable[["Service"], AbstractAsyncContextManager[None]]

TITLE = "precursor-watch"
SUMMARY = "Screens shipment and export records for controlled drug precursors."


MODULES = (
    screenings,
    uploads,
    jobs,
    job_results,
    resolving,
    kept_decisions,
    reviews,
    replays,
    rescreenings,
    substances,
    instruments,
    releases,
    health,
    docs_page,
)
"""In the order of the description."""


class Service(FastAPI):
    """The service; requests are logged and counted outside everything else."""

    def __init__(self, metrics: Metrics, lifespan: Lifespan) -> None:
        super().__init__(
            title=TITLE,
            summary=SUMMARY,
            version=VERSION,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            dependencies=[Depends(refuse_unknown_parameters)],
            lifespan=lifespan,
            redirect_slashes=False,
            # FastAPI would log refused requests with their values, which are the shipper's.
            telemetry={"logs": False},
        )
        self.metrics = metrics
        self._described = False
        for module in MODULES:
            self.include_router(module.ROUTER)
        install_refusals(self, [route for module in MODULES for route in module.ROUTER.routes])

    def build_middleware_stack(self) -> ASGIApp:
        """Return the application with the request log around it."""
        return RequestLog(super().build_middleware_stack(), self.metrics)

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description, made once: its examples need the watchlist that is loaded."""
        if not self._described:
            self.openapi_schema = finish_description(super().openapi(), self.state.desk)
            self._described = True
        return self.openapi_schema or {}
