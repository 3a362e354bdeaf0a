"""Small files of a made-up outdoor shop, and ways to read them."""

from datetime import UTC, datetime
from pathlib import Path

from journey.catalogue.feeds.build import build_catalogue
from journey.catalogue.feeds.formats import format_of, read_items
from journey.catalogue.feeds.item import Given, Item
from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Source
from journey.catalogue.load import Catalogue, load_catalogue

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GIVEN = Given(currency="EUR", delivery_days=5, brand="Own", now=NOW)
OWNER = load_catalogue(Path("data/catalogue"))
HEADER = "id\ttitle\tdescription\tlink\tavailability\tprice\tproduct_type"
STOVE = "S1\tSmall Stove\tBurns gas.\thttps://x.example/1\tin_stock\t40.00 EUR\tStoves"
FEED = f"""{HEADER}\tcapacity\titem_group_id
{STOVE}\t1 l\tG1
S2\tBig Stove\tBurns wood.\t\tin_stock\t90.00 EUR\tCamping > Stoves\t2 l\tG1
T1\tTent\tStands.\t\tout_of_stock\t200.00 EUR\tCamping > Tents\t\t
S1\tAgain\tTwice.\t\tin_stock\t1.00 EUR\tStoves\t\t
"""


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "feed") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def items(path: Path) -> tuple[list[Item], Report]:
    report = Report()
    with Source(path) as source:
        found = list(read_items(source, format_of(source), report, GIVEN))
    return found, report


def item(path: Path) -> Item:
    """Return the only product of a file in which nothing is wrong."""
    found, report = items(path)
    assert report.faults == []
    assert len(found) == 1
    return found[0]


def catalogue(path: Path) -> tuple[Catalogue, Report]:
    found, report = items(path)
    return build_catalogue(found, OWNER, GIVEN, report), report


def google(folder: Path, **columns: str) -> Path:
    """Return a feed of one stove, with these columns changed or added."""
    cells = dict(zip(HEADER.split("\t"), STOVE.split("\t"), strict=True)) | columns
    return write(folder, "\t".join(cells) + "\n" + "\t".join(cells.values()) + "\n")


def comma(*rows: list[str] | tuple[str, ...]) -> str:
    """Return rows as CSV, every cell in quotes."""
    return "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n"
        for row in rows
    )
