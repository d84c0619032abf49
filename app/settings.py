"""The environment, read once."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.callers import is_loopback
from app.domain.errors import SettingsError

ROOT = Path(__file__).resolve().parents[1]
"""Where the project lies; the default of every folder."""

PREFIX = "PW_"
"""Of every variable."""

MIB = 1024 * 1024

ALARM = "(controlled|conditional|review)"


class Settings(BaseSettings):
    """Everything that may differ from one installation to the next; each is the variable `PW_` and its name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: Annotated[str, Field(validate_default=False)] = f"sqlite:///{ROOT / 'var' / 'precursor-watch.db'}"
    """`sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""
    database_connections: Annotated[int, Field(ge=1, le=1000)] = 10
    """Connections to PostgreSQL that each process keeps; a request waits up to 10 s for one."""
    database_lock_seconds: Annotated[float, Field(gt=0, le=3600)] = 5.0
    """How long a statement waits for a lock that another one holds before the request is answered 503."""
    database_statement_seconds: Annotated[float, Field(gt=0, le=3600)] = 30.0
    """How long a statement may take on PostgreSQL before the request is answered 503; migrations have no such limit."""
    watchlists: Path = ROOT / "watchlists"
    """The folder of the watchlist's files."""
    index: Path = ROOT / "var" / "index"
    """The folder of compiled indexes."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """Port to listen on; 0 lets the system choose one."""
    max_upload_bytes: Annotated[int, Field(ge=1)] = 64 * MIB
    """Largest file taken by `POST /v1/screenings/file`."""
    max_json_bytes: Annotated[int, Field(ge=1)] = 16 * MIB
    """Largest JSON body."""
    max_json_seconds: Annotated[float, Field(gt=0, le=86_400)] = 30.0
    """How long the records of one JSON request may be screened; what takes longer is refused with 413, and not kept."""
    max_file_seconds: Annotated[float, Field(gt=0, le=86_400)] = 3_600.0
    """How long a file at `POST /v1/screenings/file` may be screened and its answer taken; then that breaks off."""
    spool: Path = ROOT / "var" / "spool"
    """The folder of jobs' files, shared by the service and its workers."""
    max_job_bytes: Annotated[int, Field(ge=1)] = 8192 * MIB
    """Largest file taken by `POST /v1/jobs`."""
    job_workers: Annotated[int, Field(ge=0, le=64)] = 1
    """Processes that `serve` starts to work on jobs; more can be started with `precursor-watch work`."""
    keep_jobs_hours: Annotated[float, Field(gt=0)] = 168.0
    """How long the result of a job is kept."""
    keep_keys_hours: Annotated[float, Field(gt=0)] = 24.0
    """How long a request with an `Idempotency-Key` is given the same answer again."""
    processes: Annotated[int, Field(ge=1, le=64)] = 1
    """Server processes that share the port, the index and one reader of systematic names; more than 1 on Linux only."""
    drain_seconds: Annotated[float, Field(ge=0, le=600)] = 1.0
    """After `SIGTERM`: how long requests are still taken while `/readyz` answers 503; as a balancer needs to see it."""
    end_seconds: Annotated[int, Field(ge=0, le=3600)] = 30
    """After that: how long requests in hand may go on."""
    workers: Annotated[int, Field(ge=1, le=64, default_factory=lambda: max(2, os.cpu_count() or 2))]
    """Screenings that each process works on at the same time, in threads; as many as processors, at least 2."""
    max_waiting: Annotated[int, Field(ge=0)] = 64
    """Requests that may wait for a free worker; one more is answered 503."""
    max_wait_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How long a request waits for a free worker before it is answered 503."""
    requests_per_minute: Annotated[int, Field(ge=0)] = 6_000
    """Requests of one key in any minute, to all processes of this machine together; 0 for any number."""
    records_per_day: Annotated[int, Field(ge=0)] = 10_000_000
    """Records one key may have screened in a day (UTC); 0 for any number."""
    max_connections: Annotated[int, Field(ge=1)] = 512
    """Connections that are open at once; one more is answered 503."""
    oidc_issuer: str = ""
    """Address of the OpenID Connect issuer whose tokens are taken, as its tokens name it; none if empty."""
    oidc_audience: str = ""
    """What the issuer's tokens must be meant for; needed with `PW_OIDC_ISSUER`."""
    oidc_tenant_claim: str = "tenant"
    """Claim that names the tenant."""
    oidc_scope_claim: str = "scope"
    """Claim that names the scopes: words with spaces between them, or a list."""
    keep_records: Annotated[str, Field(pattern="^(all|alarms)$")] = "all"
    """Whose fields are kept for replay and rescreening: `all` records screened over HTTP, or those with `alarms`."""
    second_person: Annotated[str, Field(pattern=f"^({ALARM}(,{ALARM})*)?$")] = ""
    """Verdicts, with commas between them, whose clearance holds only when a second person has given it too."""
    keep_content_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """Days after which the fields of records and the words of decisions on them are erased; 0 keeps them for ever."""
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    """debug, info, warning or error."""

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        from app.storage.engine import read_url  # SQLAlchemy is slow to import, and most commands need no database

        read_url(value)
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, value: str) -> str:
        place = urlsplit(value)
        safe = place.scheme == "https" or (place.scheme == "http" and is_loopback(place.hostname or ""))
        if value and not (safe and place.hostname):
            raise ValueError("not an https:// address")
        return value

    @model_validator(mode="after")
    def _names_an_audience(self) -> Self:
        # A token made for another service of the same issuer must not open this one.
        if self.oidc_issuer and not self.oidc_audience:
            raise ValueError("PW_OIDC_ISSUER needs PW_OIDC_AUDIENCE")
        return self


def read_settings(**given: object) -> Settings:
    """Read the settings from the environment.

    Args:
        given: settings that come from somewhere else, such as the command line, and win.

    Returns:
        The settings, checked.

    Raises:
        SettingsError: a value cannot be used, or a variable is none of ours; every wrong one is named.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        faults = error.errors(include_input=False)
        wrong = [": ".join([*(f"PW_{str(name).upper()}" for name in each["loc"][:1]), each["msg"]]) for each in faults]
        raise SettingsError("; ".join(wrong)) from error


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    wrong = []
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, 1)
            wrong.append(f"{name}: is no setting" + (f"; is {near[0]} meant?" if near else ""))
    if wrong:
        raise SettingsError("; ".join(wrong))
