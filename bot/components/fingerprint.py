"""Tell Rasa's cache when what a component is made of has changed."""

import hashlib
from pathlib import Path
from types import ModuleType


def digest(*parts: ModuleType | Path) -> str:
    """Return a digest of modules' sources, and of files by name, size and age.

    Rasa looks at a component's own class only: without this a change in a module that
    it uses would leave the model of yesterday with the code of today.
    """
    found = hashlib.sha256()
    for part in parts:
        if isinstance(part, ModuleType):
            found.update(Path(str(part.__file__)).read_bytes())
        else:
            facts = part.stat()
            found.update(f"{part.name} {facts.st_size} {facts.st_mtime_ns}".encode())
    return found.hexdigest()
