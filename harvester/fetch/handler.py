"""Scrapy's download handler: spiders travel the same road as everybody else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from harvester.fetch.ask import Ask, Fetched
from harvester.fetch.budget import Pace, registrable_domain
from harvester.fetch.client import Fetcher
from harvester.fetch.errors import Interrupted

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# The body is decoded already, and its length is another one.
_SPENT = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(slots=True)
class Way:
    """How one crawl travels: with which fetcher, how fast at home, whether robots.txt has a say; and what it took.

    ``home`` is the registrable domain the source's own ``pace`` holds for; other hosts are asked at the workspace's.
    ``received`` counts decoded bytes.
    """

    fetcher: Fetcher
    home: str
    pace: Pace | None
    robots: bool
    requests: int = field(default=0, init=False)
    received: int = field(default=0, init=False)
    ended: bool = field(default=False, init=False)
    _under_way: set[asyncio.Task[Fetched]] = field(default_factory=set, init=False)

    def end(self) -> None:
        """Break off what is under way and begin nothing more; who waits gets Interrupted."""
        self.ended = True
        for task in self._under_way:
            task.cancel()

    async def fetch(self, ask: Ask) -> Fetched:
        """Fetch in a task of its own: cancelling Scrapy's would leave it waiting for ever."""
        if self.ended:
            raise Interrupted(ask.url, "the crawl has been ended")
        self.requests += 1
        task = asyncio.create_task(self.fetcher.fetch(ask))
        self._under_way.add(task)
        try:
            fetched = await task
        except asyncio.CancelledError:
            if not self.ended:
                raise
            raise Interrupted(ask.url, "the crawl has been ended") from None
        finally:
            self._under_way.discard(task)
        if fetched.document is not None:
            self.received += fetched.document.size
        return fetched


class RoadHandler(BaseDownloadHandler):
    """Hands Scrapy's requests to the fetcher.

    The response carries ``meta["document"]`` and, where the server said that nothing has changed, the flag
    ``not-modified`` with status 200. Its body is empty where it is larger than 8 MiB: read the document instead.
    ``meta["store"] = False`` keeps an answer out of the snapshot store; ``meta["max_bytes"]`` bounds its body. A FetchError
    reaches the errback.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        way = getattr(crawler, "way", None)
        if not isinstance(way, Way):
            raise TypeError("this download handler works in crawls started by harvester.fetch.crawl only")
        self._way = way

    async def download_request(self, request: Request) -> Response:
        """Fetch what a spider asks for."""
        fetched = await self._way.fetch(await self._ask(request))
        request.meta["document"] = fetched.document
        return _response(fetched, request)

    async def _ask(self, request: Request) -> Ask:
        way = self._way
        pace = way.pace if registrable_domain(urlsplit(request.url).hostname or "") == way.home else None
        ask = Ask(
            url=request.url,
            method=request.method,
            headers=_pairs(request.headers),
            body=request.body,
            store=bool(request.meta.get("store", True)),
            pace=pace,
            max_bytes=request.meta.get("max_bytes"),
        )
        if not way.robots:
            return ask
        delay = (await way.fetcher.robots.rules(request.url)).crawl_delay
        if delay is not None:
            base = pace or Pace(way.fetcher.politeness.interval, way.fetcher.politeness.concurrency)
            ask = replace(ask, pace=Pace(max(base.interval, delay), 1))
        return replace(ask, gate=way.fetcher.robots.require)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


def _response(fetched: Fetched, request: Request) -> Response:
    headers = Headers()
    for name, value in fetched.headers:
        if name not in _SPENT:
            headers.appendlist(name, value)
    body = fetched.body or b""
    kind = responsetypes.from_args(headers=headers, url=fetched.final_url, body=body)
    return kind(
        url=fetched.final_url,
        status=200 if fetched.not_modified else fetched.status,
        headers=headers,
        body=body,
        flags=["not-modified"] if fetched.not_modified else [],
        request=request,
    )
