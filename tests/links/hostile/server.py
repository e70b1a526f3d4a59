"""The hostile server: raw bytes over asyncio, with and without TLS."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self, TypeAlias

Scene: TypeAlias = bytes | Callable[["Exchange"], Awaitable[bytes | None]]


@dataclass(slots=True)
class Exchange:
    """One request and the way to answer it. A scene returns the reply, or None if it has answered by itself."""

    method: str
    path: str
    headers: dict[str, str]
    writer: asyncio.StreamWriter
    server: "HostileServer"
    count: int

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        # Linger for no time at all: the kernel then resets instead of closing.
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@dataclass
class HostileServer:
    """Answers each path by its scene; `asked` lists the requests it saw as (method, path)."""

    scenes: dict[str, Scene]
    context: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self.host, self.port, ssl=self.context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(
                ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError
            ):
                while await self._serve(reader, writer):
                    pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        path = target.partition("?")[0]
        self.asked.append((method, target))
        scene = self.scenes.get(f"{method} {path}") or self.scenes.get(path) or self.scenes["*"]
        if not isinstance(scene, bytes):
            count = sum(1 for asked in self.asked if asked == (method, target))
            answer = await scene(Exchange(method, target, headers, writer, self, count))
            if answer is None:
                return False
            scene = answer
        if method == "HEAD":
            scene = scene.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        writer.write(scene.replace(b"PORT", str(self.port).encode()))
        await writer.drain()
        return b"connection: close" not in scene.lower()
