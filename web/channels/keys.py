"""What channels are connected with: from the environment, or a file of their own."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

import yaml

from journey.datafile import DataError
from web.channels.base import Setting

FOLDER = Path("var/channels")


class Connected(Protocol):
    """What is connected by settings: a channel, or a company's desk."""

    name: ClassVar[str]
    settings: ClassVar[Sequence[Setting]]


def variable(channel: str, key: str) -> str:
    """Return the name of the environment variable of a setting."""
    return f"COACH_{channel}_{key}".upper()


def read_keys(
    channel: type[Connected], environ: Mapping[str, str], folder: Path = FOLDER
) -> Mapping[str, str]:
    """Return a channel's settings; the environment comes before the file.

    Raises:
        DataError: a file cannot be read, or others than its owner may read it.
    """
    kept = _kept(folder / f"{channel.name}.yml")
    found = {}
    for setting in channel.settings:
        value = _given(variable(channel.name, setting.key), environ)
        value = value or kept.get(setting.key, "")
        if value:
            found[setting.key] = value
    return found


def missing(channel: type[Connected], keys: Mapping[str, str]) -> Sequence[str]:
    """Return the settings without which a channel cannot work."""
    wanted = [x.key for x in channel.settings if not x.optional]
    return [key for key in wanted if key not in keys]


def write_keys(channel: str, keys: Mapping[str, str], folder: Path = FOLDER) -> Path:
    """Keep a channel's settings in a file that only its owner may read."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{channel}.yml"
    text = yaml.safe_dump(dict(keys), sort_keys=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(path, flags, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
    return path


def _given(name: str, environ: Mapping[str, str]) -> str:
    """Return a variable, or what stands in the file that NAME_FILE names."""
    if value := environ.get(name, "").strip():
        return value
    path = environ.get(f"{name}_FILE", "")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError([f"{name}_FILE: {path} cannot be read: {error}"]) from error


def _kept(path: Path) -> Mapping[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    if path.stat().st_mode & 0o077:
        raise DataError([f"{path}:1: holds secrets and others may read it: chmod 600"])
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        raise DataError([f"{path}:1: is not YAML"]) from None
    if not isinstance(found, dict):
        raise DataError([f"{path}:1: must be lines of `key: value`"])
    return {str(key): str(value) for key, value in found.items()}
