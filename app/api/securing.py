"""What the OpenAPI description says of keys: the schemes, and for each call its scope and its refusals."""

from typing import Any

from app.api.paperwork import add_refusals
from app.domain.callers import Right

GUARDED = ("unauthenticated", "forbidden", "foreign-origin", "too-many-requests", "overloaded", "storage-unavailable")
"""Any call that needs a key may be answered so."""
WITH_TOKENS = "issuer-unavailable"
WITH_BODY = "slow-body"

PACE_HEADERS = {
    "RateLimit": {
        "description": 'What is left, such as `"minute";r=5999;t=60`: `r` requests; all in `t` s.',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'How many requests a key may send, such as `"minute";q=6000;w=60`: `q` in any `w` seconds.',
        "schema": {"type": "string"},
    },
}


def security_schemes(oidc_issuer: str) -> dict[str, Any]:
    """Return how a caller can say who it is.

    Args:
        oidc_issuer: whose tokens are taken; "" for none.
    """
    key = "A key as `precursor-watch keys create` shows it, once: `pw_`, 12 and 64 hexadecimal digits."
    schemes: dict[str, Any] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": f"{key} Or a token of the issuer, where one is set.",
        },
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": key},
    }
    if oidc_issuer:
        place = f"{oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
        schemes["issuer"] = {"type": "openIdConnect", "openIdConnectUrl": place, "description": "Sent as bearer token."}
    return schemes


def guard(operation: dict[str, Any], right: Right | None, schemes: tuple[str, ...]) -> None:
    """Say what a call asks of its caller, and how it refuses.

    Args:
        operation: of the description, changed here.
        right: that the call needs, None for an open one.
        schemes: any one of them does.
    """
    if right is None:
        operation["security"] = []
        return
    operation["security"] = [{scheme: [right.value]} for scheme in schemes]
    operation["description"] = f"{operation['description']}\n\nNeeds the scope `{right.value}`."
    bodied = (WITH_BODY,) if "requestBody" in operation else ()
    tokens = (WITH_TOKENS,) if "issuer" in schemes else ()
    shown = {name for answer in operation["responses"].values() for name in _kinds_of(answer)}
    add_refusals(operation["responses"], *({*GUARDED, *bodied, *tokens} - shown))
    operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}
    for status, answer in operation["responses"].items():
        if status not in ("401", "403"):
            for name in PACE_HEADERS:
                answer.setdefault("headers", {})[name] = {"$ref": f"#/components/headers/{name}"}


def _kinds_of(answer: dict[str, Any]) -> list[str]:
    return [name for media in answer.get("content", {}).values() for name in media.get("examples", {})]
