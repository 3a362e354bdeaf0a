from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from bot.evaluate import main, named_tests, ours, read_options, seeded
from bot.measures import Measures, Parsed
from bot.report import measured_table, write_between, wrong_tables


def test_seeded_seeds_the_learners_only() -> None:
    steps = seeded(
        [{"name": "bot.components.intent_head.IntentHead"}, {"name": "X"}], 3
    )
    assert steps == [
        {"name": "bot.components.intent_head.IntentHead", "seed": 3},
        {"name": "X"},
    ]


def test_ours_takes_encoder_and_head_out_of_the_config(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("pipeline: [{name: a.SentenceEncoder, x: 1}, {name: b.Other}]")
    assert ours(path) == [{"name": "a.SentenceEncoder", "x": 1}]


@pytest.mark.parametrize(
    "arguments", [[], ["--train", "a.yml"], ["b.yml", "--train", "a", "--test", "c"]]
)
def test_read_options_wants_files_or_a_pair(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        read_options(arguments)
    assert "--train FILE and --test FILE" in capsys.readouterr().err


def test_named_tests_add_typos_and_the_sum(tmp_path: Path) -> None:
    for name in ("a", "b"):
        said = {"text": "where is my parcel", "intent": name}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(said))
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    tests = named_tests(Namespace(test=paths, together=True, typos=1.0))
    assert list(tests)[:3] == ["together", "a", "b"]
    assert tests["a with typos"][0].text != tests["a"][0].text


def test_main_names_a_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.jsonl"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err


def test_main_says_that_there_is_no_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text,intent\nhi,greet\n")
    assert main([str(file), "--model", str(tmp_path)]) == 2
    assert f"{tmp_path}: no trained model" in capsys.readouterr().err


def test_measured_table_shows_means_over_seeds() -> None:
    some = [Measures(9, accuracy, 0.5, 0.04, None, 7.0) for accuracy in (0.8, 0.9)]
    row = measured_table([("ours", 41.6, some)]).split("\n")[2]
    assert row == "| ours | 9 | 42 | 85.0 | 50.0 | 4.0 | – | 7.0 |"


def test_wrong_tables_escape_what_was_said() -> None:
    text = wrong_tables([Parsed("a|b", "x", "y", 0.5, 0.1, 1.0)], 5)
    assert "| x | y | 1 | a\\|b |" in text


def test_write_between_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "nlu.md"
    path.write_text("a\n<!-- shop -->\nold\n<!-- end of shop -->\nb\n")
    write_between(path, "shop", "new\n")
    assert path.read_text() == "a\n<!-- shop -->\nnew\n<!-- end of shop -->\nb\n"


def test_write_between_names_a_missing_marker(tmp_path: Path) -> None:
    path = tmp_path / "nlu.md"
    path.write_text("")
    with pytest.raises(ValueError, match="shop"):
        write_between(path, "shop", "")
