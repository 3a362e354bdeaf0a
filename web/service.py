"""What every request may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from journey.shop.platform import Platform
from web.channels.arrivals import Arrivals
from web.channels.base import Channel
from web.channels.courier import Courier
from web.desk.service import DeskService
from web.desks.service import Theirs
from web.door import Door
from web.edge import RateLimit
from web.erasing import Eraser
from web.hub import Hub
from web.sender import Sender
from web.session import Signer
from web.settings import Settings
from web.store import Store
from web.texts import Texts
from web.vouching import IdTokens
from web.worker import Worker


@dataclass(frozen=True)
class Service:
    """The parts of one web process."""

    settings: Settings
    store: Store
    hub: Hub
    door: Door
    sender: Sender
    worker: Worker
    courier: Courier
    arrivals: Arrivals
    channels: Mapping[str, Channel]
    eraser: Eraser
    signer: Signer
    id_tokens: IdTokens | None
    """The site's own sign-in, when it has one."""
    rate: RateLimit
    texts: Texts
    clock: Callable[[], datetime]
    desk: DeskService
    theirs: Theirs | None
    """The company's own desk, when one is connected."""
    platform: Platform | None
    """The shop's own system, when it has one."""

    @staticmethod
    def of(request: Request) -> "Service":
        """Return the service that a request is served by."""
        service: Service = request.app.state.service
        return service
