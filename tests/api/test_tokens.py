"""Bearer tokens of an issuer that answers over a socket: good ones open what they say, and forged ones nothing."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.testclient import TestClient

from app.api import issuers
from app.api.issuers import Issuer, Terms
from app.api.problems import ProblemError
from app.domain.callers import Right
from app.settings import Settings
from tests.api.conftest import opened

AUDIENCE = "precursor-watch"


class LocalIssuer:
    """An issuer of this machine: its discovery document, its keys, and the tokens it signs."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {
            "one": rsa.generate_private_key(65537, 2048),
            "two": ec.generate_private_key(ec.SECP256R1()),
        }
        self.published = ["one", "two"]
        self.asked: list[str] = []
        self.names_itself: str | None = None
        local = self

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                local.asked.append(self.path)
                page = local.page(self.path)
                self.send_response(200 if page else 404)
                self.end_headers()
                self.wfile.write(json.dumps(page).encode())

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def page(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.names_itself or self.address, "jwks_uri": f"{self.address}/keys"}
        return {"keys": [self.public(name) for name in self.published]} if path == "/keys" else None

    def public(self, name: str) -> dict[str, Any]:
        key = self.keys[name].public_key()
        kind = RSAAlgorithm if isinstance(key, rsa.RSAPublicKey) else ECAlgorithm
        return {**kind.to_jwk(key, as_dict=True), "kid": name, "use": "sig"}

    def claims(self, **other: Any) -> dict[str, Any]:
        now = int(time.time())
        usual = {"iss": self.address, "aud": AUDIENCE, "sub": "officer-7", "iat": now, "exp": now + 300}
        given = {**usual, "tenant": "port", "scope": "openid screen read", **other}
        return {name: value for name, value in given.items() if value is not None}

    def token(self, kid: str = "one", algorithm: str = "RS256", **other: Any) -> str:
        return jwt.encode(self.claims(**other), self.keys[kid], algorithm, headers={"kid": kid})

    def terms(self) -> Terms:
        return Terms(self.address, AUDIENCE, "tenant", "scope")

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    local = LocalIssuer()
    yield local
    local.stop()


@contextmanager
def door_of(compiled: Settings, issuer: LocalIssuer, folder: Any) -> Iterator[TestClient]:
    terms = {
        "oidc_issuer": issuer.address,
        "oidc_audience": AUDIENCE,
        "database_url": f"sqlite:///{folder / 'oidc.db'}",
    }
    with opened(compiled.model_copy(update=terms)) as door:
        yield door


def refusal(issuer: LocalIssuer, token: str) -> str:
    with pytest.raises(ProblemError) as caught:
        Issuer(issuer.terms()).caller_of(token)
    return f"{caught.value.kind}: {caught.value.detail}"


def unsigned(issuer: LocalIssuer) -> str:
    return jwt.encode(issuer.claims(), None, "none", headers={"kid": "one"})


def signed_with_the_public_key(issuer: LocalIssuer) -> str:
    """What RFC 8725, section 2.1, warns of: the public key taken for a shared secret."""
    pem = issuer.keys["one"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [json.dumps(each).encode() for each in ({"alg": "HS256", "typ": "JWT", "kid": "one"}, issuer.claims())]
    text = b".".join(base64.urlsafe_b64encode(each).rstrip(b"=") for each in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(pem, text, hashlib.sha256)).rstrip(b"=")
    return (text + b"." + signature).decode()


def test_a_token_says_who_and_what(issuer: LocalIssuer) -> None:
    knows = Issuer(issuer.terms())
    for token in (issuer.token(), issuer.token("two", "ES256"), issuer.token(scope=["screen", "read", 7, "nonsense"])):
        caller, until = knows.caller_of(token)
        assert (caller.tenant, caller.key_id) == ("port", "oidc:officer-7")
        assert caller.rights == {Right.SCREEN, Right.READ}
        assert 0 < until - time.time() <= 331
    assert issuer.asked.count("/keys") == 1, "the keys are kept"


def test_a_long_or_odd_subject_is_kept_by_its_digest(issuer: LocalIssuer) -> None:
    for subject in ("x" * 500, "a\nb"):
        caller, _ = Issuer(issuer.terms()).caller_of(issuer.token(sub=subject))
        assert len(caller.key_id) <= 64
        assert caller.key_id.isprintable()


def test_a_token_that_proves_nothing_opens_nothing(issuer: LocalIssuer) -> None:
    now = int(time.time())
    stranger = rsa.generate_private_key(65537, 2048)
    forged = {
        "unsigned": unsigned(issuer),
        "signed with the public key": signed_with_the_public_key(issuer),
        "signed by a stranger": jwt.encode(issuer.claims(), stranger, "RS256", headers={"kid": "one"}),
        "of another kind of key": jwt.encode(issuer.claims(), stranger, "RS256", headers={"kid": "two"}),
        "without a key's name": jwt.encode(issuer.claims(), issuer.keys["one"], "RS256"),
        "of an unknown key": jwt.encode(issuer.claims(), stranger, "RS256", headers={"kid": "three"}),
        "bringing its own key": jwt.encode(
            issuer.claims(), stranger, "RS256", headers={"kid": "nine", "jku": f"{issuer.address}/mine"}
        ),
        "for somebody else": issuer.token(aud="another-service"),
        "for nobody": issuer.token(aud=None),
        "of another issuer": issuer.token(iss="https://issuer.example"),
        "expired": issuer.token(exp=now - 60),
        "without an end": issuer.token(exp=None),
        "not yet good": issuer.token(nbf=now + 120),
        "of nobody": issuer.token(sub=None),
        "without a tenant": issuer.token(tenant=None),
        "of an odd tenant": issuer.token(tenant="../port"),
        "cut off": issuer.token()[:-10],
        "changed": ".".join([*issuer.token().split(".")[:2], "AAAA"]),
        "no token": "a.b.c",
    }
    for name, token in forged.items():
        assert refusal(issuer, token).startswith("unauthenticated: "), name
    assert "/mine" not in issuer.asked


def test_a_new_key_of_the_issuer_is_learnt_and_strangers_cannot_make_us_ask_for_it_all_the_time(
    issuer: LocalIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers, "ROTATION_SECONDS", 0.5)
    knows = Issuer(issuer.terms())
    knows.caller_of(issuer.token())
    issuer.keys["three"] = rsa.generate_private_key(65537, 2048)
    issuer.published = ["three"]
    time.sleep(0.6)
    assert knows.caller_of(issuer.token("three"))[0].tenant == "port"
    asked, began = issuer.asked.count("/keys"), time.monotonic()
    made_up = [jwt.encode({}, issuer.keys["one"], "RS256", headers={"kid": f"x{n}"}) for n in range(20)]
    for token in made_up:
        with pytest.raises(ProblemError):
            knows.caller_of(token)
    assert issuer.asked.count("/keys") - asked <= 1 + (time.monotonic() - began) / issuers.ROTATION_SECONDS
    with pytest.raises(ProblemError):
        knows.caller_of(issuer.token("one"))


def test_an_issuer_that_is_down_is_said_to_be_and_left_alone_for_a_while(issuer: LocalIssuer) -> None:
    token = issuer.token()
    issuer.stop()
    knows = Issuer(issuer.terms())
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(ProblemError) as caught:
            knows.caller_of(token)
        assert (caught.value.kind, caught.value.headers["Retry-After"]) == ("issuer-unavailable", "5")
        assert time.monotonic() - began < 6


def test_keys_that_are_known_work_on_while_the_issuer_is_down(issuer: LocalIssuer) -> None:
    knows = Issuer(issuer.terms())
    knows.caller_of(issuer.token())
    token = issuer.token(sub="another")
    issuer.stop()
    assert knows.caller_of(token)[0].key_id == "oidc:another"


def test_a_discovery_document_of_somebody_else_is_not_believed(issuer: LocalIssuer) -> None:
    issuer.names_itself = "https://issuer.example"
    assert refusal(issuer, issuer.token()).startswith("issuer-unavailable")


def test_over_http_a_token_opens_what_its_scopes_say_and_keeps_to_its_tenant(
    compiled: Settings, issuer: LocalIssuer, tmp_path: Any
) -> None:
    with door_of(compiled, issuer, tmp_path) as door:
        port, airport = ({"Authorization": f"Bearer {issuer.token(tenant=t)}"} for t in ("port", "airport"))
        goods = {"records": [{"cas": "108-24-7", "origin": "IN"}]}
        assert door.get("/v1/decisions").status_code == 401, "an issuer is enough for strangers to be refused"
        assert door.post("/v1/screenings", json=goods, headers=port).status_code == 200
        (kept,) = door.get("/v1/decisions", headers=port).json()["items"]
        assert door.get(f"/v1/decisions/{kept['id']}", headers=airport).status_code == 404
        refused = door.post("/v1/rescreenings", headers=port)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
        expired = {"Authorization": f"Bearer {issuer.token(exp=int(time.time()) - 60)}"}
        answer = door.get("/v1/decisions", headers=expired)
        assert (answer.status_code, answer.json()["detail"]) == (401, "The token was refused (ExpiredSignatureError)")
        assert "ratelimit" in door.get("/v1/decisions", headers=port).headers
        schemes = door.get("/openapi.json").json()["components"]["securitySchemes"]
        assert schemes["issuer"]["openIdConnectUrl"] == f"{issuer.address}/.well-known/openid-configuration"


def test_over_http_a_token_that_was_checked_ends_when_it_says(
    compiled: Settings, issuer: LocalIssuer, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers, "LEEWAY_SECONDS", 0)
    with door_of(compiled, issuer, tmp_path) as door:
        end = int(time.time()) + 8
        headers = {"Authorization": f"Bearer {issuer.token(exp=end)}"}
        assert door.get("/v1/decisions", headers=headers).status_code == 200
        while time.time() <= end:
            time.sleep(0.1)
        assert door.get("/v1/decisions", headers=headers).status_code == 401
