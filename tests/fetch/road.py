"""What the tests of the road share: a fetcher on loopback, servers that answer byte by byte, and a clock that jumps."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import httpx

from harvester.fetch import Ask, Clock, Fetched, Fetcher, FetchSettings, PolitenessSettings, SnapshotStore
from harvester.registry.source import Source

LOOPBACK = ("127.0.0.0/8",)
POLITENESS_OFF = PolitenessSettings(interval=0)
TLS = httpx.create_ssl_context()  # made once: reading all authorities takes longer than most tests
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


class FakeTime:
    """Time that passes only by sleeping; `slept` lists for how long."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []
        self.clock = Clock(seconds=lambda: self.passed, sleep=self.sleep, now=self.now)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)

    def now(self) -> datetime:
        return MIDNIGHT + timedelta(seconds=self.passed)


class RawServer:
    """A server that says exactly what it is told. `heads` are the requests it saw."""

    def __init__(self, *answers: bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
        self.answers = answers
        self.heads: list[str] = []

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            answer = self.answers[min(len(self.heads), len(self.answers) - 1)]
            self.heads.append(head)
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        writer.close()


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer with a right Content-Length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def settings(**changes: Any) -> FetchSettings:
    return FetchSettings.model_validate({"allow_addresses": LOOPBACK, "retries": 0, **changes})


def make_fetcher(folder: Path, limits: FetchSettings | None = None, **parts: Any) -> Fetcher:
    politeness = parts.pop("politeness", POLITENESS_OFF)
    parts.setdefault("tls", TLS)
    return Fetcher(limits or settings(), politeness, SnapshotStore(folder / "snapshots"), **parts)


def fetch(folder: Path, ask: str | Ask, limits: FetchSettings | None = None, **parts: Any) -> Fetched:
    """Fetch one thing from a server that runs in a thread of its own."""

    async def go() -> Fetched:
        async with make_fetcher(folder, limits, **parts) as fetcher:
            return await fetcher.fetch(Ask(ask) if isinstance(ask, str) else ask)

    return asyncio.run(go())


def fetch_raw(
    folder: Path,
    answers: Sequence[bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]],
    limits: FetchSettings | None = None,
    **parts: Any,
) -> Fetched:
    """Fetch from a raw server that gives these answers one after another, the last one for ever."""

    async def go() -> Fetched:
        async with RawServer(*answers) as server, make_fetcher(folder, limits, **parts) as fetcher:
            return await fetcher.fetch(Ask(server.url))

    return asyncio.run(go())


def files(folder: Path) -> list[str]:
    """Every file in the snapshot store, finished or not."""
    return sorted(path.name for path in (folder / "snapshots").rglob("*") if path.is_file())


def source(endpoint: str, **changes: Any) -> Source:
    return Source.model_validate(
        {
            "id": "teststadt",
            "title": "Teststadt",
            "level": "kommune",
            "region": "055130000000",
            "interface": "dldb",
            "endpoint": endpoint,
            "publisher": {"name": "Teststadt"},
            **changes,
        }
    )
