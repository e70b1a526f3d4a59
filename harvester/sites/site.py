"""One town's site: the profile of its product, narrowed by what its source file says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urljoin, urlsplit

from harvester.sites.profile import SiteProfile
from harvester.sites.profiles import profile_named

if TYPE_CHECKING:
    from harvester.registry.options import WebsiteOptions

_LONGEST = 2_000
_LONGEST_ID = 300
_TRACKERS = re.compile(
    r"(?i)^(?:utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|_gl|sid|phpsessid|jsessionid|cfid|cftoken|chash|p_p_\w+|p_auth|"
    r"_[a-z]\w*_redirect)$"
)
_SESSION = re.compile(r"(?i);jsessionid=[^/?#]*")
# What no site's service pages are: people (never), what has no end, and what is no page.
_PEOPLE = re.compile(
    r"(?i)/(?:mitarbeiter(?:in(?:nen)?)?|ansprechpartner(?:in(?:nen)?)?|personen?|kontaktpersonen?|vcard)(?=[/?.:_-]|$)"
)
_NO_PAGE = re.compile(
    r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|zip|jpe?g|png|gif|svg|webp|mp[34]|ics|vcf|css|js|xml|json|rss|woff2?)(?:$|\?)"
)
_ENDLESS = re.compile(
    r"(?i)/(?:kalender|calendar|veranstaltungen?|events?|termine)/|[?&](?:date|datum|month|monat|year|jahr|day|tag|week|woche"
    r"|sort|order|print|druck|replytocom|add-to-cart|tx_\w+%5Bdate%5D)=|/(?:print|druckversion|drucken)(?:/|$|\?)"
    r"|/(?:login|logout|anmelden|registrieren|warenkorb|suche|search|feed|rss)(?:[/?.]|$)"
)


@dataclass(frozen=True)
class Site:
    """What addresses of a town's site are.

    ``home`` is the source's endpoint; other hosts than its own (with or without ``www.``) do not belong to the site.
    """

    home: str
    profile: SiteProfile
    services: tuple[str, ...]
    never: tuple[str, ...]
    start: tuple[str, ...]

    @classmethod
    def of(cls, endpoint: str, options: WebsiteOptions) -> Site:
        """The site of a source. What the source's file says about services replaces what the product's profile says."""
        profile = profile_named(options.product)
        return cls(
            home=endpoint,
            profile=profile,
            services=options.services or profile.services,
            never=(*profile.never, *options.never),
            start=options.start or profile.start,
        )

    def address(self, url: str, base: str = "") -> str:
        """An address in its one spelling: absolute, without fragment, session and trackers. Empty where it is none."""
        try:
            parts = urlsplit(urljoin(base or self.home, url.strip()))
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            return ""
        if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > _LONGEST:
            return ""
        path = _SESSION.sub("", parts.path) or "/"
        return SplitResult(parts.scheme, parts.hostname + port, path, self._query(parts.query), "").geturl()

    def _query(self, query: str) -> str:
        kept = self.profile.query
        pairs = [
            (name, value)
            for name, value in parse_qsl(query, keep_blank_values=True)
            if (kept is None and not _TRACKERS.match(name)) or (kept is not None and name in kept)
        ]
        return urlencode(sorted(pairs))

    def own(self, url: str) -> bool:
        """Whether an address is on this site: its scheme may differ, its host and port may not."""
        try:
            return _place(url) == _place(self.home)
        except ValueError:
            return False

    def staff(self, url: str) -> bool:
        """Whether an address is a page about people."""
        return bool(_PEOPLE.search(_told(url)))

    def forbidden(self, url: str) -> bool:
        """Whether an address is never followed: pages of people first of all."""
        told = _told(url)
        return bool(_PEOPLE.search(told)) or bool(_NO_PAGE.search(told)) or _any(self.never, told)

    def identify(self, url: str) -> str | None:
        """The identifier of the service whose page is at an address (``address``); None where it is no service page."""
        if not self.own(url) or self.forbidden(url):
            return None
        told = _told(url)
        for pattern in self.services:
            if found := re.search(pattern, told):
                named = found.groupdict().get("id")
                return _short(named or unquote(told))
        return None

    def lists(self, url: str) -> bool:
        """Whether an address is a page that may lead to services, and does not lead on for ever."""
        if not self.own(url) or self.forbidden(url):
            return False
        told = _told(url)
        return _any(self.profile.listings, told) and not _ENDLESS.search(told) and not _circles(told)


def _told(url: str) -> str:
    """An address from its path on."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _place(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.port


def _any(patterns: Sequence[str], told: str) -> bool:
    return any(re.search(pattern, told) for pattern in patterns)


def _short(identifier: str) -> str:
    if len(identifier) <= _LONGEST_ID:
        return identifier
    digest = hashlib.blake2b(identifier.encode(), digest_size=8).hexdigest()
    return f"{identifier[: _LONGEST_ID - 17]}~{digest}"


def _circles(told: str) -> bool:
    """Whether a path goes round: relative links on a page that answers everywhere (``/a/b/a/b/a/b``), or is very deep."""
    steps = [step for step in told.partition("?")[0].split("/") if step]
    return len(steps) > 12 or any(steps.count(step) > 2 for step in set(steps))
