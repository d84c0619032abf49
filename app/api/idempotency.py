"""`Idempotency-Key`: a request that may be sent again without being done again.

Source: draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
import re
from typing import Annotated

import orjson
from fastapi import Header, Request

from app.api.desk import Desk
from app.api.problems import ProblemError
from app.domain.errors import Fault
from app.usecases.make_job import Key

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=257,
        description="A text of your own, such as a UUID, new for each request: the same request under the same key is "
        "done once and answered alike each time; another request under it is refused.",
    ),
]

_KEY = re.compile(r"[\x21\x23-\x7e]{1,255}")


async def refuse_key(request: Request) -> None:
    """Refuse the header where it would not be honoured: who sends it relies on nothing being done twice.

    Raises:
        ProblemError: `invalid-request`: it is there.
    """
    if "idempotency-key" in request.headers:
        fault = Fault(
            "header Idempotency-Key",
            "is for POST /v1/jobs; here the same request sent again is kept again: send it without, and look before",
        )
        raise ProblemError("invalid-request", "1 parameter(s) were refused", (fault,))


def read_key(desk: Desk, request: Request, given: str | None, body_sha256: str) -> Key | None:
    """Return the key of a request with what the request is, None where it has none.

    Args:
        desk: whose tenant's key it is.
        request: its method, path and parameters.
        given: the header, with or without the quotes that structured fields have.
        body_sha256: of what was sent, in hex.

    Raises:
        ProblemError: `invalid-request`: the header is no key.
    """
    if given is None:
        return None
    value = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not _KEY.fullmatch(value):
        fault = Fault("header Idempotency-Key", "is not 1 to 255 visible ASCII characters without quotes")
        raise ProblemError("invalid-request", "1 parameter(s) were refused", (fault,))
    parameters = sorted(request.query_params.multi_items())
    what = [desk.database.tenant, request.method, request.url.path, parameters, body_sha256]
    return Key(value, hashlib.sha256(orjson.dumps(what)).hexdigest(), desk.keep_keys_hours)
