"""All addresses together: start, switch the day, stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from federation import pages
from federation.content import ROOT, Content, contents
from federation.dldb.sites import dldb_site
from federation.pvog.api import PvogApi
from federation.server import Server
from federation.site import Site
from federation.website.sites import website_site
from federation.xzufi.sites import xzufi_site


class Federation:
    """A running federation. `requests` lists (address, method, path with query) in the order they arrived."""

    def __init__(self, port: int, day: int, sites: Mapping[str, Site]) -> None:
        self.port = port
        self.day = day
        self.requests: list[tuple[str, str, str]] = []
        self._servers: list[Server] = []
        try:
            for address, site in sites.items():
                self._servers.append(Server(address, port, site, self))
        except OSError:
            self.close()
            raise
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def addresses(self) -> list[str]:
        """Every address that listens."""
        return [server.address for server in self._servers]

    def set_day(self, day: int) -> None:
        """Let the sources look as they do on that day (1 or 2)."""
        if day not in (1, 2):
            raise ValueError(f"day {day}: there are only day 1 and day 2")
        self.day = day

    def close(self) -> None:
        """Stop listening; open connections are dropped."""
        for server in self._servers:
            server.stop()
        self._servers.clear()


def sites(root: Path = ROOT) -> dict[str, Site]:
    """Address to site, in the order of the addresses."""
    found: dict[str, Site] = {pages.HOST: pages.Pages()}
    for content in contents(root):
        found[str(content.endpoint.hostname)] = _site(content)
    return dict(sorted(found.items(), key=lambda item: tuple(map(int, item[0].split(".")))))


def _site(content: Content) -> Site:
    match content.source["interface"]:
        case "xzufi":
            return xzufi_site(content)
        case "pvog":
            return PvogApi(content)
        case "dldb":
            return dldb_site(content)
        case "website":
            return website_site(content)
        case other:
            raise ValueError(f"{content.id}: no server plays the interface {other}")


@contextmanager
def serve(port: int = 8642, day: int = 1, root: Path = ROOT) -> Iterator[Federation]:
    """Run the federation on all its addresses while the block lasts.

    Raises:
        OSError: an address cannot be used, mostly because the port is taken.
    """
    federation = Federation(port, day, sites(root))
    try:
        yield federation
    finally:
        federation.close()
