from pathlib import Path
from random import Random

from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Source
from journey.history.lines import read_lines
from journey.history.made import make_history, write_history


def test_same_seed_gives_the_same_history() -> None:
    assert make_history(5, 200, Random(3)) == make_history(5, 200, Random(3))
    assert make_history(5, 200, Random(3)) != make_history(5, 200, Random(4))


def test_nobody_buys_a_thing_twice_a_day() -> None:
    found = make_history(40, 400, Random(2))
    keys = [(x.customer, x.product, x.at) for x in found]
    assert len(keys) == len(set(keys)) > 500


def test_written_history_can_be_read(tmp_path: Path) -> None:
    made = make_history(5, 200, Random(3))
    write_history(tmp_path / "made.csv", made)
    with Source(tmp_path / "made.csv") as source:
        lines = list(read_lines(source, Report()))
    told = [(x.customer, x.product, x.quantity, x.at.date()) for x in lines]
    assert told == [(x.customer, x.product, x.quantity, x.at) for x in made]
