"""Open connections: only to addresses the guard let through, and with four names for what is wrong with a certificate."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from ipaddress import IPv6Address

from harvester.fetch.errors import AddressRefused, FetchError, NameNotFound, TimedOut
from harvester.fetch.guard import IPAddress
from harvester.fetch.names import Names
from harvester.links.connection import Connection, ExchangeError, Watch
from harvester.links.observation import Fault

# OpenSSL's numbers (x509_vfy.h).
_EXPIRED = frozenset({9, 10})
_WRONG_HOST = frozenset({62, 64})
_NO_ISSUER = frozenset({20, 21})
_CA_ISSUERS = bytes.fromhex("06082b06010505073002")
"""The object identifier 1.3.6.1.5.5.7.48.2 in DER: the certificate tells where its issuer's can be had (RFC 5280, 4.2.2.1)."""


class CertificateError(Exception):
    """The certificate is not acceptable. Connect again unverified to look at the page behind it."""

    def __init__(self, number: int, detail: str) -> None:
        super().__init__(number, detail)
        self.number = number
        self.detail = detail


@dataclass(slots=True)
class Dialer:
    """Opens connections within ``timeout`` seconds. ``trusted`` verifies, ``blind`` is for looking behind a bad certificate."""

    names: Names
    timeout: float
    trusted: ssl.SSLContext | None = None
    blind: ssl.SSLContext = field(default_factory=lambda: _blind_context())  # noqa: PLW0108 -- defined below
    _watch: Watch | None = None

    async def open(self, scheme: str, host: str, port: int, *, verify: bool = True) -> Connection:
        """Resolve, check, connect.

        Raises:
            ExchangeError: there is no connection to be had.
            CertificateError: there is, but the host could not prove its name.
        """
        addresses = await self._resolve(host, port)
        if scheme == "https":
            if self.trusted is None:
                self.trusted = ssl.create_default_context()
            context = self.trusted if verify else self.blind
        else:
            context = None
        # A dead first address must leave time for the others.
        share = max(self.timeout / len(addresses), min(self.timeout, 3.0))
        failure = ExchangeError(Fault.UNREACHABLE)
        for address in addresses:
            try:
                return await self._connect(address, port, context, host, share)
            except ExchangeError as error:
                failure = error
        raise failure

    async def _resolve(self, host: str, port: int) -> list[IPAddress]:
        try:
            return await self.names.addresses(host, port, self.timeout)
        except AddressRefused as error:
            raise ExchangeError(Fault.ADDRESS_REFUSED, error.what) from error
        except TimedOut as error:
            raise ExchangeError(Fault.DNS_TIMEOUT, error.what) from error
        except NameNotFound as error:
            raise ExchangeError(_name_fault(error), error.what) from error
        except FetchError as error:
            raise ExchangeError(Fault.DNS_FAILURE, error.what) from error

    async def _connect(
        self, address: IPAddress, port: int, context: ssl.SSLContext | None, host: str, share: float
    ) -> Connection:
        loop = asyncio.get_running_loop()
        if self._watch is None or self._watch.loop is not loop:
            self._watch = Watch(loop)
        watch = self._watch
        # RFC 6066, 3: no server name for addresses; OpenSSL then compares the address.
        name = None if context is None else host.rstrip(".")
        family = socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET
        patience = share if context is not None else None
        try:
            async with asyncio.timeout(share if context is None else 2 * share):
                _, connection = await loop.create_connection(
                    lambda: Connection(watch), str(address), port, ssl=context, server_hostname=name, family=family,
                    ssl_handshake_timeout=patience,
                )  # fmt: skip
        except ssl.SSLCertVerificationError as error:
            raise CertificateError(error.verify_code, error.verify_message) from error
        except ssl.SSLError as error:
            raise ExchangeError(Fault.TLS_HANDSHAKE, error.reason or str(error)) from error
        except TimeoutError as error:
            raise ExchangeError(Fault.CONNECT_TIMEOUT, f"no connection within {share:g} s") from error
        except ConnectionRefusedError as error:
            raise ExchangeError(Fault.REFUSED, str(address)) from error
        except (ConnectionError, EOFError) as error:
            fault = Fault.TLS_HANDSHAKE if context is not None else Fault.RESET
            raise ExchangeError(fault, str(error)) from error
        except OSError as error:
            raise ExchangeError(Fault.UNREACHABLE, error.strerror or str(error)) from error
        connection.address = str(address)
        return connection


def name_fault(number: int, leaf: bytes) -> Fault:
    """Which of the four a refused certificate is. ``leaf`` is the server's own certificate (DER).

    Without an issuer the chain is incomplete where the certificate tells the place of its issuer's, as all public ones
    do; otherwise the issuer is a stranger.
    """
    if number in _EXPIRED:
        return Fault.TLS_EXPIRED
    if number in _WRONG_HOST:
        return Fault.TLS_WRONG_HOST
    if number in _NO_ISSUER and _CA_ISSUERS in leaf:
        return Fault.TLS_INCOMPLETE
    return Fault.TLS_UNTRUSTED


def leaf_of(connection: Connection) -> bytes:
    """The certificate the server showed (DER), empty where it showed none."""
    told = connection.tls_object()
    return (told.getpeercert(binary_form=True) or b"") if told is not None else b""


def _name_fault(error: NameNotFound) -> Fault:
    cause = error.__cause__
    if error.transient:
        return Fault.DNS_FAILURE
    if not isinstance(cause, socket.gaierror):
        return Fault.NO_ADDRESS if cause is None else Fault.NO_NAME
    if cause.errno == getattr(socket, "EAI_NODATA", None) or cause.errno == getattr(socket, "EAI_ADDRFAMILY", None):
        return Fault.NO_ADDRESS
    return Fault.NO_NAME if cause.errno == socket.EAI_NONAME else Fault.DNS_FAILURE


def _blind_context() -> ssl.SSLContext:
    """Look at a page without trusting it: nothing private is ever sent, and what comes counts as hearsay."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
