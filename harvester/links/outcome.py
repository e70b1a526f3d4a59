"""What an observation means, and how sure that is."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """The meaning of one observation. The values are a contract: they stand in the catalogue's column ``outcome``."""

    OK = "ok"
    MOVED = "moved"
    GONE = "gone"
    RESTRICTED = "restricted"
    BLOCKED = "blocked"
    THROTTLED = "throttled"
    TEMPORARY = "temporary"
    HOST_DOWN = "host_down"
    TLS_PROBLEM = "tls_problem"
    SUSPICIOUS = "suspicious"
    INVALID = "invalid"
    UNCHECKED = "unchecked"


class Verdict(NamedTuple):
    """The judgement of one observation.

    ``code`` names the rule (``data/link_rules.yml``). ``permanent_url`` is where the leading permanent redirects end.
    ``reasons`` are the parts of a score, ``score`` its sum (1.0 and more is suspicious).
    """

    outcome: Outcome
    code: str
    permanent_url: str = ""
    score: float = 0.0
    reasons: tuple[str, ...] = ()
