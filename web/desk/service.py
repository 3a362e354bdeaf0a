"""What the desk needs beside what every request may use."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from journey.desk.canned import Replies, load_replies
from journey.knowledge import Knowledge, load_knowledge
from journey.owner.help import Help, load_help
from web.desk.watch import Watch

DATA = Path("data")
_reading = Lock()


@dataclass(frozen=True)
class DeskService:
    """The owner's rules for people, the replies, and who looks for news."""

    help: Help
    replies: Replies
    watch: Watch
    folder: Path = DATA

    async def knowledge(self) -> Knowledge:
        """Return all of the owner's data; read once, beside the database's threads."""
        return await asyncio.to_thread(known, self.folder)


def known(folder: Path) -> Knowledge:
    """Read a data folder; that takes seconds, so whoever comes meanwhile waits."""
    with _reading:
        return _read(folder)


@lru_cache(2)
def _read(folder: Path) -> Knowledge:
    return load_knowledge(folder)


def open_desk(watch: Watch, folder: Path = DATA) -> DeskService:
    """Read what the desk needs of a data folder.

    Raises:
        DataError: a file does not fit; each fault names its line and field.
    """
    replies = load_replies(folder / "replies.yml")
    return DeskService(load_help(folder), replies, watch, folder)
