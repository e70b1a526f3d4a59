"""A spider's crawl runs to its end in any event loop, and nothing that goes wrong on the way is silent."""

import asyncio
import gzip
import threading
from collections.abc import Sequence

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harvester.fetch import Clock, CrawlEnd, PolitenessSettings, crawl
from harvester.model import Coverage, Cursor, Document, Lost, Proof
from spiders.base import HarvestSpider, Item
from tests.fetch.road import files, make_fetcher, settings, source


class Pages(HarvestSpider):
    """Fetches /1, /2 … and says so; what a test needs beyond that, it overrides."""

    paths: Sequence[str] = ("/1", "/2", "/3")

    async def start(self):
        yield Coverage(Proof.INDEX, len(self.paths))
        for path in self.paths:
            yield self.request(self.source.endpoint + path, self.parse)

    def parse(self, response):
        yield self.document(response, role="page", note=response.text)
        yield Cursor(response.text)


@pytest.fixture
def town(httpserver: HTTPServer) -> HTTPServer:
    for page in "123":
        httpserver.expect_request(f"/{page}").respond_with_data(f"Seite {page}", headers={"ETag": f'"{page}"'})
    return httpserver


def run(tmp_path, town: HTTPServer, *spiders: type[HarvestSpider], **parts) -> list[tuple[list[Item], CrawlEnd]]:
    """Crawl with all of these spiders at once."""
    robots = parts.pop("robots", False)
    described = source(town.url_for("").rstrip("/"), **parts.pop("source", {}))

    async def one(fetcher, spider: type[HarvestSpider]) -> tuple[list[Item], CrawlEnd]:
        items: list[Item] = []
        end = await crawl(spider, source=described, cursor="7", fetcher=fetcher, on_item=items.append, robots=robots)
        return items, end

    async def go() -> list[tuple[list[Item], CrawlEnd]]:
        async with make_fetcher(tmp_path, **parts) as fetcher:
            return await asyncio.gather(*(one(fetcher, spider) for spider in spiders))

    return asyncio.run(go())


def notes(items: Sequence[Item]) -> list[str]:
    return [item.note for item in items if isinstance(item, Document)]


def test_items_arrive_in_the_order_in_which_they_are_yielded(tmp_path, town) -> None:
    [(items, end)] = run(tmp_path, town, Pages)
    assert end == CrawlEnd("finished", (), requests=3, received=21)
    assert items[0] == Coverage(Proof.INDEX, 3)
    assert notes(items) == ["Seite 1", "Seite 2", "Seite 3"]
    assert [type(item) for item in items[1:]] == [Document, Cursor] * 3
    document = items[1]
    assert isinstance(document, Document)
    with document.open() as stream:
        assert stream.read() == b"Seite 1"


def test_crawls_run_at_once_and_one_after_another(tmp_path, town) -> None:
    class Backwards(Pages):
        paths = ("/3", "/2", "/1")

    results = run(tmp_path, town, Pages, Backwards, Pages)
    assert [end.reason for _, end in results] == ["finished"] * 3
    assert notes(results[1][0]) == ["Seite 3", "Seite 2", "Seite 1"]
    assert notes(run(tmp_path, town, Pages)[0][0]) == ["Seite 1", "Seite 2", "Seite 3"]


def test_a_crawl_runs_in_a_thread_of_a_worker(tmp_path, town) -> None:
    results: list = []
    worker = threading.Thread(target=lambda: results.extend(run(tmp_path, town, Pages)))
    worker.start()
    worker.join(timeout=60)
    assert [end.reason for _, end in results] == ["finished"]


def test_an_error_in_a_callback_is_an_error_of_the_crawl(tmp_path, town) -> None:
    class Clumsy(Pages):
        def parse(self, response):
            yield from super().parse(response)
            if response.text == "Seite 2":
                raise KeyError("titel")

    [(items, end)] = run(tmp_path, town, Clumsy)
    assert end.reason == "finished"
    assert end.errors == ("parse: KeyError: 'titel'",)
    assert len(notes(items)) == 3


def test_an_error_before_the_first_request_is_one_too(tmp_path, town) -> None:
    class Clumsy(Pages):
        async def start(self):
            yield Coverage(Proof.UNKNOWN)
            raise ValueError("keine Region")

    [(items, end)] = run(tmp_path, town, Clumsy)
    assert end.reason == "start_error"
    assert end.errors == ("start: ValueError: keine Region",)
    assert items == [Coverage(Proof.UNKNOWN)]


def test_an_error_in_an_errback_is_one_too(tmp_path, town) -> None:
    class Clumsy(Pages):
        paths = ("/fehlt",)

        def lose(self, failure):
            raise RuntimeError(f"auch das noch: {failure.value.response.status}")

    town.expect_request("/fehlt").respond_with_data("", status=404)
    [(_, end)] = run(tmp_path, town, Clumsy)
    assert end.errors == ("lose: RuntimeError: auch das noch: 404",)


def test_what_does_not_arrive_is_lost_with_its_reason(tmp_path, town) -> None:
    class Unlucky(Pages):
        async def start(self):
            for path in ("/404", "/bomb", "/1"):
                yield self.request(self.source.endpoint + path, self.parse)
            yield self.request("http://10.0.0.1/", self.parse)
            yield self.request("ftp://stadt.example/", self.parse)

    town.expect_request("/404").respond_with_data("weg", status=404)
    bomb = gzip.compress(b"0" * 20_000_000)
    town.expect_request("/bomb").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    [(items, end)] = run(tmp_path, town, Unlucky)
    lost = {item.url.rpartition("/")[2] or item.url: item.reason for item in items if isinstance(item, Lost)}
    assert lost["404"] == "the server answered 404"
    assert "bytes received decode to more than" in lost["bomb"]
    assert "10.0.0.1 is private" in lost["http://10.0.0.1/"]
    assert "ftp" in lost["ftp://stadt.example/"]
    assert notes(items) == ["Seite 1"]
    assert end.errors == ()


def test_an_unchanged_page_is_flagged_and_whole(tmp_path, town) -> None:
    flags: list[list[str]] = []

    class Watching(Pages):
        paths = ("/etag", "/etag")

        def parse(self, response):
            flags.append(response.flags)
            yield from super().parse(response)

    def serve(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"a"':
            return Response(status=304)
        return Response("Seite", headers={"ETag": '"a"'})

    town.expect_request("/etag").respond_with_handler(serve)
    [(items, end)] = run(tmp_path, town, Watching)
    assert flags == [[], ["not-modified"]]
    assert notes(items) == ["Seite", "Seite"]
    assert end.errors == ()


def test_a_response_is_what_scrapy_expects(tmp_path, town) -> None:
    seen: list = []

    class Looking(Pages):
        paths = ("/alt",)

        def parse(self, response):
            seen.append(response)
            yield self.document(response, role="page")

    town.expect_request("/alt").respond_with_data("", status=302, headers={"Location": "/neu"})
    html = gzip.compress("<html><h1>Bürgeramt</h1></html>".encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html; charset=utf-8", "Set-Cookie": "a=1"}
    town.expect_request("/neu").respond_with_data(html, headers=headers)
    [(items, _)] = run(tmp_path, town, Looking)
    (response,) = seen
    assert response.css("h1::text").get() == "Bürgeramt"
    assert (response.url, response.status) == (town.url_for("/neu"), 200)
    assert "Content-Encoding" not in response.headers
    assert "Content-Length" not in response.headers
    assert response.headers.getlist("Set-Cookie") == [b"a=1"]
    document = items[-1]
    assert isinstance(document, Document)
    assert (document.url, document.media_type) == (town.url_for("/alt"), "text/html")


def test_secrets_are_posted_and_not_stored(tmp_path, town) -> None:
    class Login(Pages):
        async def start(self):
            yield self.request(
                self.source.endpoint + "/token",
                self.parse,
                method="POST",
                body="grant_type=client_credentials",
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                meta={"store": False},
            )

        def parse(self, response):
            yield Cursor(response.json()["access_token"])

    town.expect_request("/token", method="POST", data="grant_type=client_credentials").respond_with_json(
        {"access_token": "geheim"}
    )
    [(items, _)] = run(tmp_path, town, Login)
    assert items == [Cursor("geheim")]
    assert files(tmp_path) == []


def test_a_large_body_is_read_from_the_document(tmp_path, town) -> None:
    class Dump(Pages):
        paths = ("/dump",)

        def parse(self, response):
            assert response.body == b""
            yield self.document(response, role="dump")

    town.expect_request("/dump").respond_with_data(b"<x/>" * 2_500_000)
    [(items, end)] = run(tmp_path, town, Dump)
    assert end == CrawlEnd("finished", (), requests=1, received=10_000_000)
    document = items[-1]
    assert isinstance(document, Document)
    assert document.size == 10_000_000


def test_robots_txt_has_a_say_where_pages_are_crawled(tmp_path, town) -> None:
    town.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /2")
    [(items, end)] = run(tmp_path, town, Pages, robots=True)
    assert notes(items) == ["Seite 1", "Seite 3"]
    (lost,) = [item for item in items if isinstance(item, Lost)]
    assert "robots.txt forbids it" in lost.reason
    assert end.errors == ()
    [(items, _)] = run(tmp_path, town, Pages, robots=False)
    assert len(notes(items)) == 3


def test_what_the_receiver_raises_ends_the_crawl(tmp_path, town) -> None:
    taken: list[Item] = []

    def take(item: Item) -> None:
        taken.append(item)
        if len(taken) == 2:
            raise OSError("die Platte ist voll")

    async def go() -> None:
        described = source(town.url_for("").rstrip("/"))
        async with make_fetcher(tmp_path) as fetcher:
            await crawl(Pages, source=described, cursor=None, fetcher=fetcher, on_item=take, robots=False)

    with pytest.raises(OSError, match="die Platte ist voll"):
        asyncio.run(go())
    assert len(taken) == 2
    assert len(town.log) < 3


def test_a_crawl_can_be_cancelled(tmp_path, town) -> None:
    asked = threading.Event()
    answered = threading.Event()

    def wait(request: Request) -> Response:
        del request
        asked.set()
        answered.wait(timeout=30)
        return Response("zu spät")

    class Slow(Pages):
        paths = ("/slow", "/1")

    town.expect_request("/slow").respond_with_handler(wait)
    items: list[Item] = []

    async def go() -> None:
        described = source(town.url_for("").rstrip("/"))
        async with make_fetcher(tmp_path) as fetcher:
            task = asyncio.create_task(
                crawl(Slow, source=described, cursor=None, fetcher=fetcher, on_item=items.append, robots=False)
            )
            await asyncio.to_thread(asked.wait, 30)
            task.cancel()
            answered.set()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(go())
    assert notes(items) == []


def test_the_pace_of_the_source_is_kept_at_home(tmp_path, town) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    parts = {"clock": Clock(seconds=lambda: 0.0, sleep=sleep), "politeness": PolitenessSettings(interval=1)}
    run(tmp_path, town, Pages, source={"politeness": {"requests_per_second": 4}}, **parts)
    assert slept == [0.25, 0.5]
    slept.clear()
    run(tmp_path, town, Pages, **parts)
    assert slept == [1, 2]


def test_a_host_may_ask_for_a_longer_pause(tmp_path, town) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    town.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 5")
    parts = {"clock": Clock(seconds=lambda: 0.0, sleep=sleep), "politeness": PolitenessSettings(interval=1)}
    run(tmp_path, town, Pages, robots=True, **parts)
    assert slept == [1, 6, 11]  # robots.txt itself was asked for first, at the usual pace


def test_a_broken_limit_is_told_with_the_setting_that_sets_it(tmp_path, town) -> None:
    [(items, _)] = run(tmp_path, town, Pages, limits=settings(max_bytes=3))
    reasons = [item.reason for item in items if isinstance(item, Lost)]
    assert len(reasons) == 3
    assert all("max_bytes under [fetch]" in reason for reason in reasons)
