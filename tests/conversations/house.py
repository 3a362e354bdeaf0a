"""The real engine and the real actions, on a database of their own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import httpx
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.catalogue.load import load_catalogue
from journey.catalogue.products import store_products
from journey.catalogue.terms import write_terms
from journey.cli.prepare import bot_environment, model_path
from journey.cli.settings import Settings, read_settings
from journey.store.engine import Sessions, open_engine, open_sessions, reading
from journey.store.migrate import migrate_database

ROOT = Path(__file__).parents[2]
KEY = "only-for-tests"
PATIENCE = 400


@dataclass(frozen=True)
class House:
    """Where the bot listens, and the database that its actions write to."""

    url: str
    web: str
    engine: Engine

    @property
    def sessions(self) -> Sessions:
        """Sessions that write."""
        return open_sessions(self.engine)

    def reading(self) -> AbstractContextManager[Session]:
        """Open a session that waits for no writer."""
        return reading(self.engine)

    def headers(self) -> dict[str, str]:
        """Return what the door wants to see."""
        return {"X-Door-Key": KEY}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    folder: Path, environ: Mapping[str, str] = MappingProxyType({})
) -> Iterator[House]:
    """Run all processes until the end of the block; `environ` connects channels."""
    database = f"sqlite:///{folder}/coach.db"
    prepare(database)
    actions, bot, web = free_port(), free_port(), free_port()
    environment = {
        **os.environ,
        "COACH_DATABASE_URL": database,
        "COACH_TRACKER_URL": f"sqlite:///{folder}/tracker.db",
        "COACH_ACTIONS_PORT": str(actions),
        "COACH_BOT_PORT": str(bot),
        "COACH_WEB_PORT": str(web),
        "COACH_SECRET": KEY,
        "COACH_SITE_SECRET": KEY,
        "COACH_CHANNELS": str(folder),
        **environ,
    }
    settings = read_settings(environment, ROOT)
    environment = bot_environment(settings) | environment
    environment["COACH_DOOR_KEY"] = KEY
    commands = {
        "actions": ([sys.executable, "-m", "actions"], f"http://127.0.0.1:{actions}"),
        "bot": (bot_command(settings, bot), f"http://127.0.0.1:{bot}"),
        "web": (web_command(web), f"http://127.0.0.1:{web}"),
    }
    processes = {
        name: _start(command, environment, folder / f"{name}.log")
        for name, (command, _) in commands.items()
    }
    try:
        _await(f"{commands['actions'][1]}/health", processes["actions"], folder)
        _await(f"{commands['web'][1]}/health", processes["web"], folder)
        _await(f"{commands['bot'][1]}/webhooks/door/health", processes["bot"], folder)
        urls = commands["bot"][1], commands["web"][1]
        engine = open_engine(database)
        yield House(*urls, engine)
        engine.dispose()
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(30)


def prepare(database: str) -> None:
    """Make the tables and put the sample shop into them."""
    migrate_database(database)
    catalogue = load_catalogue(ROOT / "data" / "catalogue")
    engine = open_engine(database)
    with open_sessions(engine).begin() as session:
        store_products(session, catalogue)
    engine.dispose()
    write_terms(catalogue, read_settings({}, ROOT).terms)


def bot_command(settings: Settings, port: int) -> list[str]:
    """Return how the engine is started with the trained model."""
    model = os.environ.get("COACH_TEST_MODEL") or str(model_path(settings))
    command = [str(settings.bot_python), "-m", "bot.engine", "run", "--model", model]
    command += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    return [*command, "--interface", "127.0.0.1", "--port", str(port)]


def web_command(port: int) -> list[str]:
    """Return how the site is started."""
    command = [sys.executable, "-m", "uvicorn", "web.app:create_app", "--factory"]
    return [*command, "--host", "127.0.0.1", "--port", str(port)]


def _start(
    command: list[str], environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out
        )


def _await(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    logs = "\n".join(path.read_text()[-3000:] for path in folder.glob("*.log"))
    raise RuntimeError(f"{url} did not come up:\n{logs}")
