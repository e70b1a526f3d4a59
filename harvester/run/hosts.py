"""Sources that are asked at one host take turns: the budget of a host is kept by whichever process gathers there."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from harvester.fetch import PolitenessSettings
from harvester.registry import Source
from harvester.schedule.places import LookUp, Places


class Hosts:
    """Who is at which host, and until when a host has its rest.

    A host is what politeness counts by, see ``Places``. ``clock`` tells seconds that only go forward.
    """

    def __init__(
        self, politeness: PolitenessSettings, look_up: LookUp | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval = politeness.interval
        self._places = Places(politeness, look_up, clock)
        self._clock = clock
        self._taken: dict[str, frozenset[str]] = {}
        self._rests: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._places.__exit__(kind, error, trace)

    def pick(self, waiting: deque[Source], most: int) -> list[Source]:
        """Take out the first sources, at most so many, whose hosts are free; the others keep their order. Their hosts are taken."""
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
        now = self._clock()
        if any(self._rests.get(place, now) > now for place in places):
            return False
        if any(not places.isdisjoint(others) for others in self._taken.values()):
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

    def _pause(self, source: Source) -> float:
        """Seconds between two requests of the source, or none with politeness off."""
        if self._interval == 0:
            return 0.0
        stated = "requests_per_second" in source.politeness.model_fields_set
        return 1 / source.politeness.requests_per_second if stated else self._interval
