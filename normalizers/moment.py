"""Read dates and times as sources write them, and keep them in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
"""Where the clocks of German authorities stand."""


def read_iso(value: str, zone: tzinfo) -> datetime | None:
    """Read ISO 8601; a time without an offset is one of ``zone``. None where it is no time."""
    return _read(value, None, zone)


def read_german(value: str, zone: tzinfo) -> datetime | None:
    """Read ``20.01.2025 00:48``; None where it is no time."""
    return _read(value, "%d.%m.%Y %H:%M", zone)


@lru_cache(maxsize=1024)  # a bulk import stamps thousands of rows with the same minute
def _read(value: str, form: str | None, zone: tzinfo) -> datetime | None:
    try:
        naive = datetime.strptime(value, form) if form else datetime.fromisoformat(value)  # noqa: DTZ007 - zoned below
        return (naive if naive.tzinfo else naive.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # year 1 in Berlin is year 0 in UTC
        return None
