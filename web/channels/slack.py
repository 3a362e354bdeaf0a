"""Slack: the Events API, interactivity, and messages in blocks."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import PlainTextResponse, Response

from journey.messages.dispatches import Load
from journey.messages.rendering import Card, Choice
from journey.messages.threads import Origin
from web.channels.base import Channel, Setting
from web.channels.checks import check_fresh, check_hmac
from web.channels.faults import Later, Refused, Unreadable
from web.channels.incoming import Incoming, Kind, Raw, instant

API = "https://slack.com/api"
MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>\s*")
LINK = re.compile(r"<(?:[#!][^|>]*\|?|[^|>]*\|)?([^>]*)>")
SAID = frozenset({None, "me_message", "thread_broadcast", "file_share"})
MEDIA = {"image": "image", "audio": "voice", "video": "video"}
TROUBLE = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "ratelimited",
        "invalid_auth",
        "not_authed",
        "token_expired",
        "token_revoked",
        "account_inactive",
    }
)
"""Errors that pass, or that the owner can mend: the message is tried again."""
Event = Mapping[str, Any]


class Slack(Channel):
    """One app in a workspace: direct messages, and threads in which it is named."""

    name = "slack"
    left = (
        "On api.slack.com/apps put {url} into Event Subscriptions > Request URL "
        "and into Interactivity > Request URL, and subscribe to the bot events "
        "message.im, app_mention and reaction_added."
    )
    settings = (
        Setting("token", "the bot user's token, xoxb-"),
        Setting("signing_secret", "the app's signing secret"),
        Setting("api", "another server of the Web API", secret=False, optional=True),
    )

    def check(self, raw: Raw, now: datetime) -> None:
        """Check the v0 signature over timestamp and body, and the timestamp."""
        stamp = raw.headers.get("x-slack-request-timestamp", "")
        check_fresh(stamp, now)
        signed = b"v0:" + stamp.encode() + b":" + raw.body
        given = raw.headers.get("x-slack-signature", "")
        check_hmac(self.setting("signing_secret"), signed, given, prefix="v0=")

    def read(self, raw: Raw, now: datetime) -> Sequence[Incoming]:
        """Return what an event or a press says."""
        body = _body(raw)
        try:
            if body.get("type") == "block_actions":
                return list(_presses(body, now))
            if body.get("type") == "event_callback":
                return list(_events(body, now))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise Unreadable(f"the event lacks {error}") from error
        return []

    def acknowledge(self, raw: Raw) -> Response:
        """Answer with the challenge by which Slack makes sure of the address."""
        body = _body(raw)
        if body.get("type") == "url_verification":
            return PlainTextResponse(str(body.get("challenge", "")))
        return Response(status_code=200)

    async def send(self, load: Load, now: datetime) -> str | None:
        """Post one message into its thread."""
        del now
        part = load.part
        message: dict[str, Any] = {
            "channel": load.address["channel"],
            "text": html.escape(part.text, quote=False) or " ",
            "mrkdwn": False,
            "unfurl_links": False,
        }
        if load.address.get("thread_ts"):
            message["thread_ts"] = load.address["thread_ts"]
        if part.choices or part.cards:
            message["blocks"] = list(_blocks(part.text, part.cards, part.choices))
        answer = await self.call("chat.postMessage", message)
        return f"{answer['channel']}:{answer['ts']}"

    async def probe(self) -> str:
        """Return the bot's name and its workspace."""
        me = await self.call("auth.test", {})
        return f"{me['user']} in {me['team']}"

    async def call(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call a method of the Web API; return its answer.

        Raises:
            Later, Refused: as the API says.
        """
        url = f"{self.setting('api') or API}/{method}"
        headers = {"authorization": f"Bearer {self.setting('token')}"}
        response = await self.post(url, headers=headers, json=body)
        try:
            answer: Mapping[str, Any] = response.json()
        except ValueError:
            raise Later(f"slack answered {response.status_code}, no JSON") from None
        if answer.get("ok"):
            return answer
        error = str(answer.get("error", response.status_code))
        if error in TROUBLE:
            raise Later(f"slack: {error}")
        raise Refused(f"slack: {error}")


def _body(raw: Raw) -> Mapping[str, Any]:
    """Return an event, which is JSON, or a press, which is JSON in a form."""
    if raw.body.lstrip().startswith(b"{"):
        return raw.json()
    try:
        found = json.loads(raw.form()["payload"])
    except (KeyError, ValueError, RecursionError) as error:
        raise Unreadable("the body is neither an event nor a payload") from error
    if not isinstance(found, dict):
        raise Unreadable("the payload is no JSON object")
    return found


def _events(body: Event, now: datetime) -> Iterator[Incoming]:
    event, team = body["event"], body["team_id"]
    if event["type"] in ("message", "app_mention"):
        if one := _message(event, team, now):
            yield one
    elif event["type"] == "reaction_added" and event["item"]["type"] == "message":
        item = {**event["item"], "user": event["user"]}
        yield Incoming(
            Kind.REACTION,
            body["event_id"],
            _origin(item, team),
            instant(event.get("event_ts"), now),
            str(event["reaction"]),
            about=_id(item["channel"], item["ts"]),
        )


def _message(event: Event, team: str, now: datetime) -> Incoming | None:
    subtype = event.get("subtype")
    if subtype == "message_changed":
        return _edit(event, team, now)
    if subtype == "message_deleted":
        return _deletion(event, team, now)
    if subtype not in SAID or event.get("bot_id") or "user" not in event:
        return None
    media = tuple(_medium(file) for file in event.get("files", ()))
    text = plain(event.get("text") or "")
    if not text and not media:
        return None
    named = event["type"] == "app_mention" or _is_direct(event)
    return Incoming(
        Kind.MEDIA if media else Kind.TEXT,
        _id(event["channel"], event["ts"]),
        _origin(event, team),
        instant(event["ts"], now),
        text,
        media=media,
        known_only=not named,
    )


def _edit(event: Event, team: str, now: datetime) -> Incoming | None:
    message, before = event["message"], event.get("previous_message", {})
    # An unfurled link changes a message, too; its text stays as it was.
    if message.get("bot_id") or message.get("text") == before.get("text"):
        return None
    if "user" not in message:
        return None
    about = {**message, "channel": event["channel"]}
    return Incoming(
        Kind.EDIT,
        _id(event["channel"], event["ts"]),
        _origin(about, team),
        instant(event["ts"], now),
        plain(message.get("text") or ""),
        about=_id(event["channel"], message["ts"]),
        known_only=True,
    )


def _deletion(event: Event, team: str, now: datetime) -> Incoming | None:
    before = event.get("previous_message", {})
    if before.get("bot_id") or "user" not in before:
        return None
    about = {**before, "channel": event["channel"]}
    return Incoming(
        Kind.DELETION,
        _id(event["channel"], event["ts"]),
        _origin(about, team),
        instant(event["ts"], now),
        about=_id(event["channel"], event["deleted_ts"]),
    )


def _presses(body: Event, now: datetime) -> Iterator[Incoming]:
    container = {**body.get("message", {}), "channel": body["channel"]["id"]}
    origin = _origin({**container, "user": body["user"]["id"]}, body["team"]["id"])
    for action in body["actions"]:
        yield Incoming(
            Kind.PRESS,
            f"press:{action['action_ts']}:{body['user']['id']}",
            origin,
            instant(action["action_ts"], now),
            str((action.get("text") or {}).get("text", "")),
            token=str(action.get("value", "")),
        )


def _is_direct(event: Event) -> bool:
    return str(event["channel"]).startswith("D")


def _origin(event: Event, team: str) -> Origin:
    """Return who writes: a direct message is one conversation, each thread another."""
    channel, user = event["channel"], event["user"]
    thread = event.get("thread_ts")
    key = f"{team}:{channel}"
    if not _is_direct(event):
        thread = thread or event["ts"]
        key = f"{key}:{thread}:{user}"
    address = {"channel": channel, "thread_ts": thread}
    return Origin(key, f"{team}:{user}", address)


def plain(text: str) -> str:
    """Return Slack's markup as it was typed: no mention of us, links as they read."""
    unnamed = MENTION.sub("", text)
    return html.unescape(LINK.sub(r"\1", unnamed)).strip()


def _medium(file: Mapping[str, Any]) -> Mapping[str, Any]:
    family = str(file.get("mimetype", "")).partition("/")[0]
    return {"kind": MEDIA.get(family, "file"), "id": file.get("id")}


def _blocks(
    text: str, cards: Sequence[Card], choices: Sequence[Choice]
) -> Iterator[dict[str, Any]]:
    if text:
        yield _section(text)
    for number, card in enumerate(cards, 1):
        block = _section(f"{card.title}\n{card.text}")
        if card.choice:
            block["accessory"] = _button(card.choice, f"card_{number}")
        yield block
    if choices:
        buttons = [_button(c, f"choice_{n}") for n, c in enumerate(choices, 1)]
        yield {"type": "actions", "elements": buttons}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}


def _button(choice: Choice, name: str) -> dict[str, Any]:
    title = {"type": "plain_text", "text": choice.title}
    return {"type": "button", "text": title, "value": choice.token, "action_id": name}


def _id(channel: str, stamp: str) -> str:
    return f"{channel}:{stamp}"
