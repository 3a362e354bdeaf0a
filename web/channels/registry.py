"""Every channel there is, and those that are connected."""

import logging
from collections.abc import Mapping
from pathlib import Path

import httpx

from web.channels.base import Channel, Line
from web.channels.keys import FOLDER, missing, read_keys
from web.channels.mail import Mail
from web.channels.messenger import Instagram, Messenger
from web.channels.slack import Slack
from web.channels.sms import Sms
from web.channels.telegram import Telegram
from web.channels.webhook import Webhook
from web.channels.whatsapp import WhatsApp

logger = logging.getLogger(__name__)

CHANNELS: Mapping[str, type[Channel]] = {
    channel.name: channel
    for channel in (Telegram, WhatsApp, Messenger, Instagram, Slack, Sms, Mail, Webhook)
}


def connect(
    environ: Mapping[str, str],
    http: httpx.AsyncClient,
    words: Mapping[str, str],
    folder: Path = FOLDER,
) -> Mapping[str, Channel]:
    """Return the channels that have all that they need."""
    connected = {}
    for name, channel in CHANNELS.items():
        keys = read_keys(channel, environ, folder)
        lacks = missing(channel, keys)
        if keys and lacks:
            logger.error("%s is not connected: %s missing", name, ", ".join(lacks))
        if not lacks:
            connected[name] = channel(Line(keys, http, words))
    return connected
