"""The name under which a process holds work, and whether it still lives."""

import os
import socket

from journey.store.base import new_id


def new_name() -> str:
    """Return a name for what this process holds: machine, process and chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{new_id()[:8]}"


def is_dead(holder: str) -> bool:
    """Tell whether a holder was a process of this machine that is no more."""
    host, process, _ = holder.rsplit(":", 2)
    return host == socket.gethostname() and not _is_alive(int(process))


def _is_alive(process: int) -> bool:
    # A container that starts again gets the same process id: it is not us.
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
