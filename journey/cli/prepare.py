"""Commands that make an installation ready: migrate, load, train."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from journey.catalogue.serving import (
    OWN,
    read_catalogue,
    serving_head,
    store_catalogue,
)
from journey.catalogue.terms import write_terms
from journey.cli.settings import Settings
from journey.knowledge import load_knowledge
from journey.store.engine import open_engine, open_sessions
from journey.store.migrate import migrate_database

TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/rules",
    "data/stories",
    "data/needs",
    "bot/components",
    "bot/requirements.lock",
)
NLU_DATA = ("data/nlu/intents", "data/nlu/out_of_scope.yml")
DIALOGUE_DATA = ("data/rules", "data/stories")
console = Console()


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    for command in (migrate, load, train):
        group.add_command(command)


@click.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database to the newest shape."""
    migrate_database(settings.database_url)


@click.command()
@click.option("--unless-imported", is_flag=True, help="Leave an imported one alone.")
@click.pass_obj
def load(settings: Settings, unless_imported: bool) -> None:
    """Check the owner's data and put the catalogue into the database."""
    catalogue = load_knowledge(settings.data).catalogue
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        head = serving_head(session)
        if unless_imported and head and head.source != OWN:
            catalogue = read_catalogue(session, head)
        else:
            head = store_catalogue(
                session, catalogue, source=OWN, now=datetime.now(UTC)
            )
        count = head.products
    write_terms(catalogue, settings.terms)
    console.print(f"{count} products in {len(catalogue.categories)} categories.")


@click.command()
@click.option("--force", is_flag=True, help="Train even when nothing changed.")
@click.pass_obj
def train(settings: Settings, force: bool) -> None:
    """Train the engine, when what it is trained from has changed."""
    model = model_path(settings)
    if model.exists() and not force:
        console.print(f"The model is up to date: {model.name}")
        return
    load_knowledge(settings.data)  # its mistakes are told before the wait
    with console.status("Training the engine, about a minute …"):
        train_model(settings, model)
    console.print(f"Trained: {model.name}")


def model_path(settings: Settings) -> Path:
    """Return where the model of the present data is, or would be."""
    digest = hashlib.sha256()
    for path in _sources(settings.root):
        digest.update(str(path.relative_to(settings.root)).encode())
        digest.update(path.read_bytes())
    return settings.models / f"coach-{digest.hexdigest()[:16]}.tar.gz"


def train_model(settings: Settings, model: Path) -> None:
    """Train with the engine's interpreter; its words are kept in var/train.log.

    Raises:
        click.ClickException: the training failed.
    """
    log = settings.var / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    given = [p for p in (*NLU_DATA, *DIALOGUE_DATA) if (settings.root / p).exists()]
    command = [str(settings.bot_python), "-m", "rasa", "train"]
    command += ["--config", "config.yml", "--domain", "domain.yml"]
    command += ["--fixed-model-name", model.name.removesuffix(".tar.gz")]
    command += ["--out", str(model.parent), "--data", *given]
    with log.open("w") as file:
        done = subprocess.run(
            command,
            cwd=settings.root,
            env=bot_environment(settings),
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode or not model.exists():
        tail = "\n".join(log.read_text().splitlines()[-8:])
        raise click.ClickException(f"the training failed, see {log}:\n{tail}")


def bot_environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which the engine runs: quiet, local, light."""
    return {
        **os.environ,
        "PYTHONPATH": str(settings.root),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "COACH_TRACKER_URL": settings.tracker_url,
    }


def _sources(root: Path) -> Iterator[Path]:
    for name in TRAINED_FROM:
        path = root / name
        files = path.rglob("*") if path.is_dir() else [path]
        yield from sorted(x for x in files if x.is_file() and x.suffix != ".pyc")
