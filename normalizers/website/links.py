"""The links of a page that lead a person on, each with its role and the rule that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from harvester.model import LinkRole, clean_line
from harvester.sites import LinkKind, Site, classify_link
from normalizers.address import clean_address
from normalizers.link_list import LinkList
from normalizers.website.page import Element, Page, blank, words

MOST_LINKS = 80
_SHARING = re.compile(
    r"(?i)(?:^|\.)(?:facebook\.com|twitter\.com|x\.com|linkedin\.com|xing\.com|whatsapp\.com|api\.whatsapp\.com|t\.me|instagram\.com|pinterest\.\w+"
    r"|youtube\.com|addthis\.com|translate\.google\.\w+)$"
)
_IDLE = re.compile(
    r"(?i)^(?:nach oben|zum seitenanfang|zurück.*|drucken|seite drucken|teilen|vorlesen|merken|weiterempfehlen|print|pdf|top)$"
)
_SCHEME = re.compile(r"(?i)^(?:javascript|mailto|tel|fax|data|sms|whatsapp|skype):")


class PageLinks:
    """Collects the links of one page."""

    def __init__(self, page: Page, site: Site, links: LinkList) -> None:
        """Begin empty. ``links`` takes what is found."""
        self._page = page
        self._site = site
        self._links = links
        self._here = site.address(page.url)

    def take(self, anchors: Iterable[Element], section: LinkRole | None = None) -> None:
        """Add anchors; ``section`` is the role of those in a section that is about nothing else, where no rule fits."""
        for anchor in anchors:
            raw = (anchor.get("href") or "").strip()
            label = self._label(anchor)
            if raw and not _SCHEME.match(raw) and len(self._links.links) < MOST_LINKS:
                self._add(raw, label, self._page.locate(anchor), section)

    def add(self, raw: str, role: LinkRole, locator: str, rule: str) -> None:
        """Add an address that structured data gives a role."""
        target = classify_link(self.absolute(raw))
        kind = target.kind if target.role is role else LinkKind.PAGE
        label = next((self._label(a) for a in self._page.all("a[href]") if a.get("href") == self.absolute(raw)), "")
        self._links.add(self.absolute(raw), role, locator, f"{rule}.{kind}", label=label)

    def _label(self, anchor: Element) -> str:
        return clean_line(words(anchor) or anchor.get("title") or anchor.get("aria-label") or "")

    def absolute(self, raw: str) -> str:
        """An address as it is meant on this page."""
        try:
            return urljoin(self._page.url, raw)
        except ValueError:
            return raw

    def _add(self, raw: str, label: str, locator: str, section: LinkRole | None) -> None:
        if self._idle(raw, label):
            return
        clean = clean_address(raw)
        target = classify_link(clean.url or raw, label, template=clean.template)
        role = section if section is not None and target.rule == "else" else target.role
        rule = f"section.{role}" if role is not target.role else target.rule
        self._links.add(raw, role, locator, f"website.link.{role}.{target.kind}.{rule}", label=label)

    def _idle(self, url: str, label: str) -> bool:
        """Whether a link leads nowhere a person with this matter would want to go."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return False
        address = self._site.address(url)
        if _SHARING.search(host) or _IDLE.match(label) or address == self._here:
            return True
        return self._site.own(url) and self._site.staff(url)


def remove_idle(page: Page) -> None:
    """Empty the links that share, print or lead to the top of a page: their words are no text of the service."""
    for anchor in page.all("a[href]"):
        try:
            host = urlsplit(anchor.get("href")).hostname or ""
        except ValueError:
            host = ""
        if _SHARING.search(host) or _IDLE.match(clean_line(words(anchor))):
            blank(anchor)


def anchors_in(elements: Iterable[Element]) -> Iterator[Element]:
    """Anchors among or below elements."""
    for element in elements:
        yield from element.iter("a")
