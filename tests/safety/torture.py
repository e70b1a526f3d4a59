"""How long the fault tests take: a short form in ``make test``, the long one in ``make torture``, which is bounded in time."""

import os
import time
from collections.abc import Iterator

LONG = os.environ.get("HARVESTER_TORTURE") == "1"
MINUTES = float(os.environ.get("HARVESTER_TORTURE_MINUTES", "60"))
"""Minutes that no long form goes on for, however slow the machine."""


def rounds(short: int, long: int) -> int:
    """How many rounds to go."""
    return long if LONG else short


def bounded(short: int, long: int, minutes: float) -> Iterator[int]:
    """Numbers of the rounds to go: ``short`` of them, or in the long form ``long``, or as many as the time is enough for.

    The short form's number is always reached, so that a slow machine does not prove less than ``make test`` does.
    """
    end = time.monotonic() + 60 * min(minutes, MINUTES)
    for number in range(rounds(short, long)):
        if number >= short and time.monotonic() > end:
            return
        yield number
