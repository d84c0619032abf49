"""Before every call: who asks, whether they may, and whether they ask too often."""

from starlette.requests import Request

from app.api.problems import ProblemError
from app.api.rights import RIGHTS
from app.domain.callers import LOCAL


async def admit(request: Request) -> None:
    """Let a request pass to its call, whose caller is known from then on.

    Raises:
        ProblemError: `unauthenticated`, `forbidden`, `foreign-origin`, `too-many-requests`, `issuer-unavailable` or
            `overloaded`.
        StorageError: the keys cannot be read: nobody is let in.
    """
    scope = request.scope
    right = RIGHTS[name_of(scope["route"])]
    if right is None:
        return
    desk = request.app.state.desk
    caller = await desk.keeper.caller_of(request.headers)
    scope["caller"] = caller
    if caller is not LOCAL:
        scope["pace"] = desk.pace.count(caller)
    if right not in caller.rights:
        challenge = f'Bearer realm="precursor-watch", error="insufficient_scope", scope="{right}"'
        said = f"This call needs the scope {right.value}, which the key or token does not have"
        raise ProblemError("forbidden", said, headers={"WWW-Authenticate": challenge})


def name_of(route: object) -> str:
    """Return what a route is called in `RIGHTS`."""
    return str(getattr(route, "operation_id", None) or getattr(route, "name", ""))
