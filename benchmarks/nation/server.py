"""The nation on loopback: one process, one port, as many hosts as addresses are asked for. Nothing is kept but the day.

``python -m benchmarks.nation.server`` prints a line when it listens, and ends when its standard input is closed.
``POST /__day?day=2`` on the address of ``control`` lets another day come; ``GET`` tells the day and what was asked so far.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from benchmarks.nation import address
from benchmarks.nation.answer import answer
from benchmarks.nation.message import MISSING, Answer, Asked
from benchmarks.nation.nation import PORT, Nation
from benchmarks.nation.weather import latency

SO_BINDTODEVICE = 25
"""Of Linux; the socket module does not name it in every build."""

_REASONS = {200: "OK", 304: "Not Modified", 400: "Bad Request", 404: "Not Found", 500: "Internal Server Error"}
_SHORTEST = 0.0005
"""Seconds; a wait below it is none."""
_MOST_HEAD = 65_536


@dataclass
class Stage:
    """What all connections share. ``haste`` is what latencies are multiplied with; 0 leaves them out."""

    nation: Nation
    haste: float = 0.0
    day: int = 1
    requests: int = 0
    bytes: int = 0


class Connection(asyncio.Protocol):
    """One connection with keep-alive: a request, its answer, the next request."""

    def __init__(self, stage: Stage) -> None:
        """Wait for the first request."""
        self._stage = stage
        self._buffer = b""
        self._host = ""
        self._busy = False
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Find out whose address was called; anything but loopback is hung up on."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- a TCP server has no other
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]
        if not self._host.startswith("127."):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- the base class's signature
        """Stop making what nobody will read."""
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        """Wait: the other side reads more slowly than we write."""
        self._flowing.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._flowing.set()

    def data_received(self, data: bytes) -> None:
        """Take what arrived."""
        self._buffer += data
        self._next()

    def _next(self) -> None:
        if self._busy or (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > _MOST_HEAD:
                self._transport.abort()
            return
        head, self._buffer = self._buffer[:end].decode("latin-1"), self._buffer[end + 4 :]
        self._busy = True
        asked = _read(head, self._host)
        wait = latency(self._stage.nation, self._host) * self._stage.haste if self._stage.haste else 0.0
        if wait >= _SHORTEST:
            asyncio.get_running_loop().call_later(wait, self._reply, asked)
        else:
            self._reply(asked)

    def _reply(self, asked: Asked) -> None:
        if self._transport.is_closing():
            return
        stage = self._stage
        if asked.host == address.CONTROL:
            found = _control(stage, asked)
        else:
            stage.requests += 1
            found = answer(stage.nation, asked, stage.day)
        if found.silent:
            self._transport.abort()
            return
        tag = f'"{found.etag}"' if found.etag else ""
        if tag and found.status == 200 and asked.headers.get("if-none-match") == tag:
            found = Answer(status=304, etag=found.etag, media_type="")
        head = f"HTTP/1.1 {found.status} {_REASONS[found.status]}\r\nServer: nation\r\n"
        head += f"Content-Type: {found.media_type}\r\n" if found.media_type else ""
        head += f"ETag: {tag}\r\n" if tag else ""
        if isinstance(found.body, bytes):
            body = b"" if asked.method == "HEAD" else found.body
            length = "" if found.status == 304 else f"Content-Length: {len(found.body)}\r\n"
            self._write(f"{head}{length}\r\n".encode("latin-1") + body)
            self._done()
        elif asked.method == "HEAD":
            self._write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode("latin-1"))
            self._done()
        else:
            self._write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode("latin-1"))
            self._task = asyncio.get_running_loop().create_task(self._stream(found.body))

    async def _stream(self, parts: Iterable[bytes]) -> None:
        for part in parts:
            await self._flowing.wait()
            self._write(b"%x\r\n%b\r\n" % (len(part), part))
            await asyncio.sleep(0)
        self._write(b"0\r\n\r\n")
        self._task = None
        self._done()

    def _write(self, data: bytes) -> None:
        self._stage.bytes += len(data)
        self._transport.write(data)

    def _done(self) -> None:
        self._busy = False
        if self._buffer:
            self._next()


def _read(head: str, host: str) -> Asked:
    first, *lines = head.split("\r\n")
    method, _, rest = first.partition(" ")
    parts = urlsplit(rest.partition(" ")[0])
    named = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in named}
    return Asked(method, host, unquote(parts.path), dict(parse_qsl(parts.query)), headers)


def _control(stage: Stage, asked: Asked) -> Answer:
    if asked.path != "/__day":
        return MISSING
    if asked.method == "POST":
        told = asked.query.get("day", "")
        if not told.isdigit() or int(told) < 1:
            return Answer(b"day must be 1 or more", "text/plain", 400)
        stage.day = int(told)
    told = json.dumps({"day": stage.day, "requests": stage.requests, "bytes": stage.bytes})
    return Answer(told.encode(), "application/json")


def listen(port: int) -> socket.socket:
    """A socket that hears every loopback address at once and no other.

    Raises:
        OSError: the port is taken, or this system cannot do that (Linux alone can).
    """
    if sys.platform != "linux":
        raise OSError("the nation needs all of 127.0.0.0/8, which answers on Linux alone")
    sock = socket.socket()
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, b"lo")
        sock.bind(("0.0.0.0", port))  # noqa: S104 -- of the loopback device, see above
        sock.listen(512)
    except OSError:
        sock.close()
        raise
    return sock


async def play(sock: socket.socket, stage: Stage) -> None:
    """Answer until cancelled."""
    server = await asyncio.get_running_loop().create_server(lambda: Connection(stage), sock=sock, backlog=512)
    async with server:
        await server.serve_forever()


async def _until_closed(sock: socket.socket, stage: Stage) -> None:
    loop = asyncio.get_running_loop()
    playing = loop.create_task(play(sock, stage))
    await loop.run_in_executor(None, sys.stdin.read)
    playing.cancel()
    with suppress(asyncio.CancelledError):
        await playing


def run_server(seed: int, scale: float, port: int, haste: float, *, forever: bool = True) -> None:
    """Play a nation until interrupted, or with ``forever`` off until standard input ends; prints where when it listens.

    Raises:
        OSError: the port cannot be used.
    """
    sock = listen(port)
    nation = Nation(seed, scale, sock.getsockname()[1])
    print(json.dumps({"port": nation.port, "towns": len(nation.towns)}), flush=True)
    stage = Stage(nation, haste)
    with suppress(KeyboardInterrupt):
        asyncio.run(play(sock, stage) if forever else _until_closed(sock, stage))


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--haste", type=float, default=0.0)
    asked = parser.parse_args()
    run_server(asked.seed, asked.scale, asked.port, asked.haste, forever=False)


if __name__ == "__main__":
    main()
