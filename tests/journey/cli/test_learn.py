from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from journey.cli.main import main
from journey.store.tables import LearnedTaste
from tests.journey.learning.acts import Person


def test_rebuild_learns_from_the_log(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(session)
    person.orders(1, "filters")
    session.query(LearnedTaste).delete()
    session.commit()
    monkeypatch.setenv("COACH_DATABASE_URL", f"sqlite:///{tmp_path}/coach.db")
    result = CliRunner().invoke(main, ["learn", "--rebuild"])
    assert result.exit_code == 0, result.output
    assert "products that customers took or refused: 1" in result.output
