"""Connecting a channel: asked for, tried at the provider, registered, kept."""

import base64
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from web.channels.base import Channel, Line, Setting
from web.channels.faults import Later, Refused
from web.channels.keys import missing, read_keys, variable, write_keys
from web.channels.registry import CHANNELS
from web.channels.signing import PREFIX

Ask = Callable[[Setting, str], str]
SIGNED = frozenset({"webhook", "email"})


def make_secret(channel: str) -> str:
    """Return a secret of ours, in the form that the channel wants."""
    if channel in SIGNED:
        return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()
    return secrets.token_urlsafe(32)


def ask_keys(name: str, known: Mapping[str, str], ask: Ask) -> Mapping[str, str]:
    """Ask for every setting of a channel; what is ours to choose is made."""
    keys = {}
    for setting in CHANNELS[name].settings:
        usual = known.get(setting.key, "")
        if setting.made:
            keys[setting.key] = usual or make_secret(name)
        elif answer := ask(setting, usual).strip() or usual:
            keys[setting.key] = answer
    return keys


async def connect(name: str, keys: Mapping[str, str], url: str, folder: Path) -> str:
    """Try a channel's settings, register our address and keep them.

    Returns what the owner has to do next.

    Raises:
        Later, Refused: the provider does not know us by these settings.
    """
    async with httpx.AsyncClient(timeout=15, trust_env=False) as http:
        channel = CHANNELS[name](Line(keys, http))
        known_as = await channel.probe()
        left = await channel.register(url)
    if known_as.startswith("@"):
        keys = {**keys, "name": known_as.removeprefix("@")}
    path = write_keys(name, keys, folder)
    return f"Connected as {known_as}. Kept in {path}.\n{left}"


class NotKept(Exception):
    """A channel whose keys are not kept here."""


async def disconnect(name: str, environ: Mapping[str, str], folder: Path) -> str:
    """Take our address back at the provider, and forget the keys kept here.

    Raises:
        NotKept: there are none, or they come from the environment.
    """
    kind, path = CHANNELS[name], folder / f"{name}.yml"
    given = read_keys(kind, environ, folder / "nowhere")
    if given:
        variables = ", ".join(variable(name, key) for key in given)
        raise NotKept(f"{name} is connected by the environment: take {variables} out.")
    if not path.exists():
        raise NotKept(f"{name} is not connected: there is no {path}.")
    async with httpx.AsyncClient(timeout=15, trust_env=False) as http:
        channel = kind(Line(read_keys(kind, {}, folder), http))
        try:
            left = await channel.unregister()
        except (Later, Refused) as error:
            left = f"{error}: take our address out at the provider by hand."
    path.unlink()
    return f"{name} is disconnected, and {path} deleted.\n{left}"


async def check(
    name: str, environ: Mapping[str, str], url: str, folder: Path
) -> tuple[bool, str]:
    """Tell whether a channel works, and in a sentence what is wrong or right."""
    kind = CHANNELS[name]
    keys = read_keys(kind, environ, folder)
    lacks = missing(kind, keys)
    if lacks:
        variables = ", ".join(variable(name, key) for key in lacks)
        return False, f"{name} is not connected: {variables} missing."
    async with httpx.AsyncClient(timeout=15, trust_env=False) as http:
        return await _tried(kind(Line(keys, http)), url)


async def _tried(channel: Channel, url: str) -> tuple[bool, str]:
    try:
        known_as, fault = await channel.probe(), await channel.fault(url)
    except (Later, Refused) as error:
        return False, f"{channel.name} does not let us in: {error}."
    if fault:
        return False, fault
    return True, f"{channel.name} works, as {known_as}."
