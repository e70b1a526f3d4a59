"""What one check of the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """``ok``: nothing to do. ``mended``: it was wrong and is right now. ``ill``: a person is needed."""

    OK = "ok"
    MENDED = "mended"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One finding: which check, how it stands, what was found, and what to do."""

    check: str
    health: Health
    found: str
    remedy: str = ""
