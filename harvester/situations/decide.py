"""Write an editor's decision about a service into the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from harvester.editorial import rewrite_entries

FILE = "decisions.yml"


def write_decision(overrides: Path, service: str, situations: Sequence[str], because: str, by: str, on: date) -> Path:
    """Add a decision to the workspace's own file of them, or replace the one about that service; returns the file.

    The file is written anew in one step: comments in it do not stay, those in other files of ``data/overrides`` do.
    """
    file = overrides / FILE
    told = {"service": service, "situations": [*situations], "because": because, "by": by, "date": on}
    rewrite_entries(file, "service", [service], [told])
    return file
