"""The generic webhook: signed JSON both ways, after the Standard Webhooks scheme."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from journey.messages.dispatches import Load
from journey.messages.threads import Origin
from web.channels.base import Channel, Setting
from web.channels.faults import Gone, Refused, Unreadable
from web.channels.incoming import Incoming, Kind, Raw
from web.channels.signing import check_signed, signed_headers

MEDIA = Literal["image", "voice", "video", "file", "sticker", "location", "contact"]
Key = Annotated[str, Field(min_length=1, max_length=150)]


class Medium(BaseModel):
    """Something beside text; where it can be fetched is shown to a person only."""

    model_config = ConfigDict(extra="forbid")

    kind: MEDIA
    url: Annotated[str, Field(max_length=2000)] | None = None


class Letter(BaseModel):
    """One thing that the other side tells us."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: Key
    person: Annotated[Key, Field(alias="from")]
    conversation: Key | None = None
    name: Annotated[str, Field(min_length=1, max_length=150)] | None = None
    at: AwareDatetime | None = None
    type: Literal[
        "message", "edit", "deletion", "reaction", "receipt", "blocked", "agent"
    ] = "message"
    text: Annotated[str, Field(max_length=100_000)] = ""
    choice: Annotated[str, Field(max_length=200)] | None = None
    media: Annotated[list[Medium], Field(max_length=20)] = []
    about: Key | None = None
    state: Literal["delivered", "read", "dead"] | None = None
    failure: Annotated[str, Field(max_length=500)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Letter":
        if self.type == "message" and not (self.text or self.choice or self.media):
            raise ValueError("a message needs text, choice or media")
        if self.type in ("edit", "deletion", "reaction", "receipt") and not self.about:
            raise ValueError(f"{self.type} needs about: the id of the message")
        if self.type == "receipt" and not self.state:
            raise ValueError("receipt needs state")
        return self


KINDS = {
    "edit": Kind.EDIT,
    "deletion": Kind.DELETION,
    "reaction": Kind.REACTION,
    "receipt": Kind.RECEIPT,
    "blocked": Kind.BLOCKED,
    "agent": Kind.PERSON,
}


class Webhook(Channel):
    """Whatever speaks signed JSON: your own app, a gateway, a channel to come."""

    name = "webhook"
    left = "Post your customers' messages, signed, to {url}."
    settings = (
        Setting("secret", "the shared secret, whsec_ and base64", made=True),
        Setting("url", "where messages to customers are posted", secret=False),
    )

    def check(self, raw: Raw, now: datetime) -> None:
        """Check the signature over id, timestamp and body, and the timestamp."""
        check_signed(self.setting("secret"), raw, now)

    def parts(self, raw: Raw) -> Iterable[Any]:
        """Return the one letter, or the several, that were sent."""
        body = raw.json()
        if set(body) != {"messages"}:
            return [body]
        if not isinstance(body["messages"], list):
            raise Unreadable("messages is no list")
        return body["messages"]

    def read(self, part: Any, now: datetime) -> Iterable[Incoming]:
        """Return what a letter says."""
        try:
            letter = Letter.model_validate(part)
        except ValidationError as error:
            raise Unreadable(_reason(error)) from error
        return [_incoming(letter, now)]

    async def send(self, load: Load, now: datetime) -> str | None:
        """Post one message; the other side may answer with its own id for it."""
        body = json.dumps(
            {
                "id": load.provider_id,
                **load.address,
                "author": load.author,
                **asdict(load.part),
            },
            ensure_ascii=False,
        ).encode()
        secret = self.setting("secret")
        headers = {
            "content-type": "application/json",
            **signed_headers(secret, load.provider_id, body, now),
        }
        response = await self.post(self.setting("url"), headers=headers, content=body)
        if response.status_code == 410:
            raise Gone("webhook answered 410")
        if response.is_error or response.is_redirect:
            raise Refused(f"webhook answered {response.status_code}")
        return _id_in(response.content) or load.provider_id


def _incoming(letter: Letter, now: datetime) -> Incoming:
    key = letter.conversation or letter.person
    address = {"to": letter.person, "conversation": key}
    return Incoming(
        _kind(letter),
        letter.id,
        Origin(key, letter.person, address, letter.name),
        letter.at or now,
        letter.text,
        token=letter.choice,
        media=tuple(medium.model_dump(exclude_none=True) for medium in letter.media),
        about=letter.about,
        state=letter.state,
        failure=letter.failure,
    )


def _kind(letter: Letter) -> Kind:
    if letter.type != "message":
        return KINDS[letter.type]
    if letter.choice is not None:
        return Kind.PRESS
    return Kind.MEDIA if letter.media else Kind.TEXT


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(map(str, first["loc"])) or "body"
    return f"{field}: {first['msg']}"


def _id_in(answer: bytes) -> str | None:
    try:
        found: Any = json.loads(answer)["id"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) and found else None
