"""The desk's pages: templates, and what every one of them gets."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.templating import Jinja2Templates

from web.desk.looks import add_filters
from web.service import Service

HERE = Path(__file__).parent
templates = Jinja2Templates(HERE / "templates")
add_filters(templates.env)
PRIVATE = {"cache-control": "no-store"}


def show(
    request: Request, name: str, context: dict[str, Any], status: int = 200
) -> Response:
    """Return a page; no browser and no proxy keeps it."""
    given = {"shop": Service.of(request).settings.shop, **context}
    return templates.TemplateResponse(request, name, given, status, PRIVATE)


def show_refusal(request: Request, status: int, reason: str) -> Response:
    """Return why a request is not served, as a page or for a script."""
    if "text/html" in request.headers.get("accept", ""):
        return show(request, "refusal.html", {"reason": reason}, status)
    return JSONResponse({"error": reason}, status, PRIVATE)
