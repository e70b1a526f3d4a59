"""One broken host is one incident, not a thousand dead links: a pure reducer over what its links met."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from harvester.links.rules import Weight, weigh
from harvester.links.state import DAMPING, LEAST_GAP, Damping


@dataclass(frozen=True, slots=True)
class Incident:
    """Trouble of a whole host.

    Opened at the first failure that concerns the host and not a page, ``confirmed`` once the evidence would make a
    link dead (the same damping), closed by the first success. ``failures`` counts as links' failures do.
    """

    host: str
    code: str
    opened_at: datetime
    seen_at: datetime
    failures: int = 1
    confirmed_at: datetime | None = None
    closed_at: datetime | None = None


def reduce_incident(
    before: Incident | None, host: str, code: str | None, at: datetime, damping: Damping = DAMPING
) -> Incident | None:
    """The host's incident after a run in which the host failed with ``code``, or answered (``code`` is None).

    A code that says nothing about life (a bot wall, a request for a pause) opens an incident but never confirms it.
    """
    running = before if before is not None and before.closed_at is None else None
    if code is None:
        return replace(running, closed_at=at) if running is not None else before
    if running is None or at < running.seen_at:
        return Incident(host, code, at, at)
    if at - running.seen_at < LEAST_GAP:
        return replace(running, code=code)
    after = replace(running, code=code, seen_at=at, failures=running.failures + 1)
    weight = weigh(code)
    if weight is Weight.SILENT or after.confirmed_at is not None:
        return after
    sure = weight is Weight.SURE
    needed, hours = (damping.sure_failures, damping.sure_hours) if sure else (damping.failures, damping.hours)
    if after.failures >= needed and at - after.opened_at >= timedelta(hours=hours):
        return replace(after, confirmed_at=at)
    return after
