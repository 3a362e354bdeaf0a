"""The company's desk as the web process has it, when one is connected."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from web.channels.base import Line
from web.channels.keys import missing, read_keys
from web.desks.carrier import Carrier
from web.desks.chatwoot import Chatwoot

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Theirs:
    """The desk and who tells it."""

    desk: Chatwoot
    carrier: Carrier


def connect_desk(
    environ: Mapping[str, str], http: httpx.AsyncClient, folder: Path
) -> Chatwoot | None:
    """Return the company's desk if all that it needs is given."""
    keys = read_keys(Chatwoot, environ, folder)
    lacks = missing(Chatwoot, keys)
    if keys and lacks:
        logger.error("%s is not connected: %s missing", Chatwoot.name, ", ".join(lacks))
    return None if lacks else Chatwoot(Line(keys, http))
