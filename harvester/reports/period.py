"""What a report is about: a day in Europe/Berlin, or one run."""

from __future__ import annotations

import datetime as dt
import re

from harvester.errors import UsageError
from harvester.model.base import Model
from harvester.registry.schedule import ZONE

_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,160}")


class Period(Model):
    """``since`` up to ``until`` (UTC, ISO 8601); ``run`` narrows it to one run. ``name`` is that of its files."""

    name: str
    since: str
    until: str
    run: str = ""


def day(date: dt.date) -> Period:
    """A day, from midnight to midnight of Europe/Berlin."""
    begins = dt.datetime.combine(date, dt.time(), ZONE)
    ends = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), ZONE)
    return Period(name=date.isoformat(), since=_utc(begins), until=_utc(ends))


def today(now: dt.datetime) -> Period:
    """The day of a moment."""
    return day(now.astimezone(ZONE).date())


def read_day(text: str) -> Period:
    """The day somebody typed.

    Raises:
        UsageError: not a date.
    """
    try:
        return day(dt.date.fromisoformat(text))
    except ValueError as error:
        raise UsageError(f"--day: {text} is not a date such as 2026-11-23") from error


def run(run_id: str, since: str, until: str) -> Period:
    """A run."""
    if not _RUN.fullmatch(run_id):
        raise UsageError(f"{run_id!r} is not the name of a run")
    return Period(name=f"run-{run_id}", since=since, until=until, run=run_id)


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
