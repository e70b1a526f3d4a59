# ruff: noqa: ASYNC109, ARG002 -- the signatures are httpcore's
"""The transport: httpx's own, over connections that only ever lead to checked addresses."""

from __future__ import annotations

import ssl
from collections.abc import Iterable

import httpcore
import httpx

from harvester.fetch.names import Names

READ_SIZE = 256 * 1024
"""Bytes taken from a connection at once; asyncio offers no more."""

_POOL = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=15)


class RoadTransport(httpx.AsyncHTTPTransport):
    """httpx's transport with a pool of guarded connections.

    ``handle_async_request`` is inherited on purpose: recorders replace it on the base class. No proxy and no setting
    is taken from the environment, except that SSL_CERT_FILE may name the certificates to trust.
    """

    def __init__(self, names: Names, tls: ssl.SSLContext | None = None) -> None:
        context = tls or httpx.create_ssl_context()
        super().__init__(verify=context, trust_env=False, limits=_POOL)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=_POOL.max_connections,
            max_keepalive_connections=_POOL.max_keepalive_connections,
            keepalive_expiry=_POOL.keepalive_expiry,
            network_backend=GuardedBackend(names),
        )


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to the addresses the guard let through, in their order, until one works."""

    def __init__(self, names: Names, inner: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._names = names
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve once, check, connect to a checked address."""
        timeout = timeout or 20.0
        addresses = await self._names.addresses(host, port, timeout)
        # A dead first address must leave time for the others.
        share = max(timeout / len(addresses), min(timeout, 3.0))
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = await self._inner.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return RoadStream(stream)
        raise failure or httpcore.ConnectError(f"no address for {host}")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no address names a local socket."""
        raise httpcore.ConnectError(f"local sockets are not fetched from: {path}")

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's own attempts."""
        await self._inner.sleep(seconds)


class RoadStream(httpcore.AsyncNetworkStream):
    """A connection that is read in large pieces, which halves the processor time of large bodies.

    ``get_extra_info("last_read")`` gives the last piece, to find bytes after the announced end of a body.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._last = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there; at least one byte except at the end."""
        self._last = await self._inner.read(max(max_bytes, READ_SIZE), timeout)
        return self._last

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt the connection; the certificate is checked against the name, not the address."""
        return RoadStream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        """Facts about the connection."""
        return self._last if info == "last_read" else self._inner.get_extra_info(info)
