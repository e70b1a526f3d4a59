"""A window that moves once over a stream, so that a document of any size is searched in constant memory."""

from __future__ import annotations

import re
from typing import Protocol

_CHUNK = 1 << 20


class Readable(Protocol):
    """What a window needs of a stream."""

    def read(self, size: int, /) -> bytes:
        """Give up to ``size`` bytes; none at the end."""


class Window:
    """The part of a stream that is in memory.

    Places are offsets from the beginning of the stream. ``data`` holds the bytes from ``base`` on. What lies
    more than ``keep`` bytes before the place asked for is forgotten, unless ``pin`` (an offset) says to keep
    it.
    """

    def __init__(self, stream: Readable, keep: int, chunk: int = _CHUNK) -> None:
        """Look at the beginning of ``stream``; ``chunk`` is how many bytes are read at once."""
        self.data = b""
        self.base = 0
        self.pin: int | None = None
        self._stream = stream
        self._keep = keep
        self._chunk = chunk
        self._ended = False

    @property
    def end(self) -> int:
        """The place after the last byte in memory."""
        return self.base + len(self.data)

    def more(self, place: int) -> bool:
        """Read on, and forget what lies well before ``place``; False, and all is as it was, where the stream has ended.

        What is kept is met with a read of at least the same size, so that a long token costs linear time.
        """
        if self._ended:
            return False
        floor = place - self._keep if self.pin is None else min(place - self._keep, self.pin)
        cut = max(0, min(floor - self.base, len(self.data)))
        rest = self.data[cut:]
        new = self._stream.read(max(self._chunk, len(rest)))
        if not new:
            self._ended = True
            return False
        self.data = rest + new
        self.base += cut
        return True

    def reach(self, place: int, size: int) -> bool:
        """Have ``size`` bytes from ``place`` on in memory; False where the stream has fewer."""
        while self.end < place + size:
            if not self.more(place):
                return False
        return True

    def slice(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` to ``end``, as many of them as there are and are still in memory."""
        if end > start:
            self.reach(start, end - start)
        return self.data[max(0, start - self.base) : max(0, end - self.base)]

    def find(self, literal: bytes, place: int) -> int:
        """The place of the next ``literal``; -1 if there is none."""
        while True:
            found = self.data.find(literal, place - self.base)
            if found >= 0:
                return self.base + found
            place = max(place, self.end - len(literal) + 1)
            if not self.more(place):
                return -1

    def search(self, pattern: re.Pattern[bytes], place: int, longest: int) -> re.Match[bytes] | None:
        """The next match of a pattern that needs at most ``longest`` bytes to match.

        The match counts from ``base``, which stays until the window moves on.
        """
        while True:
            found = pattern.search(self.data, place - self.base)
            if found:
                return found
            place = max(place, self.end - longest + 1)
            if not self.more(place):
                return None

    def match(self, pattern: re.Pattern[bytes], place: int) -> re.Match[bytes] | None:
        """The match of a pattern at ``place`` that ends in a byte of its own, however long it is."""
        while True:
            found = pattern.match(self.data, place - self.base)
            if found or not self.more(place):
                return found

    def match_end(self, pattern: re.Pattern[bytes], place: int) -> int:
        """Where a pattern that takes all it can from ``place`` on ends; ``place`` where it takes nothing.

        More is read until it stops by itself or the stream ends.
        """
        while True:
            found = pattern.match(self.data, place - self.base)
            if (found and found.end() < len(self.data)) or not self.more(place):
                return self.base + found.end() if found else place
