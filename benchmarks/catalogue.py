"""How long an import takes, and a shortlist afterwards, by number of rows.

    .venv/bin/python -m benchmarks.catalogue [--rows 50000]

The feed is made up: an outdoor shop with tents, stoves, bottles and jackets, each
in some variants. Every hundredth row is bad on purpose.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from journey.catalogue.feeds.build import build_catalogue
from journey.catalogue.feeds.formats import format_of, read_items
from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Source
from journey.catalogue.load import load_catalogue
from journey.catalogue.serving import read_catalogue, store_catalogue
from journey.catalogue.terms import write_terms
from journey.store.engine import open_engine, open_sessions
from journey.store.tables import Base

COLUMNS = (
    "id title description link image_link availability price sale_price brand"
    " product_type item_group_id color size material product_weight capacity waterproof"
).split()
KINDS = {
    "Tents": ("Camping > Tents", "l", 40),
    "Stoves": ("Camping > Cooking > Stoves", "l", 2),
    "Water bottles": ("Camping > Cooking > Water Bottles", "ml", 1500),
    "Rain jackets": ("Clothing > Jackets > Rain Jackets", "l", 3),
    "Rucksacks": ("Bags > Rucksacks", "l", 90),
}
BRANDS = ["Fjellheim", "Norvik", "Almsee", "Tindra", "Wildbach"]
COLOURS = ["Black", "Navy Blue", "Forest Green", "Red/White", "Sand"]
MATERIALS = ["Nylon", "Cotton/Polyester", "Leather", "Steel", "Aluminium"]


def rows(count: int, random: Random) -> Iterator[list[str]]:
    """Yield so many rows; every hundredth has no readable price."""
    for number in range(count):
        kind, (path, unit, most) = random.choice(list(KINDS.items()))
        group, brand = number // 3, random.choice(BRANDS)
        price = random.uniform(8, 400)
        yield [
            f"SKU_{number:06}",
            f"{brand} {kind[:-1]} {group}",
            f"<p>The {kind[:-1].lower()} no. {group} is <b>light</b> &amp; sturdy.</p>",
            f"https://shop.example/{number}",
            f"https://shop.example/{number}.jpg",
            random.choice(["in_stock"] * 9 + ["out_of_stock"]),
            "on request" if number % 100 == 99 else f"{price:.2f} EUR",
            f"{price * 0.8:.2f} EUR" if number % 7 == 0 else "",
            brand,
            path,
            f"G{group}",
            random.choice(COLOURS),
            random.choice(["S", "M", "L"]),
            random.choice(MATERIALS),
            f"{random.uniform(0.1, 9):.2f} kg",
            f"{random.uniform(0.2, 1) * most:.1f} {unit}",
            random.choice(["yes", "no"]),
        ]


def write_feed(path: Path, count: int) -> Path:
    """Write a Google Merchant feed of so many rows."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, Random(7)))
    return path


def main() -> None:
    """Print how long each step takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), given.rows)


def measure(folder: Path, count: int) -> None:
    """Import a feed and time the steps of it."""
    source = Source(write_feed(folder / "feed.tsv", count))
    told = Given("EUR", 5, "", datetime.now(UTC))
    owner, report = load_catalogue(Path("data/catalogue")), Report()
    engine = open_engine(f"sqlite:///{folder}/coach.db")
    Base.metadata.create_all(engine)
    clock = time.process_time()

    def step(words: str) -> None:
        nonlocal clock
        now = time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{words:42} {now - clock:7.2f} s   peak {peak:5.0f} MB")
        clock = time.process_time()

    items = list(read_items(source, format_of(source), report, told))
    step(f"read {count} rows ({source.size / 1e6:.0f} MB)")
    catalogue = build_catalogue(items, owner, told, report)
    step(f"type them ({report.lost} rows were bad)")
    with open_sessions(engine).begin() as session:
        store_catalogue(session, catalogue, source="feed", now=told.now)
    step("put them in (SQLite)")
    with open_sessions(engine).begin() as session:
        store_catalogue(session, catalogue, source="feed", now=told.now)
    step("put them in again")
    write_terms(catalogue, folder / "terms.json")
    step("write the engine's terms")
    with open_sessions(engine)() as session:
        from journey.catalogue.serving import serving_head

        head = serving_head(session)
        assert head is not None
        read_catalogue(session, head)
    step("read it, as every process does once")
    print({x: (a.type, a.unit) for x, a in catalogue.attributes.items()})
    print({x: (c.name, c.cares, c.within) for x, c in catalogue.categories.items()})


if __name__ == "__main__":
    main()
