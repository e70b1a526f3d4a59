"""How hosts want to be asked: robots.txt, pauses between requests, and how many requests are under way at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from harvester.fetch.budget import HostBudget, Pace
from harvester.fetch.errors import FetchError
from harvester.fetch.names import Names
from harvester.fetch.robots import Rules
from harvester.links.address import Address
from harvester.links.host_rules import HostRules
from harvester.links.observation import Fault
from harvester.links.places import origin_of

LONGEST_DELAY = 30.0
"""Seconds. A crawl-delay beyond this is obeyed as this: a check of a page is no crawl."""

MOST_UNDER_WAY = 200
"""Requests under way at once, over all hosts."""


class RobotsSource(Protocol):
    """Who knows the rules of an origin: ``harvester.fetch.robots.RobotsCache``."""

    async def rules(self, url: str) -> Rules:
        """The rules for an address."""
        ...


@dataclass(slots=True)
class Manners:
    """Politeness of one run. Without ``robots`` no robots.txt is asked for; with an inactive budget nobody waits."""

    budget: HostBudget
    names: Names
    hosts: HostRules
    interval: float
    robots: RobotsSource | None = None
    timeout: float = 20.0
    _rules: dict[str, Rules] = field(default_factory=dict)
    _reading: dict[str, asyncio.Lock] = field(default_factory=dict)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_UNDER_WAY))

    @property
    def active(self) -> bool:
        """Whether requests wait for each other."""
        return self.budget.active

    def turn(self, to: Address) -> AbstractAsyncContextManager[None]:
        """Hold the turn of a request."""
        return self._turn(to)

    async def refusal(self, to: Address) -> Fault | None:
        """Why an address must not be asked for, None if it may be."""
        if not self.hosts.rule(to.host).check:
            return Fault.HOST_RULE
        if self.robots is None:
            return None
        rules = await self._read(to)
        if rules.reason is not None:
            return Fault.ROBOTS_UNREADABLE
        return Fault.ROBOTS if rules.parsed is not None and rules.refusal(to.url) is not None else None

    async def _read(self, to: Address) -> Rules:
        origin = origin_of(to.url)
        known = self._rules.get(origin)
        if known is None:
            async with self._reading.setdefault(origin, asyncio.Lock()):
                known = self._rules.get(origin)
                if known is None and self.robots is not None:
                    known = self._rules[origin] = await self.robots.rules(to.url)
        return known or Rules()

    @asynccontextmanager
    async def _turn(self, to: Address) -> AsyncIterator[None]:
        async with self.budget.slot(to.host, await self._address(to), self.pace(to)), self._room:
            yield

    async def _address(self, to: Address) -> list[str]:
        try:
            return [str((await self.names.addresses(to.host, to.port, self.timeout))[0])]
        except FetchError:
            return []  # the connection will say what is wrong

    def pace(self, to: Address) -> Pace | None:
        """How often the host of an address may be asked; None where the workspace's pace holds."""
        own = self.hosts.rule(to.host).pace
        rules = self._rules.get(origin_of(to.url))
        delay = rules.crawl_delay if rules is not None else None
        if delay is None:
            return own
        interval = own.interval if own is not None else self.interval
        return Pace(max(interval, min(delay, LONGEST_DELAY)), 1)
