from pathlib import Path

import pytest

from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Source
from journey.datafile import DataError
from journey.history.lines import Line, read_lines
from tests.journey.catalogue.feeds.files import write

HEAD = "customer,product,category,quantity,price,at\n"


def lines(path: Path) -> tuple[list[Line], Report]:
    report = Report()
    with Source(path) as source:
        return list(read_lines(source, report)), report


def test_read_lines(tmp_path: Path) -> None:
    found, report = lines(write(tmp_path, HEAD + "anna,tea,drinks,2,4.50,2026-01-05\n"))
    line = found[0]
    assert report.faults == []
    assert (line.customer, line.product, line.quantity) == ("anna", "tea", 2)
    assert (str(line.price), line.at.isoformat()) == (
        "4.50",
        "2026-01-05T00:00:00+00:00",
    )
    assert line.order == line.at.isoformat()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",tea,d,1,4,2026-01-05", "customer: is missing"),
        ("anna,,d,1,4,2026-01-05", "product: is missing"),
        ("anna,tea,d,0,4,2026-01-05", "quantity: is no whole number above 0"),
        ("anna,tea,d,1,free,2026-01-05", "price: is no amount"),
        ("anna,tea,d,1,4,yesterday", "at: is no ISO 8601 date"),
        ("anna,tea,d,1,4,1812-01-05", "at: is before 1990-01-01"),
        ("anna,tea,d,1,4,2205-01-05", "at: is not before 2100-01-01"),
    ],
)
def test_read_lines_reports_what_is_bad(tmp_path: Path, row: str, fault: str) -> None:
    found, report = lines(write(tmp_path, f"{HEAD}{row}\n"))
    assert found == []
    assert f"line 2: {fault}" in str(report.faults[0])


def test_read_lines_needs_its_columns(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="columns are missing: product, at"):
        lines(write(tmp_path, "customer,what\na,b\n"))
