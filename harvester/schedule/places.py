"""Where a source is asked: what the budget of its host is counted by, whichever process asks."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urlsplit

from harvester.fetch.budget import registrable_domain
from harvester.fetch.settings import PolitenessSettings
from harvester.registry import Source

LookUp: TypeAlias = Callable[[str], Iterable[str]]
"""From a host to its addresses as text; none where the name service has no answer."""

FindPlaces: TypeAlias = Callable[[Source], frozenset[str] | None]
"""From a source to the places where it is asked; None as long as they are not known."""

_AT_ONCE = 4
"""Names that are looked up at the same time."""

_KEPT = 3600.0
"""Seconds after which a name is looked up again; what was known holds until the answer is there."""


def domain_of(source: Source) -> str:
    """The registrable domain of the host that a source is asked at."""
    return registrable_domain(urlsplit(source.endpoint).hostname or "")


def by_domain(source: Source) -> frozenset[str]:
    """The one place that is known without asking anybody: the domain."""
    return frozenset([f"domain {domain_of(source)}"])


class Places:
    """The domain of a source, and every address that its name resolves to, for municipal sites share hosters.

    Names are looked up beside the work, so that a slow name service holds up its own sources only. With politeness off
    (``interval = 0``) addresses do not count. ``clock`` tells seconds that only go forward.
    """

    def __init__(
        self, politeness: PolitenessSettings, look_up: LookUp | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._polite = politeness.interval > 0
        self._look_up = look_up or system_addresses
        self._clock = clock
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="names")
        self._asked: dict[str, Future[frozenset[str]]] = {}
        self._until: dict[str, float] = {}
        self._known: dict[str, frozenset[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def __call__(self, source: Source) -> frozenset[str] | None:
        """The places of a source; None while its name is looked up for the first time, which the first question begins."""
        host = urlsplit(source.endpoint).hostname or ""
        if not self._polite:
            if host not in self._known:
                self._known[host] = by_domain(source)
        elif host in self._asked:
            if self._asked[host].done():
                self._known[host] = by_domain(source) | self._asked.pop(host).result()
        elif host not in self._until or self._clock() > self._until[host]:
            self._asked[host] = self._pool.submit(self._addresses, host)
            self._until[host] = self._clock() + _KEPT
        return self._known.get(host)

    def _addresses(self, host: str) -> frozenset[str]:
        return frozenset(f"address {address}" for address in self._look_up(host))


def system_addresses(host: str) -> frozenset[str]:
    """Ask the machine's own name service. A name that it does not know shares its address with nobody."""
    try:
        return frozenset(str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return frozenset()
