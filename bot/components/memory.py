"""Bounded memory of what was computed before."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Keeps the most recently used values, up to a number."""

    def __init__(self, size: int) -> None:
        """Keep at most `size` values; 0 keeps none."""
        self._size = size
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def get(
        self, keys: Sequence[Key], compute: Callable[[list[Key]], list[Value]]
    ) -> list[Value]:
        """Return a value for each key; those not remembered are computed at once."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._kept]
        fresh = dict(zip(missing, compute(missing) if missing else [], strict=True))
        values = [fresh[key] if key in fresh else self._kept[key] for key in keys]
        for key, value in zip(keys, values, strict=True):
            self._kept[key] = value
            self._kept.move_to_end(key)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return values
