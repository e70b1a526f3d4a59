"""A small check is recorded from a server, and replayed with the server gone."""

import asyncio

import httpx
import vcr

from harvester.fetch.clock import Clock
from harvester.links.httpx_wire import HttpxWire
from harvester.links.probe import HttpProbe
from tests.links.bench import USER_AGENT, Desk, FakeTime
from tests.links.hostile.scenes import SCENES
from tests.links.hostile.server import HostileServer

PATHS = ("/ok", "/nowhere", "/redirect/301", "/login", "/soft/title", "/body/gzip")
RECORDER = vcr.VCR(match_on=["method", "uri"])


def desk(time: FakeTime, transport: httpx.AsyncHTTPTransport) -> Desk:
    return Desk(HttpProbe(HttpxWire(transport, 5), USER_AGENT, Clock(lambda: 0.0, time.sleep, time.now)), time)


def check(at: Desk, port: int) -> dict[str, str]:
    at.add(*(f"http://127.0.0.1:{port}{path}" for path in PATHS))
    asyncio.run(at.check())
    rows = at.conn.execute("SELECT url, code FROM link WHERE host <> ''").fetchall()
    return {row["url"].partition(str(port))[2]: row["code"] for row in rows}


def test_a_check_is_replayed_without_a_network(tmp_path):
    cassette = str(tmp_path / "check.yaml")

    async def record() -> int:
        async with HostileServer(SCENES) as server:
            time = FakeTime()
            at = desk(time, httpx.AsyncHTTPTransport())
            at.add(*(f"http://127.0.0.1:{server.port}{path}" for path in PATHS))
            with RECORDER.use_cassette(cassette, record_mode="once"):
                await at.check()
            return server.port

    port = asyncio.run(record())
    with RECORDER.use_cassette(cassette, record_mode="none"):
        told = check(desk(FakeTime(), httpx.AsyncHTTPTransport()), port)
    assert told == {
        "/ok": "ok",
        "/nowhere": "http-404",
        "/redirect/301": "moved-permanently",
        "/login": "login-page",
        "/soft/title": "soft-404",
        "/body/gzip": "ok",
    }
