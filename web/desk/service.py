"""What the desk needs beside what every request may use."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

from journey.datafile import DataError
from journey.desk.canned import Replies, load_replies
from journey.desk.glance import Glance, glance
from journey.knowledge import Knowledge, load_knowledge
from journey.owner.help import Help, load_help
from web.desk.watch import Watch
from web.shared import Shared
from web.store import Store

Clock = Callable[[], datetime]
DATA = Path("data")
_reading = Lock()


@dataclass(frozen=True)
class DeskService:
    """The owner's rules for people, the replies, and who looks for news."""

    help: Help
    replies: Replies
    watch: Watch
    glance: Shared[Glance]
    """Reads all lists, once for all agents who ask at the same time."""
    folder: Path = DATA

    async def knowledge(self) -> Knowledge:
        """Return all of the owner's data; read once, beside the database's threads."""
        return await asyncio.to_thread(known, self.folder)

    async def read_ahead(self) -> None:
        """Read it before somebody waits for it; a fault is told to who needs it."""
        with suppress(DataError):
            await self.knowledge()


def known(folder: Path) -> Knowledge:
    """Read a data folder; that takes seconds, so whoever comes meanwhile waits."""
    with _reading:
        return _read(folder)


@lru_cache(2)
def _read(folder: Path) -> Knowledge:
    return load_knowledge(folder)


def open_desk(store: Store, clock: Clock, folder: Path = DATA) -> DeskService:
    """Read what the desk needs of a data folder.

    Raises:
        DataError: a file does not fit; each fault names its line and field.
    """

    async def look() -> Glance:
        return await store.read(lambda session: glance(session, clock()))

    return DeskService(
        help=load_help(folder),
        replies=load_replies(folder / "replies.yml"),
        watch=Watch(store, clock),
        glance=Shared(look),
        folder=folder,
    )
