"""Who is nobody: every route that is not public answers 401 or 403."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from tests.web.channels import graph, slack, telegram, webhook
from tests.web.conftest import running
from tests.web.door import FakeDoor
from web.app import create_app
from web.settings import Settings

PUBLIC = {
    "/",
    "/embed.js",
    "/health",
    "/chat/words",
    "/chat/session",
}
"""The shop's page, the widget, its words, and where a session begins."""
OPENS = ("GET", "/yours/open")
"""The page on which a link that is good once waits for its button."""
APART = ("/desk", "/shop/")
CONNECTED = {
    **telegram.Telegram.environ("http://127.0.0.1:9"),
    **graph.WhatsApp.environ("http://127.0.0.1:9"),
    **slack.Slack.environ("http://127.0.0.1:9"),
    **webhook.Webhook.environ("http://127.0.0.1:9"),
}


class Anything(dict[str, str]):
    """Fills every place of a path: the channel's with its name."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel=channel)

    def __missing__(self, place: str) -> str:
        return f"no-{place}"


def routes(found: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Yield what is served outside the desk and the shop, which are tested apart."""
    for route in found:
        if isinstance(route, Mount) or not isinstance(route, Route):
            continue
        for method in (route.methods or {"GET"}) - {"HEAD"}:
            if route.path in PUBLIC or route.path.startswith(APART):
                continue
            if (method, route.path) != OPENS:
                yield method, route.path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_stranger_gets_401_or_403(settings: Settings) -> None:
    told = replace(settings, environ=CONNECTED)
    app: Starlette = create_app(told)
    wanted = sorted(set(routes(list(app.routes))))
    assert ("POST", "/channels/{channel}") in wanted
    async with running(told, FakeDoor()) as system:
        http = system.browser().http
        answered = {
            (method, path, name): (
                await http.request(method, path.format_map(Anything(name)), json={})
            ).status_code
            for method, path in wanted
            for name in ("telegram", "whatsapp", "slack", "webhook")
            # Only Meta calls with GET; elsewhere it is no method at all.
            if method == "POST" or name == "whatsapp"
        }
    wrong = {k: v for k, v in answered.items() if v not in (401, 403)}
    assert wrong == {}
