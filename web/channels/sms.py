"""SMS: Twilio's Programmable Messaging."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response
from twilio.request_validator import RequestValidator

from journey.messages.dispatches import Load, State
from journey.messages.threads import Origin
from web.channels.base import Channel, Setting
from web.channels.faults import Forged, Gone, Later, Refused, Unreadable
from web.channels.incoming import Incoming, Kind, Raw

API = "https://api.twilio.com"
STOPS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
)
"""Words at which the carrier sends nothing more, whatever we think."""
STATES = {
    "delivered": State.DELIVERED,
    "read": State.READ,
    "undelivered": State.DEAD,
    "failed": State.DEAD,
}
STOPPED = 21610
AUTH = frozenset({20003, 20403})
MEDIA = {"image": "image", "audio": "voice", "video": "video"}
Form = Mapping[str, str]


class Sms(Channel):
    """One number, or one messaging service, of Twilio's."""

    name = "sms"
    left = (
        "In Twilio's console, your number > Messaging: a message comes in: "
        "webhook {url}, HTTP POST."
    )
    settings = (
        Setting("account_sid", "the account's SID, AC…", secret=False),
        Setting("token", "the account's auth token"),
        Setting("from", "your number, +…, or a messaging service, MG…", secret=False),
        Setting("url", "the webhook's address as Twilio calls it", secret=False),
        Setting("api", "another server of Twilio's API", secret=False, optional=True),
    )

    def check(self, raw: Raw, now: datetime) -> None:
        """Check Twilio's signature over the address and the form; it has no time."""
        del now
        given = raw.headers.get("x-twilio-signature", "")
        try:
            form = raw.form()
        except Unreadable as error:
            raise Forged("the body is no form") from error
        validator = RequestValidator(self.setting("token"))
        if not validator.validate(self.setting("url"), form, given):
            raise Forged("the signature does not fit")

    def parts(self, raw: Raw) -> Sequence[Form]:
        """Return the form that was sent."""
        return [raw.form()]

    def read(self, part: Form, now: datetime) -> Sequence[Incoming]:
        """Return what a message, or a report about one of ours, says."""
        if "MessageStatus" in part:
            return _report(part, now)
        return _message(part, now)

    def acknowledge(self, raw: Raw) -> Response:
        """Answer with TwiML that says nothing: our answer is sent by the API."""
        del raw
        return Response("<Response/>", media_type="text/xml")

    def invite(self, code: str) -> str | None:
        """Return the address that opens a message to our number with a code."""
        number = self.setting("from")
        return f"sms:{number}?body={code}" if number.startswith("+") else None

    async def probe(self) -> str:
        """Return the account's name and state."""
        account = self.setting("account_sid")
        base = self.setting("api") or API
        url = f"{base}/2010-04-01/Accounts/{account}.json"
        login = (account, self.setting("token"))
        response = await self.request("GET", url, auth=login)
        if not response.is_success:
            raise Refused(f"sms: answered {response.status_code}")
        me = response.json()
        return f"{me.get('friendly_name')} ({me.get('status')})"

    async def send(self, load: Load, now: datetime) -> str | None:
        """Send one message."""
        del now
        sender = self.setting("from")
        key = "MessagingServiceSid" if sender.startswith("MG") else "From"
        form = {
            "To": load.address["to"],
            key: sender,
            "Body": load.part.text,
            "StatusCallback": self.setting("url"),
        }
        account = self.setting("account_sid")
        base = self.setting("api") or API
        url = f"{base}/2010-04-01/Accounts/{account}/Messages.json"
        login = (account, self.setting("token"))
        response = await self.post(url, data=form, auth=login)
        try:
            answer = response.json()
        except ValueError:
            raise Later(f"sms: answered {response.status_code}, no JSON") from None
        if response.is_success:
            return str(answer["sid"])
        raise _meaning(answer)


def _meaning(answer: Mapping[str, Any]) -> Exception:
    code = answer.get("code")
    why = f"sms {code}: {answer.get('message')}"
    if code == STOPPED:
        return Gone(why)
    return Later(why) if code in AUTH else Refused(why)


def _report(form: Form, now: datetime) -> Sequence[Incoming]:
    state = STATES.get(form["MessageStatus"])
    if state is None:
        return []
    code = form.get("ErrorCode")
    return [
        Incoming(
            Kind.RECEIPT,
            f"{form['MessageSid']}:{state}",
            Origin(form["To"], form["To"]),
            now,
            about=form["MessageSid"],
            state=state,
            failure=f"sms {code}" if code else None,
        )
    ]


def _message(form: Form, now: datetime) -> Sequence[Incoming]:
    who, text = form["From"], form.get("Body", "")
    origin = Origin(who, who, {"to": who})
    wish = form.get("OptOutType", "")
    if wish == "HELP":
        # Twilio has answered it already.
        return []
    kind = Kind.TEXT
    media = _media(form)
    if wish == "STOP" or text.strip().lower() in STOPS:
        kind = Kind.OPT_OUT
    elif media:
        kind = Kind.MEDIA
    return [Incoming(kind, form["MessageSid"], origin, now, text, media=media)]


def _media(form: Form) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "kind": MEDIA.get(form[f"MediaContentType{n}"].partition("/")[0], "file"),
            "url": form[f"MediaUrl{n}"],
        }
        for n in range(int(form.get("NumMedia") or 0))
    )
