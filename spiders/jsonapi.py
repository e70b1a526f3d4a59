"""Drupal's JSON:API: a collection, page by page, by the addresses that each page names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from harvester.model import Coverage, DocumentError, Lost, Proof
from harvester.registry.source import Source
from normalizers.jsonapi import read_collection
from normalizers.loose_json import text
from spiders.base import HarvestSpider, Item

MOST_PAGES = 5_000


class JsonApiSpider(HarvestSpider):
    """Follows ``links.next`` until a page has none."""

    name = "jsonapi"

    def __init__(self, *, source: Source, cursor: str | None = None, **kwargs: Any) -> None:
        """Take the source; its endpoint is the collection."""
        super().__init__(source=source, cursor=cursor, **kwargs)
        self._seen: set[str] = set()
        self._nodes = 0

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first page."""
        yield self._page(self.source.endpoint)

    def parse_page(self, response: Response, url: str) -> Iterator[Item | Request]:
        """Take a page and go on with the next one; the last one proves that all were seen."""
        document = self.document(response, "page")
        yield document
        try:
            found = read_collection(document)
        except DocumentError as error:
            yield Lost(url=url, reason=str(error))
            return
        self._nodes += len(found["data"])
        following = _next(found)
        if not following:
            yield Coverage(Proof.CURSOR_EXHAUSTED, expected=self._nodes)
            return
        target = urljoin(url, following)
        if urlsplit(target).netloc != urlsplit(self.source.endpoint).netloc:
            yield Lost(url=url, reason=f"the next page is elsewhere ({target}); not followed")
        elif target in self._seen or len(self._seen) >= MOST_PAGES:
            yield Lost(url=url, reason=f"the pages go round, or are more than {MOST_PAGES}")
        else:
            yield self._page(target)

    def _page(self, url: str) -> Request:
        self._seen.add(url)
        return self.request(
            url, self.parse_page, headers={"Accept": "application/vnd.api+json"}, cb_kwargs={"url": url}
        )


def _next(found: dict[str, Any]) -> str:
    """The address of the next page: a text, or an object with ``href`` (JSON:API 1.1)."""
    links = found.get("links")
    following = links.get("next") if isinstance(links, dict) else None
    return text(following.get("href") if isinstance(following, dict) else following)
