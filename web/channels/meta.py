"""What WhatsApp, Messenger and Instagram share: signature, challenge, Graph API."""

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from starlette.responses import PlainTextResponse, Response

from web.channels.base import Channel, Setting
from web.channels.checks import check_hmac
from web.channels.faults import Gone, Later, Refused, WindowClosed
from web.channels.incoming import Raw

API = "https://graph.facebook.com"
VERSION = "v26.0"
SETTINGS = (
    Setting("token", "the access token with which messages are sent"),
    Setting("app_secret", "the app's secret, which signs every webhook"),
    Setting(
        "verify_token",
        "a word of yours that Meta repeats when it calls first",
        made=True,
    ),
    Setting("api", "another server of the Graph API", secret=False, optional=True),
    Setting("version", "the version of the Graph API", secret=False, optional=True),
)
AGAIN = frozenset({-1, 0, 1, 2, 190, 1200, 131000, 131016, 131057, 133004, 1893063})
"""Errors that pass, or that the owner can mend (an expired token, a page's limits)."""
LIMITED = frozenset({4, 17, 32, 613, 80006, 80007, 130429, 131048, 131056})
CLOSED = frozenset({131047, 2018278, 2534022})
"""The window for free text is closed; codes and subcodes."""
LEFT = frozenset({551, 1545041})
"""The person cannot be reached: blocked, deleted, left."""


class Meta(Channel):
    """A channel of Meta's; nothing it sends has a time that could be checked."""

    def greet(self, raw: Raw) -> Response | None:
        """Repeat the challenge to who knows our word."""
        if raw.method != "GET":
            return None
        wanted, given = self.setting("verify_token"), raw.query.get("hub.verify_token")
        known = hmac.compare_digest(wanted.encode(), (given or "").encode())
        if raw.query.get("hub.mode") != "subscribe" or not known:
            return Response(status_code=403)
        return PlainTextResponse(raw.query.get("hub.challenge", ""))

    def check(self, raw: Raw, now: datetime) -> None:
        """Check the signature over the raw body."""
        del now
        given = raw.headers.get("x-hub-signature-256", "")
        check_hmac(self.setting("app_secret"), raw.body, given, prefix="sha256=")

    async def look(self, path: str) -> Mapping[str, Any]:
        """Read from the Graph API.

        Raises:
            Later, Refused: as the API says.
        """
        return await self._ask("GET", path)

    async def call(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post to the Graph API; return its answer.

        Raises:
            Later, Refused, Gone, WindowClosed: as the API says.
        """
        return await self._ask("POST", path, json=body)

    async def _ask(self, method: str, path: str, **content: Any) -> Mapping[str, Any]:
        base = self.setting("api") or API
        version = self.setting("version") or VERSION
        headers = {"authorization": f"Bearer {self.setting('token')}"}
        url = f"{base}/{version}/{path}"
        response = await self.request(method, url, headers=headers, **content)
        try:
            answer: Mapping[str, Any] = response.json()
        except ValueError:
            raise Later(f"{self.name} answered {response.status_code}") from None
        if error := answer.get("error"):
            raise self._meaning(error)
        return answer

    def _meaning(self, error: Mapping[str, Any]) -> Exception:
        codes = {error.get("code"), error.get("error_subcode")}
        details = (error.get("error_data") or {}).get("details")
        why = f"{self.name} {error.get('code')}: {details or error.get('message')}"
        if codes & CLOSED:
            return WindowClosed(why)
        if codes & LEFT:
            return Gone(why)
        if codes & LIMITED:
            return Later(why, limited=True)
        return Later(why) if codes & AGAIN else Refused(why)


def entries(body: Mapping[str, Any], wanted: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a webhook about one kind of object."""
    if body.get("object") == wanted:
        yield from body.get("entry", ())
