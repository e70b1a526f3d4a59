"""A place that a locator led to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class BrokenError(Exception):
    """A document that is not what its locator supposes, with the byte where that shows."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value's first byte, how to find its end, and how to read its text.

    ``find_end`` moves the window on; it is asked once. ``decode`` turns the raw bytes into the text they
    stand for and raises ``ValueError`` where they stand for no text.
    """

    start: int
    find_end: Callable[[], int]
    decode: Callable[[bytes], str]

    @classmethod
    def known(cls, start: int, end: int, decode: Callable[[bytes], str]) -> Place:
        """A place whose end is known at once."""
        return cls(start, lambda: end, decode)
