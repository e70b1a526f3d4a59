"""The event loop a check runs on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from harvester.collector import rare_collector

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run work to its end."""
    with rare_collector():
        return asyncio.run(work)
