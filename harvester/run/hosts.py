"""Sources that are asked at one host take turns: the budget of a host is kept by whichever process gathers there."""

from __future__ import annotations

import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urlsplit

from harvester.fetch import PolitenessSettings
from harvester.registry import Source
from harvester.schedule.lanes import domain_of

LookUp: TypeAlias = Callable[[str], Iterable[str]]
"""From a host to its addresses as text; none where the name service has no answer."""

_AT_ONCE = 4
"""Names that are looked up at the same time."""


class Hosts:
    """Who is at which host, and until when a host has its rest.

    A host is what politeness counts by: a registrable domain, and every address that its name resolves to, for municipal
    sites share hosters. Addresses are looked up beside the work, so that a slow name service holds up its own source only.
    With politeness off (``interval = 0``) addresses do not count. ``clock`` tells seconds that only go forward.
    """

    def __init__(
        self, politeness: PolitenessSettings, look_up: LookUp | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval = politeness.interval
        self._look_up = look_up or system_addresses
        self._clock = clock
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="names")
        self._asked: dict[str, Future[frozenset[str]]] = {}
        self._known: dict[str, frozenset[str]] = {}
        self._taken: dict[str, frozenset[str]] = {}
        self._rests: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

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
        if not self.knows(source):
            return False
        places = self._known[source.id]
        now = self._clock()
        if any(self._rests.get(place, now) > now for place in places):
            return False
        if any(not places.isdisjoint(others) for others in self._taken.values()):
            return False
        self._taken[source.id] = places
        return True

    def knows(self, source: Source) -> bool:
        """Whether the source's hosts are known by now; asked for the first time, its name begins to be looked up."""
        if source.id not in self._known and (places := self._places(source)):
            self._known[source.id] = places
        return source.id in self._known

    def leave(self, source: Source, rest: float = 0.0) -> None:
        """Give the source's hosts to the next one, after ``rest`` seconds or the pause of the source's own pace."""
        until = self._clock() + max(rest, self._pause(source))
        for place in self._taken.pop(source.id):
            self._rests[place] = max(until, self._rests.get(place, until))

    def _places(self, source: Source) -> frozenset[str] | None:
        """The domain and the addresses of a source, or nothing as long as its name is being looked up."""
        domain = frozenset([f"domain {domain_of(source)}"])
        if self._interval == 0:
            return domain
        host = urlsplit(source.endpoint).hostname or ""
        asked = self._asked.get(host)
        if asked is None:
            asked = self._asked[host] = self._pool.submit(self._addresses, host)
        return domain | asked.result() if asked.done() else None

    def _addresses(self, host: str) -> frozenset[str]:
        return frozenset(f"address {address}" for address in self._look_up(host))

    def _pause(self, source: Source) -> float:
        """Seconds between two requests of the source, or none with politeness off."""
        if self._interval == 0:
            return 0.0
        stated = "requests_per_second" in source.politeness.model_fields_set
        return 1 / source.politeness.requests_per_second if stated else self._interval


def system_addresses(host: str) -> frozenset[str]:
    """Ask the machine's own name service. A name that it does not know shares its address with nobody."""
    try:
        return frozenset(str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return frozenset()
