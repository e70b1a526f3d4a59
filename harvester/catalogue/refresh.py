"""Bring the catalogue up to date with the state: build it anew, or where no service changed, only its times."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from harvester.catalogue.build import build_catalogue, fingerprint, write_times
from harvester.catalogue.events import absorb
from harvester.catalogue.publish import publish
from harvester.registry import Source

_KEY = "fingerprint"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of the catalogue: its services, and whether they were built anew."""

    services: int
    rebuilt: bool


def refresh_catalogue(
    state: Database,
    state_file: Path,
    sources: Mapping[str, Source],
    catalogue: Path,
    builds: Path,
    *,
    keep: int,
    at: datetime,
) -> Refreshed:
    """Make a new catalogue, check it and publish it.

    Raises:
        NotPublishableError: the new one did not pass its checks; the published one stays.
    """
    if catalogue.exists():
        absorb(state, catalogue)
    name = fingerprint(state, sources)
    new = builds / "catalogue.new"
    if _is_same(catalogue, name):
        builds.mkdir(parents=True, exist_ok=True)
        services = _renew(state, state_file, sources, catalogue, new, at)
        rebuilt = False
    else:
        previous = catalogue if catalogue.exists() else None
        services = build_catalogue(state, sources, new, previous=previous, at=at)
        rebuilt = True
    with closing(sqlite3.connect(new)) as db, db:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_KEY, name))
    publish(new, catalogue, builds, keep=keep)
    absorb(state, catalogue)
    return Refreshed(services, rebuilt)


def _is_same(catalogue: Path, name: str) -> bool:
    if not catalogue.exists():
        return False
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    return bool(row and row[0] == name)


def _renew(
    state: Database, state_file: Path, sources: Mapping[str, Source], catalogue: Path, new: Path, at: datetime
) -> int:
    """Copy the published catalogue and write the new times into the copy."""
    shutil.copyfile(catalogue, new)
    with closing(sqlite3.connect(new, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("ATTACH ? AS state", (str(state_file),))
        db.execute("BEGIN")
        db.execute(
            """
            UPDATE service SET last_seen_at = seen.at FROM (
                SELECT p.service_id, max(max(r.last_seen_at, coalesce(d.seen_at, ''))) AS at
                FROM service_source p JOIN state.record r
                  ON r.source_id = p.source_id AND r.kind = 'service' AND r.remote_id = p.remote_id
                LEFT JOIN state.document d ON d.source_id = r.source_id AND d.url = r.url AND d.sha256 = r.sha256
                WHERE p.reason <> 'page serves several keys' GROUP BY p.service_id
            ) AS seen WHERE seen.service_id = service.id AND seen.at > service.last_seen_at
            """
        )
        write_times(db, state, sources.values(), at)
        services = db.execute("SELECT count(*) FROM service").fetchone()[0]
        db.execute("COMMIT")
    return int(services)
