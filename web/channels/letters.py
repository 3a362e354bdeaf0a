"""E-mails as they are read: who wrote, in which thread, and what is new in them."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime

from mailparser_reply import EmailReplyParser

from web.channels.faults import Unreadable

ID = re.compile(r"<[^<>\s]{1,900}>")
ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,255}")
LANGUAGES = ["en", "de", "es", "fr", "it", "nl", "pl", "sv"]
"""Whose marks of quoted history ("On … wrote:") are known."""
BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>", re.I)
HIDDEN = re.compile(r"<(script|style|head|blockquote)\b.*?</\1\s*>", re.I | re.S)
TAG = re.compile(r"<[^>]*>")
MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})


@dataclass(frozen=True)
class Letter:
    """One e-mail, as far as it is of interest."""

    message_id: str
    references: tuple[str, ...]
    """The thread that it answers, the oldest letter first."""
    person: str
    name: str | None
    subject: str
    text: str
    media: tuple[str, ...]
    by_machine: bool
    undelivered: tuple[str, ...]
    """The letters that this one reports as undelivered."""

    @property
    def root(self) -> str:
        """The letter with which the thread began."""
        return self.references[0] if self.references else self.message_id


def read_letter(raw: bytes) -> Letter:
    """Read an e-mail as it came over the wire.

    Raises:
        Unreadable: it has no sender or no id.
    """
    try:
        message = message_from_bytes(raw, policy=default)
        assert isinstance(message, EmailMessage)
        return _letter(message)
    except (MessageError, LookupError, ValueError, AttributeError) as error:
        raise Unreadable(f"the e-mail cannot be read: {error}") from error


def _letter(message: EmailMessage) -> Letter:
    name, person = parseaddr(_header(message, "from"))
    ids = ID.findall(_header(message, "message-id"))
    # An address beyond ASCII could not be answered without SMTPUTF8.
    if not ids or not ADDRESS.fullmatch(person) or not person.isascii():
        raise Unreadable("the e-mail has no sender or no Message-ID")
    answers = ID.findall(_header(message, "in-reply-to"))
    references = ID.findall(_header(message, "references")) or answers
    return Letter(
        message_id=ids[0],
        references=tuple(references),
        person=person.lower(),
        name=name.strip() or None,
        subject=_header(message, "subject").strip(),
        text=latest(_body(message)),
        media=tuple(_media(message)),
        by_machine=_is_by_machine(message, person),
        undelivered=tuple(_undelivered(message)),
    )


def said_at(raw: bytes) -> str:
    """Return the date of an e-mail as its header says it."""
    return _header(message_from_bytes(raw, policy=default), "date")


def latest(text: str) -> str:
    """Return what is new in a text: no quoted history, no signature."""
    reply = EmailReplyParser(languages=LANGUAGES).parse_reply(text)
    return (reply or "").partition("\n-- \n")[0].partition("\n--\n")[0].strip()


def plain(markup: str) -> str:
    """Return the text of an HTML body without its markup and quoted history."""
    shown = TAG.sub("", BREAKS.sub("\n", HIDDEN.sub("", markup)))
    lines = [line.strip() for line in html.unescape(shown).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name) or "")


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    return plain(text) if part.get_content_subtype() == "html" else text


def _media(message: EmailMessage) -> Iterator[str]:
    kinds = {"image": "image", "audio": "voice", "video": "video"}
    for part in message.iter_attachments():
        yield kinds.get(part.get_content_maintype(), "file")


def _is_by_machine(message: EmailMessage, person: str) -> bool:
    """Tell whether a machine wrote: answering it would go on for ever."""
    automatic = _header(message, "auto-submitted").strip().lower()
    returned = _header(message, "return-path").strip()
    return (
        automatic not in ("", "no")
        or _header(message, "precedence").strip().lower() in MACHINES
        or bool(message.get("x-autoreply") or message.get("x-auto-response-suppress"))
        or bool(message.get("list-id"))
        or returned == "<>"
        or person.lower().startswith(("mailer-daemon@", "postmaster@"))
    )


def _undelivered(message: EmailMessage) -> Iterator[str]:
    if message.get_content_type() != "multipart/report":
        return
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            failed = "action: failed" in part.as_string().lower()
            if not failed:
                return
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            yield from ID.findall(_original_id(part.as_string()))


def _original_id(headers: str) -> str:
    found = re.search(r"^message-id:\s*(\S+)", headers, re.I | re.M)
    return found.group(1) if found else ""


def date_of(raw: bytes) -> float | None:
    """Return when an e-mail was written, in seconds since 1970."""
    try:
        return parsedate_to_datetime(said_at(raw)).timestamp()
    except (ValueError, TypeError, IndexError):
        return None
