from pathlib import Path

import pytest
from click.testing import CliRunner

from journey.cli.main import main


@pytest.mark.parametrize("command", [["load"], ["journey", "x"], ["export", "x"]])
def test_command_on_an_unmigrated_database_is_one_sentence(
    command: list[str], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    done = CliRunner().invoke(main, command, env={"COACH_DATABASE_URL": url})
    assert done.exit_code == 1
    assert "run `coach migrate` first" in done.output
    assert "Traceback" not in done.output
