"""Chatwoot: an API inbox for the customer's side, an agent bot for ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import httpx

from web.channels.base import Line, Setting, seconds
from web.channels.checks import check_fresh, check_hmac
from web.channels.faults import Forged, Later, Refused
from web.channels.incoming import Raw
from web.desks.calls import moment

NAME = "chatwoot"
SIGNATURE, TIMESTAMP = "x-chatwoot-signature", "x-chatwoot-timestamp"
DELIVERY = "x-chatwoot-delivery"
API_INBOX = "Channel::Api"
INCOMING, OUTGOING = 0, 1
"""Chatwoot writes the type of a message as a word, and reads it back as a number."""


class Absent(Refused):
    """What we named is not there, or not any more."""


@dataclass(frozen=True)
class Written:
    """A message as Chatwoot has it: its number, and since when by Chatwoot's clock."""

    number: str
    at: datetime | None


class Chatwoot:
    """One account's API inbox, reached with two keys.

    Contacts and lists are an agent's to read; what a bot's key can do, the bot does,
    so that Chatwoot shows who did it and assigns nothing to the agent whose key it is.
    """

    name: ClassVar[str] = NAME
    settings: ClassVar[Sequence[Setting]] = (
        Setting("url", "Chatwoot's address, https://…", secret=False),
        Setting("account", "the account's number (…/accounts/NUMBER/…)", secret=False),
        Setting("inbox", "the API inbox's number (…/inboxes/NUMBER)", secret=False),
        Setting("bot_token", "the agent bot's access token"),
        Setting("user_token", "an administrator's access token"),
        Setting("secret", "the API inbox's webhook secret"),
        Setting("bot_secret", "the agent bot's webhook secret", optional=True),
    )

    def __init__(self, line: Line) -> None:
        self._line = line

    def check(self, raw: Raw, now: datetime) -> None:
        """Make sure that Chatwoot sent a request, a moment ago.

        Raises:
            Forged: it did not, or it did so too long ago.
        """
        stamp = raw.headers.get(TIMESTAMP, "")
        check_fresh(stamp, now)
        given = raw.headers.get(SIGNATURE, "")
        check_any(self._secrets(), stamp.encode() + b"." + raw.body, given)

    def is_ours(self, account: str, inbox: str) -> bool:
        """Tell whether something happened in our inbox."""
        return (account, inbox) == (self._setting("account"), self._setting("inbox"))

    async def find_contact(self, identifier: str) -> str | None:
        """Return the number of the contact that stands for a customer of ours."""
        found = await self._get("contacts/search", q=identifier)
        for contact in found["payload"]:
            if contact.get("identifier") == identifier:
                return str(contact["id"])
        return None

    async def add_contact(self, identifier: str, name: str | None) -> str:
        """Make a contact; return its number."""
        body: dict[str, Any] = {"inbox_id": self._inbox, "identifier": identifier}
        if name:
            body["name"] = name
        made = await self._call("POST", "contacts", self._user, json=body)
        return str(made["payload"]["contact"]["id"])

    async def forget_contact(self, contact: str) -> None:
        """Delete a contact with all conversations."""
        await self._call("DELETE", f"contacts/{contact}", self._user)

    async def find_conversation(self, contact: str, conversation_id: str) -> str | None:
        """Return the number of a conversation that we made for one of ours."""
        found = await self._get(f"contacts/{contact}/conversations")
        for one in found["payload"]:
            made_for = (one.get("custom_attributes") or {}).get("coach_conversation")
            if made_for == conversation_id:
                return str(one["id"])
        return None

    async def add_conversation(
        self, contact: str, source: str, attributes: Mapping[str, Any]
    ) -> str:
        """Make a conversation; return its number."""
        body = {
            "source_id": source,
            "inbox_id": self._inbox,
            "contact_id": int(contact),
            "custom_attributes": dict(attributes),
        }
        made = await self._call("POST", "conversations", self._bot, json=body)
        return str(made["id"])

    async def describe(self, key: str, attributes: Mapping[str, Any]) -> None:
        """Replace what the desk's lists show of a conversation."""
        path = f"conversations/{key}/custom_attributes"
        body = {"custom_attributes": dict(attributes)}
        await self._call("POST", path, self._user, json=body)

    async def write(self, key: str, text: str, *, kind: int, private: bool) -> Written:
        """Write into a conversation."""
        body = {
            "content": text,
            "message_type": "incoming" if kind == INCOMING else "outgoing",
            "private": private,
        }
        path = f"conversations/{key}/messages"
        return _written(await self._call("POST", path, self._bot, json=body))

    async def find_written(
        self, key: str, text: str, *, kind: int, private: bool, after: str | None
    ) -> Written | None:
        """Return a message of ours that arrived although we were not told so."""
        found = await self._get(f"conversations/{key}/messages")
        for one in found["payload"]:
            is_ours = kind == INCOMING or one.get("sender_type") == "AgentBot"
            same = (one.get("message_type"), bool(one.get("private")))
            is_later = int(one["id"]) > int(after or 0)
            if same == (kind, private) and is_ours and is_later:
                if one.get("content") == text:
                    return _written(one)
        return None

    async def turn(self, key: str, status: str) -> None:
        """Set a conversation's status."""
        path = f"conversations/{key}/toggle_status"
        await self._call("POST", path, self._bot, json={"status": status})

    async def inbox(self) -> Mapping[str, Any]:
        """Return how our inbox is set up."""
        found: Mapping[str, Any] = await self._get(f"inboxes/{self._inbox}")
        return found

    async def bot(self) -> Mapping[str, Any]:
        """Return the agent bot of our inbox; empty when there is none."""
        found = await self._get(f"inboxes/{self._inbox}/agent_bot")
        bot: Mapping[str, Any] = found.get("agent_bot") or {}
        return bot

    async def knows_bot(self) -> bool:
        """Tell whether the bot's key is known: then conversation 0 is only absent."""
        try:
            await self.turn("0", "open")
        except Absent:
            return True
        except Refused:
            return False
        return True

    def _secrets(self) -> Sequence[str]:
        return [self._setting("secret"), self._setting("bot_secret")]

    def _setting(self, key: str) -> str:
        return self._line.settings.get(key, "")

    @property
    def _user(self) -> str:
        return self._setting("user_token")

    @property
    def _bot(self) -> str:
        return self._setting("bot_token")

    @property
    def _inbox(self) -> int:
        return int(self._setting("inbox"))

    async def _get(self, path: str, **query: str) -> Any:
        return await self._call("GET", path, self._user, params=query)

    async def _call(self, method: str, path: str, token: str, **content: Any) -> Any:
        """Call Chatwoot; return the answer's body.

        Raises:
            Later: it cannot be reached, is busy, or broke. Refused: it will not.
        """
        account = f"{self._setting('url').rstrip('/')}/api/v1/accounts"
        url = f"{account}/{self._setting('account')}/{path}"
        headers = {"api_access_token": token}
        try:
            response = await self._line.http.request(
                method, url, headers=headers, **content
            )
        except httpx.HTTPError as error:
            raise Later(f"no answer: {type(error).__name__}") from None
        _judge(response)
        try:
            return response.json() if response.content.strip() else {}
        except ValueError:
            raise Later("what answered is not Chatwoot") from None


def _written(given: Mapping[str, Any]) -> Written:
    return Written(str(given["id"]), moment(given.get("created_at")))


def check_any(secrets: Sequence[str], message: bytes, given: str) -> None:
    """Compare a signature with that of each secret; one that fits is enough.

    Raises:
        Forged: none does.
    """
    *others, last = [secret for secret in secrets if secret] or [""]
    for secret in others:
        try:
            check_hmac(secret, message, given, prefix="sha256=")
        except Forged:
            continue
        return
    check_hmac(last, message, given, prefix="sha256=")


def _judge(response: httpx.Response) -> None:
    status = response.status_code
    if status == 429 or status >= 500:
        after = seconds(response.headers.get("retry-after"))
        raise Later(f"it answered {status}", after, limited=status == 429)
    if status == 404:
        raise Absent("it answered 404: not found")
    if status >= 400 or response.is_redirect:
        raise Refused(f"it answered {status}{_reason(response)}")


def _reason(response: httpx.Response) -> str:
    """Return what Chatwoot says is wrong, if it says so."""
    try:
        body = response.json()
    except ValueError:
        return ""
    found = body.get("error") or body.get("message") if isinstance(body, dict) else ""
    return f": {str(found)[:200]}" if found else ""
