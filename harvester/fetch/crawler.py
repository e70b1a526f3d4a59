"""One Scrapy crawl, without a reactor, in the event loop of whoever asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from traceback import walk_tb
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from harvester.fetch.budget import Pace, registrable_domain
from harvester.fetch.handler import Way

if TYPE_CHECKING:
    from scrapy import Spider
    from twisted.python.failure import Failure

    from harvester.fetch.client import Fetcher
    from harvester.registry.source import Source
    from spiders.base import HarvestSpider, Item

_HANDLER = "harvester.fetch.handler.RoadHandler"
_NO_HANDLERS = dict.fromkeys(("data", "file", "ftp", "s3"))

# Only what is named takes part. The road does redirects, retries, robots, cookies, decoding, limits and pauses, so that
# each of them is in one place; Scrapy keeps the queue, the callbacks and the order.
_SETTINGS: dict[str, Any] = {
    "TWISTED_REACTOR_ENABLED": False,
    "DOWNLOAD_HANDLERS": {**_NO_HANDLERS, "http": _HANDLER, "https": _HANDLER},
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "SPIDER_MIDDLEWARES_BASE": {"scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50},
    "EXTENSIONS_BASE": {},
    "ITEM_PIPELINES": {"harvester.fetch.crawler.Delivery": 100},
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_INSTALL_ROOT_HANDLER": False,
    "STATS_DUMP": False,
    "WARN_ON_GENERATOR_RETURN_VALUE": False,
    # One at a time, so that items arrive in the order in which a callback yields them.
    "CONCURRENT_ITEMS": 1,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_MAXSIZE": 0,
    "DOWNLOAD_TIMEOUT": 0,
    # First asked, first fetched: pages and messages arrive in the order in which the source lists them.
    "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.ScrapyPriorityQueue",
    "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
}


@dataclass(frozen=True, slots=True)
class CrawlEnd:
    """How a crawl ended.

    ``reason`` is ``finished`` after a crawl that ran to its end. ``errors`` names the spider's method and the exception
    for each that was raised: such a crawl is never complete. ``received`` counts decoded bytes.
    """

    reason: str
    errors: tuple[str, ...]
    requests: int
    received: int


@dataclass(slots=True)
class _Log:
    reason: str = "not started"
    errors: list[str] = field(default_factory=list)
    fatal: BaseException | None = None


class HarvestCrawler(Crawler):
    """A crawler that knows the way its handler takes and whom its items go to."""

    def __init__(
        self, spider_class: type[HarvestSpider], settings: Settings, way: Way, on_item: Callable[[Item], None]
    ) -> None:
        super().__init__(spider_class, settings)
        self.way = way
        self.on_item = on_item
        self.log = _Log()
        self.signals.connect(self._spider_error, signals.spider_error)
        self.signals.connect(self._item_error, signals.item_error)
        self.signals.connect(self._closed, signals.spider_closed)

    def _spider_error(self, failure: Failure) -> None:
        self.log.errors.append(f"{_method(failure, self.spider)}: {_describe(failure)}")

    def _item_error(self, failure: Failure) -> None:
        if self.log.fatal is None:
            self.log.fatal = failure.value
            self.way.end()

    def _closed(self, reason: str) -> None:
        self.log.reason = reason


class Delivery:
    """Item pipeline: hands each item over, and none once the crawl has been ended."""

    def __init__(self, crawler: HarvestCrawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: HarvestCrawler) -> Delivery:
        """Scrapy's way of making it."""
        return cls(crawler)

    def process_item(self, item: Item) -> Item:
        """Hand an item over."""
        if not self._crawler.way.ended:
            self._crawler.on_item(item)
        return item


async def crawl(
    spider_class: type[HarvestSpider],
    *,
    source: Source,
    cursor: str | None,
    fetcher: Fetcher,
    on_item: Callable[[Item], None],
    robots: bool,
) -> CrawlEnd:
    """Let a spider harvest a source, and hand over what it yields, in order.

    Several crawls may run in one event loop, one after another or at once; no signal handlers are installed, so it may
    be a worker's. What ``on_item`` raises ends the crawl and is raised here. Cancelling ends the crawl, too.
    """
    way = Way(
        fetcher=fetcher,
        home=registrable_domain(urlsplit(source.endpoint).hostname or ""),
        pace=_pace(source, fetcher, spider_class.most_requests_per_second),
        robots=robots,
    )
    settings = Settings(_SETTINGS)
    settings.setdict(
        {
            "USER_AGENT": fetcher.settings.user_agent,
            "CONCURRENT_REQUESTS": source.politeness.concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": source.politeness.concurrency,
        }
    )
    crawler = HarvestCrawler(spider_class, settings, way, on_item)
    # In a task of its own: the engine would take a cancellation for itself, return, and go on in the background.
    running = asyncio.ensure_future(crawler.crawl_async(source=source, cursor=cursor))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        way.end()
        await crawler.stop_async()
        await running
        raise
    log = crawler.log
    if log.fatal is not None:
        raise log.fatal
    return CrawlEnd(log.reason, tuple(log.errors), way.requests, way.received)


def _pace(source: Source, fetcher: Fetcher, most: float | None) -> Pace | None:
    """The source's own pace, where its file states one; the workspace's otherwise; never faster than ``most`` a second."""
    stated = source.politeness.model_fields_set
    if not stated and most is None:
        return None
    default = fetcher.politeness
    interval = 1 / source.politeness.requests_per_second if "requests_per_second" in stated else default.interval
    concurrency = source.politeness.concurrency if "concurrency" in stated else default.concurrency
    return Pace(max(interval, 1 / most) if most else interval, concurrency)


def _method(failure: Failure, spider: Spider | None) -> str:
    """The spider's method in which an exception was raised, or through which it went last."""
    name = "start"
    for frame, _ in walk_tb(failure.value.__traceback__ if failure.value else None):
        if frame.f_locals.get("self") is spider:
            name = frame.f_code.co_name
    return name


def _describe(failure: Failure) -> str:
    error = failure.value
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
