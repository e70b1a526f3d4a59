"""When a link is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from zlib import crc32

from harvester.links.outcome import Outcome, Verdict

HEALTHY = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""After the first, the second, and every further success in a row."""

SUSPECT = (timedelta(hours=1), timedelta(hours=12), timedelta(days=1), timedelta(days=3))
"""After the first, second, third, and every further failure; dead links too are looked at every three days."""

_SILENT = {
    Outcome.THROTTLED: timedelta(days=1),
    Outcome.TLS_PROBLEM: timedelta(days=1),
    Outcome.TEMPORARY: timedelta(days=1),
    Outcome.BLOCKED: timedelta(days=7),
    Outcome.RESTRICTED: timedelta(days=7),
    Outcome.SUSPICIOUS: timedelta(days=7),
    Outcome.UNCHECKED: timedelta(days=7),
}
_SOON = {"robots-unreadable", "host-down-not-tested", "host-paused", "captive-portal", "own-network-down"}
_NEVER_CHANGES = {"scheme", "template", "userinfo", "script-address"}

SPREAD = 0.1
"""A link waits up to this share longer, always the same for it, so that what was harvested together is not asked together."""

LONGEST_PAUSE = timedelta(days=7)
"""A Retry-After beyond this is taken for a slip."""


def next_look(
    state: str, verdict: Verdict, failures: int, streak: int, at: datetime, key: str, retry_after: float | None
) -> datetime:
    """The time of the next look. ``state`` is the one after the verdict; ``retry_after`` (seconds) is what the host asked for."""
    wait = _wait(state, verdict, failures, streak)
    wait = timedelta(seconds=wait.total_seconds() * (1 + SPREAD * crc32(key.encode()) / 0xFFFFFFFF))
    if retry_after is not None:
        wait = max(wait, min(timedelta(seconds=min(retry_after, 1e9)), LONGEST_PAUSE))
    return at + wait


def _wait(state: str, verdict: Verdict, failures: int, streak: int) -> timedelta:
    if verdict.outcome is Outcome.OK and streak:
        return HEALTHY[min(streak, len(HEALTHY)) - 1]
    if verdict.code in _SOON:
        return SUSPECT[1]
    if verdict.code in _NEVER_CHANGES:
        return HEALTHY[-1]
    if state in {"suspect", "dead"} and failures:
        return SUSPECT[min(failures, len(SUSPECT)) - 1]
    if state == "ok" and streak:
        return HEALTHY[min(streak, len(HEALTHY)) - 1]
    return _SILENT.get(verdict.outcome, SUSPECT[-1])
