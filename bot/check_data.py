"""Find near-duplicates, label conflicts and leaks in the labelled utterances.

    python -m bot.check_data [--train data/nlu] [--test data/test]

Exits with 1 when it finds a conflict or a leak.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.labelled import UnreadableData, Utterance, read_labelled

WORD = re.compile(r"\w+")
ALIKE = 92.0
# "yes please" and "no please" are nearly the same letters and not the same thing.
SHORTEST = 12


@dataclass(frozen=True)
class Finding:
    """Two utterances that should not both be there."""

    kind: str
    first: Utterance
    second: Utterance
    likeness: float

    def __str__(self) -> str:
        return (
            f"{self.second.place}: {self.kind} ({self.likeness:.0f} %): "
            f"{self.second.text!r} [{self.second.intent}] and {self.first.place}: "
            f"{self.first.text!r} [{self.first.intent}]"
        )


def plain(text: str) -> str:
    """Return the words of a text, lower case, without punctuation (or its emoji)."""
    return " ".join(WORD.findall(text.lower())) or text.strip()


def kind_of(first: Utterance, second: Utterance, *, exact: bool) -> str:
    """Name what is wrong with two alike texts of one split."""
    if first.intent != second.intent:
        return "label conflict" if exact else "near conflict"
    return "duplicate" if exact else "near-duplicate"


def alike(
    texts: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[int, int, float]]:
    """Yield (index, index of the other, likeness in %) for texts that are alike."""
    places = defaultdict(list)
    for index, other in enumerate(others):
        places[other].append(index)
    long = [other for other in places if len(other) >= SHORTEST]
    for index, text in enumerate(texts):
        for place in places.get(text, ()):
            yield index, place, 100.0
        if len(text) < SHORTEST:
            continue
        near = process.extract(
            text, long, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5
        )
        for other, likeness, _ in near:
            for place in places[other] if other != text else ():
                yield index, place, likeness


def find_within(utterances: Sequence[Utterance]) -> list[Finding]:
    """Find duplicates and conflicts within one split, each pair once."""
    texts = [plain(one.text) for one in utterances]
    found = []
    for second, first, likeness in alike(texts, texts):
        if first < second:
            pair = utterances[first], utterances[second]
            kind = kind_of(*pair, exact=likeness == 100.0)
            found.append(Finding(kind, *pair, likeness))
    return found


def find_leaks(train: Sequence[Utterance], test: Sequence[Utterance]) -> list[Finding]:
    """Find held-out texts that stand in the training data, exactly or nearly."""
    pairs = alike([plain(one.text) for one in test], [plain(one.text) for one in train])
    return [
        Finding("leak", train[there], test[here], likeness)
        for here, there, likeness in pairs
    ]


def check(train: Sequence[Utterance], test: Sequence[Utterance]) -> list[Finding]:
    """Find everything, the gravest first."""
    found = find_leaks(train, test) + find_within(train) + find_within(test)
    order = ("leak", "label conflict", "near conflict", "duplicate", "near-duplicate")
    return sorted(found, key=lambda one: order.index(one.kind))


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, and write what was found with file and line."""
    parser = argparse.ArgumentParser(prog="coach check data", description=__doc__)
    parser.add_argument("--train", nargs="+", type=Path, default=[Path("data/nlu")])
    parser.add_argument("--test", nargs="+", type=Path, default=[Path("data/test")])
    options = parser.parse_args(arguments)
    try:
        train, test = read_labelled(options.train), read_labelled(options.test)
    except UnreadableData as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    found = check(train, test)
    sys.stdout.writelines(f"{one}\n" for one in found)
    sys.stdout.write(
        f"{len(train)} training and {len(test)} held-out utterances, "
        f"{len(found)} findings.\n"
    )
    return int(any(one.kind in {"leak", "label conflict"} for one in found))


if __name__ == "__main__":
    sys.exit(main())
