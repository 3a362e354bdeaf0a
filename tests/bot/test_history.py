from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.database import database_url, metadata
from bot.history import Change, Conflict, History, Row
from tests.bot.databases import installed, postgres


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    binaries = installed()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    # A socket's path has to be short.
    with tempfile.TemporaryDirectory(prefix="pg") as home:
        with postgres(binaries, Path(home)) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'var' / 'tracker.db'}"
    return str(request.getfixturevalue("server"))


@pytest.fixture()
def history(url: str) -> Iterator[History]:
    history = History(url)
    yield history
    metadata.drop_all(history.engine)
    history.close()


def change(
    *said: str,
    last: int = 0,
    since: int = 0,
    at: float = 1.0,
    message: str | None = None,
) -> Change:
    rows = [Row("bot", at, text) for text in said]
    return Change(last, rows, since, "[]", at, message)


def test_read_nothing_of_unknown_conversation(history: History) -> None:
    assert history.window("c") is None
    assert history.turn("c", "m") is None
    assert history.everything("c") == (0, [])
    assert not history.exists("c")


def test_append_in_order(history: History) -> None:
    history.append("c", change("one", "two"))
    history.append("c", change("three", last=2, since=1))
    assert history.everything("c") == (0, ["one", "two", "three"])
    window = history.window("c")
    assert window and window.events == ["two", "three"] and window.since == 1


@pytest.mark.parametrize("last", [0, 1, 3])
def test_append_conflicts_when_another_was_faster(history: History, last: int) -> None:
    history.append("c", change("one", "two"))
    with pytest.raises(Conflict):
        history.append("c", change("again", last=last, message="m"))
    assert history.everything("c") == (0, ["one", "two"])
    assert history.turn("c", "m") is None


def test_append_keeps_a_message_once(history: History) -> None:
    history.append("c", change("one", message="m"))
    with pytest.raises(Conflict):
        history.append("c", change("two", last=1, message="m"))
    assert history.turn("c", "m") == ["one"]
    assert history.everything("c") == (0, ["one"])


def test_append_turn_in_which_the_bot_says_nothing(history: History) -> None:
    history.append("c", change(message="m"))
    assert history.turn("c", "m") == []


def test_turn_belongs_to_its_conversation(history: History) -> None:
    history.append("c", change("secret", message="m"))
    assert history.turn("d", "m") is None


def test_session_starts_at_latest_session(history: History) -> None:
    history.append("c", change("one", "two"))
    rows = [Row("session_started", 1.0, "s"), Row("bot", 1.0, "three")]
    history.append("c", Change(2, rows, 0, "[]", 1.0))
    assert history.session("c") == (2, ["s", "three"])


def test_erase_leaves_the_others(history: History) -> None:
    history.append("c", change("one", "two", message="m"))
    history.append("d", change("three", message="m"))
    assert history.erase("c") == 2
    assert history.senders() == ["d"]
    assert history.turn("c", "m") is None and history.turn("d", "m") == ["three"]


def test_erase_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    history = History(f"sqlite:///{tmp_path / 't.db'}")
    history.append("c", change("a word only one customer says", message="m"))
    history.erase("c")
    history.close()
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"only one customer" not in files


def test_prune_keeps_the_window_of_a_living_conversation(history: History) -> None:
    history.append("c", change("old", "kept", at=1.0, message="m"))
    history.append("c", change("new", last=2, since=1, at=100.0))
    assert history.prune(before=50.0) == 1
    assert history.everything("c") == (1, ["kept", "new"])
    assert history.turn("c", "m") is None


def test_prune_takes_a_silent_conversation_whole(history: History) -> None:
    history.append("c", change("old", at=1.0, message="m"))
    history.append("d", change("new", at=100.0))
    assert history.prune(before=50.0) == 1
    assert history.senders() == ["d"] and history.window("c") is None


def test_append_reads_no_stored_event(history: History) -> None:
    history.append("c", change(*("x" * 10 for _ in range(50))))
    seen: list[str] = []
    sa.event.listen(
        history.engine, "before_cursor_execute", lambda *args: seen.append(args[2])
    )
    history.append("c", change("y", last=50, message="m"))
    assert not [sql for sql in seen if sql.upper().startswith("SELECT")]


def test_sqlite_writes_ahead(tmp_path: Path) -> None:
    History(f"sqlite:///{tmp_path / 't.db'}").close()
    with sqlite3.connect(tmp_path / "t.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u@h/d", "postgresql+psycopg2"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg2"),
        ("sqlite:///var/tracker.db", "sqlite"),
    ],
)
def test_use_the_driver_of_this_environment(given: str, driver: str) -> None:
    assert database_url(given).drivername == driver
