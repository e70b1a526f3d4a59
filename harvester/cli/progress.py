"""How far long work has come: a line that counts on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

_EVERY = 1_000
"""Elsewhere a line is printed after so many."""

_STEP = 20
"""On a terminal the line is renewed after so many: more often nobody can read, and it takes time."""


@contextmanager
def counting(console: Console, what: str) -> Iterator[Callable[[], None]]:
    """A function to call for each thing done."""
    done = 0
    if console.is_terminal:
        with console.status(what) as status:

            def count() -> None:
                nonlocal done
                done += 1
                if done % _STEP == 0:
                    status.update(f"{done:,} {what}")

            yield count
        return

    def tell() -> None:
        nonlocal done
        done += 1
        if done % _EVERY == 0:
            console.print(f"{done:,} {what}", highlight=False)

    yield tell
