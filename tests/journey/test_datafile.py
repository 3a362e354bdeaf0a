from pathlib import Path

import pytest
from pydantic import TypeAdapter

from journey.catalogue.schema import Category
from journey.datafile import DataError, line_of, read

CATEGORIES = TypeAdapter(list[Category])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- category: a\n  nam: b\n", "x.yml:1: 0.name: Field required"),
        ("- category: a\n  name: b\n  cars: []\n", "x.yml:3: 0.cars: Extra inputs"),
        ("- category: A B\n  name: b\n", "x.yml:1: 0.category: String should match"),
        ("- category: a\n  name: 'b\n", "x.yml:3: is not YAML"),
        ("- category: a\n  name: b\n  name: c\n", "x.yml:3: name: stands here twice"),
        ("", "x.yml:1: file: Input should be a valid list"),
    ],
)
def test_read_names_file_line_and_field(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text)
    with pytest.raises(DataError) as refused:
        read(path, CATEGORIES)
    assert any(fault in line for line in refused.value.faults), refused.value.faults


def test_read_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none.yml:1: cannot be read"):
        read(tmp_path / "none.yml", CATEGORIES)


def test_read_bytes_that_are_no_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="is not UTF-8 text"):
        read(path, CATEGORIES)


def test_read_reports_every_fault_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("- {category: a}\n- {name: b}\n")
    with pytest.raises(DataError) as refused:
        read(path, CATEGORIES)
    assert len(refused.value.faults) == 2


def test_line_of_finds_the_value(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("- category: a\n- category: b\n  name: c\n")
    assert line_of(path, 1, "name") == 3
