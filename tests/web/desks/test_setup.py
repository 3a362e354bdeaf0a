"""Connecting Chatwoot: what is asked, tried and kept."""

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.web.desks.chatwoot import Chatwoot as Contract
from web.channels.base import Setting
from web.channels.faults import Refused
from web.channels.keys import read_keys
from web.desks import setup
from web.desks.chatwoot import Chatwoot

URL = "https://shop.example/desks/chatwoot"


def keys_for(address: str, /, **changes: str) -> dict[str, str]:
    environ = Contract.environ(address)
    given = {
        x.key: environ[f"COACH_CHATWOOT_{x.key.upper()}"] for x in Chatwoot.settings
    }

    def ask(setting: Setting, _usual: str) -> str:
        return {**given, **changes}[setting.key]

    return dict(setup.ask_keys({}, ask))


async def test_connects_and_keeps_for_the_owner_alone(tmp_path: Path) -> None:
    async with Contract().serving() as url:
        said = await setup.connect(keys_for(url), URL, tmp_path)
    assert said.startswith("Connected to the inbox Coach.")
    assert URL in said
    assert read_keys(Chatwoot, {}, tmp_path) == keys_for(url)
    mode = stat.S_IMODE((tmp_path / "chatwoot.yml").stat().st_mode)
    assert mode == 0o600


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"user_token": "guessed"}, "401"),
        ({"inbox": "10"}, "404"),
        ({"inbox": "ten"}, "inbox must be a number"),
        ({"url": "http://chatwoot.example"}, "must begin with https://"),
        ({"secret": ""}, "COACH_CHATWOOT_SECRET missing"),
    ],
)
async def test_keeps_nothing_of_what_does_not_work(
    tmp_path: Path, change: dict[str, str], why: str
) -> None:
    async with Contract().serving() as url:
        with pytest.raises(Refused, match=why):
            await setup.connect(keys_for(url, **change), URL, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("there", "environ", "says"),
    [
        ({}, {}, "chatwoot works: inbox Coach, bot Hale."),
        ({"callback": ""}, {}, f"The inbox calls nobody, not {URL}."),
        ({"bot": None}, {}, "The inbox has no bot: Inbox > Bot Configuration."),
        ({"channel": "Channel::Email"}, {}, "of the type Channel::Email, not API"),
        ({}, {"BOT_TOKEN": "other"}, "The bot's access token is another one's."),
        ({"plan": [503]}, {}, "does not let us in: it answered 503."),
        ({}, {"USER_TOKEN": ""}, "COACH_CHATWOOT_USER_TOKEN missing."),
    ],
)
async def test_check_says_what_is_wrong(
    tmp_path: Path, there: dict[str, Any], environ: dict[str, str], says: str
) -> None:
    async with Contract(**{"callback": URL, **there}).serving() as url:
        changes = {f"COACH_CHATWOOT_{key}": x for key, x in environ.items()}
        given = {**Contract.environ(url), **changes}
        _, said = await setup.check(given, URL, tmp_path)
    assert says in said
