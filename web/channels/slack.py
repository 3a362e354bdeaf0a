"""Slack: the Events API, interactivity, and messages in blocks."""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import PlainTextResponse, Response

from journey.messages.dispatches import Load
from journey.messages.rendering import Card, Choice
from web.channels.base import Channel, Setting
from web.channels.checks import check_fresh, check_hmac
from web.channels.faults import Later, Refused
from web.channels.incoming import Incoming, Raw
from web.channels.slack_events import Event, body_of, read_events, read_presses

API = "https://slack.com/api"
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

    def parts(self, raw: Raw) -> Sequence[Event]:
        """Return the event, or the press, that was sent."""
        return [body_of(raw)]

    def read(self, part: Event, now: datetime) -> Iterable[Incoming]:
        """Return what an event or a press says."""
        if part.get("type") == "block_actions":
            return read_presses(part, now)
        if part.get("type") == "event_callback":
            return read_events(part, now)
        return []

    def acknowledge(self, raw: Raw) -> Response:
        """Answer with the challenge by which Slack makes sure of the address."""
        body = body_of(raw)
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
