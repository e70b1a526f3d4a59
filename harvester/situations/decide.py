"""Write an editor's decision about a service into the workspace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

FILE = "decisions.yml"


def write_decision(overrides: Path, service: str, situations: Sequence[str], because: str, by: str, on: date) -> Path:
    """Add a decision to the workspace's own file of them, or replace the one about that service; returns the file.

    The file is written anew in one step: comments in it do not stay, those in other files of ``data/overrides`` do.
    """
    overrides.mkdir(parents=True, exist_ok=True)
    file = overrides / FILE
    entries = (yaml.safe_load(file.read_text(encoding="utf-8")) or []) if file.exists() else []
    entries = [entry for entry in entries if entry.get("service") != service]
    told = {"service": service, "situations": [*situations], "because": because, "by": by, "date": on}
    half = file.with_name(f"{FILE}.{os.getpid()}.half")
    half.write_text(yaml.safe_dump([*entries, told], allow_unicode=True, sort_keys=False), encoding="utf-8")
    half.replace(file)
    return file
