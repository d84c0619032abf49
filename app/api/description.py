"""The OpenAPI description, finished: what FastAPI cannot know of bodies, errors, headers and examples."""

from typing import Any

from pydantic.json_schema import models_json_schema

from app.api.answers import Problem
from app.api.asked import DrawingAsked, ResolvingAsked, ReviewAsked, ScreeningAsked
from app.api.desk import Desk
from app.api.examples import REQUESTS, Examples
from app.api.paperwork import COMPONENT
from app.api.problems import KINDS
from app.api.requests import REQUEST_ID
from app.api.rights import RIGHTS
from app.api.securing import PACE_HEADERS, guard, security_schemes

INTRODUCTION = """
Send the lines of a shipment, export or import declaration; each comes back with one decision, in order.

| verdict | meaning |
|---|---|
| `controlled` | a listed substance is identified with high confidence, and an entry of law in force applies |
| `conditional` | identified; whether the duty applies hangs on a fact that is missing or below a threshold |
| `review` | something points at a listed substance and a person must look |
| `not_listed` | nothing was found in the lists that were checked; this does not say that the goods may be shipped |
| `undetermined` | it cannot be told |

The first three are alarms. Every answer names the watchlist release, the policy and the software version. Runs and
alarms are committed before an answer leaves.

**Errors** are RFC 9457 problem details, `application/problem+json`, with a stable `type` and every field or parameter
at fault in `errors`. Fields and query parameters that are not known are refused by name. A method that a path does not
have is answered 405 with `Allow`. **Lists** come in pages: send `next` back as `cursor` until it is null.
**Times** are UTC, RFC 3339. **`X-Request-ID`** is taken from the request or made up, and comes back with every answer.

**Keys.** Send a key as `Authorization: Bearer pw_…` (or as `X-API-Key`), or a token of the issuer this service knows.
Each call names the scope it needs; everything kept belongs to the key's tenant, and what is another one's is not found.
Where no key was ever made the service listens on its own machine only, and asks for none. Each answer says in
`RateLimit` what is left of the key's requests.
"""

TAGS = [
    {"name": "Screening", "description": "Records in, decisions out."},
    {"name": "Jobs", "description": "Large files, screened behind the answer."},
    {"name": "Names", "description": "What a name means."},
    {"name": "Decisions", "description": "The record of what was decided."},
    {"name": "Audit", "description": "Who did what and when, chained by hash."},
    {"name": "Watchlist", "description": "Substances, laws and releases."},
    {"name": "Operation", "description": "For the machinery that runs the service; without version in the path."},
]


SUCCESS = {"makeJob": "202"}
"""The status of the answer that an operation is asked for, where it is not 200."""


def finish_description(document: dict[str, Any], desk: Desk, oidc_issuer: str) -> dict[str, Any]:
    """Return the description with everything an integrator needs.

    Args:
        document: as FastAPI makes it.
        desk: whose watchlist answers the examples.
        oidc_issuer: whose tokens are taken; "" for none.
    """
    document["info"]["description"] = INTRODUCTION.strip()
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["tags"] = TAGS
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _, asked = models_json_schema(
        [
            (ScreeningAsked, "validation"),
            (ResolvingAsked, "validation"),
            (DrawingAsked, "validation"),
            (ReviewAsked, "validation"),
            (Problem, "serialization"),
        ],
        ref_template=COMPONENT,
    )
    schemas.update(asked["$defs"])
    schemas["Problem"]["properties"]["type"]["examples"] = [f"/problems/{name}" for name in KINDS]
    components["headers"] = {
        "RequestId": {"description": "The request's id, as in the log.", "schema": {"type": "string"}}
    }
    components["headers"] |= PACE_HEADERS
    components["securitySchemes"] = security_schemes(oidc_issuer)
    examples = Examples(desk)
    parameters, answers = examples.parameters(), examples.answers()
    for operation in operations_of(document):
        name = operation["operationId"]
        guard(operation, RIGHTS[name], tuple(components["securitySchemes"]))
        for answer in operation["responses"].values():
            answer.setdefault("headers", {})[REQUEST_ID] = {"$ref": "#/components/headers/RequestId"}
        for media_type, example in REQUESTS.get(name, {}).items():
            operation["requestBody"]["content"][media_type]["example"] = example
        for media_type, example in answers[name].items():
            operation["responses"][SUCCESS.get(name, "200")]["content"][media_type]["example"] = example
        for parameter in operation.get("parameters", []):
            parameter["schema"] = without_null(parameter["schema"])
            if parameter["name"] in parameters.get(name, {}):
                parameter["example"] = parameters[name][parameter["name"]]
    return document


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema without null, which a query cannot say: it leaves the parameter out."""
    members = [member for member in schema.get("anyOf", []) if member != {"type": "null"}]
    if len(members) != 1:
        return schema
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **members[0]}


def operations_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every operation of a description."""
    methods = ("get", "post", "put", "patch", "delete")
    return [path[method] for path in document["paths"].values() for method in methods if method in path]
