"""The environment, read once."""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.errors import SettingsError

ROOT = Path(__file__).resolve().parents[1]
"""Where the project lies; the default of every folder."""

MIB = 1024 * 1024


class Settings(BaseSettings):
    """Everything that may differ from one installation to the next; each is the variable `PW_` and its name."""

    model_config = SettingsConfigDict(env_prefix="PW_", frozen=True, extra="ignore")

    database_url: Annotated[str, Field(validate_default=False)] = f"sqlite:///{ROOT / 'var' / 'precursor-watch.db'}"
    """`sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""
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
    workers: Annotated[int, Field(ge=1, le=64)] = max(2, os.cpu_count() or 2)
    """Screenings worked on at the same time."""
    max_waiting: Annotated[int, Field(ge=0)] = 64
    """Requests that may wait for a free worker; one more is answered 503."""
    max_wait_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How long a request waits for a free worker before it is answered 503."""
    allow_unauthenticated: bool = False
    """Listen on other addresses than this machine's own, although the service asks nobody who they are."""
    keep_records: Annotated[str, Field(pattern="^(all|alarms)$")] = "all"
    """Whose fields are kept for replay and rescreening: `all` records screened over HTTP, or those with `alarms`."""
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    """debug, info, warning or error."""

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        from app.storage.engine import read_url  # SQLAlchemy is slow to import, and most commands need no database

        read_url(value)
        return value

    def check_address(self) -> None:
        """Refuse to listen where strangers can reach a service that has no keys.

        Raises:
            SettingsError: the address is not a loopback one and PW_ALLOW_UNAUTHENTICATED is not set.
        """
        if not self.allow_unauthenticated and not is_loopback(self.host):
            raise SettingsError(
                f"PW_HOST: {self.host} can be reached from other machines and this service asks nobody who they are;"
                " put it behind something that does and set PW_ALLOW_UNAUTHENTICATED=1"
            )


def is_loopback(host: str) -> bool:
    """Return whether an address can only be reached from this machine; False for names other than localhost."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a host name: where it leads is not known here
        return False


def read_settings(**given: object) -> Settings:
    """Read the settings from the environment.

    Args:
        given: settings that come from somewhere else, such as the command line, and win.

    Returns:
        The settings, checked.

    Raises:
        SettingsError: a value cannot be used; every wrong variable is named.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        wrong = [f"PW_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors(include_input=False)]
        raise SettingsError("; ".join(wrong)) from error
