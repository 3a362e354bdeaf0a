"""The SQL statements of one shortlist turn, by process.

    .venv/bin/python -m benchmarks.statements [--all] [--profile]

The action server and the web process run inside this one, where their statements
can be counted; the engine is a process of its own, as always.
"""

import argparse
import cProfile
import os
import pstats
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Engine, event

import actions.turn
from actions.server import create_app as create_actions
from actions.server import surroundings
from benchmarks.whole import WISHES, shortlist
from journey.cli.prepare import bot_environment
from journey.cli.settings import read_settings
from journey.cli.talk import open_talk
from tests.conversations import house
from web.app import create_app as create_web

TURNS = 8


class Statements:
    """The statements of one engine, since they were last forgotten."""

    def __init__(self, engine: Engine) -> None:
        self.seen: list[str] = []
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        self.seen.append(" ".join(sql.split()))


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="print each statement")
    parser.add_argument("--profile", action="store_true", help="CPU of the actions")
    given = parser.parse_args()
    profile = cProfile.Profile() if given.profile else None
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as parts:
        web, counted = parts
        for number in range(TURNS):
            said(web, WISHES[number % len(WISHES)])
        if profile:
            watch(profile)
            for number in range(40):
                said(web, WISHES[number % len(WISHES)])
        for statements in counted.values():
            statements.seen.clear()
        took = said(web, WISHES[0], counted)
    print(f"{took * 1e3:.0f} ms")
    for name, statements in counted.items():
        print(f"{name}: {len(statements.seen)}")
        if given.all:
            print("\n".join(f"  {sql[:170]}" for sql in statements.seen))
    if profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(70)


def said(web: str, wish: str, counted: dict[str, Statements] | None = None) -> float:
    """Say a wish in a new conversation and return the seconds until the options."""
    with open_talk(web, None, "") as talk:
        return shortlist(talk, wish, lambda: forget(counted or {}))


def forget(counted: dict[str, Statements]) -> None:
    """Begin to count anew."""
    for statements in counted.values():
        statements.seen.clear()


def watch(profile: cProfile.Profile) -> None:
    """Profile every action."""
    run_once = actions.turn.run_once

    def watched(*args: Any) -> Any:
        return profile.runcall(run_once, *args)

    actions.turn.run_once = watched


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, dict[str, Statements]]]:
    """Run the house with the action server and the web process in this one."""
    database = f"sqlite:///{folder}/coach.db"
    house.prepare(database)
    ports = {name: house.free_port() for name in ("ACTIONS", "BOT", "WEB")}
    about = {f"COACH_{name}_PORT": str(port) for name, port in ports.items()}
    os.environ |= about | {
        "COACH_DATABASE_URL": database,
        "COACH_TRACKER_URL": f"sqlite:///{folder}/tracker.db",
        "COACH_SECRET": house.KEY,
        "COACH_SITE_SECRET": house.KEY,
        "COACH_DOOR_KEY": house.KEY,
    }
    settings = read_settings(os.environ, house.ROOT)
    environment = bot_environment(settings) | dict(os.environ)
    os.environ |= environment
    around = surroundings()
    web = create_web()
    counted = {"actions": Statements(around.sessions.kw["bind"])}
    bot = house._start(
        house.bot_command(settings, ports["BOT"]), environment, folder / "bot.log"
    )
    with ExitStack() as stack:
        stack.callback(bot.wait)
        stack.callback(bot.terminate)
        stack.enter_context(serving(create_actions(around), ports["ACTIONS"]))
        stack.enter_context(serving(web, ports["WEB"]))
        counted["web"] = Statements(web.state.service.store.engine)
        url = f"http://127.0.0.1:{ports['BOT']}/webhooks/door/health"
        house._await(url, bot, folder)
        yield f"http://127.0.0.1:{ports['WEB']}", counted


@contextmanager
def serving(app: Any, port: int) -> Iterator[None]:
    """Serve an app in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
