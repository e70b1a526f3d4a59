"""When to ask again, and after how long."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRY_STATUSES = frozenset({429, 502, 503, 504})
"""Answers that say "not now" (RFC 6585, RFC 9110)."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that may be sent twice where it is not known whether the first one arrived (RFC 9110, 9.2.1)."""

LONGEST_WAIT = 300.0
"""Seconds. A server that wants a longer pause gets it: the run does not ask it again."""


def backoff(attempt: int, first: float) -> float:
    """Seconds to wait after the given attempt (1, 2, 3 …): each wait is three times the one before."""
    return float(first * 3 ** (attempt - 1))


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for; None where there is none or it says nothing sensible.

    Both forms of RFC 9110, 10.2.3: seconds and a date. A date in the past means at once.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())
