from __future__ import annotations

from pathlib import Path

import pytest

from bot.labelled import UnreadableData, read_labelled

YAML = """version: "3.1"

nlu:
- intent: greet
  examples: |
    - hello [there](place)
    - hi
- lookup: colours
  examples: |
    - red
"""


def test_read_labelled_gives_file_and_line_of_yaml(tmp_path: Path) -> None:
    path = tmp_path / "greet.yml"
    path.write_text(YAML)
    found = read_labelled([path])
    assert [(one.text, one.intent) for one in found] == [
        ("hello there", "greet"),
        ("hi", "greet"),
    ]
    lines = YAML.split("\n")
    assert [lines[one.line - 1].strip() for one in found] == [
        "- hello [there](place)",
        "- hi",
    ]


def test_read_labelled_gives_file_and_line_of_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    path.write_text('\n{"text": "hi", "intent": "greet"}\n{"text": "x"}\n')
    (found,) = read_labelled([tmp_path])
    assert found.place == f"{path}:2"


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.tsv", "\t")])
def test_read_labelled_reads_columns_in_any_order(
    tmp_path: Path, name: str, mark: str
) -> None:
    path = tmp_path / name
    rows = [["intent", "id", "text"], ["greet", "1", '"hi, ""you"""'], ["", "2", "x"]]
    path.write_text("\n".join(mark.join(row) for row in rows), encoding="utf-8-sig")
    (found,) = read_labelled([tmp_path])
    assert (found.text, found.intent, found.place) == (
        'hi, "you"',
        "greet",
        f"{path}:2",
    )


def test_read_labelled_names_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("text,intent\nké,greet\n".encode("latin-1"))
    with pytest.raises(UnreadableData, match=r"a\.csv: not all of it is UTF-8"):
        read_labelled([tmp_path / "a.csv"])


@pytest.mark.parametrize(
    ("name", "said", "fault"),
    [
        ("a.jsonl", "not json", "a.jsonl:1"),
        ("a.jsonl", '{"words": 1}', "a.jsonl:1"),
        ("a.yml", "nlu: [", "a.yml"),
        ("a.yml", "version: 3", "a.yml: no text with an intent"),
        ("a.csv", "text,label\nhi,greet\n", "no column intent; there is: text, label"),
        ("a.tsv", "", "no column text and intent; there is: nothing"),
        ("a.docx", "text", "a.docx: neither a folder"),
    ],
)
def test_read_labelled_names_the_place_of_a_fault(
    tmp_path: Path, name: str, said: str, fault: str
) -> None:
    (tmp_path / name).write_text(said)
    with pytest.raises(UnreadableData, match=fault):
        read_labelled([tmp_path / name])


def test_read_labelled_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableData, match=r"gone\.yml"):
        read_labelled([tmp_path / "gone.yml"])
