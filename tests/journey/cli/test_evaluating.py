from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.journey.cli.conftest import Coach


def test_due_on_a_made_up_history(coach: Coach, tmp_path: Path) -> None:
    path = str(tmp_path / "made.csv")
    made = coach.run("evaluate", "history", path, "--customers", "60", "--days", "400")
    assert made.exit_code == 0, made.output
    plot = tmp_path / "plot.svg"
    command = ("evaluate", "due", path, "--cutoff", "2025-09-15")
    result = coach.run(*command, "--plot", str(plot))
    assert result.exit_code == 0, result.output
    for words in ("journey", "interval", "personal", "category", "median"):
        assert words in result.output
    assert plot.read_text().count("<rect") == 5
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


def panel(tmp_path: Path, *more: str) -> str:
    """Twelve customers, each true to one of three brands for twenty weeks."""
    random, lines = Random(1), ["customer,at,option,taken,price"]
    for customer in range(12):
        for week in range(20):
            at = date(2025, 1, 6) + timedelta(weeks=week)
            own = customer % 3 if random.random() < 0.9 else random.randrange(3)
            for option in range(3):
                price = round(random.uniform(1, 2), 2)
                taken = int(option == own)
                lines.append(f"c{customer},{at},brand-{option},{taken},{price}")
    path = tmp_path / "panel.csv"
    path.write_text("\n".join([*lines, *more, ""]))
    return str(path)


def test_choice_on_a_panel_with_a_plot(coach: Coach, tmp_path: Path) -> None:
    plot = tmp_path / "plot.svg"
    command = ("evaluate", "choice", panel(tmp_path), "--cutoff", "2025-03-31")
    result = coach.run(*command, "--plot", str(plot))
    assert result.exit_code == 0, result.output
    rows = [line.split("│") for line in result.output.splitlines() if "│" in line]
    first = {row[1].strip(): float(row[2]) for row in rows}
    assert first["journey"] > first["popular"]
    assert plot.read_text().count("<rect") == 4


def test_choice_names_what_is_wrong_with_which_line(
    coach: Coach, tmp_path: Path
) -> None:
    bad = ("c1,2025-07-01,brand-1,maybe,1.0", "c1,2025-07-02,brand-1,1,cheap")
    path = panel(tmp_path, *bad)
    result = coach.run("evaluate", "choice", path, "--cutoff", "2025-03-31")
    assert "line 722: taken: is neither 1 nor 0 ('maybe')" in result.output
    assert "line 723: price: is no number ('cheap')" in result.output


def test_choice_says_which_column_is_missing(coach: Coach, tmp_path: Path) -> None:
    path = tmp_path / "panel.csv"
    path.write_text("customer,at,option,price\n")
    result = coach.run("evaluate", "choice", str(path), "--cutoff", "2025-03-31")
    assert result.exit_code != 0
    assert "panel.csv:1: columns are missing: taken" in result.output
