"""Loopback only: the part of the test harness that keeps every test off the real network.

A harvester test that silently goes live is worse than a missing one: it harms a city's server, and it passes
or fails with the weather. So each way out of the process is closed where all libraries meet, at `socket`:
asyncio, httpx, Twisted and requests all end in these methods. Processes that a test starts are not covered.
"""

import ipaddress
import socket
from dataclasses import dataclass, field
from typing import Any

import pytest


class NetworkBlockedError(RuntimeError):
    """A test tried to leave this machine. No `OSError`, lest code under test take it for a dead host."""


def is_loopback(host: object) -> bool:
    """Tell whether `host`, an address literal or a name, is this machine (127.0.0.0/8, ::1 or localhost)."""
    name = _text(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _literal(name)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and address.is_loopback


@dataclass
class NetworkGuard:
    """Closes the ways out and remembers who tried one.

    `attempts` holds one line per refused call. It is read at the end of each test, because code under test
    may have swallowed the error.
    """

    attempts: list[str] = field(default_factory=list)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Replace the calls of `socket` that reach out; `patch.undo()` brings them back."""
        for method in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, method, self._guard_method(getattr(socket.socket, method)))
        for function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            patch.setattr(socket, function, self._guard_lookup(getattr(socket, function)))

    def take_attempts(self) -> list[str]:
        """Return the refused calls since the last look and forget them."""
        taken, self.attempts = self.attempts, []
        return taken

    def _guard_method(self, original: Any) -> Any:
        def guarded(sock: socket.socket, *arguments: Any) -> Any:
            # connect(address), connect_ex(address), sendto(data[, flags], address): the address comes last.
            address = arguments[-1] if arguments else None
            if sock.family in (socket.AF_INET, socket.AF_INET6) and address and not is_loopback(address[0]):
                # A client that expects OSError would leave it open, and that warning would hide the cause.
                sock.close()
                self._refuse(f"connection to {address[0]} port {address[1]}")
            return original(sock, *arguments)

        return guarded

    def _guard_lookup(self, original: Any) -> Any:
        def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
            name = _text(host)
            if name.endswith((".invalid", ".test")):
                # RFC 6761, 6.2 and 6.4: these names never exist, so no resolver need be asked.
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            if name and not is_loopback(name) and _literal(name) is None and name != socket.gethostname():
                self._refuse(f"name lookup of {name}")
            return original(host, *arguments, **options)

        return guarded

    def _refuse(self, what: str) -> None:
        self.attempts.append(what)
        raise NetworkBlockedError(
            f"Tests stay on this machine: {what} refused. "
            "Use pytest-httpserver, a cassette or a fake transport instead."
        )


def _text(host: object) -> str:
    if isinstance(host, bytes):
        host = host.decode("ascii", errors="replace")
    return str(host or "").rstrip(".").lower()


def _literal(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
