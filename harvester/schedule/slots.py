"""Slots: the moments at which a source's cron line says that it is due. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

from harvester.registry import Source
from harvester.registry.schedule import cron_trigger

_REACHES = (timedelta(hours=1), timedelta(days=1), timedelta(days=8), timedelta(days=32), timedelta(days=370))
"""How far back a slot is looked for: a line that fires each minute must not be followed through a whole year."""


def spread(source: Source) -> str:
    """The source's cron line, its minute spread over the hour by a stable hash of the id if it is written as ``0``.

    Hundreds of sources are written with minute 0; without a spread all of them would start in the same second. Any
    other minute is meant and stays, ``00`` too.
    """
    minute, rest = source.schedule.split(maxsplit=1)
    if minute != "0":
        return source.schedule
    return f"{int.from_bytes(hashlib.blake2b(source.id.encode(), digest_size=2).digest(), 'big') % 60} {rest}"


def trigger_of(source: Source) -> CronTrigger:
    """When the source's job rings."""
    return _trigger(spread(source))


@lru_cache(maxsize=20_000)
def _trigger(line: str) -> CronTrigger:
    """Reading a line takes longer than following it; triggers remember nothing, so sources may share them."""
    return cron_trigger(line)


def last_slot(trigger: CronTrigger, now: datetime) -> datetime | None:
    """The latest slot that is not after ``now``; None for a line that has not fired for more than a year."""
    for reach in _REACHES:
        found: datetime | None = None
        slot: datetime | None = trigger.get_next_fire_time(None, now - reach)
        while slot is not None and slot <= now:
            found, slot = slot, trigger.get_next_fire_time(slot, slot + timedelta(seconds=1))
        if found is not None:
            return found
    return None
