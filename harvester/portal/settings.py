"""What a portal that is served is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """``file`` is the published catalogue, ``portal`` one of its portals, ``workspace`` where editors' commands belong to."""

    file: Path
    portal: str
    workspace: Path
