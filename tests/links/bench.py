"""What the tests of the link checker share: a clock that jumps, a probe over loopback, a checker in memory."""

import asyncio
import sqlite3
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from sqlite_utils import Database

from harvester.fetch.budget import HostBudget
from harvester.fetch.clock import Clock
from harvester.fetch.guard import AddressGuard
from harvester.fetch.names import Names
from harvester.fetch.settings import PolitenessSettings
from harvester.links.address import Address, read_address
from harvester.links.checker import Checker, CheckSettings, RunReport
from harvester.links.dial import Dialer
from harvester.links.host_rules import HostRules
from harvester.links.manners import Manners
from harvester.links.probe import HttpProbe, Probe
from harvester.links.schema import links
from harvester.links.signs import read_signs
from harvester.links.store import Selection, add_links
from harvester.links.wire import Wire

STDIN_FIELDS = frozenset(
    ("url", "outcome", "state", "http_status", "final_url", "error", "hops", "reason_de", "reason_en", "action")
)
"""What each line of `links check --stdin --json` has at least: programs read it."""

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
USER_AGENT = "egov-harvester/0 (+https://example.org/)"


class FakeTime:
    """Time that passes by sleeping, or when a test says so."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.jump = timedelta(0)
        self.slept: list[float] = []
        self.clock = Clock(seconds=lambda: self.passed, sleep=self.sleep, now=self.now)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed) + self.jump

    def wait(self, **span: float) -> None:
        self.passed += timedelta(**span).total_seconds()


def address(text: str) -> Address:
    read = read_address(text)
    assert isinstance(read, Address), read
    return read


async def local_names(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def names(clock: Clock, resolver: Callable[[str, int], Awaitable[Sequence[str]]] = local_names) -> Names:
    return Names(AddressGuard([ip_network("127.0.0.0/8"), ip_network("::1/128")]), clock, resolver)


def http_probe(
    clock: Clock | None = None, tls: ssl.SSLContext | None = None, resolver: Any = local_names, seconds: float = 1.0
) -> HttpProbe:
    clock = clock or Clock()
    return HttpProbe(Wire(Dialer(names(clock, resolver), seconds, tls), seconds), USER_AGENT, clock)


class Desk:
    """A checker with its state in memory, for runs at different times."""

    def __init__(self, probe: Probe, time: FakeTime | None = None, interval: float = 0.0, robots: Any = None) -> None:
        self.time = time or FakeTime()
        self.probe = probe
        self.conn = sqlite3.connect(":memory:", isolation_level=None)
        self.conn.row_factory = sqlite3.Row
        links(Database(self.conn))
        self.interval = interval
        self.robots = robots
        self.hosts = HostRules()

    def add(self, *texts: str) -> None:
        add_links(self.conn, texts, self.time.now())

    async def check(self, selection: Selection | None = None, **settings: Any) -> RunReport:
        budget = HostBudget(PolitenessSettings(interval=self.interval), self.time.clock)
        manners = Manners(budget, names(self.time.clock), self.hosts, self.interval, self.robots)
        checker = Checker(
            self.conn, self.probe, manners, self.time.clock, (read_signs(), self.hosts), CheckSettings(**settings)
        )
        return await checker.run(selection or Selection(), owner="test")

    def link(self, text: str) -> sqlite3.Row:
        query = "SELECT l.* FROM link l JOIN link_text t ON t.link_id = l.id WHERE t.text = ?"
        row: sqlite3.Row = self.conn.execute(query, (text,)).fetchone()
        return row

    def states(self) -> dict[str, str]:
        return {row["url"]: row["state"] for row in self.conn.execute("SELECT url, state FROM link ORDER BY url")}


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def texts(host: str, count: int) -> Iterable[str]:
    return (f"https://{host}/seite/{n}" for n in range(count))
