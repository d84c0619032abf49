"""`/docs` and `/openapi.json`: Swagger UI from a package, so that it opens on a closed network."""

from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html

from app.api.problems import ProblemError
from app.api.replies import JsonReply

ROUTER = APIRouter(include_in_schema=False)

ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
"""Files of Swagger UI that the page needs, as the package `fastapi-swagger` brings them."""

POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The page may load from and talk to this service only."""


@ROUTER.get("/openapi.json")
def get_openapi_document(request: Request) -> Response:
    """The OpenAPI description; its examples are answers of this service with the watchlist it has loaded."""
    return JsonReply(request.app.openapi())


@ROUTER.get("/docs")
def get_docs(request: Request) -> Response:
    """Swagger UI over the OpenAPI description."""
    root = request.scope.get("root_path", "").rstrip("/")
    page = get_swagger_ui_html(
        openapi_url=f"{root}/openapi.json",
        title="precursor-watch",
        swagger_js_url=f"{root}/docs/swagger-ui-bundle.js",
        swagger_css_url=f"{root}/docs/swagger-ui.css",
        swagger_favicon_url=f"{root}/docs/favicon-32x32.png",
        # Null, or Swagger UI would show the description to a validator on the internet.
        swagger_ui_parameters={"validatorUrl": None, "tryItOutEnabled": True, "defaultModelsExpandDepth": 0},
    )
    page.headers["Content-Security-Policy"] = POLICY
    return page


@ROUTER.get("/docs/{asset}")
def get_docs_asset(asset: str) -> Response:
    """One file of Swagger UI."""
    if asset not in ASSETS:
        raise ProblemError("not-found", f"The page at /docs has no file {asset!r}")
    content = files("fastapi_swagger").joinpath("resources", asset).read_bytes()
    return Response(content, media_type=ASSETS[asset], headers={"Cache-Control": "public, max-age=86400"})
