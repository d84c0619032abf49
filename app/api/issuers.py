"""Bearer tokens of an OpenID Connect issuer, checked with the keys it publishes."""

import hashlib
import json
import threading
import time
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError

import jwt
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError, PyJWKSetError, PyJWTError

from app.api.problems import ProblemError, unauthenticated
from app.domain.callers import TENANT, Caller, Right

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Asymmetric ones only: with another a public key could be used to sign."""

LEEWAY_SECONDS = 30
"""How far the issuer's clock and ours may be apart."""
FETCH_SECONDS = 5
"""How long the issuer may take to answer."""
KEYS_SECONDS = 600
"""For how long its keys are believed; one that it withdrew opens nothing any more after that."""
ROTATION_SECONDS = 30
"""How soon it is asked again because of a key nobody has seen, so that strangers cannot make us ask it all the time."""
PAUSE_SECONDS = 5
"""How long it is left alone after it did not answer."""
DISCOVERY_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token must say."""

    issuer: str
    audience: str
    tenant_claim: str
    scope_claim: str


class IssuerDownError(Exception):
    """The issuer's keys cannot be had now."""


class Issuer:
    """The one issuer whose tokens are taken; every call may wait for it, so none belongs on the event loop."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._keys: jwt.PyJWKClient | None = None
        self._asked_again_at = 0.0
        self._lock = threading.Lock()

    def caller_of(self, token: str) -> tuple[Caller, float]:
        """Return who shows a token, and until when it holds, in seconds of the epoch.

        Raises:
            ProblemError: `unauthenticated`, or `issuer-unavailable`.
        """
        try:
            claims = jwt.decode(
                token,
                self._signing_key(token),
                algorithms=ALGORITHMS,
                audience=self._terms.audience,
                issuer=self._terms.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except IssuerDownError as error:
            wait = {"Retry-After": str(PAUSE_SECONDS)}
            said = "The issuer of tokens does not answer; keys of this service work"
            raise ProblemError("issuer-unavailable", said, headers=wait) from error
        except PyJWTError as error:
            # The class says what is wrong; the message might quote the token.
            raise unauthenticated(f"The token was refused ({type(error).__name__})") from error
        return self._read(claims), float(claims["exp"]) + LEEWAY_SECONDS

    def _signing_key(self, token: str) -> jwt.PyJWK:
        kid = jwt.get_unverified_header(token).get("kid")
        if not isinstance(kid, str):
            raise PyJWKClientError("the token names no key")
        with self._lock:
            if time.monotonic() < self._asked_again_at:
                raise IssuerDownError
            try:
                if self._keys is None:
                    self._keys = self._discover()
                return self._keys.get_signing_key(kid)
            except (PyJWKClientConnectionError, PyJWKSetError, OSError, ValueError) as error:
                self._asked_again_at = time.monotonic() + PAUSE_SECONDS
                raise IssuerDownError from error

    def _discover(self) -> jwt.PyJWKClient:
        place = self._terms.issuer.rstrip("/") + "/.well-known/openid-configuration"
        opener = urllib.request.build_opener(_StayHere())
        with opener.open(place, timeout=FETCH_SECONDS) as answer:
            document = json.loads(answer.read(DISCOVERY_BYTES))
        if not isinstance(document, dict) or document.get("issuer") != self._terms.issuer:
            raise ValueError("the discovery document is another issuer's")
        keys = str(document.get("jwks_uri", ""))
        # What was asked for over TLS does not go on without it.
        if not keys.startswith("https://" if place.startswith("https://") else ("http://", "https://")):
            raise ValueError("the issuer's keys cannot be fetched safely")
        return jwt.PyJWKClient(keys, lifespan=KEYS_SECONDS, timeout=FETCH_SECONDS, cooldown_duration=ROTATION_SECONDS)

    def _read(self, claims: dict[str, Any]) -> Caller:
        tenant, subject = claims.get(self._terms.tenant_claim), claims["sub"]
        if not isinstance(tenant, str) or not TENANT.fullmatch(tenant):
            raise unauthenticated(f"The token's claim {self._terms.tenant_claim} names no tenant")
        given = claims.get(self._terms.scope_claim, "")
        words = set(given.split() if isinstance(given, str) else filter(_is_text, given if _is_list(given) else ()))
        name = f"oidc:{subject}"
        if len(name) > 64 or not name.isprintable():
            name = f"oidc:{hashlib.sha256(str(subject).encode()).hexdigest()[:40]}"
        return Caller(tenant, name, frozenset(right for right in Right if right.value in words))


class _StayHere(urllib.request.HTTPRedirectHandler):
    """An issuer is believed at its own address only."""

    def redirect_request(self, *_: Any) -> None:
        raise URLError("the issuer answered from elsewhere")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list(value: object) -> bool:
    return isinstance(value, list)
