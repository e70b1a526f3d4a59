"""How long the fault tests take: a short form in ``make test``, the long one in ``make torture``."""

import os

LONG = os.environ.get("HARVESTER_TORTURE") == "1"


def rounds(short: int, long: int) -> int:
    """How many rounds to go."""
    return long if LONG else short
