"""Look at a site: robots.txt, sitemaps, the page itself and a few pages of services. Polite, and bounded."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from harvester.catalogue.regions import read_regions
from harvester.errors import UsageError
from harvester.fetch import Ask, Fetcher, FetchError, SnapshotStore
from harvester.model import Ars, Context, Document, Found, Issue, Level, Service
from harvester.registry.options import WebsiteOptions
from harvester.sites import Site, product_of
from harvester.survey.survey import Sample, Survey, guess_region
from harvester.workspace import Workspace
from normalizers.website import normalize
from normalizers.website.listing import read_links
from normalizers.website.page import MOST_BYTES, PageError, decode, read_page
from normalizers.website.sitemap import read_sitemap

_MOST_SITEMAPS = 12
_MOST_SAMPLES = 3
_MOST_LISTS = 8
_PAGE_BYTES = 20_000_000


def look_at(workspace: Workspace, url: str) -> Survey:
    """Look at a site.

    Raises:
        UsageError: the address is none.
    """
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise UsageError(f"{url!r} is no web address: it begins with https:// or http://")
    with tempfile.TemporaryDirectory(prefix="harvester-look-") as scratch:
        return asyncio.run(_look(workspace, url, Path(scratch)))


async def _look(workspace: Workspace, url: str, scratch: Path) -> Survey:
    settings = workspace.settings
    async with Fetcher(settings.fetch, settings.politeness, SnapshotStore(scratch)) as fetcher:
        return await _Look(fetcher, url).run()


@dataclass
class _Look:
    fetcher: Fetcher
    url: str
    trouble: list[str] = field(default_factory=list)
    sitemaps: dict[str, list[str]] = field(default_factory=dict)

    async def run(self) -> Survey:
        robots, named = await self._robots()
        await self._read_sitemaps(named)
        first = await self._fetch(self.url)
        html = _text(first) if first else ""
        links = list(_links(first)) if first else []
        product, sign = _recognise([self.url, *links, *(u for urls in self.sitemaps.values() for u in urls)], html)
        site = Site.of(self.url, WebsiteOptions(product=product or "generic"))
        found = {name: _services(site, urls) for name, urls in self.sitemaps.items()}
        best = max(found, key=lambda name: len(found[name]), default="")
        services = dict(pair for urls in found.values() for pair in urls.items())
        proven = bool(services)
        if not services:
            services = await self._follow(site, links)
        samples = [await self._sample(site, u, product or "generic") for u in list(services.values())[:_MOST_SAMPLES]]
        host = urlsplit(self.url).hostname or ""
        return Survey(
            url=self.url,
            name=_title(first),
            product=product,
            product_sign=sign,
            robots=robots,
            sitemap=best if proven else "",
            sitemaps=len(self.sitemaps),
            services=len(services),
            proven=proven,
            samples=tuple(samples),
            region=guess_region(host, read_regions()),
            trouble=tuple(self.trouble),
        )

    async def _robots(self) -> tuple[str, list[str]]:
        rules = await self.fetcher.robots.rules(self.url)
        refusal = rules.refusal(self.url)
        named = list(rules.parsed.sitemaps) if rules.parsed is not None else []
        if refusal is not None:
            return f"forbidden: {refusal}", named
        if rules.parsed is None:
            return "there is none, so everything is allowed", named
        delay = f"; it asks for {rules.crawl_delay:g} s between requests" if rules.crawl_delay else ""
        return f"allows this address{delay}", named

    async def _read_sitemaps(self, named: list[str]) -> None:
        waiting = named or [urljoin(self.url, "/sitemap.xml")]
        while waiting and len(self.sitemaps) < _MOST_SITEMAPS:
            url = waiting.pop(0)
            document = await self._fetch(url, quiet=not named)
            if document is None or url in self.sitemaps:
                continue
            found = read_sitemap(document)
            if found.problem and (named or found.pages):
                self.trouble.append(f"{url}: {found.problem}")
            if found.pages or found.sitemaps:
                self.sitemaps[url] = [entry.url for entry in found.pages]
            waiting += found.sitemaps

    async def _follow(self, site: Site, links: list[str]) -> dict[str, str]:
        """Services by the links of a few pages that lead on."""
        found = _services(site, links)
        starts = [site.address(place) for place in site.start]
        lists = [u for u in dict.fromkeys([*starts, *map(site.address, links)]) if u and site.lists(u)]
        for url in lists[:_MOST_LISTS]:
            document = await self._fetch(url, quiet=True)
            found |= _services(site, _links(document)) if document else {}
        return found

    async def _sample(self, site: Site, url: str, product: str) -> Sample:
        document = await self._fetch(url)
        if document is None:
            return Sample(url, "", 0, (), 0, (), self.trouble.pop() if self.trouble else "not fetched")
        options = WebsiteOptions(product=product)
        context = Context("new", Level.KOMMUNE, Ars("0" * 12), site.home, options)
        readings = list(normalize(replace(document, role="page", url=url), context))
        service = next((r.record for r in readings if isinstance(r, Found) and isinstance(r.record, Service)), None)
        if service is None:
            said = next((r.message for r in readings if isinstance(r, Issue)), "nothing was read")
            return Sample(url, "", 0, (), 0, (), said)
        kinds = {rule.split(".")[1] for rule in (o.rule for o in service.provenance.values()) if rule.count(".") > 1}
        structured = tuple(sorted(kinds & {"json-ld", "rdfa", "microdata"}))
        texts = tuple(text.module.value for text in service.texts)
        return Sample(url, service.title, len(service.leika_keys), texts, len(service.links), structured)

    async def _fetch(self, url: str, *, quiet: bool = False) -> Document | None:
        try:
            fetched = await self.fetcher.fetch(Ask(url, gate=self.fetcher.robots.require, max_bytes=_PAGE_BYTES))
        except FetchError as error:
            if not quiet:
                self.trouble.append(str(error))
            return None
        if not fetched.ok and not quiet:
            self.trouble.append(f"{url}: the server answered {fetched.status}")
        return fetched.document


def _services(site: Site, urls: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for url in urls:
        address = site.address(url)
        remote_id = site.identify(address) if address else None
        if remote_id:
            found.setdefault(remote_id, address)
    return found


def _recognise(urls: Iterable[str], html: str) -> tuple[str | None, str]:
    for url in urls:
        if (product := product_of(url)) is not None:
            return product, f"the address {url}"
    product = product_of(html)
    return product, "the markup of the page" if product else ""


def _links(document: Document | None) -> Iterator[str]:
    if document is not None:
        try:
            yield from read_links(document)
        except PageError:
            return


def _title(document: Document | None) -> str:
    try:
        return read_page(document).title if document is not None else ""
    except PageError:
        return ""


def _text(document: Document) -> str:
    with document.open() as stream:
        return decode(stream.read(MOST_BYTES), document.charset)
