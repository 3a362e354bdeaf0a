"""The action server: the SDK's executor behind a small app on the loopback."""

import json
import logging
import os
import zlib
from random import Random
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from actions.fallback import Fallback
from actions.handoff import Handoff
from actions.recognize import Recognize
from actions.repeat import Repeat
from actions.request import Request as RequestStage
from actions.respond import Respond
from actions.session import SessionStart
from actions.turn import Surroundings
from journey.knowledge import load_knowledge
from journey.shop.settings import open_shop
from journey.store.engine import database_url, open_engine, open_sessions

logger = logging.getLogger(__name__)


class Executor(ActionExecutor):  # type: ignore[misc]
    """The SDK's executor; the engine does not send its domain, and nobody reads it."""

    def update_and_return_domain(
        self, payload: dict[str, Any], action_name: str
    ) -> dict[str, Any]:
        """Return no domain."""
        del payload, action_name
        return {}


def create_app(around: Surroundings | None = None) -> Starlette:
    """Return the server; without surroundings it takes them from the environment."""
    executor = Executor()
    app = Starlette(
        routes=[
            Route("/health", _health),
            Route("/webhook", _webhook, methods=["POST"]),
        ]
    )
    app.state.executor = executor
    for action in all_actions(around or surroundings()):
        executor.register_action(action)
    return app


def surroundings() -> Surroundings:
    """Open the database and read data/."""
    sessions = open_sessions(open_engine(database_url()))
    shop = open_shop(os.environ)
    return Surroundings(sessions, load_knowledge(), Random(), shop)


def all_actions(around: Surroundings) -> list[Any]:
    """Return one action a stage, and the beginning of a session."""
    stages = (Recognize, RequestStage, Respond, Repeat, Handoff, Fallback)
    return [*(stage(around) for stage in stages), SessionStart(around)]


async def _health(request: Request) -> JSONResponse:
    del request
    return JSONResponse({"status": "ok"})


async def _webhook(request: Request) -> JSONResponse:
    body = await request.body()
    if request.headers.get("content-encoding") == "deflate":
        body = zlib.decompress(body)
    call = json.loads(body)
    try:
        result = await request.app.state.executor.run(call)
    except ActionExecutionRejection as error:
        return JSONResponse({"error": error.message}, status_code=400)
    except ActionNotFoundException as error:
        return JSONResponse({"error": error.message}, status_code=404)
    except Exception as error:
        logger.exception("the action %s failed", call.get("next_action"))
        return JSONResponse({"error": type(error).__name__}, status_code=500)
    return JSONResponse(result.model_dump() if result else None)
