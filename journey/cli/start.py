"""The command that starts everything and says where it is."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import httpx
from rich.console import Console
from sqlalchemy import Engine

from journey.cli.prepare import bot_environment, load, migrate, model_path, train
from journey.cli.settings import Settings, make_secrets, shop_of
from journey.scheduler import beats
from journey.store.engine import open_engine, reading

PATIENCE = 300.0
console = Console()


def register(group: click.Group) -> None:
    """Add this command to the group."""
    group.add_command(start)


@click.command()
@click.pass_context
def start(context: click.Context) -> None:
    """Start the coach: prepare what changed, then run until Ctrl-C."""
    settings: Settings = context.obj
    check_ports(settings)
    shop_of(os.environ)
    context.invoke(train)
    began = datetime.now(UTC)
    prepared = settings.var / "prepared"
    prepared.unlink(missing_ok=True)
    stop_on_signals()
    # The engine takes the longest to come up: the rest is prepared meanwhile.
    supervisor = spawn(settings)
    try:
        context.invoke(migrate)
        context.invoke(load, unless_imported=True)
        prepared.touch()
        wait_healthy(settings, supervisor, began)
        console.print(f"\n[bold]Journey Coach is at {settings.url}[/]")
        console.print("Ctrl-C stops it. Logs are in var/.")
        supervisor.wait()
    except KeyboardInterrupt:
        console.print("\nStopping …")
    finally:
        stop(supervisor)


def stop_on_signals() -> None:
    """Let a closed terminal and `kill` end it as Ctrl-C does: nothing stays behind."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)


def check_ports(settings: Settings) -> None:
    """Refuse to start when a port is taken, naming it and the way out.

    Raises:
        click.ClickException: a port is in use.
    """
    ports = {
        "COACH_WEB_PORT": settings.web_port,
        "COACH_BOT_PORT": settings.bot_port,
        "COACH_ACTIONS_PORT": settings.actions_port,
    }
    for name, port in ports.items():
        if not is_free(port):
            raise click.ClickException(
                f"port {port} is in use; stop what uses it or choose another with"
                f" {name}=…"
            )


def is_free(port: int) -> bool:
    """Tell whether nothing listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def environment_of(settings: Settings) -> dict[str, str]:
    """Return what the processes are told."""
    made = make_secrets(settings.var)
    return {
        **made,
        **bot_environment(settings),
        "COACH_VAR": str(settings.var),
        "COACH_MODEL": str(model_path(settings)),
        "COACH_HOST": settings.host,
        "COACH_WEB_PORT": str(settings.web_port),
        "COACH_BOT_PORT": str(settings.bot_port),
        "COACH_ACTIONS_PORT": str(settings.actions_port),
        "COACH_DATABASE_URL": settings.database_url,
        "OMP_NUM_THREADS": "1",
    }


def spawn(settings: Settings) -> subprocess.Popen[bytes]:
    """Start the supervisor over the processes."""
    command = [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord"]
    command += ["--configuration", str(settings.root / "supervisord.conf")]
    environment = environment_of(settings)
    return subprocess.Popen(command, cwd=settings.root, env=environment)


def stop(supervisor: subprocess.Popen[bytes]) -> None:
    """Stop the supervisor and wait until nothing is left."""
    if supervisor.poll() is None:
        supervisor.terminate()
    while supervisor.poll() is None:
        try:
            supervisor.wait()
        except KeyboardInterrupt:
            console.print("Still stopping …")


def wait_healthy(
    settings: Settings, supervisor: subprocess.Popen[bytes], began: datetime
) -> None:
    """Wait until each process answers, or has written that it lives.

    Raises:
        click.ClickException: one does not; its log is named.
    """
    urls = {
        "actions": f"http://127.0.0.1:{settings.actions_port}/health",
        "bot": f"http://127.0.0.1:{settings.bot_port}/webhooks/door/health",
        "web": f"http://127.0.0.1:{settings.web_port}/health",
    }
    checks = {name: partial(is_healthy, url) for name, url in urls.items()}
    engine = open_engine(settings.database_url)
    checks["scheduler"] = partial(is_scheduling, engine, began)
    deadline = time.monotonic() + PATIENCE
    for name, is_up in checks.items():
        with console.status(f"Waiting for {name} …"):
            while not is_up():
                _check_alive(settings.var / f"{name}.log", supervisor, deadline)
                time.sleep(0.2)
        console.print(f"{name} is up")


def is_scheduling(engine: Engine, since: datetime) -> bool:
    """Tell whether a scheduler has recorded a beat since an instant."""
    with reading(engine) as session:
        return beats(session, since)


def is_healthy(url: str) -> bool:
    """Tell whether a process answers 200."""
    key = os.environ.get("COACH_DOOR_KEY", "")
    try:
        headers = {"X-Door-Key": key} if key else {}
        return httpx.get(url, timeout=2, headers=headers).status_code == 200
    except httpx.HTTPError:
        return False


def _check_alive(
    log: Path, supervisor: subprocess.Popen[bytes], deadline: float
) -> None:
    if supervisor.poll() is not None or time.monotonic() > deadline:
        tail = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        raise click.ClickException("\n".join([f"it did not start, see {log}:", *tail]))
