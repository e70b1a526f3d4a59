"""Links of official records: which keys the records name that lead to an address. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harvester.links.address import Address, read_address

_FEW = 5
"""Objects from which an address is a general page rather than the page of some services."""


def canonical(url: str) -> str:
    """One spelling of an address: without scheme, default port, fragment and closing slash; empty for what is no address."""
    read = read_address(url)
    if not isinstance(read, Address):
        return ""
    return read.url.partition("://")[2].rstrip("/")


@dataclass(frozen=True, slots=True)
class Named:
    """A key that an official record names, and whose record that is."""

    leika_key: str
    source_id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class OfficialLinks:
    """Addresses that keyed records lead to. One page may serve several keys. ``own`` are sources that do not count."""

    by_address: Mapping[str, frozenset[Named]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    def beside(self, sources: Iterable[str]) -> OfficialLinks:
        """Without the records of some sources: a source that names no key for its page cannot testify for itself."""
        return OfficialLinks(self.by_address, frozenset(sources))

    def leading_to(self, url: str) -> tuple[Named, ...]:
        """The keys of records that lead to an address, sorted; none where these are of so many objects that it is a general page."""
        known = self.by_address.get(canonical(url), frozenset()) if url else frozenset()
        named = [one for one in known if one.source_id not in self.own]
        if len({one.leika_key[:8] for one in named}) > _FEW:
            return ()
        return tuple(sorted(named, key=lambda one: (one.leika_key, one.source_id, one.title)))


def make_official_links(rows: Iterable[tuple[str, Named]]) -> OfficialLinks:
    """From pairs of an address and what a record that leads there names."""
    found: dict[str, set[Named]] = defaultdict(set)
    for url, named in rows:
        if address := canonical(url):
            found[address].add(named)
    return OfficialLinks({address: frozenset(named) for address, named in found.items()})
