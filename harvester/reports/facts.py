"""Where a report's facts come from: the state, the published catalogue, the registry, and the words of one language."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlite_utils import Database

from harvester.registry import Registry, Source
from harvester.reports.period import Period
from harvester.words import Words

Language = Literal["de", "en"]


@dataclass(frozen=True)
class Facts:
    """What the makers of a report's parts are given. ``catalogue`` is None where nothing was published yet."""

    state: Database
    catalogue: sqlite3.Connection | None
    registry: Registry
    period: Period
    now: datetime
    words: Words
    workspace: str

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """Rows of the state."""
        return self.state.conn.execute(query, parameters).fetchall()

    def published(self, query: str, *parameters: object) -> list[Any]:
        """Rows of the catalogue; none where there is none."""
        return [] if self.catalogue is None else self.catalogue.execute(query, parameters).fetchall()

    def source(self, source_id: str) -> Source | None:
        """A source as the registry describes it."""
        return self.registry.sources.get(source_id)

    def command(self, *arguments: str) -> str:
        """A command line of the harvester for this workspace."""
        return " ".join(("harvester", *arguments))


@contextmanager
def open_catalogue(file: Path) -> Iterator[sqlite3.Connection | None]:
    """The published catalogue, read only; None where there is none."""
    if not file.exists():
        yield None
        return
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        yield db
