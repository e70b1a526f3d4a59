"""Keys that editors decide: ``data/keys/*.yml``. They count before every rule and survive every harvest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from harvester.editorial import Wrong, editorial_files, read_entries
from harvester.model import LeikaKey


class Decided(BaseModel):
    """One decision. ``service`` is the catalogue's id of the service or ``source:remote id``; no keys says: this has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str = Field(min_length=1)
    leika_keys: tuple[LeikaKey, ...]
    because: str = Field(min_length=10)
    by: str = Field(min_length=1)
    date: dt.date


def decision_files(beside: Path | None = None) -> tuple[Path, ...]:
    """The files with decisions: the project's own, and those of another ``data`` directory, as a workspace may have one."""
    return editorial_files("keys", beside)


def read_decided(files: Iterable[Path]) -> tuple[dict[str, Decided], list[Wrong]]:
    """Decisions by service, and what is wrong in the files as (place, problem in German). Of two for one service the first counts."""
    found: dict[str, Decided] = {}
    wrong: list[Wrong] = []
    for place, decided in read_entries(files, Decided, wrong):
        if decided.service in found:
            told = f"{place}: Für {decided.service} gibt es schon eine Entscheidung; diese zweite zählt nicht."
            wrong.append((place, told))
        else:
            found[decided.service] = decided
    return found, wrong
