"""Slack's events and presses: what each kind of them says."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from journey.messages.threads import Origin
from web.channels.faults import Unreadable
from web.channels.incoming import Incoming, Kind, Raw, instant

MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>\s*")
LINK = re.compile(r"<(?:[#!][^|>]*\|?|[^|>]*\|)?([^>]*)>")
SAID = frozenset({None, "me_message", "thread_broadcast", "file_share"})
MEDIA = {"image": "image", "audio": "voice", "video": "video"}
Event = Mapping[str, Any]


def body_of(raw: Raw) -> Mapping[str, Any]:
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


def read_events(body: Event, now: datetime) -> Iterator[Incoming]:
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


def read_presses(body: Event, now: datetime) -> Iterator[Incoming]:
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


def _id(channel: str, stamp: str) -> str:
    return f"{channel}:{stamp}"
