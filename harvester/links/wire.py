"""Ask and keep connections: the transport of the link checker."""

from __future__ import annotations

from dataclasses import dataclass, field

from harvester.links.address import Address
from harvester.links.connection import Connection, ExchangeError, Reply
from harvester.links.dial import CertificateError, Dialer, leaf_of, name_fault
from harvester.links.observation import Fault

_IDLE_PER_ORIGIN = 4


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
    _idle: dict[tuple[str, str, int, Fault | None], list[Connection]] = field(default_factory=dict)
    _distrusted: dict[tuple[str, int], Fault] = field(default_factory=dict)

    async def exchange(self, request: bytes, method: str, to: Address) -> Answer:
        """Ask once. A kept connection that the server has closed meanwhile is replaced, once.

        Raises:
            ExchangeError: there was no answer.
        """
        tls = self._distrusted.get((to.host, to.port)) if to.scheme == "https" else None
        key = (to.scheme, to.host, to.port, tls)
        idle = self._idle.get(key)
        while idle:
            connection = idle.pop()
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

    def close(self, to: Address) -> None:
        """Close what is kept open to a host."""
        for key in [key for key in self._idle if key[1] == to.host and key[2] == to.port]:
            for connection in self._idle.pop(key):
                connection.close()

    def close_all(self) -> None:
        """Close everything that is kept open."""
        for idle in self._idle.values():
            for connection in idle:
                connection.close()
        self._idle.clear()

    async def _ask(
        self, connection: Connection, request: bytes, method: str, key: tuple[str, str, int, Fault | None]
    ) -> Answer:
        try:
            reply = await connection.ask(request, method, self.seconds)
        except BaseException:
            # Also when the asker is cancelled: an answer that comes later would be taken for another's.
            connection.close()
            raise
        if connection.usable:
            idle = self._idle.setdefault(key, [])
            if len(idle) < _IDLE_PER_ORIGIN:
                idle.append(connection)
            else:
                connection.close()
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
