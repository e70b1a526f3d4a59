"""The plan as a document, for machines, tables and the picture."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from harvester.model.base import Model

Kind = Literal["bulk-csv", "bulk-export", "bulk-list", "weekly", "links-left", "overload"]

OVERLOAD = 1.0
"""A host whose work takes more than this share of the time can never be done with."""


class SourcePlan(Model):
    """A source: its first run of the plan, and what each of its runs takes.

    ``begins`` and ``ends`` are None where no run of it begins within the plan; ``slot`` is the moment of its cron line that
    the run serves. ``runs`` are those that begin within the plan, ``passed`` the slots that go by while one is waiting or
    under way. ``basis`` says what ``requests`` and ``seconds`` are: the median of ``measured`` runs, or an estimate.
    """

    id: str
    title: str
    interface: str
    domain: str
    schedule: str
    slot: datetime | None
    begins: datetime | None
    ends: datetime | None
    runs: int
    passed: int
    requests: int
    seconds: float
    interval: float
    basis: Literal["history", "estimate"]
    measured: int


class HostPlan(Model):
    """A registrable domain: what is wanted of it within the plan, and what it comes to.

    ``source_seconds`` and ``link_seconds`` are what all slots of its sources and all looks at its links would take; ``share``
    is their part of the time, more than 1 cannot be done. ``looks`` are looks that fit, ``left`` links that still wait at
    the end. ``done_at`` is when its last work of the plan ends, ``links_done_at`` when no link of it was waiting any more.
    """

    domain: str
    sources: tuple[str, ...]
    links: int
    due: int
    source_seconds: float
    link_seconds: float
    share: float
    requests: int
    looks: int
    left: int
    done_at: datetime | None
    links_done_at: datetime | None


class BarPlan(Model):
    """A stretch in which a host is asked, for a source or (``source`` is empty) for its links: a bar of the picture."""

    domain: str
    source: str
    begins: datetime
    ends: datetime
    looks: int = 0


class Advice(Model):
    """What could be changed. ``seconds`` is what a run, or with ``weekly`` a week, would be shorter by; None: not known.

    ``bulk-csv``: PVOG's table instead of a call for each service. ``bulk-export``: ask the town's editorial system for its
    XZuFi export instead of reading pages. ``bulk-list``: the FIM list instead of a document each. ``weekly``: once a week is
    enough for what takes so long. ``links-left``: links that no check comes to. ``overload``: more work than time.
    """

    kind: Kind
    domain: str
    source: str = ""
    requests: int = 0
    seconds: float | None = None


class Plan(Model):
    """When each source and each host's links will be done, from ``begins`` to ``ends``.

    ``hosts`` are sorted by their share, the busiest
    first. ``lanes`` and ``workers`` are the commands at once and the processes of each.
    """

    begins: datetime
    ends: datetime
    lanes: int
    workers: int
    build_seconds: float
    requests_per_link: float
    sources: tuple[SourcePlan, ...]
    hosts: tuple[HostPlan, ...]
    bars: tuple[BarPlan, ...]
    advice: tuple[Advice, ...]

    @property
    def overloaded(self) -> list[HostPlan]:
        """Hosts of which more is wanted than there is time."""
        return [host for host in self.hosts if host.share > OVERLOAD]
