"""Bytes, growth and time are bounded while a body streams, and nothing of a body that breaks a limit stays."""

import asyncio
import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from harvester.fetch import Ask
from harvester.fetch.errors import FetchError, InflateBomb, TimedOut, TooLarge
from tests.fetch.road import FakeTime, RawServer, answer, fetch_raw, files, make_fetcher, settings

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
MEGABYTE = b"0" * 1_000_000
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    while True:
        writer.write(MEGABYTE)
        await writer.drain()


async def dribble(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.001)


async def silence(writer: asyncio.StreamWriter) -> None:
    del writer
    await asyncio.Event().wait()


def refuse(tmp_path, body: bytes | Callable, error: type[FetchError], **limits) -> FetchError:
    with pytest.raises(error) as caught:
        fetch_raw(tmp_path, [body], settings(**limits))
    assert files(tmp_path) == []
    return caught.value


def test_a_body_without_end_is_ended(tmp_path) -> None:
    error = refuse(tmp_path, endless, TooLarge, max_bytes=5_000_000)
    assert "max_bytes" in str(error)


def test_a_body_of_exactly_the_limit_passes(tmp_path) -> None:
    got = fetch_raw(tmp_path, [answer(MEGABYTE)], settings(max_bytes=1_000_000))
    assert got.document is not None
    assert got.document.size == 1_000_000


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_bomb_is_noticed_by_its_growth(tmp_path, coding: str) -> None:
    bomb = ENCODERS[coding](MEGABYTE * 20)
    error = refuse(tmp_path, answer(bomb, f"Content-Encoding: {coding}"), InflateBomb)
    assert f"{len(bomb):_} bytes received" in str(error)


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_bomb_is_noticed_by_its_size(tmp_path, coding: str) -> None:
    bomb = ENCODERS[coding](MEGABYTE * 20)
    refuse(tmp_path, answer(bomb, f"Content-Encoding: {coding}"), TooLarge, max_bytes=9_000_000)


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_small_body_may_grow_as_it_likes(tmp_path, coding: str) -> None:
    got = fetch_raw(tmp_path, [answer(ENCODERS[coding](MEGABYTE * 9), f"Content-Encoding: {coding}")])
    assert got.document is not None
    assert got.document.size == 9_000_000


def test_a_body_that_dribbles_is_ended(tmp_path) -> None:
    time = FakeTime()

    async def one_byte_a_second(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        while True:
            writer.write(b"x")
            await writer.drain()
            time.passed += 1
            await asyncio.sleep(0)

    with pytest.raises(TimedOut, match="dribbles"):
        fetch_raw(tmp_path, [one_byte_a_second], clock=time.clock)
    assert files(tmp_path) == []


def test_a_slow_body_that_progresses_is_taken(tmp_path) -> None:
    time = FakeTime()

    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
        for _ in range(3):
            writer.write(b"x" * 100_000)
            await writer.drain()
            time.passed += 30

    got = fetch_raw(tmp_path, [slow], settings(timeout=20, min_rate=1_000), clock=time.clock)
    assert got.document is not None
    assert got.document.size == 300_000


def test_a_server_that_never_answers_times_out(tmp_path) -> None:
    error = refuse(tmp_path, silence, TimedOut, timeout=0.02)
    assert error.code == "timed-out"


def test_a_body_that_stops_coming_times_out(tmp_path) -> None:
    async def stop(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"anfang")
        await writer.drain()
        await asyncio.Event().wait()

    error = refuse(tmp_path, stop, TimedOut, timeout=0.05)
    assert "after 6 bytes" in str(error)


def test_the_whole_answer_has_a_limit_of_its_own(tmp_path) -> None:
    error = refuse(tmp_path, dribble, TimedOut, total_timeout=0.1, min_rate=0)
    assert "no whole answer" in str(error)


def test_a_head_that_never_ends_is_refused(tmp_path) -> None:
    async def head(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Viel: " + b"x" * 1_000 + b"\r\n")
            await writer.drain()

    refuse(tmp_path, head, FetchError)


def test_a_secret_is_bounded_and_never_stored(tmp_path) -> None:
    async def go(body: bytes) -> bytes | None:
        async with RawServer(answer(body)) as server, make_fetcher(tmp_path) as fetcher:
            got = await fetcher.fetch(Ask(server.url, store=False))
            assert got.document is None
            return got.body

    assert asyncio.run(go(b'{"access_token": "geheim"}')) == b'{"access_token": "geheim"}'
    with pytest.raises(TooLarge):
        asyncio.run(go(MEGABYTE + b"0"))
    assert files(tmp_path) == []


def test_an_endless_error_page_is_still_the_error(tmp_path) -> None:
    async def error(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(MEGABYTE)
            await writer.drain()

    got = fetch_raw(tmp_path, [error])
    assert (got.status, got.document, files(tmp_path)) == (404, None, [])
    assert got.body is not None
    assert len(got.body) <= 1_000_000


def test_a_large_body_is_not_kept_in_memory(tmp_path) -> None:
    got = fetch_raw(tmp_path, [answer(MEGABYTE * 9)])
    assert got.body is None
    assert got.document is not None
    with got.document.open() as stream:
        assert stream.read() == MEGABYTE * 9


def test_a_head_request_brings_no_body(tmp_path) -> None:
    async def go() -> tuple[int, bytes | None, bool]:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
        async with RawServer(head) as server, make_fetcher(tmp_path) as fetcher:
            got = await fetcher.fetch(Ask(server.url, method="HEAD"))
        return got.status, got.body, got.document is None

    assert asyncio.run(go()) == (200, b"", True)
