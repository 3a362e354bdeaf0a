"""Evaluate the understanding on labelled utterances, beside Rasa's default.

coach evaluate nlu FILE…                      the newest trained model
coach evaluate nlu --train FILE --test FILE   any labelled set, both pipelines

FILE is JSONL, CSV or TSV with text and intent, Rasa's YAML, or a folder of these.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.labelled import UnreadableData, Utterance, read_labelled
from bot.measures import OUTSIDE, Measures, Parsed, canonical, measure, trained_intents
from bot.report import Row, measured_table, write_between, wrong_tables
from bot.typos import mistype

OURS = ("SentenceEncoder", "IntentHead")
DEFAULT: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {
        "name": "CountVectorsFeaturizer",
        "analyzer": "char_wb",
        "min_ngram": 1,
        "max_ngram": 4,
    },
    {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
]
SEED_KEYS = {"IntentHead": "seed", "DIETClassifier": "random_seed"}


def seeded(pipeline: Sequence[Mapping[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Return the pipeline with its learners' seed set."""
    steps = []
    for step in pipeline:
        key = SEED_KEYS.get(step["name"].rsplit(".", 1)[-1])
        steps.append({**step, **({key: seed} if key else {})})
    return steps


def ours(config: Path) -> list[dict[str, Any]]:
    """Return what config.yml says of the encoder and the intent head."""
    pipeline = yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]
    return [step for step in pipeline if step["name"].rsplit(".", 1)[-1] in OURS]


def train(
    pipeline: Sequence[Mapping[str, Any]], data: Sequence[Utterance], folder: Path
) -> tuple[str, float]:
    """Train a pipeline inside Rasa; return the model's path and the seconds it took."""
    from rasa.model_training import train_nlu

    texts: dict[str, list[str]] = {}
    for utterance in data:
        texts.setdefault(utterance.intent, []).append(utterance.text)
    blocks = [
        {
            "intent": name,
            "examples": "".join(f"- {' '.join(t.split())}\n" for t in some),
        }
        for name, some in texts.items()
    ]
    config = {"recipe": "default.v1", "language": "en", "pipeline": list(pipeline)}
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}))
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    started = time.monotonic()
    with redirect_stdout(sys.stderr):  # what Rasa says is no part of the tables
        model = train_nlu(
            str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder / "models")
        )
    return str(model), time.monotonic() - started


def parse_all(model: str, utterances: Sequence[Utterance]) -> list[Parsed]:
    """Parse each utterance on its own, as a conversation would."""
    import structlog
    from rasa.core.agent import Agent

    # Rasa would write a line for every message it parses.
    level = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=level)
    agent = Agent.load(model)

    async def parse() -> list[Parsed]:
        await agent.parse_message("warm up")
        return [await _parse(agent, utterance) for utterance in utterances]

    return asyncio.run(parse())


async def _parse(agent: Any, utterance: Utterance) -> Parsed:
    # Processor time, not the clock's: other work on the machine is not measured.
    started = time.process_time()
    said = await agent.parse_message(utterance.text)
    took = time.process_time() - started
    intent, confidence = said["intent"]["name"] or "", said["intent"]["confidence"]
    inside = 0.0 if intent in OUTSIDE else confidence
    return Parsed(
        text=utterance.text,
        right=canonical(utterance.intent),
        said=canonical(intent),
        confidence=confidence,
        scope=said["scope"]["score"] if "scope" in said else inside,
        milliseconds=took * 1000,
        ranked=frozenset(one["name"] for one in said.get("intent_ranking", ())),
    )


def mistyped(
    utterances: Sequence[Utterance], share: float, seed: int
) -> list[Utterance]:
    """Return the utterances with typos in a share of their words."""
    draw = np.random.default_rng(seed)
    return [replace(one, text=mistype(one.text, share, draw)) for one in utterances]


def compare(options: argparse.Namespace) -> tuple[list[Row], list[Parsed]]:
    """Train and test each pipeline under each seed; parsed is ours, last seed."""
    data = read_labelled(options.train)
    tests = named_tests(options)
    intents = {canonical(one.intent) for one in data}
    pipelines = {"Rasa's default": DEFAULT} if options.baseline else {}
    pipelines["this pipeline"] = ours(options.config)
    rows: list[Row] = []
    parsed: list[Parsed] = []
    for name, pipeline in pipelines.items():
        found: dict[str, list[Measures]] = {test: [] for test in tests}
        seconds = []
        for seed in range(options.seeds):
            with tempfile.TemporaryDirectory() as folder:
                model, took = train(seeded(pipeline, seed), data, Path(folder))
                seconds.append(took)
                for test, some in tests.items():
                    said = parse_all(model, some)
                    found[test].append(measure(said, intents))
                    parsed = said if test == next(iter(tests)) else parsed
        rows += [
            (f"{name}, {test}", float(np.mean(seconds)), some)
            for test, some in found.items()
        ]
    return rows, parsed


def named_tests(options: argparse.Namespace) -> dict[str, list[Utterance]]:
    """Read the tests, each under its file's name, and with typos when asked."""
    tests = {path.stem: read_labelled([path]) for path in options.test}
    if len(tests) > 1 and options.together:
        tests = {"together": [one for some in tests.values() for one in some], **tests}
    if options.typos:
        mixed = {
            f"{name} with typos": mistyped(some, options.typos, seed=0)
            for name, some in tests.items()
        }
        tests |= mixed
    return tests


def examine(options: argparse.Namespace) -> tuple[list[Row], list[Parsed]]:
    """Test a trained model on the files, training nothing."""
    options.test = options.files
    rows: list[Row] = []
    first: list[Parsed] = []
    tests = named_tests(options)
    model = newest(options.model)
    for name, utterances in tests.items():
        parsed = parse_all(model, utterances)
        first = first or parsed
        rows.append((name, None, [measure(parsed, trained_intents(parsed))]))
    return rows, first


def newest(place: Path) -> str:
    """Return the model that the place is, or the newest in that folder.

    Raises:
        UnreadableData: there is none.
    """
    models = [place] if place.is_file() else place.glob("*.tar.gz")
    found = max(models, key=lambda path: path.stat().st_mtime, default=None)
    if found is None:
        raise UnreadableData(f"{place}: no trained model; `coach train` makes one.")
    return str(found)


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="coach evaluate nlu",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--model", type=Path, default=Path("models"))
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--train", nargs="+", type=Path)
    parser.add_argument("--test", nargs="+", type=Path, default=[])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--typos", type=float, default=0.0)
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--no-baseline", dest="baseline", action="store_false")
    parser.add_argument("--confusions", type=int, default=20)
    parser.add_argument("--into", type=Path, help="document to write the tables into")
    parser.add_argument("--mark", default="numbers", help="its marker to write behind")
    options = parser.parse_args(arguments)
    if bool(options.files) == bool(options.train and options.test):
        parser.error("give FILE…, or --train FILE and --test FILE")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate, and write the tables."""
    options = read_options(sys.argv[1:] if arguments is None else arguments)
    try:
        rows, parsed = compare(options) if options.train else examine(options)
    except UnreadableData as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    text = measured_table(rows) + wrong_tables(parsed, options.confusions)
    sys.stdout.write(text)
    if options.into:
        write_between(options.into, options.mark, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
