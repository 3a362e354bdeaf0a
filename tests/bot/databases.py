"""A PostgreSQL server of the tests' own, if this machine has one installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/bin", "/usr/bin")


def installed() -> Path | None:
    found = [p for place in PLACES for p in Path("/").glob(f"{place[1:]}/initdb")]
    return found[0].parent if found else None


@contextmanager
def postgres(binaries: Path, home: Path) -> Iterator[str]:
    """Run a server that listens on a socket in `home` only; yield its URL."""
    # PostgreSQL does not run as root.
    user = "postgres" if os.getuid() == 0 else None
    home.chmod(0o755)
    data = home / "data"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
        shutil.chown(home, user)

    def run(*command: str) -> None:
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        subprocess.run(
            command, user=user, env=env, cwd=home, check=True, stdout=subprocess.DEVNULL
        )

    options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off"
    run(f"{binaries}/initdb", "-D", str(data), "-U", "coach", "-A", "trust", "-N")
    control = (f"{binaries}/pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"))
    run(*control, "-o", options, "start")
    try:
        yield f"postgresql://coach@/postgres?host={home}"
    finally:
        run(*control, "-m", "immediate", "stop")
