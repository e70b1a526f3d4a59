"""Spare long loops the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Switch the collector of reference cycles off for a loop that makes none.

    Reading and building make millions of short-lived values; looking for cycles among them cost a sixth of the time.
    Everything that is not part of a cycle is freed at once as always.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
