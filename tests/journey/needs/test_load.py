import shutil
from pathlib import Path

import pytest

from journey.datafile import DataError
from journey.knowledge import Knowledge
from journey.needs.load import load_needs

DATA = Path("data/needs")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "needs"))


def change(folder: Path, old: str, new: str) -> Path:
    path = folder / "sleep_through_the_night.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return path


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("prior: 0.08", "prior: 8", "prior"),
        ("counts: {with: [30, 50]", "counts: {with: [60, 50]", "counts"),
        ("categories: {duvet: 1", "categories: {bathtub: 1", "serves.categories"),
        ("cooling: 1,", "coolness: 1,", "prefers"),
        ("value: down", "value: uranium", "constrains"),
        ("miti: open_question", "miti: confront", "miti"),
        ("advice:", "advise:", "advi"),
    ],
)
def test_fault_names_file_line_and_field(
    folder: Path, knowledge: Knowledge, old: str, new: str, field: str
) -> None:
    path = change(folder, old, new)
    with pytest.raises(DataError) as caught:
        load_needs(folder, knowledge.catalogue)
    fault = next(f for f in caught.value.faults if field in f)
    assert fault.startswith(f"{path}:")
    assert fault.removeprefix(f"{path}:").partition(":")[0].isdigit()


def test_need_is_called_as_its_file(folder: Path, knowledge: Knowledge) -> None:
    change(folder, "need: sleep_through_the_night", "need: something_else")
    with pytest.raises(DataError, match="must be 'sleep_through_the_night'"):
        load_needs(folder, knowledge.catalogue)
