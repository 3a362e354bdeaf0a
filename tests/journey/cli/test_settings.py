import stat
from pathlib import Path

import pytest

from journey.cli.settings import make_secrets, read_settings


@pytest.mark.parametrize("port", ["", "0", "65536", "http", "-1"])
def test_read_settings_refuses_what_is_no_port(port: str) -> None:
    with pytest.raises(ValueError, match="COACH_WEB_PORT must be a port"):
        read_settings({"COACH_WEB_PORT": port}, Path())


def test_read_settings_knows_where_the_shop_is() -> None:
    assert read_settings({}, Path()).url == "http://127.0.0.1:8080/"


def test_make_secrets_once_for_this_user_only(tmp_path: Path) -> None:
    made = make_secrets(tmp_path)
    assert make_secrets(tmp_path) == made
    assert len(set(made.values())) == 3
    assert stat.S_IMODE((tmp_path / "coach_secret").stat().st_mode) == 0o600
