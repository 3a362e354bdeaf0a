"""Connecting a channel: what is asked, tried, registered and kept."""

import stat
from pathlib import Path

import pytest
from click import ClickException

from journey.datafile import DataError
from tests.web.channels import telegram
from web.channels import setup
from web.channels.__main__ import webhook_of
from web.channels.base import Setting
from web.channels.faults import Refused
from web.channels.keys import read_keys, write_keys
from web.channels.registry import CHANNELS, connect
from web.channels.signing import is_secret
from web.channels.telegram import UPDATES, Telegram

URL = "https://shop.example/channels/telegram"


def keys_for(api: str, token: str = telegram.TOKEN) -> dict[str, str]:
    def ask(setting: Setting, usual: str) -> str:
        return {"token": token, "api": api}.get(setting.key, usual)

    return dict(setup.ask_keys("telegram", {}, ask))


async def test_connects_registers_and_keeps(tmp_path: Path) -> None:
    provider = telegram.Telegram()
    async with provider.serving() as api:
        keys = keys_for(api)
        said = await setup.connect("telegram", keys, URL, tmp_path)
    assert said.startswith("Connected as @hale_bot.")
    assert provider.hook["url"] == URL
    assert provider.hook["secret_token"] == keys["secret"]
    assert provider.hook["allowed_updates"] == list(UPDATES)
    assert read_keys(Telegram, {}, tmp_path) == {**keys, "name": "hale_bot"}
    mode = stat.S_IMODE((tmp_path / "telegram.yml").stat().st_mode)
    assert mode == 0o600


async def test_keeps_nothing_when_provider_does_not_know_us(tmp_path: Path) -> None:
    async with telegram.Telegram().serving() as api:
        with pytest.raises(Refused):
            await setup.connect("telegram", keys_for(api, "wrong"), URL, tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    provider = telegram.Telegram(last_error="Connection refused")
    fine, said = await setup.check("telegram", {}, URL, tmp_path)
    assert (fine, said) == (
        False,
        "telegram is not connected: COACH_TELEGRAM_TOKEN, COACH_TELEGRAM_SECRET "
        "missing.",
    )
    async with provider.serving() as api:
        await setup.connect("telegram", keys_for(api), URL, tmp_path)
        _, said = await setup.check("telegram", {}, URL, tmp_path)
        assert said == "Telegram's last call to us failed: Connection refused."
        _, said = await setup.check("telegram", {}, "https://new.example", tmp_path)
        assert said.startswith(f"Telegram calls {URL}, not https://new.example")


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_names_the_next_step(name: str) -> None:
    keys = setup.ask_keys(name, {}, lambda setting, _: f"my {setting.key}")
    assert "{" not in CHANNELS[name].left.format(**{**keys, "url": URL})
    made = [x.key for x in CHANNELS[name].settings if x.made]
    assert all(len(keys[key]) >= 32 for key in made)


@pytest.mark.parametrize("name", ["webhook", "email"])
def test_made_secret_can_sign(name: str) -> None:
    assert is_secret(setup.make_secret(name))


def test_environment_comes_before_file_and_file_before_nothing(tmp_path: Path) -> None:
    write_keys("telegram", {"token": "kept", "secret": "kept"}, tmp_path)
    handed = tmp_path / "secret"
    handed.write_text("from a file\n")
    environ = {
        "COACH_TELEGRAM_TOKEN": "given",
        "COACH_TELEGRAM_SECRET_FILE": str(handed),
    }
    assert read_keys(Telegram, environ, tmp_path) == {
        "token": "given",
        "secret": "from a file",
    }


def test_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = write_keys("telegram", {"token": "kept"}, tmp_path)
    path.chmod(0o644)
    with pytest.raises(DataError, match="chmod 600"):
        read_keys(Telegram, {}, tmp_path)


def test_half_a_channel_is_not_connected(tmp_path: Path) -> None:
    environ = {"COACH_TELEGRAM_TOKEN": "given"}
    assert connect(environ, None, {}, tmp_path) == {}  # type: ignore[arg-type]


async def test_disconnects_at_the_provider_and_forgets(tmp_path: Path) -> None:
    provider = telegram.Telegram()
    async with provider.serving() as api:
        await setup.connect("telegram", keys_for(api), URL, tmp_path)
        said = await setup.disconnect("telegram", {}, tmp_path)
    assert said.endswith("Telegram calls nobody now.")
    assert (provider.hook, list(tmp_path.iterdir())) == ({}, [])


async def test_what_is_not_kept_here_is_not_disconnected(tmp_path: Path) -> None:
    with pytest.raises(setup.NotKept, match="is not connected"):
        await setup.disconnect("telegram", {}, tmp_path)
    environ = {"COACH_TELEGRAM_TOKEN": "given"}
    with pytest.raises(setup.NotKept, match="take COACH_TELEGRAM_TOKEN out"):
        await setup.disconnect("telegram", environ, tmp_path)


@pytest.mark.parametrize("base", ["", "shop.example", "http://shop.example", "wrong"])
def test_address_that_no_provider_can_call_is_refused(base: str) -> None:
    with pytest.raises(ClickException, match="no public address"):
        webhook_of("telegram", base)
