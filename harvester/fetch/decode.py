"""Decode a body while it arrives, in pieces of bounded size, so that a bomb is noticed before it goes off."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

PIECE = 1024 * 1024
"""No decoder puts out more than this many bytes at once (plus one frame block)."""

ACCEPTED = "gzip, deflate, br, zstd"
"""Content codings the program understands, as it says in Accept-Encoding."""

Sink = Callable[[bytes], object]


class DecodeError(Exception):
    """The body is not what its Content-Encoding says."""


class Decoder(Protocol):
    """Turns received bytes into the body."""

    def feed(self, received: bytes) -> None:
        """Decode what has arrived and put it out."""
        ...

    def finish(self) -> None:
        """Say that nothing more comes; DecodeError if the coding is not at its end."""
        ...


def decoder(coding: str, sink: Sink) -> Decoder:
    """The decoder for a Content-Encoding header, which puts the body out to ``sink``.

    Raises:
        DecodeError: the coding is unknown, or there is more than one.
    """
    names = [name for part in coding.lower().split(",") if (name := part.strip()) not in {"", "identity"}]
    if not names:
        return Plain(sink)
    if len(names) > 1:
        raise DecodeError(f"the body is encoded more than once ({coding})")
    match names[0]:
        case "gzip" | "x-gzip":
            return Framed(sink, "gzip", b"\x1f", _GzipMember)
        case "deflate":
            return Deflate(sink)
        case "br":
            return Brotli(sink)
        case "zstd":
            return Framed(sink, "zstd", b"\x28", _ZstdFrame)
        case unknown:
            raise DecodeError(f"the body has an unknown encoding ({unknown})")


class Plain:
    """No coding."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def feed(self, received: bytes) -> None:
        """Pass on what has arrived."""
        self._sink(received)

    def finish(self) -> None:
        """Nothing to check: the length is checked by those who count."""


class Framed:
    """Codings that may hold several members one after another: gzip (RFC 1952) and zstd (RFC 8878).

    What follows the last member and begins none is left out, as browsers do.
    """

    def __init__(self, sink: Sink, name: str, magic: bytes, begin: Callable[[], _Member]) -> None:
        self._sink = sink
        self._name = name
        self._magic = magic
        self._begin = begin
        self._member: _Member | None = None
        self._seen = False
        self._over = False

    def feed(self, received: bytes) -> None:
        """Decode what has arrived."""
        while received and not self._over:
            if self._member is None:
                if self._seen and received[:1] != self._magic:
                    self._over = True
                    return
                self._member = self._begin()
                self._seen = True
            for piece in self._member.decode(received):
                self._sink(piece)
            if self._member.rest is None:
                return
            received = self._member.rest
            self._member = None

    def finish(self) -> None:
        """Check that the last member is whole."""
        if self._member is not None:
            raise DecodeError(f"the {self._name} data is cut off")


class _Member(Protocol):
    """One member; ``rest`` is what follows it once it has ended."""

    rest: bytes | None

    def decode(self, received: bytes) -> Iterator[bytes]: ...


class _GzipMember:
    def __init__(self) -> None:
        self.rest: bytes | None = None
        self._state = zlib.decompressobj(wbits=31)

    def decode(self, received: bytes) -> Iterator[bytes]:
        yield from _inflate(self._state, received)
        if self._state.eof:
            self.rest = self._state.unused_data


class _ZstdFrame:
    # RFC 9659 sets a window of at most 8 MiB for the web. A block of 4 bytes may hold 128 KiB, and the library puts out
    # all that its input gives: slices of 256 bytes keep that below 8 MiB.
    _SLICE = 256

    def __init__(self) -> None:
        self.rest: bytes | None = None
        self._state = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).decompressobj()

    def decode(self, received: bytes) -> Iterator[bytes]:
        view = memoryview(received)
        for start in range(0, len(view), self._SLICE):
            try:
                piece = self._state.decompress(view[start : start + self._SLICE])
            except zstandard.ZstdError as error:
                raise DecodeError(f"the zstd data is broken ({error})") from error
            if piece:
                yield piece
            if self._state.eof:
                self.rest = self._state.unused_data + bytes(view[start + self._SLICE :])
                return


class Deflate:
    """RFC 9110, 8.4.1.2: the zlib format, or, against the standard but common, bare deflate data."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._state: zlib._Decompress | None = None
        self._head = b""

    def feed(self, received: bytes) -> None:
        """Decode what has arrived."""
        if self._state is None:
            self._head += received
            if len(self._head) < 2:
                return
            # RFC 1950, 2.2: the first two bytes are a multiple of 31 and name the method 8.
            zlib_format = self._head[0] & 0x0F == 8 and int.from_bytes(self._head[:2]) % 31 == 0
            self._state = zlib.decompressobj(wbits=15 if zlib_format else -15)
            received = self._head
        for piece in _inflate(self._state, received):
            self._sink(piece)

    def finish(self) -> None:
        """Check that the data is whole."""
        if self._head and (self._state is None or not self._state.eof):
            raise DecodeError("the deflate data is cut off")


class Brotli:
    """RFC 7932."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._state = brotli.Decompressor()
        self._begun = False

    def feed(self, received: bytes) -> None:
        """Decode what has arrived."""
        if self._state.is_finished():
            return
        self._begun = True
        try:
            self._sink(self._state.process(received, output_buffer_limit=PIECE))
            while not self._state.can_accept_more_data():
                self._sink(self._state.process(b"", output_buffer_limit=PIECE))
        except brotli.error as error:
            raise DecodeError(f"the brotli data is broken ({error})") from error

    def finish(self) -> None:
        """Check that the data is whole."""
        if self._begun and not self._state.is_finished():
            raise DecodeError("the brotli data is cut off")


def _inflate(state: zlib._Decompress, received: bytes) -> Iterator[bytes]:
    """Decode with zlib in pieces of bounded size."""
    try:
        while True:
            piece = state.decompress(received, PIECE)
            if piece:
                yield piece
            received = state.unconsumed_tail
            # A full piece may leave output inside zlib even where all input is taken.
            if state.eof or (not received and len(piece) < PIECE):
                return
    except zlib.error as error:
        raise DecodeError(f"the compressed data is broken ({error})") from error
