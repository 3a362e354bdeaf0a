from pathlib import Path

from tests.journey.cli.conftest import Coach


def test_replenishment_on_a_made_up_history(coach: Coach, tmp_path: Path) -> None:
    path = str(tmp_path / "made.csv")
    made = coach.run("evaluate", "history", path, "--customers", "60", "--days", "400")
    assert made.exit_code == 0, made.output
    command = ("evaluate", "replenishment", path, "--cutoff", "2025-09-15")
    result = coach.run(*command)
    assert result.exit_code == 0, result.output
    for words in ("journey", "interval", "personal", "category", "median"):
        assert words in result.output
    late = coach.run("evaluate", "replenishment", path, "--cutoff", "2035-01-01")
    assert late.exit_code == 1
    assert "the cutoff leaves no purchases" in late.output


def test_baskets_on_a_made_up_history_with_a_plot(coach: Coach, tmp_path: Path) -> None:
    path, plot = str(tmp_path / "made.csv"), tmp_path / "plot.svg"
    coach.run("evaluate", "history", path, "--customers", "60", "--days", "400")
    command = ("evaluate", "baskets", path, "--cutoff", "2025-12-01")
    result = coach.run(*command, "--plot", str(plot))
    assert result.exit_code == 0, result.output
    for words in ("journey", "usual for the customer", "the last visit", "popular"):
        assert words in result.output
    assert plot.read_text().count("<rect") == 4
