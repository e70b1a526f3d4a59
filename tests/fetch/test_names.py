"""A name is resolved once, and only what was checked is connected to."""

import asyncio
import socket

import pytest

from harvester.fetch import Ask
from harvester.fetch.errors import AddressRefused, ConnectFailed, NameNotFound, TimedOut
from harvester.fetch.names import KEPT
from tests.fetch.road import FakeTime, RawServer, answer, make_fetcher, settings


class Resolver:
    """A name service that gives one answer after another, the last one for ever."""

    def __init__(self, *answers: list[str] | Exception) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        del port
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(host)
        if isinstance(answer, Exception):
            raise answer
        return answer


def visit(tmp_path, resolver: Resolver, times: int = 1, server: RawServer | None = None, **parts) -> RawServer:
    server = server or RawServer(answer(b"ja"))

    async def go() -> None:
        async with server, make_fetcher(tmp_path, parts.pop("limits", None), resolver=resolver, **parts) as fetcher:
            for _ in range(times):
                await fetcher.fetch(Ask(f"http://stadt.test:{server.port}/"))

    asyncio.run(go())
    return server


def test_the_checked_address_is_the_one_connected_to(tmp_path) -> None:
    # Were the name resolved again for the connection, the second answer would lead into the private network.
    resolver = Resolver(["127.0.0.1"], ["10.0.0.1"])
    server = visit(tmp_path, resolver)
    assert resolver.asked == ["stadt.test"]
    assert "Host: stadt.test:" in server.heads[0]


def test_an_answer_that_turns_private_is_refused(tmp_path) -> None:
    time = FakeTime()
    resolver = Resolver(["127.0.0.1"], ["10.0.0.1"])
    server = RawServer(answer(b"ja"))

    async def go() -> None:
        async with server, make_fetcher(tmp_path, resolver=resolver, clock=time.clock) as fetcher:
            ask = Ask(f"http://stadt.test:{server.port}/")
            await fetcher.fetch(ask)
            await time.sleep(KEPT)
            with pytest.raises(AddressRefused, match=r"10\.0\.0\.1 is private"):
                await fetcher.fetch(ask)

    asyncio.run(go())
    assert len(server.heads) == 1


def test_a_dead_first_address_does_not_hide_a_living_one(tmp_path) -> None:
    # Nothing listens on 127.0.0.2, and ::1 is not allowed here: both are passed over.
    server = visit(tmp_path, Resolver(["::1", "127.0.0.2", "127.0.0.1"]))
    assert len(server.heads) == 1


def test_a_name_with_private_addresses_only_is_refused(tmp_path) -> None:
    with pytest.raises(AddressRefused, match=r"stadt\.test.*10\.0\.0\.1 is private; ::1 is loopback"):
        visit(tmp_path, Resolver(["10.0.0.1", "::1"]))


@pytest.mark.parametrize(("error", "transient"), [(socket.EAI_NONAME, False), (socket.EAI_AGAIN, True)])
def test_a_name_that_does_not_exist_is_told_from_a_silent_name_service(tmp_path, error: int, *, transient) -> None:
    with pytest.raises(NameNotFound) as caught:
        visit(tmp_path, Resolver(socket.gaierror(error, "nein")))
    assert caught.value.transient is transient
    assert caught.value.url.startswith("http://stadt.test:")


def test_a_name_without_address_is_not_found(tmp_path) -> None:
    with pytest.raises(NameNotFound, match="no address"):
        visit(tmp_path, Resolver([]))


def test_a_name_service_that_never_answers_times_out(tmp_path) -> None:
    async def hang(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        raise AssertionError(host, port)

    with pytest.raises(TimedOut, match="name service"):
        visit(tmp_path, hang, limits=settings(timeout=0.01))


def test_nobody_listens(tmp_path) -> None:
    with pytest.raises(ConnectFailed) as caught:
        visit(tmp_path, Resolver(["127.0.0.2"]))
    assert "no connection to the server" in str(caught.value)


def test_the_system_resolver_knows_this_machine(tmp_path) -> None:
    async def go() -> int:
        async with RawServer(answer(b"ja")) as server, make_fetcher(tmp_path) as fetcher:
            return (await fetcher.fetch(Ask(f"http://localhost:{server.port}/"))).status

    assert asyncio.run(go()) == 200
