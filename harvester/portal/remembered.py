"""What was worked out of a build and holds as long as the build is published."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

_MOST = 240
"""Values that are kept, those longest unused go first: about a hundred places of a country, some 50 MB."""

Value = TypeVar("Value")
_kept: OrderedDict[tuple[str, Hashable], object] = OrderedDict()
_lock = Lock()


def remembered(build_id: str, key: Hashable, make: Callable[[], Value]) -> Value:
    """The value of that key for a build: as it was made before, else by ``make``. Values must not be changed afterwards.

    Safe to use from several threads; two that ask at the same time may both make it.
    """
    name = build_id, key
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return cast("Value", _kept[name])
    made = make()
    with _lock:
        _kept[name] = made
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made
