"""However a private address is spelled, and however one is led to it: it is refused, and nothing arrives there."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

import pytest

from harvester.fetch import Ask, Fetcher
from harvester.fetch.errors import AddressRefused, FetchError, InvalidAddress
from tests.fetch.road import FakeTime, RawServer, answer, make_fetcher, settings

SPELLINGS = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.00.00.01",
    "127.000.000.001",
    "2130706433",
    "2130706433.",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "0177.0x0.0.1",
    "00000177.0.0.1",
    "0x7f000001",
    "0x7F.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "0x7f.1",
    "127.0x1",
    "127.0.0x0.1",
    "0",
    "0.0.0.0",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:7F00:0001]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[::1%25lo]",
    "%31%32%37.0.0.1",
    "１２７.0.0.1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "localhost",
    "LOCALHOST.",
    "127.0.0.1.stadt.test",
]
"""Ways to write this machine; the last three are names, and the name service below knows them."""


class Trap:
    """A server on all addresses of this machine that counts who connects, whatever he says."""

    def __init__(self) -> None:
        self.visitors = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._count, "", 0, family=socket.AF_INET)
        self.port = self._server.sockets[0].getsockname()[1]
        self._servers = [self._server]
        if socket.has_ipv6:
            with suppress(OSError):  # this machine has no IPv6
                self._servers.append(await asyncio.start_server(self._count, "::1", self.port, family=socket.AF_INET6))
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()

    async def _count(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visitors += 1
        writer.write(answer(b"intern"))
        writer.close()


async def this_machine(host: str, port: int) -> list[str]:
    """A name service that knows every name as this machine."""
    del host, port
    return ["127.0.0.1"]


def nobody_came(tmp_path, act: Callable[[Fetcher, Trap], Awaitable[object]], **parts) -> None:
    async def go() -> int:
        parts.setdefault("resolver", this_machine)
        limits = settings(allow_addresses=parts.pop("allowed", ()))
        async with Trap() as trap, make_fetcher(tmp_path, limits, **parts) as fetcher:
            with pytest.raises(FetchError) as refused:
                await act(fetcher, trap)
            assert isinstance(refused.value, AddressRefused | InvalidAddress)
            return trap.visitors

    assert asyncio.run(go()) == 0


def test_there_are_thirty_spellings_and_more():
    assert len(set(SPELLINGS)) > 30


def test_the_trap_works(tmp_path) -> None:
    async def go() -> int:
        async with Trap() as trap, make_fetcher(tmp_path, resolver=this_machine) as fetcher:
            for host in ("127.0.0.1", "stadt.test"):
                await fetcher.fetch(Ask(f"http://{host}:{trap.port}/"))
            return trap.visitors

    assert asyncio.run(go()) == 2


@pytest.mark.parametrize("host", SPELLINGS)
def test_a_spelling_of_this_machine_is_refused_and_nothing_is_sent(tmp_path, host: str) -> None:
    nobody_came(tmp_path, lambda fetcher, trap: fetcher.fetch(Ask(f"http://{host}:{trap.port}/")))


@pytest.mark.parametrize("host", SPELLINGS)
@pytest.mark.parametrize("status", [302, 308])
def test_a_redirect_to_a_spelling_is_refused_and_nothing_is_sent(tmp_path, host: str, status: int) -> None:
    """The server that redirects is on an address that is allowed, the trap is not."""

    async def act(fetcher: Fetcher, trap: Trap) -> None:
        target = f"Location: http://{host}:{trap.port}/".encode()
        door = RawServer(b"HTTP/1.1 %d Moved\r\nContent-Length: 0\r\n%s\r\n\r\n" % (status, target))
        async with await asyncio.start_server(door.serve, "127.0.0.2", 0) as server:
            await fetcher.fetch(Ask(f"http://127.0.0.2:{server.sockets[0].getsockname()[1]}/"))

    nobody_came(tmp_path, act, allowed=("127.0.0.2/32",))


@pytest.mark.parametrize(
    "later", [["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["0.0.0.0"], ["10.0.0.1", "127.0.0.1"]]
)
def test_a_name_that_changes_its_answer_between_two_requests_leads_nowhere(tmp_path, later: list[str]) -> None:
    time = FakeTime()
    asked: list[str] = []

    async def turns(host: str, port: int) -> list[str]:
        del port
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else later

    async def act(fetcher: Fetcher, trap: Trap) -> None:
        door = RawServer(answer(b"ja"))
        async with await asyncio.start_server(door.serve, "127.0.0.2", 0) as server:
            url = f"http://stadt.test:{server.sockets[0].getsockname()[1]}/"
            assert (await fetcher.fetch(Ask(url))).status == 200
            await time.sleep(3600)
            await fetcher.fetch(Ask(f"http://stadt.test:{trap.port}/"))

    nobody_came(tmp_path, act, allowed=("127.0.0.2/32",), resolver=turns, clock=time.clock)
    assert len(asked) == 2


def test_a_name_that_changes_its_answer_between_check_and_connection_is_asked_once(tmp_path) -> None:
    """The address that was checked is the one that is connected to: the second answer is never heard."""
    asked: list[str] = []

    async def turns(host: str, port: int) -> list[str]:
        del port
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.1"]

    async def go() -> tuple[int, int]:
        allowed = settings(allow_addresses=("127.0.0.2/32",))
        async with Trap() as trap, make_fetcher(tmp_path, allowed, resolver=turns) as fetcher:
            door = RawServer(answer(b"ja"))
            async with await asyncio.start_server(door.serve, "127.0.0.2", 0) as server:
                port = server.sockets[0].getsockname()[1]
                for _ in range(3):
                    assert (await fetcher.fetch(Ask(f"http://stadt.test:{port}/"))).body == b"ja"
            return trap.visitors, len(door.heads)

    assert asyncio.run(go()) == (0, 3)
    assert asked == ["stadt.test"]
