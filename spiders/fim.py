"""The FIM portal's API (OpenAPI 0.24.0): lists by offset, lists by cursor, and the XZuFi document of each entry.

Assumed, since the API promises no order: entries that change while the list is read may be seen twice or move; the total that the first
page declares is what a run has to see.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from scrapy import Request
from scrapy.http import Response

from harvester.model import Coverage, Cursor, Document, DocumentError, Lost, Proof
from harvester.registry.source import Source
from normalizers.fim.page import Page, read_page
from normalizers.fim.service import identifier
from normalizers.loose_json import text
from spiders.base import HarvestSpider, Item

LIMIT = 200
"""Entries of a page: the most the API gives."""

MOST_PAGES = 2_000


class FimSpider(HarvestSpider):
    """Fetches the list of base texts page by page; with ``documents`` it is only the index of them."""

    name = "fim"
    most_requests_per_second = 2.0
    """The portal limits requests by address (429); this is well below what common programs ask for."""

    def __init__(self, *, source: Source, cursor: str | None = None, **kwargs: Any) -> None:
        """Take the source and when the last run's newest entry was changed."""
        super().__init__(source=source, cursor=cursor, **kwargs)
        self._newest = cursor or ""
        self._expected: int | None = None
        self._online = 0

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first page."""
        yield self._list(0)

    def _list(self, offset: int) -> Request:
        options = self.source.options
        asked = {"source": options.source, "order_by": "geaendert_datum_zeit_asc", "offset": offset, "limit": LIMIT}
        if options.editors is not None:
            asked["redaktion_id"] = options.editors
        if options.incremental and self.cursor:
            asked["updated_since"] = self.cursor
        return self._ask(f"leistung-stammtexte?{urlencode(asked)}", self.parse_list, offset=offset)

    def parse_list(self, response: Response, offset: int) -> Iterator[Item | Request]:
        """Take a page, ask for its documents and for the next page; at the end say how many there had to be."""
        documents = self.source.options.documents
        document = self.document(response, "index" if documents else "page")
        yield document
        page = self._page(document)
        if isinstance(page, Lost):
            yield page
            return
        if self._expected is None:
            self._expected = page.total
        entries = [entry for entry in page.items if isinstance(entry, dict)]
        self._newest = max([self._newest, *(text(entry.get("geaendert_datum_zeit")) for entry in entries)])
        if documents:
            for entry in entries:
                yield from self._document("leistung-stammtexte", identifier(entry), document.url)
        following = offset + len(page.items)
        if page.items and following < (page.total if page.total is not None else following + 1):
            if following >= MOST_PAGES * LIMIT:
                yield Lost(
                    url=document.url, reason=f"the list has more than {MOST_PAGES} pages; the others were not read"
                )
            else:
                yield self._list(following)
            return
        yield from self._end()

    def _end(self) -> Iterator[Item | Request]:
        options = self.source.options
        delta = options.incremental and self.cursor is not None
        proof = Proof.UNKNOWN if self._expected is None else Proof.DECLARED_TOTAL
        if delta:
            yield Coverage(Proof.CURSOR_EXHAUSTED, expected=self._expected, delta=True)
        else:
            yield Coverage(proof, expected=self._expected)
        if options.incremental and self._newest:
            yield Cursor(self._newest)
        if options.online_services:
            yield self._ask(f"online-service?limit={LIMIT}", self.parse_online)

    def parse_online(self, response: Response) -> Iterator[Item | Request]:
        """Take a page of online services, and go on where its cursor points."""
        document = self.document(response, "index")
        yield document
        page = self._page(document)
        if isinstance(page, Lost):
            yield page
            return
        for entry in page.items:
            if isinstance(entry, dict):
                ids = [text(entry.get(name)) for name in ("redaktion_id", "id")]
                yield from self._document("online-service", "/".join(ids) if all(ids) else "", document.url)
        self._online += 1
        if page.cursor is not None and page.items:
            if self._online >= MOST_PAGES:
                yield Lost(
                    url=document.url, reason=f"more than {MOST_PAGES} pages of online services; not all were read"
                )
            else:
                path = f"online-service?{urlencode({'cursor': page.cursor, 'limit': LIMIT})}"
                yield self._ask(path, self.parse_online)

    def parse_document(self, response: Response) -> Iterator[Document]:
        """Take an XZuFi document."""
        yield self.document(response, "message")

    def _document(self, kind: str, path: str, url: str) -> Iterator[Item | Request]:
        if path:
            place = "/".join(quote(part, safe="") for part in path.split("/"))
            yield self._ask(f"{kind}/{place}/xzufi", self.parse_document, accept="application/xml")
        else:
            yield Lost(url=url, reason="the list has an entry without identifiers; its document cannot be asked for")

    def _page(self, document: Document) -> Page | Lost:
        try:
            return read_page(document)
        except DocumentError as error:
            return Lost(url=document.url, reason=str(error))

    def _ask(self, path: str, callback: Any, *, accept: str = "application/json", **known: Any) -> Request:  # noqa: ANN401 -- Scrapy's callbacks
        headers = {"Accept": accept}
        return self.request(f"{self.source.endpoint.rstrip('/')}/{path}", callback, headers=headers, cb_kwargs=known)
