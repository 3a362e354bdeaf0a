"""Time and memory of `make run` on a fresh clone, the first time and the second.

    .venv/bin/python -m benchmarks.start

Clones this repository into a temporary folder, runs `make run` there twice on
free ports, and asks for one answer each time. Resident memory is read from
/proc when the first answer is there (Linux only). Beside each start stands what
`import rasa.core.agent` takes in the engine's interpreter right after it: a machine
on which that takes 24 s is three times slower than one on which it takes 8 s.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from journey.cli.talk import open_talk

ROOT = Path(__file__).parent.parent
PATIENCE = 1800
NAMES = {
    "bot.engine": "bot",
    "actions": "actions",
    "uvicorn": "web",
    "schedule": "scheduler",
}


def main() -> None:
    """Print one table row a start."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        print("| start | to the first answer, s | Rasa's import, s | memory, MB |")
        print("|---|---|---|---|")
        for name in ("first", "second"):
            with running(clone) as (process, url):
                seconds = first_answer(url)
                told = ", ".join(f"{k} {v}" for k, v in memory_of(process.pid).items())
            beside = yardstick(clone)
            print(f"| {name} | {seconds:.0f} | {beside:.0f} | {told} |", flush=True)


def yardstick(clone: Path) -> float:
    """Return the seconds that the import of Rasa takes, as `rasa run` makes it."""
    python, start = clone / "bot" / ".venv" / "bin" / "python", time.monotonic()
    command = [str(python), "-W", "ignore", "-c", "import rasa.core.agent"]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


@contextmanager
def running(clone: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run `make run` in a folder of its own until the block ends."""
    ports = free_ports(3)
    names = ("COACH_WEB_PORT", "COACH_BOT_PORT", "COACH_ACTIONS_PORT")
    environment = os.environ | dict(zip(names, map(str, ports), strict=True))
    with (clone / "make.log").open("ab") as log:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process, f"http://127.0.0.1:{ports[0]}/"
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def first_answer(url: str) -> float:
    """Return the seconds from the call to the first answer of the coach."""
    start = time.monotonic()
    while time.monotonic() - start < PATIENCE:
        try:
            with open_talk(url, None, "") as talk:
                talk.post("hello")
                if any("notice" not in x["content"] for x in talk.hear(60)):
                    return time.monotonic() - start
        except httpx.HTTPError:
            time.sleep(0.2)
    sys.exit("no answer came")


def memory_of(root: int) -> dict[str, int]:
    """Return resident megabytes by process below a process id."""
    parents = {pid: parent for pid, parent in _parents()}
    found: dict[str, int] = {}
    for pid in parents:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        name = next((NAMES[word] for word in line if word in NAMES), None)
        if name and root in _ancestors(pid, parents):
            found[name] = max(found.get(name, 0), _resident(pid))
    return dict(sorted(found.items()))


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            yield int(folder.name), int(fields[1])


def _ancestors(pid: int, parents: dict[int, int]) -> set[int]:
    found = set[int]()
    while pid in parents and pid not in found:
        found.add(pid)
        pid = parents[pid]
    return found


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    rows = [line.split() for line in lines if line.startswith("VmRSS")]
    return int(rows[0][1]) // 1024 if rows else 0


def free_ports(count: int) -> list[int]:
    """Return ports on which nothing listens."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


if __name__ == "__main__":
    main()
