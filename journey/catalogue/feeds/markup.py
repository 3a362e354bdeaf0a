"""An XML feed (RSS 2.0 or Atom with Google's names) as numbered rows."""

from collections.abc import Iterator
from typing import Any
from xml.sax import ContentHandler, SAXParseException

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from journey.catalogue.feeds.rows import CHUNK, Row, Source, column
from journey.datafile import DataError

RECORDS = ("item", "entry")
LONGEST_TEXT = 100_000
ORDER = {
    "product detail": ("section name", "attribute name", "attribute value"),
    "shipping": (
        "country",
        "region",
        "service",
        "price",
        "min handling time",
        "max handling time",
        "min transit time",
        "max transit time",
    ),
}
"""Nested elements become one text, joined by colons as in a delimited feed."""


def read_markup(source: Source) -> Iterator[Row]:
    """Yield the records of an XML feed.

    Raises:
        DataError: it is no XML, breaks off, or declares entities, which are an attack.
    """
    parser = make_parser()
    handler = _Handler(parser)
    parser.setContentHandler(handler)
    stream = source.begin()
    try:
        while chunk := stream.read(CHUNK >> 4):
            parser.feed(chunk)
            yield from handler.take()
        parser.close()
    except SAXParseException as error:
        reason = f"is not XML: {error.getMessage()}"
        raise DataError([f"{source.path}:{error.getLineNumber()}: {reason}"]) from None
    except DefusedXmlException:
        reason = "declares entities, which is refused"
        raise DataError([f"{source.path}:{handler.line}: {reason}"]) from None
    except (EOFError, OSError) as error:
        raise DataError(
            [f"{source.path}:{handler.line}: breaks off: {error}"]
        ) from None
    yield from handler.take()


class _Handler(ContentHandler):
    """Collects records; names with a prefix (g:id) win over plain ones (Atom's id)."""

    def __init__(self, parser: Any) -> None:
        super().__init__()
        self._parser = parser
        self._ready: list[Row] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self._room = LONGEST_TEXT
        self._inside: dict[str, str] = {}
        self._plain: dict[str, list[str]] = {}
        self._prefixed: dict[str, list[str]] = {}
        self._begins = 1

    @property
    def line(self) -> int:
        """Where the parser stands."""
        return int(self._parser.getLineNumber())

    def take(self) -> list[Row]:
        """Return the records since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def startElement(self, name: str, attributes: Any) -> None:
        self._text, self._room = [], LONGEST_TEXT
        if not self._path and name.rpartition(":")[2] in RECORDS:
            self._path, self._begins = [name], self.line
            self._plain, self._prefixed = {}, {}
        elif self._path:
            self._path.append(name)
            self._inside = {} if len(self._path) == 2 else self._inside
            if len(self._path) == 2 and "href" in attributes:
                self._text = [attributes["href"]]

    def characters(self, content: str) -> None:
        if len(self._path) > 1 and self._room > 0:
            self._text.append(content)
            self._room -= len(content)

    def endElement(self, name: str) -> None:
        depth = len(self._path)
        if depth == 1:
            cells = {**self._plain, **self._prefixed}
            done = {key: tuple(texts) for key, texts in cells.items()}
            self._ready.append(Row(self._begins, done))
        elif depth == 2:
            self._keep(name, self._told(name))
        elif depth == 3:
            self._inside[column(name)] = self._said()
        self._path = self._path[:-1]
        self._text = []

    def _told(self, name: str) -> str:
        if not self._inside:
            return self._said()
        parts = [self._inside.get(x, "") for x in ORDER.get(column(name), ())]
        return ":".join(parts).rstrip(":")

    def _said(self) -> str:
        return "".join(self._text).strip()

    def _keep(self, name: str, text: str) -> None:
        prefix, _, plain = name.rpartition(":")
        if text:
            into = self._prefixed if prefix else self._plain
            into.setdefault(column(plain), []).append(text)
