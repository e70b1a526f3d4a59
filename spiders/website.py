"""Municipal websites: from the sitemap, or from the pages that lead there, to the pages of services.

A sitemap that names pages of services proves completeness; so do the lists of a product whose profile says so. Where neither
does, or a budget ends the crawl, the run is partial. A page that the site names and answers with 404 or 410 is gone, which is
an answer; one that does not arrive is lost.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode, urljoin

from protego import Protego
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from harvester.fetch.settings import PRODUCT
from harvester.model import Coverage, Lost, Proof
from harvester.registry.source import Source
from harvester.sites import Site
from normalizers.website.listing import PageError, read_links
from normalizers.website.sitemap import read_sitemap
from spiders.base import HarvestSpider, Item

MOST_SITEMAPS = 200
MOST_LISTINGS = 400
"""Pages that lead on; a calendar has more, the lists of a town do not."""

MOST_BYTES = 1_500_000_000
"""Of all pages of a run together."""

PAGE_BYTES = 20_000_000
"""Of one page or sitemap; more is not even received."""

_GONE = (404, 410)
_ANY = {"handle_httpstatus_all": True, "max_bytes": PAGE_BYTES}


class WebsiteSpider(HarvestSpider):
    """Finds the pages of services, then fetches each once."""

    name = "website"

    def __init__(self, *, source: Source, cursor: str | None = None, **kwargs: Any) -> None:
        """Take the source; its options name the product."""
        super().__init__(source=source, cursor=cursor, **kwargs)
        self._site = Site.of(source.endpoint, source.options)
        self._rules: Protego | None = None
        self._found: dict[str, tuple[str, str]] = {}
        self._waiting = 0
        self._asked: set[str] = set()
        self._cut = ""
        self._proof = Proof.UNKNOWN
        self._gone = 0
        self._bytes = 0

    # -- where the services are ----------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Ask for robots.txt, which may name sitemaps."""
        url = urljoin(self.source.endpoint, "/robots.txt")
        yield Request(
            url,
            callback=self.parse_robots,
            errback=self.miss_robots,
            dont_filter=True,
            meta={"store": False, "handle_httpstatus_all": True},
        )

    def parse_robots(self, response: Response) -> Iterator[Request | Item]:
        """Keep the rules, and ask for the sitemaps."""
        named: list[str] = []
        if response.status == 200:
            self._rules = Protego.parse(response.body.decode("utf-8-sig", "replace"))
            named = list(self._rules.sitemaps)
        yield from self._ask_sitemaps(named)

    def miss_robots(self, _: Failure) -> Iterator[Request | Item]:
        """Go on without its help. Whether anything may be fetched is for the fetch road to say."""
        yield from self._ask_sitemaps([])

    def _ask_sitemaps(self, named: list[str]) -> Iterator[Request | Item]:
        stated = self.source.options.sitemap
        if stated is not None:
            named = [urljoin(self.source.endpoint, stated)]
        urls = [url for url in dict.fromkeys(named) if self._site.own(url)]
        declared = bool(urls)
        for url in urls or [urljoin(self.source.endpoint, "/sitemap.xml")]:
            yield from self._sitemap(url, declared=declared)
        if not self._waiting:
            yield from self._begin_listings()

    def _sitemap(self, url: str, *, declared: bool) -> Iterator[Request]:
        if url in self._asked:
            return
        if len(self._asked) >= MOST_SITEMAPS:
            self._cut = self._cut or f"more than {MOST_SITEMAPS} sitemaps; the others were not read"
            return
        self._asked.add(url)
        self._waiting += 1
        yield Request(
            url,
            callback=self.parse_sitemap,
            errback=self.miss_sitemap,
            dont_filter=True,
            meta=dict(_ANY),
            cb_kwargs={"declared": declared},
        )

    def parse_sitemap(self, response: Response, *, declared: bool) -> Iterator[Request | Item]:
        """Take the addresses of services, and ask for further sitemaps."""
        self._waiting -= 1
        if response.status != 200:
            if declared:
                yield Lost(url=_asked(response), reason=f"the sitemap answers {response.status}")
        else:
            document = self.document(response, "sitemap")
            found = read_sitemap(document)
            if declared or found.pages or found.sitemaps:
                yield document
                if found.problem:
                    yield Lost(url=document.url, reason=found.problem)
            for entry in found.pages:
                self._take(entry.url, entry.lastmod)
            for url in found.sitemaps:
                if self._site.own(url):
                    yield from self._sitemap(url, declared=True)
        yield from self._end_sitemaps()

    def miss_sitemap(self, failure: Failure) -> Iterator[Request | Item]:
        """A sitemap that did not arrive: what stands in it may be missing."""
        self._waiting -= 1
        yield from self.lose(failure)
        yield from self._end_sitemaps()

    def _end_sitemaps(self) -> Iterator[Request | Item]:
        if self._waiting:
            return
        if self._found:
            self._proof = Proof.SITEMAP
            yield from self._fetch_services()
        else:
            yield from self._begin_listings()

    # -- pages that lead on --------------------------------------------------------------------------------------------

    def _begin_listings(self) -> Iterator[Request | Item]:
        self._asked.clear()
        for place in self._site.start or ("",):
            yield from self._listing(self._site.address(place, self.source.endpoint), 0)
        if not self._waiting:
            yield from self._end_listings()

    def _listing(self, url: str, depth: int) -> Iterator[Request]:
        if not url or url in self._asked or not self._allowed(url):
            return
        if len(self._asked) >= MOST_LISTINGS:
            self._cut = self._cut or f"more than {MOST_LISTINGS} pages lead on; the others were not read"
            return
        self._asked.add(url)
        self._waiting += 1
        yield Request(
            url,
            callback=self.parse_listing,
            errback=self.miss_listing,
            dont_filter=True,
            meta=dict(_ANY),
            cb_kwargs={"depth": depth},
        )

    def parse_listing(self, response: Response, depth: int) -> Iterator[Request | Item]:
        """Take the addresses of services, and follow what leads on."""
        self._waiting -= 1
        if response.status in _GONE and depth:
            pass
        elif response.status != 200:
            yield Lost(url=_asked(response), reason=f"the server answered {response.status}")
        else:
            document = self.document(response, "listing")
            yield document
            try:
                links = read_links(document)
            except PageError as error:
                yield Lost(url=document.url, reason=str(error))
                links = ()
            for link in links:
                url = self._site.address(link, response.url)
                if not self._take(url) and depth < self.source.options.depth and self._site.lists(url):
                    yield from self._listing(url, depth + 1)
        if not self._waiting:
            yield from self._end_listings()

    def miss_listing(self, failure: Failure) -> Iterator[Request | Item]:
        """A page that did not arrive: what it leads to may be missing."""
        self._waiting -= 1
        yield from self.lose(failure)
        if not self._waiting:
            yield from self._end_listings()

    def _end_listings(self) -> Iterator[Request | Item]:
        if self._found and self._site.profile.complete:
            self._proof = Proof.INDEX
        yield from self._fetch_services()

    # -- pages of services ---------------------------------------------------------------------------------------------

    def _take(self, url: str, lastmod: str = "") -> bool:
        """Remember the page of a service, each service once; tells whether it is one."""
        address = self._site.address(url)
        remote_id = self._site.identify(address) if address else None
        if remote_id is None:
            return False
        if self._allowed(address):
            self._found.setdefault(remote_id, (address, lastmod))
        return True

    def _allowed(self, url: str) -> bool:
        return self._rules is None or bool(self._rules.can_fetch(url, PRODUCT))

    def _fetch_services(self) -> Iterator[Request | Item]:
        most = self.source.options.pages
        yield self._coverage()
        if len(self._found) > most:
            self._cut = self._cut or f"the budget of {most} pages ends before the {len(self._found)} pages found"
        if self._cut:
            yield Lost(url=self.source.endpoint, reason=self._cut)
        for remote_id, (url, lastmod) in list(self._found.items())[:most]:
            meta = {"handle_httpstatus_list": list(_GONE), "max_bytes": PAGE_BYTES}
            known = {"remote_id": remote_id, "lastmod": lastmod}
            yield self.request(url, self.parse_page, meta=meta, cb_kwargs=known)

    def _coverage(self) -> Coverage:
        expected = None if self._proof is Proof.UNKNOWN else len(self._found) - self._gone
        return Coverage(self._proof, expected=expected)

    def parse_page(self, response: Response, remote_id: str, lastmod: str) -> Iterator[Item]:
        """Take a page. One that leads on to something else is taken with a note, for it is no description of this service."""
        if response.status in _GONE:
            self._gone += 1
            yield self._coverage()
            return
        final = self._site.address(response.url)
        moved = response.url if self._site.identify(final) != remote_id and final != _asked(response) else ""
        told = {"lastmod": lastmod, "moved": moved}
        document = self.document(response, "page", urlencode({k: v for k, v in told.items() if v}))
        self._bytes += document.size
        if self._bytes > MOST_BYTES:
            yield Lost(url=document.url, reason=f"the pages together are larger than {MOST_BYTES:_} bytes; not read")
            return
        yield document


def _asked(response: Response) -> str:
    """The address that was asked for, before redirects."""
    return response.request.url if response.request is not None else response.url
