"""The chat's requests: a session, messages in, events out, history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from journey.desk import presence
from journey.messages import buttons, cleaning, conversations, inbox
from journey.people.consent import stop_writing
from journey.people.customers import keep_zone
from journey.store.tables import Conversation, Customer
from web.edge import Refusal, read_body, read_number
from web.service import Service
from web.session import (
    CHANNEL,
    COOKIE,
    LASTS,
    NoSession,
    Visitor,
    is_foreign,
    recognise,
    stranger,
)
from web.vouching import NotVouched, Subject

PAGE = 50

Name = Annotated[str, Field(min_length=1, max_length=150)]
Zone = Annotated[str, Field(max_length=64)]
"""Where the browser's clock is, such as Europe/Berlin."""


class Who(BaseModel):
    """Who opens the chat: nobody known, or a customer for whom the site vouches.

    It signs their id, or hands on the ID token of its own sign-in.
    """

    model_config = ConfigDict(extra="forbid")

    user_id: Name | None = None
    signature: Name | None = None
    id_token: Annotated[str, Field(min_length=1, max_length=16_000)] | None = None
    name: Name | None = None
    zone: Zone | None = None


class Post(BaseModel):
    """A message: the browser's own id and zone, and a text or a button's token."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    text: str | None = None
    token: Annotated[str, Field(max_length=100)] | None = None
    zone: Zone | None = None

    @model_validator(mode="after")
    def _has_one(self) -> "Post":
        if (self.text is None) == (self.token is None):
            raise ValueError("give either text or token")
        return self


class Here(BaseModel):
    """That somebody looks at the chat: how far they have read, whether they type."""

    model_config = ConfigDict(extra="forbid")

    read: Annotated[int, Field(ge=0)] = 0
    typing: bool = False


@dataclass(frozen=True)
class Heard:
    """A message that may be stored."""

    provider_id: str
    text: str
    token: str | None
    zone: str | None


async def open_session(request: Request) -> Response:
    """Say who is writing, and give the page what it needs to begin."""
    service = Service.of(request)
    who = await read_body(request, Who)
    visitor = await _visitor(service, request, who)
    if who.zone:
        await _note_zone(service, visitor, who.zone)
    pulse = await service.store.read(
        lambda s: conversations.pulses(s, [visitor.conversation_id], service.clock())
    )
    known = pulse.get(visitor.conversation_id)
    body: dict[str, Any] = {
        "conversation": visitor.conversation_id,
        "verified": visitor.verified,
        "position": known.position if known else 0,
        "elsewhere": [
            [name, service.texts.say(f"channel_{name}")]
            for name, channel in service.channels.items()
            if channel.invite("")
        ],
    }
    sealed = service.signer.seal(visitor)
    if is_foreign(request):
        return JSONResponse(body | {"token": sealed})
    response = JSONResponse(body)
    response.set_cookie(
        COOKIE,
        sealed,
        max_age=LASTS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


async def _note_zone(service: Service, visitor: Visitor, zone: str) -> None:
    """Note where a customer whom we know is now; they may have travelled."""
    known = await service.store.read(lambda s: s.get(Customer, visitor.customer_id))
    if known is not None and known.timezone != zone:
        await service.store.write(lambda s: keep_zone(s, visitor.customer_id, zone))


async def _visitor(service: Service, request: Request, who: Who) -> Visitor:
    visiting, subject = _visiting(service, request), await _subject(service, who)
    if subject is None:
        # The site's word counts: without it a verified session is over.
        return visiting if visiting and not visiting.verified else stranger()
    now = service.clock()
    return await service.store.write(
        lambda session: recognise(
            session, subject.user_id, name=subject.name, now_visiting=visiting, now=now
        )
    )


async def _subject(service: Service, who: Who) -> Subject | None:
    """Return for whom the site vouches; None: for nobody."""
    if who.id_token is not None:
        if service.id_tokens is None:
            raise NoSession
        try:
            return await service.id_tokens.subject(who.id_token)
        except NotVouched:
            raise NoSession from None
    if who.user_id is None:
        return None
    if not service.signer.vouches(who.user_id, who.signature or ""):
        raise NoSession
    return Subject(who.user_id, who.name)


def _visiting(service: Service, request: Request) -> Visitor | None:
    try:
        return service.signer.visitor(request)
    except NoSession:
        return None


async def get_words(request: Request) -> Response:
    """Return what the page says itself."""
    words = dict(Service.of(request).texts.words)
    return JSONResponse(words, headers={"cache-control": "max-age=300"})


async def post_message(request: Request) -> Response:
    """Accept a message: stored before it is confirmed, and once."""
    service = Service.of(request)
    visitor = service.signer.visitor(request)
    service.rate.count(visitor.conversation_id)
    post = await read_body(request, Post)
    heard = Heard(post.id, _text(post), post.token, post.zone)
    now = service.clock()
    try:
        position, new = await service.store.write(
            lambda session: _accept(session, service, visitor, heard, now), first=True
        )
    except IntegrityError:
        # Two first messages at once, both about to make the conversation.
        position, new = await service.store.write(
            lambda session: _accept(session, service, visitor, heard, now), first=True
        )
    if new:
        service.worker.nudge()
        await service.hub.look([visitor.conversation_id])
    return JSONResponse({"id": post.id, "position": position}, 202)


def _text(post: Post) -> str:
    if post.text is None:
        return ""
    try:
        return cleaning.clean(post.text)
    except cleaning.Empty:
        raise Refusal(400, "unreadable") from None
    except cleaning.TooLong:
        raise Refusal(413, "too_long") from None


def _accept(
    session: Session, service: Service, visitor: Visitor, heard: Heard, now: datetime
) -> tuple[int, bool]:
    conversation = conversations.opened(
        session,
        visitor.conversation_id,
        customer_id=visitor.customer_id,
        channel=CHANNEL,
        now=now,
    )
    keep_zone(session, conversation.customer_id, heard.zone)
    text, payload = heard.text, None
    if heard.token is not None:
        text, payload = _pressed(session, conversation, heard.token, now)
    if conversation.owner in conversations.WITH_PERSON:
        presence.stops_typing(session, conversation.id, presence.CUSTOMER)
    conversations.disclose(
        session, conversation, service.texts.say("disclosure"), now=now
    )
    accepted = inbox.accept(
        session,
        conversation,
        provider_id=heard.provider_id,
        text=text,
        payload=payload,
        urgent=service.texts.urgent.touches(text),
        now=now,
    )
    if accepted[1] and not payload and service.texts.is_stop(text, CHANNEL):
        _stop(session, conversation, heard, now)
    return accepted


def _stop(
    session: Session, conversation: Conversation, heard: Heard, now: datetime
) -> None:
    """Stop at once what we write of ourselves, whatever the engine does."""
    message = inbox.find(session, conversation.id, heard.provider_id)
    assert message is not None
    stop_writing(
        session, conversation.customer_id, heard.text, source=message.id, now=now
    )


def _pressed(
    session: Session, conversation: Conversation, token: str, now: datetime
) -> tuple[str, str]:
    try:
        button = buttons.redeem(session, conversation.id, token, now=now)
    except buttons.UnknownButton:
        raise Refusal(400, "unknown_button") from None
    return button.title, button.payload


async def be_here(request: Request) -> Response:
    """Let a person who answers see that the customer reads or types."""
    service = Service.of(request)
    visitor = service.signer.visitor(request)
    service.rate.count(f"here {visitor.conversation_id}")
    here = await read_body(request, Here)
    now, conversation_id = service.clock(), visitor.conversation_id
    pulse = await service.store.read(
        lambda s: conversations.pulses(s, [conversation_id], now).get(conversation_id)
    )
    if pulse and pulse.person:
        read = min(here.read, pulse.position)
        await service.store.write(
            lambda session: _note_presence(session, conversation_id, read, here, now)
        )
        await service.desk.watch.look()
    return Response(status_code=204)


def _note_presence(
    session: Session, conversation_id: str, read: int, here: Here, now: datetime
) -> None:
    presence.saw(session, conversation_id, presence.CUSTOMER, read, now)
    if here.typing:
        presence.types(session, conversation_id, presence.CUSTOMER, now)


async def get_history(request: Request) -> Response:
    """Return a page of messages, oldest first."""
    service = Service.of(request)
    visitor = service.signer.visitor(request)
    before = read_number(request.query_params.get("before"))
    rows = await service.store.read(
        lambda s: conversations.before(s, visitor.conversation_id, before, limit=PAGE)
    )
    messages = [conversations.shown(row) for row in rows]
    more = bool(messages) and messages[0]["position"] > 1
    return JSONResponse({"messages": messages, "more": more})


ROUTES = [
    Route("/chat/words", get_words),
    Route("/chat/session", open_session, methods=["POST"]),
    Route("/chat/messages", post_message, methods=["POST"]),
    Route("/chat/here", be_here, methods=["POST"]),
    Route("/chat/history", get_history),
]
