"""A server that says "not now" is asked again, as late as it wishes; one that says no is not."""

import asyncio
from datetime import UTC, datetime

import pytest

from harvester.fetch import Ask, Fetched, PolitenessSettings
from harvester.fetch.errors import BadStatus, ConnectFailed, NameNotFound
from harvester.fetch.retry import retry_after
from tests.fetch.road import MIDNIGHT, FakeTime, RawServer, answer, make_fetcher, settings

BUSY = answer(b"", status="503 Busy")
POLITE = PolitenessSettings(interval=0.001)


def visit(tmp_path, *answers, retries: int = 3, **ask) -> tuple[Fetched, FakeTime, list[str]]:
    time = FakeTime()

    async def go() -> tuple[Fetched, list[str]]:
        road = make_fetcher(tmp_path, settings(retries=retries), clock=time.clock, politeness=POLITE)
        async with RawServer(*answers) as server, road:
            return await road.fetch(Ask(server.url, **ask)), server.heads

    got, heads = asyncio.run(go())
    return got, time, heads


def waits(time: FakeTime) -> list[float]:
    return [seconds for seconds in time.slept if seconds > 0.01]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_not_now_is_asked_again(tmp_path, status: int) -> None:
    got, time, heads = visit(tmp_path, answer(b"", status=f"{status} X"), answer(b"da"))
    assert (got.body, len(heads), waits(time)) == (b"da", 2, [1])


def test_each_wait_is_three_times_the_one_before(tmp_path) -> None:
    got, time, heads = visit(tmp_path, BUSY)
    assert (got.status, len(heads), waits(time)) == (503, 4, [1, 3, 9])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 500, 501])
def test_no_is_no(tmp_path, status: int) -> None:
    got, time, heads = visit(tmp_path, answer(b"nein", status=f"{status} X"))
    assert (got.status, got.body, len(heads), time.slept) == (status, b"nein", 1, [])
    with pytest.raises(BadStatus, match=str(status)):
        got.require()


def test_the_server_says_how_long(tmp_path) -> None:
    later = answer(b"", "Retry-After: 120", status="429 Slow")
    date = answer(b"", "Retry-After: Mon, 23 Nov 2026 00:03:00 GMT", status="503 X")
    got, time, _ = visit(tmp_path, later, date, answer(b"da"))
    assert got.body == b"da"
    assert waits(time) == [120, 60]


@pytest.mark.parametrize("wish", ["3600", "99999999999999", "Tue, 24 Nov 2026 00:00:00 GMT"])
def test_who_wants_a_long_pause_is_left_alone(tmp_path, wish: str) -> None:
    got, time, heads = visit(tmp_path, answer(b"", f"Retry-After: {wish}", status="429 Slow"))
    assert (got.status, len(heads), time.slept) == (429, 1, [])


def test_one_for_ever_ends(tmp_path) -> None:
    got, _, heads = visit(tmp_path, answer(b"", "Retry-After: 1", status="429 Slow"))
    assert (got.status, len(heads)) == (429, 4)


def test_others_wait_with_it(tmp_path) -> None:
    time = FakeTime()

    async def go() -> list[float]:
        road = make_fetcher(tmp_path, settings(retries=0), clock=time.clock, politeness=POLITE)
        async with RawServer(answer(b"", "Retry-After: 100", status="503 X"), answer(b"da")) as server, road:
            await road.fetch(Ask(server.url))
            await road.fetch(Ask(server.url + "anderes"))
        return time.slept

    assert [round(seconds) for seconds in asyncio.run(go())] == [100]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 7 ", 7),
        ("Mon, 23 Nov 2026 00:00:10 GMT", 10),
        ("Sun, 22 Nov 2026 00:00:00 GMT", 0),
        ("Monday, 23-Nov-26 00:00:10 GMT", 10),
        ("-5", None),
        ("1.5", None),
        ("bald", None),
        ("", None),
        ("Mon, 99 Nov 2026 00:00:00 GMT", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, MIDNIGHT) == seconds


def test_retry_after_knows_time_zones() -> None:
    assert retry_after("Mon, 23 Nov 2026 01:00:10 +0100", datetime(2026, 11, 23, tzinfo=UTC)) == 10


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def test_a_broken_connection_is_tried_again(tmp_path) -> None:
    got, _, heads = visit(tmp_path, hang_up, b"", b"kein HTTP\r\n\r\n", answer(b"da"))
    assert (got.body, len(heads)) == (b"da", 4)


def test_a_broken_body_is_tried_again(tmp_path) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nkurz"
    got, _, heads = visit(tmp_path, cut, answer(b"da"))
    assert (got.body, len(heads)) == (b"da", 2)


def test_what_may_have_arrived_is_not_sent_twice(tmp_path) -> None:
    with pytest.raises(ConnectFailed):
        visit(tmp_path, hang_up, answer(b"da"), method="POST", body=b"x")


def test_a_name_that_does_not_exist_is_not_tried_again(tmp_path) -> None:
    time = FakeTime()

    async def go() -> None:
        async with make_fetcher(tmp_path, settings(retries=3), clock=time.clock) as road:
            await road.fetch(Ask("http://niemand.invalid/"))

    with pytest.raises(NameNotFound, match=r"http://niemand\.invalid/: the name"):
        asyncio.run(go())
    assert time.slept == []
