from pathlib import Path

import pytest

from journey.catalogue.feeds.markup import read_markup
from journey.catalogue.feeds.rows import Source
from journey.datafile import DataError
from tests.journey.catalogue.feeds.files import write

RSS = """<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>
<title>Shop</title>
<item>
  <g:id>S1</g:id><title><![CDATA[Stove & <b>pot</b>]]></title>
  <g:additional_image_link>https://x/1</g:additional_image_link>
  <g:additional_image_link>https://x/2</g:additional_image_link>
  <g:product_detail>
    <g:section_name>General</g:section_name>
    <g:attribute_name>Power</g:attribute_name>
    <g:attribute_value>1.5 kW</g:attribute_value>
  </g:product_detail>
  <g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price>
    <g:max_transit_time>3</g:max_transit_time></g:shipping>
</item>
</channel></rss>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://x">
<entry><id>tag:shop,1</id><g:id>S1</g:id><link href="https://x/1"/>
<title>Stove</title></entry></feed>
"""
BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><item><id>&b;</id></item></rss>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<rss><item><id>&a;</id></item></rss>"""


def read(path: Path) -> list[tuple[int, dict[str, tuple[str, ...]]]]:
    with Source(path) as source:
        return [(row.line, dict(row.cells)) for row in read_markup(source)]


def test_rss_item_with_nested_and_repeated_elements(tmp_path: Path) -> None:
    line, cells = read(write(tmp_path, RSS))[0]
    assert line == 4
    assert cells["title"] == ("Stove & <b>pot</b>",)
    assert cells["additional image link"] == ("https://x/1", "https://x/2")
    assert cells["product detail"] == ("General:Power:1.5 kW",)
    assert cells["shipping"] == ("DE:::4.90 EUR::::3",)


def test_atom_entry_prefers_google_names(tmp_path: Path) -> None:
    _, cells = read(write(tmp_path, ATOM))[0]
    assert (cells["id"], cells["link"]) == (("S1",), ("https://x/1",))


@pytest.mark.parametrize("attack", [BOMB, OUTSIDE])
def test_entities_are_refused(tmp_path: Path, attack: str) -> None:
    with pytest.raises(DataError, match="declares entities, which is refused"):
        read(write(tmp_path, attack))


def test_broken_markup_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"feed:\d+: is not XML"):
        read(write(tmp_path, RSS.replace("</channel>", "")))


def test_latin_markup_says_so_itself(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><rss><item><id>é</id></item></rss>'
    )
    assert read(write(tmp_path, text, "latin-1"))[0][1] == {"id": ("é",)}
