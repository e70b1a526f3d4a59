"""Decode a chunked body while it arrives (RFC 9112, 7.1)."""

from __future__ import annotations

_LONGEST_LINE = 4_096


class BadChunkError(ValueError):
    """The chunks are broken."""


class Chunks:
    """Takes received bytes, gives the body. ``done`` once the last chunk and the trailers have come."""

    def __init__(self) -> None:
        self.done = False
        self.left = b""
        self._waiting = b""
        self._needed = 0
        self._after_data = False
        self._trailers = False

    def feed(self, data: bytes) -> bytes:
        """Decode what has arrived.

        Raises:
            BadChunkError: this is no chunk.
        """
        waiting = self._waiting + data
        parts: list[bytes] = []
        while waiting and not self.done:
            if self._needed:
                part = waiting[: self._needed]
                self._needed -= len(part)
                self._after_data = self._needed == 0
                waiting = waiting[len(part) :]
                parts.append(part)
                continue
            end = waiting.find(b"\n")
            if end < 0:
                if len(waiting) > _LONGEST_LINE:
                    raise BadChunkError("a line of the chunks does not end")
                break
            line, waiting = waiting[:end].rstrip(b"\r"), waiting[end + 1 :]
            self._read_line(line)
        self._waiting = waiting if not self.done else b""
        self.left = waiting if self.done else b""
        return b"".join(parts)

    def _read_line(self, line: bytes) -> None:
        if self._after_data:
            if line:
                raise BadChunkError("a chunk is longer than it says")
            self._after_data = False
        elif self._trailers:
            self.done = not line
        else:
            size = line.partition(b";")[0].strip()
            if not size or len(size) > 12 or size.strip(b"0123456789abcdefABCDEF"):
                raise BadChunkError("a chunk does not say how long it is")
            self._needed = int(size, 16)
            self._trailers = self._needed == 0
