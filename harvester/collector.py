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


@contextmanager
def rare_collector() -> Iterator[None]:
    """Let the collector look seldom, for long work that makes a few cycles (errors with their tracebacks) among many values.

    What is there already is taken to stay. A link check spent a tenth of its time looking.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
