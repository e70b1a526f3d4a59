"""Whether the harvest runs by itself: is a scheduler alive, and is everything harvested that is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlite_utils import Database

from harvester.doctor.diagnosis import Diagnosis, Health
from harvester.registry import Registry
from harvester.schedule.due import find_due
from harvester.schedule.lease import SCHEDULER
from harvester.state.lease import find

_LATE = timedelta(hours=26)
"""How old an unserved slot may be: a day, so that one daily cron job keeps every daily source fresh, and some."""


def check_schedule(state: Database, registry: Registry, now: datetime) -> Iterator[Diagnosis]:
    """Sources that were harvested before, but not since a slot that is long past."""
    lease = find(state.conn, SCHEDULER)
    alive = lease is not None and not lease.is_lost(now)
    told = "a scheduler is running" if alive else "no scheduler is running"
    late = [due for due in find_due(state, registry.pick(), now) if not due.fresh and now - due.slot > _LATE]
    if not late:
        yield Diagnosis("schedule", Health.OK, f"{told}; nothing is overdue")
        return
    names = ", ".join(due.source.id for due in late[:5]) + (f" and {len(late) - 5} more" if len(late) > 5 else "")
    found = f"{told}; overdue since {late[0].slot:%Y-%m-%d %H:%M}: {names}"
    yield Diagnosis("schedule", Health.ILL, found, "harvester run --due; then see that harvester schedule or cron runs")
