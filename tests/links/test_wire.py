import asyncio

import pytest

from harvester.fetch.clock import Clock
from harvester.links import wire as wire_module
from harvester.links.dial import Dialer
from harvester.links.wire import Wire
from tests.links.bench import address, names
from tests.links.hostile.replies import OK
from tests.links.hostile.server import Exchange, HostileServer

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Peers:
    """Counts the connections its servers see, by the address of the client."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    async def note(self, exchange: Exchange) -> bytes:
        self.seen.append(exchange.writer.get_extra_info("peername"))
        return OK


async def ask(wire: Wire, *servers: HostileServer) -> None:
    for server in servers:
        await wire.exchange(REQUEST, "GET", address(f"http://127.0.0.1:{server.port}/"))


def test_a_connection_is_kept_for_the_next_request():
    peers = Peers()

    async def check() -> None:
        wire = Wire(Dialer(names(Clock()), 1), 1)
        async with HostileServer({"*": peers.note}) as server:
            await ask(wire, server, server, server)
            wire.close_all()

    asyncio.run(check())
    assert len(set(peers.seen)) == 1


def test_no_more_connections_rest_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire_module, "MOST_IDLE", 1)
    peers = Peers()

    async def check() -> None:
        wire = Wire(Dialer(names(Clock()), 1), 1)
        async with HostileServer({"*": peers.note}) as one, HostileServer({"*": peers.note}) as other:
            await ask(wire, one, other, one)
            wire.close_all()

    asyncio.run(check())
    assert len(set(peers.seen)) == 3


def test_a_cancelled_request_leaves_no_answer_behind_for_the_next():
    async def check() -> int:
        async def slow_then_ok(exchange: Exchange) -> bytes:
            if exchange.count == 1:
                await asyncio.sleep(0.2)
            return OK

        wire = Wire(Dialer(names(Clock()), 1), 1)
        async with HostileServer({"*": slow_then_ok}) as server:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await ask(wire, server)
            await asyncio.sleep(0.3)
            await ask(wire, server)
            wire.close_all()
            return len(server.asked)

    assert asyncio.run(check()) == 2
