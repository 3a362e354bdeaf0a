"""The engine as it is served: Rasa's command, without TensorFlow where nothing uses it.

Rasa imports TensorFlow for components that it ships, whether or not config.yml names
them; that is more than half of the time to start and of the memory. Served with
`python -m bot.engine run …`, names stand in for it, which can be looked up, annotated
and inherited from, and nothing else. Training uses it, so `rasa train` stays as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from ruamel.yaml import YAML

UNUSED = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "keras", "jax")
RASAS_OWN = {
    "CountVectorsFeaturizer",
    "EntitySynonymMapper",
    "FallbackClassifier",
    "KeywordIntentClassifier",
    "LexicalSyntacticFeaturizer",
    "LogisticRegressionClassifier",
    "MemoizationPolicy",
    "RegexEntityExtractor",
    "RegexFeaturizer",
    "RulePolicy",
    "WhitespaceTokenizer",
}
"""What Rasa ships and does not build on TensorFlow."""
OURS = "bot.components."


class Absent(type):
    """A name in a library that is not there: it can be inherited from, not used."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return absent(f"{cls.__name__}.{name}")

    def __call__(cls, *given: Any, **named: Any) -> Any:
        """Decorate, since a decorator runs on import; nothing else is answered."""
        if "absent" not in vars(cls):
            return super().__call__(*given, **named)
        if not given:
            return lambda decorated: decorated
        if len(given) == 1 and callable(given[0]):
            return given[0]
        raise RuntimeError(
            f"{cls.__name__} is used, but the engine was started without it, since"
            " config.yml names nothing that uses it: see bot/engine.py"
        )

    def __getitem__(cls, _: Any) -> Absent:
        return cls


def absent(name: str) -> Any:
    """Return a name that stands in for one of a library that is not there."""
    return Absent(name, (), {"absent": True})


class Names(ModuleType):
    """A module of which every name is absent."""

    __path__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return absent(f"{self.__name__}.{name}")


class Stand(MetaPathFinder, Loader):
    """Finds nothing but names for the libraries that are not used."""

    def find_spec(self, name: str, *_: Any) -> Any:
        """Return where a module of them is to come from: here."""
        unused = name.partition(".")[0] in UNUSED
        return ModuleSpec(name, self, is_package=True) if unused else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module of names."""
        return Names(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Have nothing to run."""


def uses_tensorflow(config: Path) -> bool:
    """Tell whether a configuration names a component that may build on TensorFlow."""
    named = YAML(typ="safe").load(config)
    parts = [*(named.get("pipeline") or ()), *(named.get("policies") or ())]
    names = [x["name"] if isinstance(x, dict) else x for x in parts]
    return any(x not in RASAS_OWN and not x.startswith(OURS) for x in names)


def stand_in() -> None:
    """Let names stand in for TensorFlow in this process, before Rasa is imported."""
    sys.meta_path.insert(0, Stand())


def main() -> None:
    """Run Rasa's command; the arguments are its own."""
    if not uses_tensorflow(Path("config.yml")):
        stand_in()
    from rasa.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
