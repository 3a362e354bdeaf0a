"""What the desk needs beside what every request may use."""

from dataclasses import dataclass
from pathlib import Path

from journey.canned import Replies, load_replies
from journey.help import Help, load_help
from web.desk.watch import Watch

DATA = Path("data")


@dataclass(frozen=True)
class DeskService:
    """The owner's rules for people, the replies, and who looks for news."""

    help: Help
    replies: Replies
    watch: Watch


def open_desk(watch: Watch, folder: Path = DATA) -> DeskService:
    """Read what the desk needs of a data folder.

    Raises:
        DataError: a file does not fit; each fault names its line and field.
    """
    return DeskService(load_help(folder), load_replies(folder / "replies.yml"), watch)
