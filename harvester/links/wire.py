"""Ask and keep connections: the transport of the link checker."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TypeAlias

from harvester.links.address import Address
from harvester.links.connection import Connection, ExchangeError, Reply
from harvester.links.dial import CertificateError, Dialer, leaf_of, name_fault
from harvester.links.observation import Fault

MOST_IDLE = 200
"""Connections kept open while nobody asks; beyond that the one that waited longest is closed. Ten thousand polite lanes
must not need ten thousand file descriptors."""

_Key: TypeAlias = tuple[str, str, int, Fault | None]


@dataclass(slots=True)
class Answer:
    """A reply, with what the connection showed. ``tls`` names what is wrong with the certificate."""

    reply: Reply
    address: str
    tls: Fault | None = None


@dataclass(slots=True)
class Wire:
    """Sends single requests; redirects are followed by others. ``seconds`` bound head and body each."""

    dialer: Dialer
    seconds: float
    _idle: OrderedDict[_Key, list[Connection]] = field(default_factory=OrderedDict)
    _resting: int = 0
    _distrusted: dict[tuple[str, int], Fault] = field(default_factory=dict)

    async def exchange(self, request: bytes, method: str, to: Address) -> Answer:
        """Ask once. A kept connection that the server has closed meanwhile is replaced, once.

        Raises:
            ExchangeError: there was no answer.
        """
        tls = self._distrusted.get((to.host, to.port)) if to.scheme == "https" else None
        key = (to.scheme, to.host, to.port, tls)
        while (connection := self._take(key)) is not None:
            if not connection.usable:
                continue
            try:
                return await self._ask(connection, request, method, key)
            except ExchangeError as error:
                if not error.unused:
                    raise
                break
        connection, tls = await self._open(to, tls)
        return await self._ask(connection, request, method, (to.scheme, to.host, to.port, tls))

    def close_all(self) -> None:
        """Close everything that is kept open."""
        while self._idle:
            self._close_oldest()

    def _take(self, key: _Key) -> Connection | None:
        idle = self._idle.get(key)
        if idle is None:
            return None
        connection = idle.pop()
        self._resting -= 1
        if not idle:
            del self._idle[key]
        return connection

    def _keep(self, key: _Key, connection: Connection) -> None:
        if self._resting >= MOST_IDLE:
            self._close_oldest()
        self._idle.setdefault(key, []).append(connection)
        self._resting += 1

    def _close_oldest(self) -> None:
        _, idle = self._idle.popitem(last=False)
        self._resting -= len(idle)
        for connection in idle:
            connection.close()

    async def _ask(self, connection: Connection, request: bytes, method: str, key: _Key) -> Answer:
        try:
            reply = await connection.ask(request, method, self.seconds)
        except BaseException:
            # Also when the asker is cancelled: an answer that comes later would be taken for another's.
            connection.close()
            raise
        if connection.usable:
            self._keep(key, connection)
        return Answer(reply, connection.address, key[3])

    async def _open(self, to: Address, tls: Fault | None) -> tuple[Connection, Fault | None]:
        if tls is None:
            try:
                return await self.dialer.open(to.scheme, to.host, to.port), None
            except CertificateError as error:
                number = error.number
        else:
            return await self.dialer.open(to.scheme, to.host, to.port, verify=False), tls
        connection = await self.dialer.open(to.scheme, to.host, to.port, verify=False)
        tls = name_fault(number, leaf_of(connection))
        self._distrusted[to.host, to.port] = tls
        return connection, tls
