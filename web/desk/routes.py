"""Every address of the desk, under /desk."""

from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from web.desk import acts, board, conversation, door, insights, oidc, stream

STATIC = Path(__file__).parent / "static"
COOKIE = "coach_desk_begin"
LASTS = 15 * 60


class Beginning:
    """Keeps what a sign-in needs until it is done, in a signed cookie.

    The cookie is `Secure` whenever the browser came over TLS.
    """

    def __init__(self, app: ASGIApp, secret: str) -> None:
        plain, over_tls = (
            SessionMiddleware(
                app,
                secret,
                session_cookie=COOKIE,
                max_age=LASTS,
                path="/desk",
                https_only=https_only,
            )
            for https_only in (False, True)
        )
        self._by_scheme = {"http": plain, "https": over_tls}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        keeper = self._by_scheme[scope.get("scheme", "http")]
        await keeper(scope, receive, send)


def desk_routes(secret: str) -> Mount:
    """Return the desk, ready to be put under the application."""
    return Mount(
        "/desk",
        name="desk",
        routes=[
            *door.ROUTES,
            *oidc.ROUTES,
            *board.ROUTES,
            *conversation.ROUTES,
            *acts.ROUTES,
            *stream.ROUTES,
            *insights.ROUTES,
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Beginning, secret=secret)],
    )
