"""Check links over the real network: put the parts together and run them."""

from __future__ import annotations

import os
import socket
import sqlite3
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from harvester.fetch.budget import HostBudget
from harvester.fetch.clock import Clock
from harvester.fetch.guard import AddressGuard, read_address
from harvester.fetch.names import Names, Resolver, system_resolver
from harvester.fetch.robots import RobotsCache
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.links.checker import Checker, CheckSettings, RunReport
from harvester.links.dial import Dialer
from harvester.links.host_rules import read_host_rules
from harvester.links.manners import Manners
from harvester.links.observation import Observation
from harvester.links.outcome import Verdict
from harvester.links.probe import HttpProbe
from harvester.links.settings import LinkSettings
from harvester.links.signs import read_signs
from harvester.links.store import Known, Selection
from harvester.links.wire import Wire

OnSeen = Callable[[Known, Observation, Verdict], None]


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything a check needs from outside. ``snapshots`` is only a place: nothing of a check is stored there."""

    fetch: FetchSettings
    politeness: PolitenessSettings
    links: LinkSettings
    snapshots: Path
    clock: Clock = Clock()  # noqa: RUF009 -- immutable
    resolver: Resolver = system_resolver
    tls: ssl.SSLContext | None = None
    budget: HostBudget | None = None


async def check_links(
    conn: sqlite3.Connection, selection: Selection, setup: Setup, on_seen: OnSeen | None = None
) -> RunReport:
    """Check what is selected and take it into the states.

    ``setup.budget`` is shared with spiders that run in the same process. With politeness off nobody waits and no
    robots.txt is asked for.

    Raises:
        RunBusyError: another check is under way.
    """
    bounded = selection.due and selection.texts is None
    settings = CheckSettings(
        setup.links.damping,
        budget=setup.links.budget if bounded else None,
        seconds=setup.links.seconds if bounded else None,
        canaries=() if _is_private(conn, setup) else setup.links.canary_addresses,
    )
    names = Names(AddressGuard(setup.fetch.allow_addresses), setup.clock, setup.resolver)
    wire = Wire(Dialer(names, setup.fetch.timeout, setup.tls), setup.fetch.timeout)
    async with AsyncExitStack() as stack:
        stack.callback(wire.close_all)
        manners = await _manners(setup, names, stack)
        probe = HttpProbe(wire, setup.fetch.user_agent, setup.clock, manners.turn if manners.active else None)
        checker = Checker(conn, probe, manners, setup.clock, (read_signs(), manners.hosts), settings, on_seen)
        return await checker.run(selection, owner=this_process(), alive=is_running)


def _is_private(conn: sqlite3.Connection, setup: Setup) -> bool:
    """Whether all hosts are addresses that only ``allow_addresses`` lets through: of these, canaries on the internet say nothing."""
    if not setup.fetch.allow_addresses:
        return False
    public = AddressGuard()
    for (host,) in conn.execute("SELECT DISTINCT domain FROM link WHERE domain <> ''"):
        literal = read_address(host)
        if literal is None or public.refusal(literal) is None:
            return False
    return True


async def _manners(setup: Setup, names: Names, stack: AsyncExitStack) -> Manners:
    """Politeness: one budget for links and robots.txt alike."""
    hosts, interval = read_host_rules(), setup.politeness.interval
    if interval == 0:
        return Manners(HostBudget(setup.politeness, setup.clock), names, hosts, interval, timeout=setup.fetch.timeout)
    from harvester.fetch.client import Fetcher  # noqa: PLC0415 -- only robots.txt needs it, see docs/decisions/0010
    from harvester.fetch.snapshots import SnapshotStore  # noqa: PLC0415 -- likewise

    store = SnapshotStore(setup.snapshots)
    budget = setup.budget or HostBudget(setup.politeness, setup.clock)
    fetcher = await stack.enter_async_context(
        Fetcher(
            setup.fetch,
            setup.politeness,
            store,
            tls=setup.tls,
            resolver=setup.resolver,
            clock=setup.clock,
            budget=budget,
        )
    )
    # A host that does not answer for robots.txt will not answer for the link either: no second try here.
    robots = RobotsCache(fetcher.fetch, setup.clock, retries=0)
    return Manners(budget, names, hosts, interval, robots, setup.fetch.timeout)


def this_process() -> str:
    """The name by which a run knows its process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_running(owner: str) -> bool:
    """Whether a process of that name is still there; one of another machine is taken to be."""
    host, _, number = owner.rpartition(":")
    if host != socket.gethostname() or not number.isdigit():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
