"""The HTTP service put together: its calls, its refusals and its description."""

import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import Depends, FastAPI
from starlette.types import ASGIApp

from app.api import (
    audit,
    docs_page,
    erasures,
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
from app.api.admission import admit, name_of
from app.api.description import finish_description
from app.api.desk import Desk
from app.api.metrics import Metrics
from app.api.parameters import refuse_unknown_parameters
from app.api.refusals import install_refusals
from app.api.requests import RequestLog
from app.api.rights import RIGHTS
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
    erasures,
    audit,
    substances,
    instruments,
    releases,
    health,
    docs_page,
)
"""In the order of the description."""


class Service(FastAPI):
    """The service; requests are logged and counted outside everything else."""

    def __init__(self, metrics: Metrics, lifespan: Lifespan, oidc_issuer: str = "") -> None:
        super().__init__(
            title=TITLE,
            summary=SUMMARY,
            version=VERSION,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            dependencies=[Depends(admit), Depends(refuse_unknown_parameters)],
            lifespan=lifespan,
            redirect_slashes=False,
            # Traces go where OTEL_EXPORTER_OTLP_ENDPOINT says; where it says nothing, nothing is imported for them.
            # FastAPI's records of refused requests are left out: they have the shipper's values.
            telemetry={"logs": False, "auto_configure": True},
        )
        self.metrics = metrics
        self.oidc_issuer = oidc_issuer
        self.state.draining = False
        self._describing = threading.Lock()
        self._described: tuple[str, dict[str, Any]] = ("", {})
        for module in MODULES:
            for route in module.ROUTER.routes:
                # Better no service than a call that nobody guards.
                assert name_of(route) in RIGHTS, name_of(route)
            self.include_router(module.ROUTER)
        install_refusals(self, [route for module in MODULES for route in module.ROUTER.routes])

    def build_middleware_stack(self) -> ASGIApp:
        """Return the application with the request log around it."""
        return RequestLog(super().build_middleware_stack(), self.metrics)

    def begin_to_end(self) -> None:
        """Say from now on that requests should go elsewhere; those that come are answered, and endless ones end."""
        self.state.draining = True
        if (desk := getattr(self.state, "desk", None)) is not None:
            desk.closing.set()

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description, made once for each release: its examples need the watchlist."""
        desk: Desk = self.state.desk
        release = desk.screener.index.release
        with self._describing:
            if self._described[0] != release:
                self.openapi_schema = None
                self._described = release, finish_description(super().openapi(), desk, self.oidc_issuer)
            return self._described[1]
