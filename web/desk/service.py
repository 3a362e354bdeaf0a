"""What the desk needs beside what every request may use."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from journey.canned import Replies, load_replies
from journey.help import Help, load_help
from journey.knowledge import Knowledge, load_knowledge
from web.desk.watch import Watch

DATA = Path("data")


@dataclass(frozen=True)
class DeskService:
    """The owner's rules for people, the replies, and who looks for news."""

    help: Help
    replies: Replies
    watch: Watch
    folder: Path = DATA

    @property
    def knowledge(self) -> Knowledge:
        """All of the owner's data; read when a packet is first asked for."""
        return known(self.folder)


@lru_cache(2)
def known(folder: Path) -> Knowledge:
    """Read a data folder once; that takes seconds."""
    return load_knowledge(folder)


def open_desk(watch: Watch, folder: Path = DATA) -> DeskService:
    """Read what the desk needs of a data folder.

    Raises:
        DataError: a file does not fit; each fault names its line and field.
    """
    replies = load_replies(folder / "replies.yml")
    return DeskService(load_help(folder), replies, watch, folder)
