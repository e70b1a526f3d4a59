"""From a host to addresses that may be connected to."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address
from typing import TypeAlias

from harvester.fetch.clock import Clock
from harvester.fetch.errors import NameNotFound, TimedOut
from harvester.fetch.guard import AddressGuard, IPAddress, read_address

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""From (host, port) to addresses as text, in the order to try; raises socket.gaierror."""

KEPT = 60.0
"""Seconds that an answer of the name service is used."""

_NUMERIC = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the machine's own name service."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Names:
    """Resolves hosts, remembers the answer for a minute, and passes on only what the guard lets through.

    The addresses returned are the ones connected to; nobody resolves the name a second time, so an answer that changes
    between check and connection changes nothing.
    """

    def __init__(
        self,
        guard: AddressGuard,
        clock: Clock,
        resolver: Resolver = system_resolver,
    ) -> None:
        self._guard = guard
        self._clock = clock
        self._resolver = resolver
        self._known: dict[str, tuple[float, list[IPAddress]]] = {}

    async def addresses(self, host: str, port: int, limit: float) -> list[IPAddress]:
        """Addresses of a host that may be connected to, at least one, within ``limit`` seconds.

        Raises:
            NameNotFound, TimedOut: the name service has no answer.
            AddressRefused: it has, but none of the addresses is allowed.
        """
        literal = read_address(host) or _read_number(host)
        found = [literal] if literal is not None else await self._resolve(host, port, limit)
        return self._guard.select(host, found)

    async def _resolve(self, host: str, port: int, limit: float) -> list[IPAddress]:
        until, found = self._known.get(host, (0.0, []))
        if found and self._clock.seconds() < until:
            return found
        try:
            async with asyncio.timeout(limit):
                answer = await self._resolver(host, port)
        except TimeoutError as error:
            raise TimedOut(host, "the name service did not answer in time") from error
        except (socket.gaierror, UnicodeError) as error:
            raise _not_found(host, error) from error
        found = [address for text in dict.fromkeys(answer) if (address := read_address(text)) is not None]
        if not found:
            raise NameNotFound(host, "the name has no address")
        self._known[host] = (self._clock.seconds() + KEPT, found)
        return found


def _read_number(host: str) -> IPAddress | None:
    """Read the odd spellings of IPv4 that C libraries take for addresses: decimal, octal, hexadecimal, short."""
    if not _NUMERIC.fullmatch(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return None


def _not_found(host: str, error: Exception) -> NameNotFound:
    found = NameNotFound(host, f"the name of the host cannot be resolved ({error})")
    found.transient = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
    return found
