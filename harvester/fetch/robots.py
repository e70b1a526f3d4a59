"""robots.txt (RFC 9309): one cache for all who crawl pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protego import Protego

from harvester.fetch.ask import Ask, Fetched
from harvester.fetch.clock import Clock
from harvester.fetch.errors import FetchError, RobotsRefused
from harvester.fetch.guard import check_url
from harvester.fetch.settings import PRODUCT

DAY = 86_400.0
"""Seconds that rules are kept (RFC 9309, 2.4)."""

HOUR = 3_600.0
"""Seconds after which rules that could not be read are asked for again."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host lets the program do. Without ``parsed`` everything is allowed, or nothing for a ``reason``."""

    parsed: Protego | None = None
    reason: str | None = None

    def refusal(self, url: str) -> str | None:
        """Why an address may not be fetched, None if it may."""
        if self.reason is not None:
            return self.reason
        if self.parsed is not None and not self.parsed.can_fetch(url, PRODUCT):
            return "robots.txt forbids it"
        return None

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests that the host asks for, if it does."""
        delay = self.parsed.crawl_delay(PRODUCT) if self.parsed is not None else None
        return float(delay) if delay is not None else None


class RobotsCache:
    """Fetches and keeps the rules of each origin; ``retries`` as in ``Ask``, None for those of the settings.

    An answer 4xx means that there are no rules; one that does not come, or says 5xx or 429, that nothing is allowed
    for now (RFC 9309, 2.3.1.4).
    """

    def __init__(self, fetch: Callable[[Ask], Awaitable[Fetched]], clock: Clock, *, retries: int | None = None) -> None:
        self._fetch = fetch
        self._retries = retries
        self._clock = clock
        self._known: dict[str, tuple[float, Rules]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def rules(self, url: str) -> Rules:
        """The rules for an address, fetched once for all who ask at the same time."""
        origin = str(check_url(url).copy_with(raw_path=b"/robots.txt"))
        async with self._locks.setdefault(origin, asyncio.Lock()):
            until, rules = self._known.get(origin, (float("-inf"), Rules()))
            if self._clock.seconds() >= until:
                rules = await self._read(origin)
                until = self._clock.seconds() + (DAY if rules.reason is None else HOUR)
                self._known[origin] = (until, rules)
        return rules

    async def require(self, url: str) -> None:
        """Return if an address may be fetched, else raise RobotsRefused."""
        reason = (await self.rules(url)).refusal(url)
        if reason is not None:
            raise RobotsRefused(url, reason)

    async def _read(self, robots: str) -> Rules:
        try:
            answer = await self._fetch(Ask(robots, store=False, retries=self._retries))
        except FetchError as error:
            return Rules(reason=f"robots.txt cannot be read, so nothing is allowed for now ({error.what})")
        if answer.status == 429 or answer.status >= 500:
            return Rules(reason=f"robots.txt answers {answer.status}, so nothing is allowed for now")
        if not answer.ok or answer.body is None:
            return Rules()
        return Rules(parsed=Protego.parse(answer.body.decode("utf-8-sig", errors="replace")))
