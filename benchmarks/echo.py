"""The service as it is served, with one more route: it validates a request and echoes it, and does nothing else."""

from fastapi import Request

import app.main
from app.api.bodies import read_json
from app.api.desk import TheDesk
from app.api.replies import JsonReply
from app.api.rights import RIGHTS
from app.api.screenings import read_asked
from app.api.service import Service
from app.domain.callers import Right
from app.settings import Settings, read_settings

PATH = "/v1/echo"

_build = app.main.build


async def echo(request: Request, desk: TheDesk) -> JsonReply:
    """Answer with the request, validated."""
    asked = read_asked(await read_json(request, desk.limits.max_json_bytes, desk.limits.in_memory))
    return JsonReply(asked.model_dump(mode="json"))


def build_with_echo(settings: Settings) -> Service:
    """Build the service as `app.main` does, with the route."""
    service = _build(settings)
    RIGHTS[echo.__name__] = Right.SCREEN
    service.add_api_route(PATH, echo, methods=["POST"])
    return service


if __name__ == "__main__":
    app.main.build = build_with_echo
    app.main.serve(read_settings())
