import gzip
from pathlib import Path

import pytest

from journey.catalogue.feeds.formats import format_of
from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Source, column
from journey.datafile import DataError
from tests.journey.catalogue.feeds.files import write


def rows(path: Path) -> tuple[list[tuple[int, dict[str, tuple[str, ...]]]], Report]:
    report = Report()
    with Source(path) as source:
        found = [(row.line, dict(row.cells)) for row in source.rows(report)]
    return found, report


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"]
)
def test_rows_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    bom = "\ufeff" if encoding == "utf-16-le" else ""
    path = write(tmp_path, f"{bom}id\ttitle\n1\tCafé\n", encoding)
    assert rows(path)[0] == [(2, {"id": ("1",), "title": ("Café",)})]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
def test_rows_find_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    text = f'id{delimiter}"a, b; c"{delimiter}title\r\n1{delimiter}{delimiter}x\r\n'
    assert rows(write(tmp_path, text))[0] == [(2, {"id": ("1",), "title": ("x",)})]


def test_rows_know_their_line_after_quoted_newlines(tmp_path: Path) -> None:
    text = 'id,about\n1,"two\nlines"\n2,"12"" pan"\n'
    found, _ = rows(write(tmp_path, text))
    assert found == [
        (2, {"id": ("1",), "about": ("two\nlines",)}),
        (4, {"id": ("2",), "about": ('12" pan',)}),
    ]


def test_rows_join_columns_of_one_name(tmp_path: Path) -> None:
    found, _ = rows(write(tmp_path, "id\tdetail\tdetail\n1\ta\tb\n"))
    assert found[0][1]["detail"] == ("a", "b")


def test_rows_report_too_many_cells(tmp_path: Path) -> None:
    found, report = rows(write(tmp_path, "id\ttitle\n1\tx\ty\n2\tz\t\n"))
    assert [line for line, _ in found] == [3]
    assert str(report.faults[0]) == "line 2: row: has 3 cells, the header 2 ('y')"


def test_rows_report_a_quote_that_nobody_closes(tmp_path: Path) -> None:
    text = 'id\ttitle\n1\t"open\n' + "2\tlost\n" * 60
    found, report = rows(write(tmp_path, text))
    assert found == []
    assert "a quote opens here and swallows 60 lines" in str(report.faults[0])


def test_rows_report_single_bad_bytes(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_bytes("id\ttitle\n1\tgrün, süß, Café\n".encode() + b"2\tbad \xff\n")
    found, report = rows(path)
    assert [line for line, _ in found] == [2]
    assert "line 3: title: has bytes that are not UTF-8" in str(report.faults[0])


def test_rows_of_a_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "feed.gz"
    path.write_bytes(gzip.compress(b"id\ttitle\n1\tx\n"))
    assert rows(path)[0] == [(2, {"id": ("1",), "title": ("x",)})]


def test_rows_of_a_packed_file_that_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "feed.gz"
    path.write_bytes(gzip.compress(b"id\ttitle\n" + b"1\tx\n" * 9000)[:-20])
    with pytest.raises(DataError, match=r"breaks off|cannot be unpacked"):
        rows(path)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("ID [id]", "id"),
        ("g:image_link", "image link"),
        ("Variant Price", "variant price"),
        ("Power [W]", "power [w]"),
        ("Attribute 1 value(s)", "attribute 1 value(s)"),
    ],
)
def test_column_is_written_in_one_way(name: str, plain: str) -> None:
    assert column(name) == plain


def test_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        Source(tmp_path / "ghost")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_letters_are_known_by_their_empty_bytes(
    tmp_path: Path, encoding: str
) -> None:
    path = write(tmp_path, "id\ttitle\n1\tCafé\n", encoding)
    with Source(path) as source:
        (row,) = source.rows(Report())
    assert row.text("title") == "Café"


def test_what_is_no_text_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "products.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 4)
    with Source(path) as source, pytest.raises(DataError, match="is no text"):
        format_of(source)


def test_what_a_feed_lacks_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "id\ttitle\tlink\n1\tTea\thttps://x.example\n")
    with Source(path) as source, pytest.raises(DataError, match="needs price, too"):
        format_of(source)
