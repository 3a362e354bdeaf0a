from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

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
    assert plot.read_text().count("<rect") == 6


def table(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["customer,product,category,quantity,price,at", *lines]))
    return str(path)


@pytest.mark.parametrize(
    ("lines", "cutoff", "said"),
    [
        ((), "2025-02-01", "orders.csv: no line can be used"),
        (("a,b,,1,2,2025-03-01",), "2025-02-01", "nothing is before the cutoff"),
        (("a,b,,1,2,2025-03-01",), "2035-01-01", "nothing is on or after the cutoff"),
    ],
)
def test_cutoff_that_leaves_nothing_is_explained(
    coach: Coach, tmp_path: Path, lines: tuple[str, ...], cutoff: str, said: str
) -> None:
    path = table(tmp_path, *lines)
    result = coach.run("evaluate", "replenishment", path, "--cutoff", cutoff)
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())


def test_lines_that_cannot_be_used_are_named(coach: Coach, tmp_path: Path) -> None:
    good = [f"a,coffee,hot,1,2.50,2025-0{month}-01" for month in (1, 2, 3, 4)]
    bad = ("a,,hot,1,2,2025-02-02", "a,tea,hot,-2,2,2025-02-03", "a,tea,hot,1,2,never")
    path = table(tmp_path, *good, *bad)
    result = coach.run("evaluate", "replenishment", path, "--cutoff", "2025-03-01")
    assert result.exit_code == 0, result.output
    told = " ".join(result.output.split())
    assert "orders.csv: 3 lines left out" in told
    assert "line 6: product: is missing" in told
    assert "line 7: quantity: is no whole number above 0 ('-2')" in told
    assert "line 8: at: is no ISO 8601 date ('never')" in told
    assert "No date could be asked for: that takes 90 days (--max-gap)" in told


def test_hints_on_a_made_up_history(coach: Coach, tmp_path: Path) -> None:
    path = str(tmp_path / "made.csv")
    made = ("--customers", "60", "--days", "700", "--latent")
    coach.run("evaluate", "history", path, *made)
    result = coach.run("evaluate", "hints", path, "--cutoff", "2026-07-01")
    assert result.exit_code == 0, result.output
    for words in ("all that is told", "because of last year", "as many popular"):
        assert words in result.output
    late = coach.run("evaluate", "hints", path, "--cutoff", "2026-11-30")
    assert late.exit_code == 1
    assert "nothing can be asked" in late.output


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
