"""Take a body in: bounded in bytes, time and growth while it streams, never only afterwards."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from harvester.fetch.ask import IN_MEMORY, SECRET_LIMIT
from harvester.fetch.clock import Clock
from harvester.fetch.decode import DecodeError, Decoder, decoder
from harvester.fetch.errors import BrokenBody, InflateBomb, TimedOut, TooLarge
from harvester.fetch.settings import FetchSettings
from harvester.fetch.snapshots import SnapshotStore, SnapshotWriter


@dataclass(frozen=True, slots=True)
class Received:
    """A whole body: its hash and size (bytes) decoded, and the bytes where they are few."""

    sha256: str
    size: int
    body: bytes | None


async def receive(
    response: httpx.Response, url: str, store: SnapshotStore, settings: FetchSettings, clock: Clock
) -> Received:
    """Decode a body and store it; nothing stays of one that breaks a limit or is not whole.

    Raises:
        TooLarge, InflateBomb, TimedOut, BrokenBody, ConnectFailed.
    """
    with store.writer() as writer:
        intake = _Intake(url, settings, limit=settings.max_bytes, keep=IN_MEMORY, writer=writer)
        await _stream(response, url, intake, _Progress(url, settings, clock))
        # Waiting for the disk must not keep other downloads waiting.
        sha256 = await asyncio.to_thread(writer.commit)
    return Received(sha256, intake.size, intake.kept())


async def receive_secret(response: httpx.Response, url: str, settings: FetchSettings, clock: Clock) -> bytes:
    """Decode a body that is not to be stored; at most 1 MB."""
    intake = _Intake(url, settings, limit=SECRET_LIMIT, keep=SECRET_LIMIT)
    await _stream(response, url, intake, _Progress(url, settings, clock))
    return b"".join(intake.parts)


async def receive_error_page(response: httpx.Response, url: str, settings: FetchSettings, clock: Clock) -> bytes:
    """Take what there is of an error page, at most 1 MB; whether that is all of it matters less than the error."""
    intake = _Intake(url, settings, limit=SECRET_LIMIT, keep=SECRET_LIMIT)
    with suppress(TooLarge, InflateBomb, BrokenBody, TimedOut):
        await _stream(response, url, intake, _Progress(url, settings, clock))
    return b"".join(intake.parts)


@dataclass(slots=True)
class _Intake:
    """Counts what arrives and what it decodes to, and passes it on."""

    url: str
    settings: FetchSettings
    limit: int
    keep: int
    writer: SnapshotWriter | None = None
    received: int = 0
    size: int = 0
    parts: list[bytes] = field(default_factory=list)

    def arrive(self, chunk: bytes) -> None:
        self.received += len(chunk)
        if self.received > self.limit:
            raise TooLarge(self.url, f"the body is larger than {self.limit:_} bytes")

    def put(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.limit:
            raise TooLarge(self.url, f"the decoded body is larger than {self.limit:_} bytes")
        allowed = max(self.settings.inflate_floor, self.received * self.settings.max_inflate_ratio)
        if self.size > allowed:
            raise InflateBomb(self.url, f"{self.received:_} bytes received decode to more than {int(allowed):_}")
        if self.writer is not None:
            self.writer.write(piece)
        if self.size <= self.keep:
            self.parts.append(piece)
        elif self.writer is not None:
            self.parts.clear()  # it is in the store, and too large for memory

    def kept(self) -> bytes | None:
        return b"".join(self.parts) if self.size <= self.keep else None


class _Progress:
    """Ends a body that dribbles: each ``timeout`` seconds must bring ``min_rate`` bytes for each of them."""

    def __init__(self, url: str, settings: FetchSettings, clock: Clock) -> None:
        self._url = url
        self._settings = settings
        self._clock = clock
        self._since = clock.seconds()
        self._bytes = 0

    def note(self, count: int) -> None:
        self._bytes += count
        elapsed = self._clock.seconds() - self._since
        if elapsed < self._settings.timeout:
            return
        if self._bytes < self._settings.min_rate * elapsed:
            raise TimedOut(self._url, f"the body dribbles ({self._bytes} bytes in {elapsed:.0f} s)")
        self._since += elapsed
        self._bytes = 0


async def _stream(response: httpx.Response, url: str, intake: _Intake, progress: _Progress) -> None:
    last = b""
    try:
        body: Decoder = decoder(response.headers.get("content-encoding", ""), intake.put)
        async for chunk in response.aiter_raw():
            intake.arrive(chunk)
            body.feed(chunk)
            progress.note(len(chunk))
            last = chunk
        body.finish()
    except DecodeError as error:
        raise BrokenBody(url, str(error)) from error
    except httpx.TimeoutException as error:
        raise TimedOut(url, f"the body stopped coming after {intake.received:_} bytes") from error
    except httpx.TransportError as error:
        broken = BrokenBody(url, f"the body is cut off after {intake.received:_} bytes ({error})")
        broken.transient = True
        raise broken from error
    _check_end(response, url, last)


def _check_end(response: httpx.Response, url: str, last: bytes) -> None:
    """Notice a Content-Length that is too small.

    The usual cause is a server that counts characters where umlauts take two bytes; the body would lose its end and,
    in a table, nobody would see it. The rest of the body has then arrived with the last bytes that were taken.
    """
    stream = response.extensions.get("network_stream")
    if "content-length" not in response.headers or stream is None:
        return
    arrived = stream.get_extra_info("last_read")
    if arrived and last and not arrived.endswith(last):
        raise BrokenBody(url, f"the body is longer than its Content-Length ({response.headers['content-length']}) says")
