"""A mail server that takes letters by SMTP, and a customer who writes them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import count
from typing import Any

import httpx

from tests.web.channels import webhook
from tests.web.channels.provider import Provider

ADDRESS = "Hale <hale@shop.example>"


@dataclass
class Smtp(Provider):
    """RFC 5321, as far as one letter needs it; a planned number is a reply code."""

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        host, _, port = url.rpartition(":")
        return {
            "COACH_EMAIL_ADDRESS": ADDRESS,
            "COACH_EMAIL_SECRET": webhook.SECRET,
            "COACH_EMAIL_SMTP_HOST": host,
            "COACH_EMAIL_SMTP_PORT": port,
        }

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield f"127.0.0.1:{port}"
        finally:
            server.close()

    async def talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"220 mail.example ready\r\n")
        while line := (await reader.readline()).decode().strip().upper():
            writer.write(self.reply(line))
            if line == "DATA":
                writer.write(self.taking(await reader.readuntil(b"\r\n.\r\n")))
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    def reply(self, line: str) -> bytes:
        if line.startswith("EHLO"):
            return b"250-mail.example\r\n250 8BITMIME\r\n"
        if line.startswith("RCPT") and self.plan:
            return f"{self.plan.pop(0)} planned\r\n".encode()
        if line == "DATA":
            return b"354 go on\r\n"
        return b"221 bye\r\n" if line == "QUIT" else b"250 OK\r\n"

    def taking(self, raw: bytes) -> bytes:
        letter = raw.removesuffix(b"\r\n.\r\n").replace(b"\r\n..", b"\r\n.")
        message = message_from_bytes(letter, policy=default)
        if not message["message-id"] or not message["date"] or not message["from"]:
            return b"554 headers missing\r\n"
        body = message.get_body(("plain",))
        assert body is not None
        self.taken.append({"text": body.get_content().strip(), "letter": message})
        return b"250 taken\r\n"

    def choices(self, number: int) -> list[tuple[str, str]]:
        del number
        return []


@dataclass
class Phone:
    """A customer's mail program."""

    http: httpx.AsyncClient
    secret: str = webhook.SECRET
    person: str = "Ada <ada@home.example>"
    last: str | None = None
    """The letter of ours that is answered next."""
    ids: Any = field(default_factory=lambda: count(1))

    async def post(self, letter: EmailMessage | bytes) -> httpx.Response:
        raw = letter if isinstance(letter, bytes) else letter.as_bytes()
        client = webhook.Client(self.http, secret=self.secret, path="/channels/email")
        return await client.post(raw)

    def letter(self, text: str, **headers: str) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"] = self.person, ADDRESS
        letter["Subject"] = "A chair"
        letter["Message-ID"] = f"<in{next(self.ids)}@home.example>"
        for name, value in headers.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        return letter

    async def say(self, text: str, times: int = 1) -> list[httpx.Response]:
        thread = {"References": "<root@home.example>"}
        letter = self.letter(text, **thread)
        return [await self.post(letter) for _ in range(times)]
