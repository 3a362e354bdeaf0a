"""WhatsApp: the Cloud API."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from journey.messages.capabilities import capability
from journey.messages.dispatches import Load, State
from journey.messages.rendering import Part
from journey.messages.threads import Origin, is_open
from web.channels.base import Setting
from web.channels.faults import Refused, WindowClosed
from web.channels.incoming import Incoming, Kind, Raw, instant
from web.channels.meta import SETTINGS, Meta, entries

BUTTONS = 3
"""More choices than so many become rows of a list."""
MEDIA = {
    "image": "image",
    "audio": "voice",
    "voice": "voice",
    "video": "video",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
}
STATES = {"delivered": State.DELIVERED, "read": State.READ, "failed": State.DEAD}
SILENT = frozenset({"system", "request_welcome", "ephemeral"})
"""What a phone number tells about itself; nobody said it."""
Content = Mapping[str, Any]
Told = tuple[Callable[[Content, datetime], Incoming | None], Content]


class WhatsApp(Meta):
    """One phone number of a business."""

    name = "whatsapp"
    left = (
        "In Meta's app dashboard, WhatsApp > Configuration: callback {url}, "
        "verify token {verify_token}, and subscribe to messages, "
        "smb_message_echoes and user_preferences."
    )
    settings = (
        Setting("phone_number_id", "the id of your phone number", secret=False),
        *SETTINGS,
        Setting(
            "number",
            "the number itself, for links and QR codes",
            secret=False,
            optional=True,
        ),
        Setting(
            "template",
            "the approved template that asks a customer to write, after 24 hours",
            secret=False,
            optional=True,
        ),
        Setting(
            "template_language",
            "the template's language, such as en_US",
            secret=False,
            optional=True,
        ),
    )

    def parts(self, raw: Raw) -> Iterator[Told]:
        """Yield all that was sent; a webhook can hold many messages and reports."""
        for entry in entries(raw.json(), "whatsapp_business_account"):
            for change in entry.get("changes", ()):
                value = change["value"]
                number = value.get("metadata", {}).get("phone_number_id")
                if number in (None, self.setting("phone_number_id")):
                    yield from _told(value)

    def read(self, part: Told, now: datetime) -> Iterator[Incoming]:
        """Return what a message, a report, an echo or a wish says."""
        reader, thing = part
        one = reader(thing, now)
        if one:
            yield one

    def invite(self, code: str) -> str | None:
        """Return the address that opens a chat with our number and a code."""
        number = self.setting("number").lstrip("+").replace(" ", "")
        return f"https://wa.me/{number}?text={code}" if number else None

    async def probe(self) -> str:
        """Return the number and the name that customers see."""
        fields = "display_phone_number,verified_name"
        path = f"{self.setting('phone_number_id')}?fields={fields}"
        me = await self.look(path)
        return f"{me.get('verified_name')} {me.get('display_phone_number')}"

    async def send(self, load: Load, now: datetime) -> str | None:
        """Send one message; outside the window its template, if it has one."""
        part = load.part
        if is_open(capability(self.name), load.heard_at, now):
            content = self._free(part)
        elif part.template:
            content = _template(part.template)
        else:
            raise WindowClosed("the customer wrote more than 24 hours ago")
        return await self._post(load, content)

    async def knock(self, load: Load, now: datetime) -> None:
        """Send the template that asks a customer to write."""
        del now
        if name := self.setting("template"):
            language = self.setting("template_language") or "en"
            await self._post(load, _template({"name": name, "language": language}))

    async def _post(self, load: Load, content: Content) -> str:
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **load.address,
            **content,
        }
        path = f"{self.setting('phone_number_id')}/messages"
        answer = await self.call(path, message)
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError):
            raise Refused("whatsapp gave no id") from None

    def _free(self, part: Part) -> Content:
        if not part.choices:
            text = {"body": part.text, "preview_url": False}
            return {"type": "text", "text": text}
        action = self._rows(part) if len(part.choices) > BUTTONS else _buttons(part)
        kind = "list" if len(part.choices) > BUTTONS else "button"
        shown = {"type": kind, "body": {"text": part.text}, "action": action}
        return {"type": "interactive", "interactive": shown}

    def _rows(self, part: Part) -> Content:
        rows = [{"id": c.token, "title": c.title} for c in part.choices]
        return {"button": self._line.says["open_list"], "sections": [{"rows": rows}]}


def _buttons(part: Part) -> Content:
    replies = [{"id": c.token, "title": c.title} for c in part.choices]
    return {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}


def _template(template: Content) -> Content:
    """Return an approved template with the values that fill its places."""
    body: dict[str, Any] = {
        "name": template["name"],
        "language": {"code": template["language"]},
    }
    if values := template.get("values"):
        filled = [{"type": "text", "text": str(value)} for value in values]
        body["components"] = [{"type": "body", "parameters": filled}]
    return {"type": "template", "template": body}


def _told(value: Content) -> Iterator[Told]:
    """Yield each thing that a change holds, with what reads it."""
    names = {
        contact.get("wa_id") or contact.get("user_id"): contact["profile"].get("name")
        for contact in value.get("contacts", ())
        if contact.get("profile")
    }
    for field, reader in (
        ("messages", partial(_message, names)),
        ("statuses", _receipt),
        ("message_echoes", _echo),
        ("user_preferences", _wish),
    ):
        yield from ((reader, thing) for thing in value.get(field, ()))


def _echo(echo: Content, now: datetime) -> Incoming:
    text = (echo.get("text") or {}).get("body", "")
    at = instant(echo.get("timestamp"), now)
    return Incoming(Kind.PERSON, echo["id"], _origin(echo["to"]), at, text)


def _wish(wish: Content, now: datetime) -> Incoming | None:
    if wish.get("value") != "stop":
        return None
    at, origin = instant(wish.get("timestamp"), now), _origin(wish["wa_id"])
    stop = f"preference:{wish['wa_id']}:{wish.get('timestamp')}"
    return Incoming(Kind.OPT_OUT, stop, origin, at, wish.get("detail", ""))


def _message(names: Content, message: Content, now: datetime) -> Incoming | None:
    who = message.get("from") or message["from_user_id"]
    origin = _origin(who, names.get(who), by_number="from" in message)
    at, kind = instant(message.get("timestamp"), now), message["type"]
    base = (message["id"], origin, at)
    content = message.get(kind) or {}
    if kind == "text":
        return Incoming(Kind.TEXT, *base, content["body"])
    if kind == "button":
        return Incoming(Kind.TEXT, *base, content["text"])
    if kind == "interactive":
        reply = content.get("button_reply") or content["list_reply"]
        return Incoming(Kind.PRESS, *base, reply["title"], token=reply["id"])
    if kind == "reaction":
        shown = content.get("emoji", "")
        return Incoming(Kind.REACTION, *base, shown, about=content["message_id"])
    if kind == "edit":
        return _edit(content, base)
    if kind == "revoke":
        about = content["original_message_id"]
        return Incoming(Kind.DELETION, *base, about=about)
    if kind in SILENT:
        return None
    medium = {"kind": MEDIA.get(kind, "unknown")}
    if isinstance(content, dict) and "id" in content:
        medium["id"] = content["id"]
    caption = content.get("caption", "") if isinstance(content, dict) else ""
    return Incoming(Kind.MEDIA, *base, caption, media=(medium,))


def _edit(content: Content, base: tuple[str, Origin, datetime]) -> Incoming:
    new = content["message"]
    said = new.get(new["type"], {})
    text = said.get("body") or said.get("caption") or ""
    return Incoming(Kind.EDIT, *base, text, about=content["original_message_id"])


def _receipt(status: Content, now: datetime) -> Incoming | None:
    if status["status"] not in STATES:
        return None
    errors = status.get("errors") or [{}]
    why = errors[0].get("title") or errors[0].get("message")
    return Incoming(
        Kind.RECEIPT,
        f"{status['id']}:{status['status']}",
        _origin(status.get("recipient_id") or status.get("recipient_user_id") or ""),
        instant(status.get("timestamp"), now),
        about=status["id"],
        state=STATES[status["status"]],
        failure=f"whatsapp {errors[0].get('code')}: {why}" if why else None,
    )


def _origin(who: str, name: str | None = None, *, by_number: bool = True) -> Origin:
    """Return who writes: a number, or the id of who keeps theirs to themselves."""
    address = {"to": who} if by_number else {"recipient": who}
    return Origin(who, who, address, name)
