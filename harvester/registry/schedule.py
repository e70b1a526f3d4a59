"""Cron lines, read as cron reads them."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

ZONE = ZoneInfo("Europe/Berlin")
"""The time that schedules are written in."""

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NUMBERS = re.compile(r"(?:(?P<all>\*)|(?P<first>[0-7])(?:-(?P<last>[0-7]))?)(?:/(?P<step>[1-7]))?")


def cron_trigger(line: str) -> CronTrigger:
    """Make a trigger of a cron line (minute, hour, day, month, weekday) in Europe/Berlin.

    Weekdays count as in crontab(5): 0 and 7 are Sunday. APScheduler 3 counts from Monday (its issue 286), so numbers
    are turned into names first. Where day and weekday are both given, both must fit.

    Raises:
        ValueError: not a cron line.
    """
    fields = line.split()
    if len(fields) == 5:
        fields[4] = ",".join(map(_named, fields[4].split(",")))
    try:
        return CronTrigger.from_crontab(" ".join(fields), timezone=ZONE)
    except ValueError as error:
        raise ValueError(
            f"not a cron line ({error}); it has five fields, minute hour day month weekday, such as 0 3 * * *"
        ) from error


def _named(days: str) -> str:
    """Spell out numbers of weekdays; names and a bare star stay."""
    numbers = _NUMBERS.fullmatch(days)
    if numbers is None or days == "*":
        return days
    first, step = int(numbers["first"] or 0), int(numbers["step"] or 1)
    last = 6 if numbers["all"] else int(numbers["last"] or (6 if numbers["step"] else first))
    if last < first:
        raise ValueError(f"the weekdays {days} run backwards")
    return ",".join(dict.fromkeys(_DAYS[day % 7] for day in range(first, last + 1, step)))
