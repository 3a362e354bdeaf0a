from pathlib import Path

import pytest
from click.testing import CliRunner

from journey.cli.prepare import model_path, train
from journey.cli.settings import Settings, read_settings
from journey.datafile import DataError
from tests.journey.cli.conftest import Coach


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in ("config.yml", "domain.yml", "bot/requirements.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    for name in ("data/nlu/intents/greet.yml", "data/rules/a.yml", "data/needs/b.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "bot/components").mkdir()
    return read_settings({}, tmp_path)


@pytest.mark.parametrize(
    "changed", ["domain.yml", "data/nlu/intents/greet.yml", "data/rules/a.yml"]
)
def test_model_path_changes_with_what_is_trained(
    settings: Settings, changed: str
) -> None:
    before = model_path(settings)
    (settings.root / changed).write_text("something else")
    assert model_path(settings) != before


def test_model_path_stays_when_nothing_of_it_changed(settings: Settings) -> None:
    before = model_path(settings)
    (settings.root / "README.md").write_text("new words")
    (settings.root / "bot/components/x.pyc").write_bytes(b"compiled")
    assert model_path(settings) == before


def test_train_tells_what_is_wrong_in_the_data_first(settings: Settings) -> None:
    result = CliRunner().invoke(train, obj=settings)
    assert isinstance(result.exception, DataError)
    assert not (settings.var / "train.log").exists()


def test_load_puts_the_sample_shop_in(coach: Coach) -> None:
    result = coach.run("load")
    assert result.exit_code == 0, result.output
    assert "products in" in result.output
