"""One connection to a server: one request at a time, at most a window of its answer.

A protocol of asyncio and not a pair of streams: a checker asks a hundred thousand small things, and what a stream costs
per answer (tasks, buffers, events) is more than all the rest together (docs/decisions/0010-link-transport.md).
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import cast

from harvester.links.body import WINDOW
from harvester.links.chunks import BadChunkError, Chunks
from harvester.links.observation import BodyFault, Fault
from harvester.links.reply import CHUNKED, LENGTH, LONGEST_HEAD, UNTIL_CLOSE, Head, NotHttpError, framing, parse_head


class ExchangeError(Exception):
    """There was no answer. ``unused`` tells that the server had closed before it saw the request."""

    def __init__(self, fault: Fault, detail: str = "", *, unused: bool = False) -> None:
        super().__init__(fault, detail)
        self.fault = fault
        self.detail = detail
        self.unused = unused


@dataclass(slots=True)
class Reply:
    """An answer: its head and the window of its body as received."""

    head: Head
    body: bytes
    whole: bool
    fault: BodyFault


class Watch:
    """Ends what takes too long. One timer for all connections: one for each costs more than reading a head."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._ends: dict[Connection, float] = {}
        self._running = False

    def add(self, connection: Connection, seconds: float) -> None:
        """End a connection's exchange after so many seconds, up to an eighth later."""
        self._ends[connection] = self.loop.time() + seconds
        if not self._running:
            self._running = True
            self.loop.call_later(seconds / 8, self._look, seconds / 8)

    def drop(self, connection: Connection) -> None:
        """The exchange has ended by itself."""
        self._ends.pop(connection, None)

    def _look(self, step: float) -> None:
        now = self.loop.time()
        for connection in [connection for connection, end in self._ends.items() if end <= now]:
            connection.expire()
        self._running = bool(self._ends)
        if self._running:
            self.loop.call_later(step, self._look, step)


class Connection(asyncio.Protocol):
    """Asks and listens. ``usable`` tells whether another request may follow."""

    __slots__ = (
        "_buffer", "_chunks", "_done", "_frame", "_head", "_length", "_method", "_seconds", "_transport", "_watch",
        "address", "asked", "usable",
    )  # fmt: skip

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._transport: asyncio.Transport | None = None
        self._done: asyncio.Future[Reply] | None = None
        self._buffer = b""
        self._head: Head | None = None
        self._chunks: Chunks | None = None
        self._method = ""
        self._frame = self._length = 0
        self._seconds = 0.0
        self.address = ""
        self.asked = 0
        self.usable = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the open connection."""
        # No isinstance: uvloop's transports share no base class with asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self.usable = True

    def tls_object(self) -> ssl.SSLObject | None:
        """What the encrypted connection knows of its server; None for a plain one."""
        return self._transport.get_extra_info("ssl_object") if self._transport is not None else None

    def ask(self, request: bytes, method: str, seconds: float) -> asyncio.Future[Reply]:
        """Send a request; head and body must each come within ``seconds``. The future fails with ExchangeError."""
        assert self._transport is not None  # noqa: S101 -- only open connections are handed out
        self._done = self._watch.loop.create_future()
        self._buffer = b""
        self._head = self._chunks = None
        self._method = method
        self._seconds = seconds
        self.asked += 1
        self._watch.add(self, seconds)
        self._transport.write(request)
        return self._done

    def close(self) -> None:
        """Close at once."""
        self.usable = False
        self._watch.drop(self)
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        if self._done is None or self._done.done():
            # Bytes that nobody asked for: whatever follows could be taken for the answer to the next question.
            self.close()
            return
        if self._head is None:
            self._buffer = self._buffer + data if self._buffer else data
            self._take_head()
        elif self._chunks is not None:
            self._take_chunks(data)
        else:
            self._buffer += data
            self._take_body()

    def eof_received(self) -> bool:
        """The server will say no more: close as well."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, by whatever side."""
        self.usable = False
        if self._done is None or self._done.done():
            return
        if self._head is not None:
            ended = self._frame == UNTIL_CLOSE and exc is None
            self._finish(self._buffer, whole=ended, fault=BodyFault.NONE if ended else BodyFault.CUT_OFF)
        elif self._buffer:
            self._fail(Fault.RESET, "the connection ended within the head of the answer")
        else:
            fault = Fault.EMPTY if exc is None else Fault.RESET
            self._fail(fault, str(exc or "the server closed without an answer"), unused=self.asked > 1)

    def _take_head(self) -> None:
        while True:
            data = self._buffer
            end = data.find(b"\r\n\r\n")
            skip = 4
            if end < 0:
                end, skip = data.find(b"\n\n"), 2
            if end < 0:
                if len(data) > LONGEST_HEAD:
                    self._fail(Fault.HEAD_TOO_LONG, f"more than {LONGEST_HEAD} bytes")
                elif len(data) > 8 and data[:5] != b"HTTP/":
                    self._fail(Fault.NOT_HTTP, repr(data[:60]))
                return
            try:
                head = parse_head(data[:end])
            except NotHttpError as error:
                self._fail(Fault.NOT_HTTP, str(error))
                return
            self._buffer = data[end + skip :]
            if head.status >= 200 or head.status == 101:
                break
        self._head = head
        self._frame, self._length = framing(head, self._method)
        if self._frame == CHUNKED:
            self._chunks = Chunks()
            rest, self._buffer = self._buffer, b""
            self._take_chunks(rest)
        else:
            self._take_body()
        if self._done is not None and not self._done.done():
            self._watch.add(self, self._seconds)

    def _take_body(self) -> None:
        got, length = self._buffer, self._length
        if self._frame == LENGTH and len(got) >= length and length <= WINDOW:
            if len(got) > length:
                self.usable = False
            self._finish(got[:length], whole=True, fault=BodyFault.NONE)
        elif len(got) >= WINDOW:
            self.usable = False
            self._finish(got[:WINDOW], whole=False, fault=BodyFault.NONE)

    def _take_chunks(self, data: bytes) -> None:
        assert self._chunks is not None  # noqa: S101 -- called for chunked bodies only
        try:
            self._buffer += self._chunks.feed(data)
        except BadChunkError:
            self.usable = False
            self._finish(self._buffer[:WINDOW], whole=False, fault=BodyFault.BAD_CHUNK)
            return
        if self._chunks.done:
            self.usable = self.usable and not self._chunks.left
            whole = len(self._buffer) <= WINDOW
            self._finish(self._buffer[:WINDOW], whole=whole, fault=BodyFault.NONE)
        elif len(self._buffer) >= WINDOW:
            self.usable = False
            self._finish(self._buffer[:WINDOW], whole=False, fault=BodyFault.NONE)

    def expire(self) -> None:
        """Give up: the time is over."""
        if self._head is None:
            self._fail(Fault.HEAD_TIMEOUT, f"no answer within {self._seconds:g} s")
        else:
            self.usable = False
            self._finish(self._buffer[:WINDOW], whole=False, fault=BodyFault.SLOW)

    def _finish(self, body: bytes, *, whole: bool, fault: BodyFault) -> None:
        head, done = self._head, self._done
        if head is None or done is None or done.done():
            return
        self._watch.drop(self)
        self._buffer = b""
        if not head.keep or self._frame == UNTIL_CLOSE or fault:
            self.usable = False
        if not self.usable and self._transport is not None:
            self._transport.abort()
        done.set_result(Reply(head, body, whole, fault))

    def _fail(self, fault: Fault, detail: str, *, unused: bool = False) -> None:
        done = self._done
        self.close()
        if done is not None and not done.done():
            done.set_exception(ExchangeError(fault, detail, unused=unused))
