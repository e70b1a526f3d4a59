"""Sources that are asked at one host take turns: the budget of a host is kept by whichever process gathers there."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from types import TracebackType
from typing import Self

from harvester.fetch import PolitenessSettings
from harvester.log import log_of
from harvester.registry import Source
from harvester.run.claims import Claims
from harvester.run.progress import Progress, Stage
from harvester.run.recover import lease_of
from harvester.schedule.places import LookUp, Places
from harvester.workspace import Workspace

_GLANCE = 0.5
"""Seconds between two looks at what other commands have claimed."""


class Hosts:
    """Who is at which host, and until when a host has its rest.

    A host is what politeness counts by, see ``Places``. ``clock`` tells seconds that only go forward. ``claims`` keep other
    commands away; without them there are none. ``tell`` hears once of a source that waits for another command.
    """

    def __init__(
        self,
        politeness: PolitenessSettings,
        look_up: LookUp | None = None,
        clock: Callable[[], float] = time.monotonic,
        claims: Claims | None = None,
        tell: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._interval = politeness.interval
        self._places = Places(politeness, look_up, clock)
        self._clock = clock
        self._claims = claims
        self._tell = tell
        self._claimed: set[str] = set()
        self._taken: dict[str, frozenset[str]] = {}
        self._rests: dict[str, float] = {}
        self._elsewhere = frozenset[str]()
        self._look_at = float("-inf")
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._places.__exit__(kind, error, trace)

    def pick(self, waiting: deque[Source], most: int) -> list[Source]:
        """Take out the first sources, at most so many, whose hosts are free; the others keep their order. Their hosts are taken.

        Hosts that have had their rest are given to other commands first, also where nothing is to be taken out.
        """
        self._give_back()
        if not waiting or most <= 0:
            return []
        self._look_around()
        picked: list[Source] = []
        passed: list[Source] = []
        while waiting and len(picked) < most:
            source = waiting.popleft()
            (picked if self.enter(source) else passed).append(source)
        waiting.extendleft(reversed(passed))
        return picked

    def enter(self, source: Source) -> bool:
        """Take the source's hosts, if nobody is at one of them and all have had their rest; tells whether they are taken."""
        places = self._places(source)
        if places is None:
            return False
        if (
            lease_of(source.id) in self._elsewhere
        ):  # whoever is at it is at its hosts, too; its own lease tells so at once
            places = frozenset()
        now = self._clock()
        if any(self._rests.get(place, now) > now for place in places):
            return False
        if any(not places.isdisjoint(others) for others in self._taken.values()):
            return False
        if not self._claim(source, places):
            return False
        self._taken[source.id] = places
        return True

    def knows(self, source: Source) -> bool:
        """Whether the source's hosts are known by now; asked for the first time, its name begins to be looked up."""
        return self._places(source) is not None

    def leave(self, source: Source, rest: float = 0.0) -> None:
        """Give the source's hosts to the next one, after ``rest`` seconds or the pause of the source's own pace."""
        until = self._clock() + max(rest, self._pause(source))
        for place in self._taken.pop(source.id):
            self._rests[place] = max(until, self._rests.get(place, until))

    def _give_back(self) -> None:
        """Let other commands have the hosts where nobody is any more and that have had their rest."""
        now = self._clock()
        rested = {place for place in self._claimed if self._rests.get(place, now) <= now}
        rested.difference_update(*self._taken.values())
        if self._claims is not None and rested and self._claims.give_back(set(map(_claim_of, rested))):
            self._claimed -= rested

    def _look_around(self) -> None:
        """See now and then which hosts other commands have claimed."""
        now = self._clock()
        if self._claims is not None and now >= self._look_at:
            self._elsewhere = self._claims.others()
            self._look_at = now + _GLANCE

    def _claim(self, source: Source, places: frozenset[str]) -> bool:
        """Keep other commands away from places; tells whether none was there first."""
        wanted = places - self._claimed
        if self._claims is None or not wanted:
            return True
        names = set(map(_claim_of, wanted))
        if not names.isdisjoint(self._elsewhere):
            if source.id not in self._told:
                self._told.add(source.id)
                log_of("run").info("waits for another command at its host", source=source.id)
                self._tell(Progress(source.id, Stage.HOST_BUSY))
            return False
        if not self._claims.take(names):
            self._look_at = self._clock()
            return False
        self._claimed |= wanted
        return True

    def _pause(self, source: Source) -> float:
        """Seconds between two requests of the source, or none with politeness off."""
        if self._interval == 0:
            return 0.0
        stated = "requests_per_second" in source.politeness.model_fields_set
        return 1 / source.politeness.requests_per_second if stated else self._interval


def _claim_of(place: str) -> str:
    return f"host:{place}"


@contextmanager
def hosts_of(
    workspace: Workspace, clock: Callable[[], datetime], tell: Callable[[Progress], None] = lambda _: None
) -> Iterator[Hosts]:
    """The hosts of a workspace, with claims in its state; with politeness off commands do not look after each other."""
    politeness = workspace.settings.politeness
    claiming = nullcontext() if politeness.interval == 0 else Claims(workspace.state_file, clock)
    with claiming as claims, Hosts(politeness, claims=claims, tell=tell) as hosts:
        yield hosts
