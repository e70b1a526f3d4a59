"""The address guard: the program asks public servers, and nobody's router, database or cloud metadata service.

Addresses come from the IANA registries of special-purpose addresses (RFC 6890 and its updates, as of 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, TypeAlias

from harvester.fetch.errors import AddressRefused, InvalidAddress, SchemeRefused

if TYPE_CHECKING:
    import httpx

IPAddress: TypeAlias = IPv4Address | IPv6Address
IPNetwork: TypeAlias = IPv4Network | IPv6Network

_V4 = {
    IPv4Network("0.0.0.0/8"): "unspecified (this network)",
    IPv4Network("10.0.0.0/8"): "private",
    IPv4Network("100.64.0.0/10"): "carrier-grade NAT",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("168.63.129.16/32"): "a metadata service (Azure)",
    IPv4Network("169.254.0.0/16"): "link-local (metadata services among them)",
    IPv4Network("172.16.0.0/12"): "private",
    IPv4Network("192.0.0.0/24"): "reserved for protocols (metadata services among them)",
    IPv4Network("192.0.2.0/24"): "for documentation only",
    IPv4Network("192.88.99.0/24"): "reserved (6to4 relays)",
    IPv4Network("192.168.0.0/16"): "private",
    IPv4Network("198.18.0.0/15"): "for benchmarks only",
    IPv4Network("198.51.100.0/24"): "for documentation only",
    IPv4Network("203.0.113.0/24"): "for documentation only",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved or broadcast",
}
_V6 = {
    IPv6Network("::/128"): "unspecified",
    IPv6Network("::1/128"): "loopback",
    IPv6Network("64:ff9b:1::/48"): "private (local NAT64)",
    IPv6Network("2001::/23"): "reserved for protocols (Teredo among them)",
    IPv6Network("2001:db8::/32"): "for documentation only",
    IPv6Network("3fff::/20"): "for documentation only",
    IPv6Network("fc00::/7"): "private (unique local, metadata services among them)",
    IPv6Network("fe80::/10"): "link-local",
    IPv6Network("fec0::/10"): "private (site-local)",
    IPv6Network("ff00::/8"): "multicast",
}
# Labels of 1 to 63 letters, digits and hyphens (RFC 1123, 2.1); the underscore occurs and does no harm.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?!.{{254}}){_LABEL}(?:\.{_LABEL})*\.?")
_GLOBAL_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressGuard:
    """Tells which addresses may be connected to: public ones, and those in ``allowed`` networks."""

    def __init__(self, allowed: Iterable[IPNetwork] = ()) -> None:
        self._allowed = tuple(allowed)

    def refusal(self, address: IPAddress) -> str | None:
        """Why an address is refused, or None if it may be connected to.

        An IPv6 address that only wraps an IPv4 address (mapped, 6to4, NAT64) is judged as that IPv4 address.
        """
        if isinstance(address, IPv6Address) and address.scope_id is not None:
            return "bound to a network interface"
        inner = _unwrap(address)
        if any(candidate in network for candidate in (address, inner) for network in self._allowed):
            return None
        special = _V4 if isinstance(inner, IPv4Address) else _V6
        for network, reason in special.items():
            if inner in network:
                return reason
        if isinstance(inner, IPv6Address) and inner not in _GLOBAL_V6:
            return "no global unicast address"
        return None

    def select(self, host: str, addresses: Iterable[IPAddress]) -> list[IPAddress]:
        """The addresses of a host that may be connected to, in their order.

        Raises:
            AddressRefused: not one of them may be.
        """
        refused: list[str] = []
        passed: list[IPAddress] = []
        for address in addresses:
            reason = self.refusal(address)
            if reason is None:
                passed.append(address)
            else:
                refused.append(f"{address} is {reason}")
        if not passed:
            raise AddressRefused(host, f"the host is not public ({'; '.join(refused)})")
        return passed


def check_url(text: str) -> httpx.URL:
    """Read an address that is to be fetched; its fragment is left out, for it is never sent.

    Raises:
        InvalidAddress: it cannot be used, or it holds a user name or password.
        SchemeRefused: it is neither http nor https.
    """
    import httpx  # noqa: PLC0415 -- the link checker has a client of its own and must not wait for this one

    if any(character.isspace() or character < " " or character == "\\" for character in text.strip()):
        raise InvalidAddress(text, "the address holds a space, a control character or a backslash")
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise InvalidAddress(text, f"the address cannot be read ({error})") from error
    if url.scheme not in {"http", "https"}:
        raise SchemeRefused(text, f'the scheme is "{url.scheme}"' if url.scheme else "the address has no scheme")
    if url.userinfo:
        bare = str(url.copy_with(userinfo=b""))
        raise InvalidAddress(bare, "the address holds a user name or password")
    host = url.raw_host.decode("ascii")
    if not _HOST.fullmatch(host) and read_address(host) is None:
        raise InvalidAddress(text, f"{host!r} is no host" if host else "the address has no host")
    if url.port is not None and not 0 < url.port < 65_536:
        raise InvalidAddress(text, f"there is no port {url.port}")
    return url.copy_with(fragment=None)


def read_address(text: str) -> IPAddress | None:
    """Read an address literal, None if the text is a name."""
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        return None


def _unwrap(address: IPAddress) -> IPAddress:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
