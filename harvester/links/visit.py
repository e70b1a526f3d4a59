"""The links of one host in one run: what the host taught us so far, and when to stop asking it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol

from harvester.fetch.clock import Clock
from harvester.links.address import Address, read_address
from harvester.links.classify import Surroundings, classify
from harvester.links.host_rules import HostRules
from harvester.links.manners import Manners
from harvester.links.method import first_method, head_lied, needs_get
from harvester.links.observation import Fault, Observation
from harvester.links.observation_row import pack_page, unpack_page
from harvester.links.outcome import Outcome, Verdict
from harvester.links.places import path_of
from harvester.links.probe import Probe
from harvester.links.schedule import LONGEST_PAUSE
from harvester.links.signs import Signs
from harvester.links.store import HostMemory, Known, domain_of

ALIKE = 5
"""So many links of a host failing alike, one after another, are the host's trouble and not theirs."""

PATIENCE = 60.0
"""Seconds. A host that asks for a longer pause is not asked again in this run."""

TRIES = 3
"""How often one link is asked where the host asks for a pause; 429 for ever ends the host, never the run."""

SECOND_TRY = 2.0
"""Seconds before a host that did not answer is asked a second time."""

_COUNTED = frozenset({Outcome.TEMPORARY, Outcome.THROTTLED, Outcome.BLOCKED})


class Recorder(Protocol):
    """Takes observations as they come; the decisive one of a link is the one its state goes by."""

    def __call__(self, link: Known, seen: Observation, verdict: Verdict, *, decisive: bool) -> None:
        """Keep one."""
        ...


@dataclass(frozen=True, slots=True)
class Gear:
    """What all visits of a run share. ``record`` takes each observation with its verdict."""

    probe: Probe
    manners: Manners
    clock: Clock
    signs: Signs
    hosts: HostRules
    record: Recorder


@dataclass(slots=True)
class Visit:
    """One host. ``broken`` is the code its breaker opened with, ``paused_until`` when it may be asked again."""

    gear: Gear
    host: str
    memory: HostMemory
    broken: str | None = None
    paused_until: datetime | None = None
    requests: int = 0
    answered: bool = False
    failed_code: str = ""
    head_lied_at: datetime | None = None
    sibling_seen: Observation | None = None
    _alike: tuple[str, int] = ("", 0)
    _sibling: Observation | None = None
    _sibling_known: bool = False
    _around: Surroundings = field(init=False)

    def __post_init__(self) -> None:
        self._around = Surroundings(self.gear.signs, self.gear.hosts)
        self.paused_until = self.memory.not_before
        if self.memory.sibling:
            self._sibling_known = True
            self._use(unpack_page(self.memory.sibling))

    @property
    def closed(self) -> bool:
        """Whether the host's other links are left alone for now."""
        return self.broken is not None or self.paused_until is not None

    async def check(self, link: Known) -> None:
        """Look at one link and record what was seen."""
        to = read_address(link.url)
        if not isinstance(to, Address):
            return
        refused = await self.gear.manners.refusal(to)
        if refused is Fault.ROBOTS_UNREADABLE and not self.answered and not self.failed_code:
            # Perhaps the whole host is down: one look tells, and more than one is not taken.
            refused = None
        if refused is not None:
            seen = Observation(link.url, self.gear.clock.now(), "", None, link.url, refused)
            self.gear.record(link, seen, classify(seen, self._around), decisive=True)
            return
        seen, verdict = await self._judge(link, to)
        self._learn(verdict, seen)

    async def _judge(self, link: Known, to: Address) -> tuple[Observation, Verdict]:
        tried = 1
        while True:
            seen, verdict = await self._look(link, to)
            pause = self._pause(seen, verdict, tried)
            if pause is None:
                break
            self.gear.record(link, seen, verdict, decisive=False)
            await self.gear.clock.sleep(pause)
            tried += 1
        self.gear.record(link, seen, verdict, decisive=True)
        return seen, verdict

    async def _look(self, link: Known, to: Address) -> tuple[Observation, Verdict]:
        lies = self.memory.head_lies or not self.gear.hosts.rule(to.host).head
        healthy = link.state == "ok"
        method = first_method(link.url, etag=link.etag, healthy=healthy, head_lies=lies)
        seen = await self._observe(to, method)
        if method == "HEAD" and needs_get(seen, etag=link.etag if healthy else None):
            head, seen = seen, await self._observe(to, "GET")
            self.gear.record(link, head, classify(head, self._around), decisive=False)
            if head_lied(head, seen):
                self.memory.head_lies = True
                self.head_lied_at = seen.at
        if seen.page is not None and not self._sibling_known and seen.status in {200, 206} and seen.tls is None:
            await self._ask_sibling(to)
        return seen, classify(seen, self._around)

    async def _observe(self, to: Address, method: str) -> Observation:
        self.requests += 1
        return await self.gear.probe.observe(to, method, self._gate)

    async def _gate(self, to: Address) -> Fault | None:
        refused = await self.gear.manners.refusal(to)
        return Fault.REDIRECT_ROBOTS if refused is not None else None

    async def _ask_sibling(self, to: Address) -> None:
        """Ask for an address that cannot exist beside this one: what the host shows for it is its way to say "not found"."""
        self._sibling_known = True
        token = blake2b(self.host.encode(), digest_size=9).hexdigest()
        start = to.url.index("/", 8)
        folder = path_of(to.url).rpartition("/")[0]
        random = read_address(f"{to.url[:start]}{folder}/{token}")
        if not isinstance(random, Address) or await self.gear.manners.refusal(random) is not None:
            return
        seen = await self._observe(random, "GET")
        if seen.status is not None and seen.status < 500 and seen.status != 429 and seen.fault is None:
            self.sibling_seen = seen
            self._use(seen)

    def _use(self, sibling: Observation) -> None:
        self._sibling = sibling
        self._around = Surroundings(self.gear.signs, self.gear.hosts, sibling)

    def _pause(self, seen: Observation, verdict: Verdict, tried: int) -> float | None:
        """Seconds until the same link is asked again in this run; None if it is not."""
        if verdict.outcome is Outcome.HOST_DOWN:
            return SECOND_TRY if tried == 1 and not self.answered else None
        asked = seen.retry_after
        if verdict.outcome is Outcome.THROTTLED:
            pause = asked if asked is not None else float(2**tried)
            if pause <= PATIENCE and tried < TRIES:
                self.gear.manners.budget.defer(domain_of(self.host), pause)
                return pause
            self._rest(pause, seen.at)
        elif asked is not None and seen.status == 503 and asked > PATIENCE:
            self._rest(asked, seen.at)
        return None

    def _rest(self, seconds: float, at: datetime) -> None:
        self.paused_until = at + min(timedelta(seconds=min(seconds, 1e9)), LONGEST_PAUSE)

    def _learn(self, verdict: Verdict, seen: Observation) -> None:
        if verdict.outcome is Outcome.HOST_DOWN and not seen.hops:
            self.broken = self.failed_code = verdict.code
            return
        if seen.status is not None:
            self.answered = True
        if verdict.outcome in _COUNTED and not seen.hops:
            code, count = self._alike
            self._alike = (verdict.code, count + 1 if code == verdict.code else 1)
            if self._alike[1] >= ALIKE:
                self.broken = verdict.code
        else:
            self._alike = ("", 0)

    def sibling_text(self) -> str | None:
        """The sibling asked in this run, as it is kept."""
        return pack_page(self.sibling_seen) if self.sibling_seen is not None else None
