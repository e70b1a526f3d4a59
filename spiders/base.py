"""What all spiders share: they are made for a source, and what they yield are documents and facts about coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import scrapy
from scrapy.spidermiddlewares.httperror import HttpError

from harvester.fetch.errors import FetchError
from harvester.model import Coverage, Cursor, Document, Lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from harvester.registry.source import Source

Item: TypeAlias = Document | Coverage | Cursor | Lost


class HarvestSpider(scrapy.Spider):
    """A spider for one source.

    ``cursor`` is where the last accepted run of an event log ended, None at first.
    A request that fails for good is lost, and says so: it never vanishes.
    """

    name = "harvest"
    most_requests_per_second: float | None = None
    """What the interface bears at most, whatever a source's file says; None where nothing is known."""

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

    def lose(self, failure: Failure) -> Iterator[Lost]:
        """Report a request that failed after all retries."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]  # Scrapy hangs it there
        yield Lost(url=request.url, reason=_reason(failure.value))


def _reason(error: BaseException | None) -> str:
    if isinstance(error, HttpError):
        return f"the server answered {error.response.status}"
    if isinstance(error, FetchError):
        return f"{error.what}. {error.advice}".rstrip()  # its own words name the address once more
    return str(error) or type(error).__name__
