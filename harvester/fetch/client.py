"""The fetcher: the one way by which bytes come into the program."""

from __future__ import annotations

import ssl
from typing import Self

import httpx

from harvester.fetch.ask import Ask, Fetched
from harvester.fetch.budget import HostBudget
from harvester.fetch.clock import Clock
from harvester.fetch.errors import FetchError
from harvester.fetch.guard import AddressGuard
from harvester.fetch.names import Names, Resolver, system_resolver
from harvester.fetch.retry import LONGEST_WAIT, RETRY_STATUSES, SAFE_METHODS, backoff, retry_after
from harvester.fetch.robots import RobotsCache
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.fetch.snapshots import SnapshotStore
from harvester.fetch.transport import RoadTransport
from harvester.fetch.trip import Gear, Trip
from harvester.fetch.validators import MemoryValidators, ValidatorStore


class Fetcher:
    """Fetches addresses politely, within limits, and keeps what it gets.

    One fetcher serves all spiders, readers and checkers of one event loop. ``validators`` remembers what to ask
    "has it changed?" with. ``tls`` replaces the certificates trusted, ``resolver`` the machine's name service. ``budget``
    is shared with others who ask the same hosts; without it the fetcher has its own. ``names`` is what it resolves with.
    """

    def __init__(  # noqa: PLR0913 -- each is a seam
        self,
        settings: FetchSettings,
        politeness: PolitenessSettings,
        snapshots: SnapshotStore,
        validators: ValidatorStore | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver = system_resolver,
        clock: Clock = Clock(),  # noqa: B008 -- immutable
        budget: HostBudget | None = None,
    ) -> None:
        self.settings = settings
        self.politeness = politeness
        self.snapshots = snapshots
        self.budget = HostBudget(politeness, clock) if budget is None else budget
        self.robots = RobotsCache(self.fetch, clock)
        self.names = Names(AddressGuard(settings.allow_addresses), clock, resolver)
        self._transport = RoadTransport(self.names, tls)
        self._gear = Gear(
            settings=settings,
            transport=self._transport,
            names=self.names,
            budget=self.budget,
            snapshots=snapshots,
            validators=MemoryValidators() if validators is None else validators,
            clock=clock,
        )
        self._clock = clock
        # On loopback, where politeness is off, waiting for a broken server helps nobody.
        self._first_wait = 1.0 if self.budget.active else 0.05

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def fetch(self, ask: Ask) -> Fetched:
        """Fetch one thing, following redirects and asking again where that may help.

        An answer that is no success is returned all the same: look at ``status``, or call ``require``.

        Raises:
            FetchError: no whole answer came, or a rule forbids to take it.
        """
        attempts = 1 + (self.settings.retries if ask.retries is None else ask.retries)
        attempt = 1
        while True:
            try:
                fetched = await Trip(self._gear, ask).run()
            except FetchError as error:
                if attempt >= attempts or not error.transient or ask.method.upper() not in SAFE_METHODS:
                    raise
                wait = backoff(attempt, self._first_wait)
            else:
                pause = self._pause(fetched, attempt)
                if attempt >= attempts or pause is None:
                    return fetched
                wait = pause
            await self._clock.sleep(wait)
            attempt += 1

    def _pause(self, fetched: Fetched, attempt: int) -> float | None:
        """Seconds to wait before asking again after an answer; None if it is final."""
        if fetched.status not in RETRY_STATUSES:
            return None
        wished = retry_after(fetched.header("retry-after"), self._clock.now())
        pause = backoff(attempt, self._first_wait) if wished is None else wished
        if pause > LONGEST_WAIT:
            return None
        self.budget.defer(httpx.URL(fetched.final_url).host, pause)
        return pause
