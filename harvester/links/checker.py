"""One run of the link checker: lanes of hosts side by side, each lane one link after another."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from harvester.fetch.clock import Clock
from harvester.links.address import Address
from harvester.links.fold import Change, fold_run
from harvester.links.host_rules import HostRules
from harvester.links.manners import Manners
from harvester.links.observation import Observation
from harvester.links.observation_row import INSERT, pack
from harvester.links.outcome import Verdict
from harvester.links.probe import Probe
from harvester.links.run_row import beat, begin, finish
from harvester.links.shares import fair_share
from harvester.links.signs import Signs
from harvester.links.state import DAMPING, Damping
from harvester.links.store import Known, Lane, Links, Selection, read_host
from harvester.links.visit import Gear, Visit

_FLUSH = 4_000
_FLUSH_SECONDS = 30.0
_PATROL = 300.0
_JUMP = timedelta(minutes=5)
_FEW_HOSTS = 10
_LARGE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """``[links]`` of harvester.toml, as far as a run needs it. ``budget`` bounds the links of a run, ``seconds`` its time.

    ``lanes`` bounds the registrable domains that take turns at once. ``canaries`` are addresses that are always there.
    """

    damping: Damping = DAMPING
    budget: int | None = None
    seconds: float | None = None
    lanes: int = 10_000
    canaries: tuple[Address, ...] = ()


@dataclass(slots=True)
class RunReport:
    """What a run came to. ``void`` says why nothing was judged, None for a valid run."""

    run_id: str = ""
    selected: int = 0
    checked: int = 0
    requests: int = 0
    left: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    void: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON document."""
        changes = [{"url": c.url, "before": c.before, "after": c.after, "code": c.code} for c in self.changes]
        return {
            "run": self.run_id,
            "selected": self.selected,
            "checked": self.checked,
            "requests": self.requests,
            "left_for_later": self.left,
            "seconds": round(self.seconds, 3),
            "outcomes": dict(sorted(self.outcomes.items())),
            "changes": changes,
            "broken_hosts": self.broken,
            "void": self.void,
        }


class Checker:
    """Checks links of ``state.db``. Observations are kept as they come; states change at the end, if the run is valid."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        probe: Probe,
        manners: Manners,
        clock: Clock,
        words: tuple[Signs, HostRules],
        settings: CheckSettings = CheckSettings(),
        on_seen: Callable[[Known, Observation, Verdict], None] | None = None,
    ) -> None:
        self._conn = conn
        self._clock = clock
        self._settings = settings
        self._manners = manners
        self._probe = probe
        self._on_seen = on_seen
        self._gear = Gear(probe, manners, clock, *words, self._record)
        self._rows: list[tuple[Any, ...]] = []
        self._report = RunReport()
        self._hosts_tried = self._hosts_failed = 0
        self._flushed = clock.seconds()
        self._troubled: frozenset[str] = frozenset()
        self._until = float("inf")

    async def run(
        self, selection: Selection, *, owner: str, alive: Callable[[str], bool] = lambda _: True
    ) -> RunReport:
        """Check what is selected.

        Raises:
            RunBusyError: another run is under way. ``alive`` tells whether an owner still is; a dead one's run is resumed.
        """
        report = self._report
        at, started = self._clock.now(), self._clock.seconds()
        if self._settings.seconds is not None:
            self._until = started + self._settings.seconds
        report.run_id, resumed = begin(self._conn, owner, at, alive)
        self._troubled = frozenset(
            row[0] for row in self._conn.execute("SELECT host FROM link_incident WHERE closed_at IS NULL")
        )
        report.void = await self._patrol()
        if report.void is None:
            links = Links(self._conn, selection, at, report.run_id if resumed else None)
            await self._work(links)
            report.void = await self._end_of_work(at + timedelta(seconds=self._clock.seconds() - started))
        self._flush()
        end = self._clock.now()
        self._conn.execute("BEGIN IMMEDIATE")
        try:
            if report.void is None:
                report.changes = fold_run(self._conn, report.run_id, end, self._settings.damping)
            finish(self._conn, report.run_id, end, report.void)
            self._conn.execute("COMMIT")
        except BaseException:
            self._conn.execute("ROLLBACK")
            raise
        report.seconds = self._clock.seconds() - started
        return report

    async def _work(self, links: Links) -> None:
        by_domain = self._manners.active
        lanes = links.lanes(by_domain=by_domain)
        total = self._report.selected = sum(count for _, count in lanes)
        share = fair_share([count for _, count in lanes], self._settings.budget)
        self._report.left = total - sum(min(count, share) for _, count in lanes)
        waiting = iter(lanes)
        workers = min(len(lanes), self._settings.lanes if by_domain else 100)

        async def work() -> None:
            for lane, count in waiting:
                if self._report.void is not None:
                    return
                await self._lane(links, lane, min(count, share))

        async with asyncio.TaskGroup() as group:
            patrol = group.create_task(self._keep_watch()) if self._settings.canaries else None
            tasks = [group.create_task(work()) for _ in range(workers)]
            for task in tasks:
                await task
            if patrol is not None:
                patrol.cancel()

    async def _lane(self, links: Links, lane: Lane, left: int) -> None:
        """Look at ``left`` links of a lane, as long as there is time."""
        visit: Visit | None = None
        for batch in links.of(lane):
            for link in batch:
                if self._report.void is not None or left <= 0:
                    break
                if self._clock.seconds() > self._until:
                    self._report.left += left
                    left = 0
                    break
                if visit is None or visit.host != link.host:
                    self._end(visit)
                    visit = Visit(self._gear, link.host, read_host(self._conn, link.host, self._clock.now()))
                if visit.closed:
                    continue
                left -= 1
                await visit.check(link)
        self._end(visit)

    def _end(self, visit: Visit | None) -> None:
        """Remember what a host taught."""
        if visit is None:
            return
        self._report.requests += visit.requests
        self._hosts_tried += visit.requests > 0 and visit.host not in self._troubled
        if visit.broken is not None:
            self._report.broken[visit.host] = visit.broken
            self._hosts_failed += visit.host not in self._troubled and bool(visit.failed_code)
        sibling = visit.sibling_text()
        if visit.broken or visit.paused_until != visit.memory.not_before or visit.head_lied_at or sibling:
            now = self._clock.now().isoformat()
            self._conn.execute(
                "INSERT INTO link_host (host, head_lies_at, not_before, sibling, sibling_at, broken_code, broken_run)"
                " VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET head_lies_at = coalesce(excluded.head_lies_at, head_lies_at),"
                " not_before = coalesce(excluded.not_before, not_before), sibling = coalesce(excluded.sibling, sibling),"
                " sibling_at = coalesce(excluded.sibling_at, sibling_at), broken_code = excluded.broken_code,"
                " broken_run = excluded.broken_run",
                (
                    visit.host,
                    visit.head_lied_at.isoformat() if visit.head_lied_at else None,
                    visit.paused_until.isoformat() if visit.paused_until else None,
                    sibling,
                    now if sibling else None,
                    visit.broken,
                    self._report.run_id if visit.broken else None,
                ),
            )

    def _record(self, link: Known, seen: Observation, verdict: Verdict, *, decisive: bool) -> None:
        self._rows.append(pack(link.id, self._report.run_id, seen, verdict, decisive=decisive))
        if decisive:
            self._report.checked += 1
            self._report.outcomes[verdict.outcome] += 1
            if self._on_seen is not None:
                self._on_seen(link, seen, verdict)
        if len(self._rows) >= _FLUSH or self._clock.seconds() - self._flushed >= _FLUSH_SECONDS:
            self._flush()

    def _flush(self) -> None:
        self._flushed = self._clock.seconds()
        if self._rows:
            self._conn.execute("BEGIN IMMEDIATE")
            self._conn.executemany(INSERT, self._rows)
            beat(self._conn, self._report.run_id, self._clock.now())
            self._conn.execute("COMMIT")
            self._rows.clear()

    async def _keep_watch(self) -> None:
        while self._report.void is None:
            await self._clock.sleep(_PATROL)
            self._report.void = await self._patrol()

    async def _patrol(self) -> str | None:
        """Ask the canaries; if most of them are silent, it is our own network that is down."""
        silent = []
        for canary in self._settings.canaries:
            seen = await self._probe.observe(canary, "GET")
            if seen.status is None or seen.status >= 500 or seen.fault is not None:
                silent.append(canary.host)
        if silent and 2 * len(silent) > len(self._settings.canaries):
            return f"the canaries do not answer ({', '.join(silent)}): this machine's own network seems to be down"
        return None

    async def _end_of_work(self, expected: datetime) -> str | None:
        return self._report.void or await self._patrol() or self._doubt(expected)

    def _doubt(self, expected: datetime) -> str | None:
        """Reasons not to believe the whole run."""
        if abs(self._clock.now() - expected) > _JUMP:
            return "this machine's clock jumped during the run"
        if self._hosts_tried >= _FEW_HOSTS and self._hosts_failed > _LARGE_SHARE * self._hosts_tried:
            return f"{self._hosts_failed} of {self._hosts_tried} hosts failed at once: this machine's own network seems to be at fault"
        return None
