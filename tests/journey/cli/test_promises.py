from pathlib import Path

import pytest
from click.testing import CliRunner

from journey.cli import main
from journey.promises.promises import make_promise
from journey.store.engine import open_engine, open_sessions
from tests.databases import put_sqlite
from tests.factories import NOW, make_customer


@pytest.fixture
def promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = put_sqlite(tmp_path / "coach.db")
    monkeypatch.setenv("COACH_DATABASE_URL", url)
    engine = open_engine(url)
    with open_sessions(engine).begin() as session:
        made = make_promise(
            session,
            "call_back",
            customer_id=make_customer(session).id,
            due_at=NOW,
            now=NOW,
            keeper="maria",
            about={"handoff": "h1"},
        )
        return made.id


def run(*words: str) -> str:
    return CliRunner().invoke(main, words).output


def test_promise_is_listed_kept_and_reported(promised: str) -> None:
    assert "maria" in run("promise", "list")
    assert run("promise", "keep", promised).strip() in ("kept", "late")
    assert "already" in run("promise", "keep", promised)
    report = run("report", "promises", "--days", "99999")
    assert "call_back" in report
    assert "maria" in report


def test_unknown_promise_is_said_so(promised: str) -> None:
    assert "there is no promise 'x'" in run("promise", "keep", f"{promised[:0]}x")
