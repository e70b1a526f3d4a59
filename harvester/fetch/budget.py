"""How often a host is asked: one budget for spiders, readers of interfaces and the link checker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from harvester.fetch.clock import Clock
from harvester.fetch.guard import read_address
from harvester.fetch.settings import PolitenessSettings

if TYPE_CHECKING:
    from tldextract.tldextract import ExtractResult


@cache
def _extractor() -> Callable[[str], ExtractResult]:
    """Reads suffixes from the list that ships with the package: no download, no file of its own.

    Private suffixes (github.io) count as one host, because one operator stands behind all of their names.
    """
    from tldextract import TLDExtract  # noqa: PLC0415 -- it brings an HTTP client of its own, which takes time to load

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=False).extract_str


@cache
def registrable_domain(host: str) -> str:
    """The part of a name that somebody has registered (``gelsenkirchen.de``), or the host itself for an address."""
    if read_address(host) is not None:
        return host
    if known := _extractor()(host).top_domain_under_public_suffix:
        return known
    # A top level that is not on the list, such as one inside an authority's own network.
    return ".".join(host.rstrip(".").split(".")[-2:])


@dataclass(frozen=True, slots=True)
class Pace:
    """At least ``interval`` seconds between the starts of two requests, at most ``concurrency`` under way."""

    interval: float
    concurrency: int = 1


@dataclass(slots=True)
class _Lane:
    """One registrable domain or address: who is under way, who waits, and when the next may start."""

    busy: int = 0
    free_at: float = float("-inf")
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    async def enter(self, limit: int) -> None:
        """Wait, first come first served, until fewer than ``limit`` are under way."""
        while self.busy >= limit:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._wake()
                raise
        self.busy += 1

    def leave(self) -> None:
        """Make room for the next."""
        self.busy -= 1
        self._wake()

    def _wake(self) -> None:
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return


class HostBudget:
    """Keeps the minimum interval and the concurrency per registrable domain and per resolved address.

    Municipal sites share hosters, so the address counts as well as the name.
    """

    def __init__(self, settings: PolitenessSettings, clock: Clock) -> None:
        self._default = Pace(settings.interval, settings.concurrency)
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}

    @property
    def active(self) -> bool:
        """Whether politeness is on; ``interval = 0`` in the workspace switches all of it off."""
        return self._default.interval > 0

    @asynccontextmanager
    async def slot(self, host: str, addresses: Iterable[str] = (), pace: Pace | None = None) -> AsyncIterator[None]:
        """Wait for the turn of a request to ``host`` and hold it while the request is under way."""
        if not self.active:
            yield
            return
        pace = pace or self._default
        # Always the domain before the addresses, and these in order: nobody waits in a circle.
        lanes = [self._lane(f"domain {registrable_domain(host)}")]
        lanes += [self._lane(f"address {address}") for address in sorted(set(addresses))]
        entered: list[_Lane] = []
        try:
            for lane in lanes:
                await lane.enter(pace.concurrency)
                entered.append(lane)
            await self._wait(lanes, pace.interval)
            yield
        finally:
            for lane in entered:
                lane.leave()

    def defer(self, host: str, seconds: float) -> None:
        """Keep everybody off a host that asked for a pause (Retry-After)."""
        if self.active:
            lane = self._lane(f"domain {registrable_domain(host)}")
            lane.free_at = max(lane.free_at, self._clock.seconds() + seconds)

    def rest(self, host: str) -> float:
        """Seconds until the host may be asked again."""
        lane = self._lanes.get(f"domain {registrable_domain(host)}")
        return max(lane.free_at - self._clock.seconds(), 0.0) if lane and self.active else 0.0

    async def _wait(self, lanes: list[_Lane], interval: float) -> None:
        # The start is reserved before the wait, so others queue up behind it instead of all waking at once.
        now = self._clock.seconds()
        start = max([now, *(lane.free_at for lane in lanes)])
        for lane in lanes:
            lane.free_at = start + interval
        if start > now:
            await self._clock.sleep(start - now)

    def _lane(self, key: str) -> _Lane:
        return self._lanes.setdefault(key, _Lane())
