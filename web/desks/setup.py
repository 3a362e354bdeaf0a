"""Connecting the company's desk: asked for, tried there, kept."""

from collections.abc import Mapping
from pathlib import Path

import httpx

from journey.wires import is_safe
from web.channels.base import Line
from web.channels.faults import Later, Refused
from web.channels.keys import missing, read_keys, variable, write_keys
from web.channels.setup import Ask
from web.desks.chatwoot import API_INBOX, Chatwoot

NUMBERS = ("account", "inbox")
LEFT = (
    "In Chatwoot, the API inbox's webhook and the bot's must be {url}. "
    "Start the coach again to use it."
)


def ask_keys(known: Mapping[str, str], ask: Ask) -> Mapping[str, str]:
    """Ask for every setting; Enter keeps what is known."""
    keys = {}
    for setting in Chatwoot.settings:
        usual = known.get(setting.key, "")
        if answer := ask(setting, usual).strip() or usual:
            keys[setting.key] = answer
    return keys


def fault_in(keys: Mapping[str, str]) -> str | None:
    """Return in a sentence what no desk can be reached with; None: nothing."""
    lacks = missing(Chatwoot, keys)
    if lacks:
        names = ", ".join(variable(Chatwoot.name, key) for key in lacks)
        return f"chatwoot is not connected: {names} missing"
    for key in NUMBERS:
        if not keys[key].isdecimal():
            return f"{key} must be a number, not {keys[key]!r}"
    if not is_safe(keys["url"]):
        return f"url must begin with https://, not {keys['url']!r}"
    return None


async def connect(keys: Mapping[str, str], url: str, folder: Path) -> str:
    """Try the settings and keep them; return what the owner has to do next.

    Raises:
        Later, Refused: Chatwoot does not know us by these settings.
    """
    if fault := fault_in(keys):
        raise Refused(fault)
    async with httpx.AsyncClient(timeout=15, trust_env=False) as http:
        inbox = await _inbox(Chatwoot(Line(keys, http)))
    path = write_keys(Chatwoot.name, keys, folder)
    return f"Connected to the inbox {inbox}. Kept in {path}.\n{LEFT.format(url=url)}"


async def check(environ: Mapping[str, str], url: str, folder: Path) -> tuple[bool, str]:
    """Tell whether Chatwoot works with us, and in a sentence what is wrong or right."""
    keys = read_keys(Chatwoot, environ, folder)
    if fault := fault_in(keys):
        return False, f"{fault}."
    async with httpx.AsyncClient(timeout=15, trust_env=False) as http:
        try:
            return await _tried(Chatwoot(Line(keys, http)), url)
        except (Later, Refused) as error:
            return False, f"chatwoot does not let us in: {error}."


async def _inbox(desk: Chatwoot) -> str:
    """Return the name of our inbox.

    Raises:
        Refused: it is of another kind.
    """
    found = await desk.inbox()
    if found.get("channel_type") != API_INBOX:
        raise Refused(f"the inbox is of the type {found.get('channel_type')}, not API")
    return str(found.get("name"))


async def _tried(desk: Chatwoot, url: str) -> tuple[bool, str]:
    inbox, bot = await _inbox(desk), await desk.bot()
    calls = (await desk.inbox()).get("webhook_url")
    if calls != url:
        return False, f"The inbox calls {calls or 'nobody'}, not {url}."
    if not bot:
        return False, "The inbox has no bot: Inbox > Bot Configuration."
    if not await desk.knows_bot():
        return False, "The bot's access token is another one's."
    return True, f"chatwoot works: inbox {inbox}, bot {bot.get('name')}."
