"""What is served outside the desk, called with anything: never a 5xx."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis import GenerationMode
from starlette.routing import Route

from tests.web.conftest import Running, running
from tests.web.door import FakeDoor
from tests.web.test_strangers import CONNECTED
from web.app import create_app
from web.channels.webhook import Letter
from web.chat import Here, Post, Who
from web.links import Elsewhere
from web.settings import Settings
from web.yours.forms import Wanted, Wishes

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BODIES: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("/chat/session", JSON, Who),
    ("/chat/messages", JSON, Post),
    ("/chat/here", JSON, Here),
    ("/chat/links", JSON, Elsewhere),
    ("/yours/open", FORM, Elsewhere),
    ("/yours/mandates", FORM, Wanted),
    ("/yours/mandates/{id}", FORM, Wanted),
    ("/yours/orders/{id}", FORM, Wanted),
    ("/yours/messages", FORM, Wishes),
    ("/shop/{platform}", JSON, Letter),
    ("/desks/chatwoot", JSON, Letter),
    ("/channels/{channel}", JSON, Letter),
)
QUERIES = (
    ("/", ()),
    ("/health", ()),
    ("/chat/words", ()),
    ("/chat/history", ("before",)),
    ("/yours", ()),
    ("/yours/open", ("link",)),
    ("/channels/{channel}", ("hub.mode", "hub.verify_token", "hub.challenge")),
)
APART = ("/embed.js", "/chat/events")
"""A file, and a stream that does not end."""
TEXT = {"schema": {"type": "string"}, "required": True}


def places(path: str) -> list[dict[str, Any]]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    channel = {"schema": {"enum": ["telegram", "whatsapp", "slack", "webhook"]}}
    return [
        {"name": x, "in": "path", **TEXT, **(channel if x == "channel" else {})}
        for x in names
    ]


def description() -> dict[str, Any]:
    """Describe the surface as OpenAPI."""
    paths: dict[str, dict[str, Any]] = {}
    for path, kind, model in BODIES:
        content = {kind: {"schema": model.model_json_schema(by_alias=True)}}
        post = {"parameters": places(path), "requestBody": {"content": content}}
        paths.setdefault(path, {})["post"] = {**post, "responses": {}}
    for path, names in QUERIES:
        asked = [{"name": x, "in": "query", **TEXT} for x in names]
        get = {"parameters": places(path) + asked, "responses": {}}
        paths.setdefault(path, {})["get"] = get
    info = {"title": "Journey Coach", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


SURFACE = schemathesis.openapi.from_dict(description())
OPERATIONS = [
    (path, method)
    for path, found in SURFACE.raw_schema["paths"].items()
    for method in found
]


@pytest.fixture
async def told(settings: Settings) -> AsyncIterator[Running]:
    async with running(replace(settings, environ=CONNECTED), FakeDoor()) as system:
        yield system


@cache
def anything(path: str, method: str) -> st.SearchStrategy[Any]:
    operation = SURFACE[path][method]
    return st.one_of(
        operation.as_strategy(generation_mode=mode)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )


def test_every_route_is_described(settings: Settings) -> None:
    served = {
        (route.path, method.lower())
        for route in create_app(settings).routes
        if isinstance(route, Route) and not route.path.startswith(APART)
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }
    assert served == set(OPERATIONS)


@how(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_no_request_breaks_it(told: Running, data: Any) -> None:
    path, method = data.draw(st.sampled_from(OPERATIONS))
    case = data.draw(anything(path, method))
    http = told.browser().http
    await http.post("/chat/session", json={})
    wanted = requests.Request(**case.as_transport_kwargs(base_url=told.url)).prepare()
    answer = await http.request(
        method, str(wanted.url), headers=dict(wanted.headers), content=wanted.body
    )
    assert answer.status_code < 500, answer.text
