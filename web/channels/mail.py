"""E-mail: letters come in signed from your mail server, and go out by SMTP."""

import asyncio
import hashlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from journey.messages.dispatches import Load, State
from journey.messages.threads import Origin
from web.channels.base import Channel, Setting
from web.channels.faults import Later, Refused
from web.channels.incoming import Incoming, Kind, Raw, instant
from web.channels.letters import Letter, date_of, read_letter
from web.channels.signing import check_signed

PATIENCE = 20
REMEMBERED = 20
"""So many letters of a thread are named in the next one."""


class Mail(Channel):
    """One mailbox."""

    name = "email"
    left = (
        "Let your mail server post each incoming letter, signed, to {url}: see "
        "docs/channels/email.md."
    )
    settings = (
        Setting("address", "your address, such as Hale <hale@shop.example>", False),
        Setting(
            "secret",
            "the secret that signs incoming letters, whsec_ and base64",
            made=True,
        ),
        Setting("smtp_host", "the server that sends your letters", False),
        Setting("smtp_port", "its port: 465, or 587 (usual)", False, True),
        Setting("smtp_user", "the user there", False, True),
        Setting("smtp_password", "the password there", optional=True),
    )

    def check(self, raw: Raw, now: datetime) -> None:
        """Check the signature over id, timestamp and letter, and the timestamp."""
        check_signed(self.setting("secret"), raw, now)

    def parts(self, raw: Raw) -> Sequence[bytes]:
        """Return the letter that was sent."""
        return [raw.body]

    def read(self, part: bytes, now: datetime) -> Iterator[Incoming]:
        """Return what a letter says; nothing when a machine wrote it."""
        at = min(instant(date_of(part), now), now)
        return _incoming(read_letter(part), at)

    def invite(self, code: str) -> str | None:
        """Return the address that begins a letter to us with a code."""
        _, address = parseaddr(self.setting("address"))
        return f"mailto:{address}?subject=Hello&body={code}" if address else None

    async def probe(self) -> str:
        """Return the address, when the server lets us in."""
        await asyncio.to_thread(self._greet)
        return self.setting("address")

    async def send(self, load: Load, now: datetime) -> str | None:
        """Send one letter into its thread."""
        letter = self._written(load, now)
        await asyncio.to_thread(self._deliver, letter)
        return str(letter["Message-ID"])

    def _written(self, load: Load, now: datetime) -> EmailMessage:
        letter, address = EmailMessage(), load.address
        name, sender = parseaddr(self.setting("address"))
        letter["From"] = formataddr((name, sender))
        letter["To"] = address["to"]
        letter["Subject"] = address.get("subject") or name
        letter["Date"] = format_datetime(now)
        letter["Message-ID"] = _id_of(load.provider_id, sender)
        if references := address.get("references"):
            letter["In-Reply-To"] = references[-1]
            letter["References"] = " ".join(references)
        # So that no machine answers it, and ours is not answered by us.
        letter["Auto-Submitted"] = "auto-replied"
        letter["List-Unsubscribe"] = f"<mailto:{sender}?subject=STOP>"
        letter.set_content(load.part.text)
        return letter

    def _deliver(self, letter: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            raise _meaning(*next(iter(error.recipients.values()))) from None
        except smtplib.SMTPResponseException as error:
            raise _meaning(error.smtp_code, error.smtp_error) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Later(f"email: {type(error).__name__}") from None

    def _greet(self) -> None:
        try:
            with self._connected() as server:
                server.noop()
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(f"email: {error}") from None

    def _connected(self) -> smtplib.SMTP:
        """Return a connection; a password goes over TLS only."""
        host, port = self.setting("smtp_host"), int(self.setting("smtp_port") or 587)
        context = ssl.create_default_context()
        if port == smtplib.SMTP_SSL_PORT:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=PATIENCE, context=context
            )
        else:
            server = smtplib.SMTP(host, port, timeout=PATIENCE)
        if user := self.setting("smtp_user"):
            if port != smtplib.SMTP_SSL_PORT:
                server.starttls(context=context)
            server.login(user, self.setting("smtp_password"))
        return server


def _meaning(code: int, why: bytes | str) -> Exception:
    said = why.decode(errors="replace") if isinstance(why, bytes) else why
    text = f"email {code}: {said}"
    # 535: the owner can mend the password.
    return Later(text) if code < 500 or code == 535 else Refused(text)


def _incoming(letter: Letter, at: datetime) -> Iterator[Incoming]:
    origin = _origin(letter)
    for about in letter.undelivered:
        yield Incoming(
            Kind.RECEIPT,
            f"{letter.message_id}:{about}",
            origin,
            at,
            about=about,
            state=State.DEAD,
            failure="email: it came back",
        )
    if letter.by_machine or letter.undelivered:
        return
    media = tuple({"kind": kind} for kind in letter.media)
    kind = Kind.MEDIA if media else Kind.TEXT
    text = letter.text or ("" if media else letter.subject)
    yield Incoming(kind, letter.message_id, origin, at, text, media=media)


def _origin(letter: Letter) -> Origin:
    """Return who writes; each thread of each person is one conversation.

    Who is merely copied in and answers begins a conversation of their own: an
    address can be written by anybody, a thread's id only by who has seen it.
    """
    named = [*letter.references, letter.message_id]
    subject = letter.subject
    if subject and not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    address = {
        "to": formataddr((letter.name, letter.person)),
        "subject": subject[:200],
        "references": [named[0], *named[1:][-REMEMBERED:]],
    }
    key = hashlib.sha256(f"{letter.root} {letter.person}".encode()).hexdigest()
    return Origin(key, letter.person, address, letter.name)


def _id_of(message: str, sender: str) -> str:
    """Return a Message-ID: the same one if the letter must be sent again."""
    digest = hashlib.sha256(message.encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"
