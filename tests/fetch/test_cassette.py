"""A crawl that was recorded can be replayed without the server, and gives the same."""

import asyncio
import re
from pathlib import Path

import pytest
import vcr
from pytest_httpserver import HTTPServer

from harvester.fetch import crawl
from harvester.model import Document, Lost
from spiders.base import HarvestSpider, Item
from tests.fetch.road import make_fetcher, source


class Paged(HarvestSpider):
    """Follows pages by the address each names, through a redirect, and asks for one that is missing."""

    async def start(self):
        yield self.request(self.source.endpoint + "/start", self.parse)

    def parse(self, response):
        yield self.document(response, role="page", note=response.headers[b"X-Page"].decode())
        for path in re.findall(r"/\w+", response.text):
            yield self.request(self.source.endpoint + path, self.parse)


def crawl_once(folder: Path, endpoint: str, cassette: Path, mode: str) -> list[Item]:
    items: list[Item] = []

    async def go() -> None:
        async with make_fetcher(folder) as fetcher:
            await crawl(
                Paged, source=source(endpoint), cursor=None, fetcher=fetcher, on_item=items.append, robots=False
            )

    with vcr.use_cassette(str(cassette), record_mode=mode):
        asyncio.run(go())
    return items


def bodies(items: list[Item]) -> list[tuple[str, str, str, bytes]]:
    found = []
    for item in items:
        if isinstance(item, Document):
            with item.open() as stream:
                found.append((item.url, item.note, item.media_type, stream.read()))
    return found


def test_a_recorded_crawl_is_replayed_without_the_server(tmp_path) -> None:
    cassette = tmp_path / "cassette.yaml"
    with HTTPServer(host="127.0.0.1") as server:
        endpoint = server.url_for("").rstrip("/")
        server.expect_request("/start").respond_with_data("/zwei /fehlt", headers={"X-Page": "1"})
        server.expect_request("/zwei").respond_with_data("", status=301, headers={"Location": "/drei"})
        packed = b"\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00Ende!"
        server.expect_request("/drei").respond_with_data(packed, headers={"X-Page": "3", "Content-Encoding": "zstd"})
        server.expect_request("/fehlt").respond_with_data("", status=404)
        recorded = crawl_once(tmp_path / "live", endpoint, cassette, "once")
        asked = len(server.log)
    replayed = crawl_once(tmp_path / "replay", endpoint, cassette, "none")
    assert asked == 4
    assert [note for _, note, _, _ in bodies(recorded)] == ["1", "3"]
    assert bodies(replayed) == bodies(recorded)
    assert [item for item in replayed if isinstance(item, Lost)] == [
        Lost(f"{endpoint}/fehlt", "the server answered 404")
    ]


def test_what_is_not_on_the_cassette_does_not_go_live(tmp_path) -> None:
    cassette = tmp_path / "cassette.yaml"
    with HTTPServer(host="127.0.0.1") as server:
        endpoint = server.url_for("").rstrip("/")
        server.expect_request("/start").respond_with_data("", headers={"X-Page": "1"})
        crawl_once(tmp_path / "live", endpoint, cassette, "once")
        cassette.write_text(cassette.read_text("utf-8").replace("/start", "/anders"), "utf-8")
        server.clear_log()
        (lost,) = crawl_once(tmp_path / "replay", endpoint, cassette, "none")
        assert server.log == []
    assert isinstance(lost, Lost)
    assert "no recorded interaction" in lost.reason


@pytest.mark.parametrize("host", ["stadt.test", "niemand.invalid"])
def test_a_replay_needs_no_name_service(tmp_path, host: str) -> None:
    cassette = tmp_path / "cassette.yaml"
    with HTTPServer(host="127.0.0.1") as server:
        endpoint = server.url_for("").rstrip("/")
        server.expect_request("/start").respond_with_data("", headers={"X-Page": "1"})
        crawl_once(tmp_path / "live", endpoint, cassette, "once")
    cassette.write_text(cassette.read_text("utf-8").replace(endpoint, f"https://{host}"), "utf-8")
    replayed = crawl_once(tmp_path / "replay", f"https://{host}", cassette, "none")
    assert [url for url, _, _, _ in bodies(replayed)] == [f"https://{host}/start"]
