"""All providers at once, each a contract server, in a thread of their own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.web.channels.kits import KITS

T = TypeVar("T")


@dataclass
class Providers:
    """The contract servers, and the loop in which they and their customers live."""

    loop: asyncio.AbstractEventLoop
    servers: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something where the providers live; wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    async def start(self, stack: AsyncExitStack) -> None:
        """Serve them all."""
        for name, (make, _) in KITS.items():
            server = make()
            url = await stack.enter_async_context(server.serving())
            self.servers[name] = server
            self.environ.update(server.environ(url))


@contextmanager
def serving_all() -> Iterator[Providers]:
    """Serve every provider until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    providers, stack = Providers(loop), AsyncExitStack()
    try:
        providers.do(providers.start(stack))
        yield providers
    finally:
        providers.do(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
