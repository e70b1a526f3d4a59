"""The event loop a check runs on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from harvester.collector import rare_collector

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run work to its end."""
    with rare_collector(), asyncio.Runner(loop_factory=fastest_loop()) as runner:
        return runner.run(work)


def fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """That of uvloop where it is installed (docs/decisions/0025-uvloop.md), None for Python's own: both do the same."""
    try:
        from uvloop import new_event_loop  # noqa: PLC0415 -- there is none for Windows and PyPy, and only a check needs it
    except ImportError:
        return None
    return new_event_loop
