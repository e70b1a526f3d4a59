"""What all spiders share: they are made for a source, and what they yield are documents and facts about coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import scrapy

from harvester.model import Coverage, Cursor, Document, Lost

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import Response

    from harvester.registry.source import Source

Item: TypeAlias = Document | Coverage | Cursor | Lost


class HarvestSpider(scrapy.Spider):
    """A spider for one source.

    ``cursor`` is where the last accepted run of an event log ended, None at first.
    A request that fails for good is lost, and says so: it never vanishes.
    """

    name = "harvest"

    def __init__(self, *, source: Source, cursor: str | None = None, **kwargs: Any) -> None:
        """Take the source's description and the memory of its last run."""
        super().__init__(**kwargs)
        self.source = source
        self.cursor = cursor

    def request(self, url: str, callback: Callable[..., Any], **kwargs: Any) -> scrapy.Request:
        """Ask for an address of this source; failure is reported as lost."""
        return scrapy.Request(url, callback=callback, errback=self.lose, dont_filter=True, **kwargs)

    def document(self, response: Response, role: str, note: str = "") -> Document:
        """The document behind a response, as the fetch road stored it."""
        document: Document = response.meta["document"]
        return Document(
            url=document.url,
            role=role,
            sha256=document.sha256,
            size=document.size,
            media_type=document.media_type,
            charset=document.charset,
            fetched_at=document.fetched_at,
            open=document.open,
            note=note,
        )

    def lose(self, failure: Any) -> Any:
        """Report a request that failed after all retries."""
        yield Lost(url=failure.request.url, reason=str(failure.value) or type(failure.value).__name__)
