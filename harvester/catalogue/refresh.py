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

from harvester.catalogue.absorb import absorb
from harvester.catalogue.build import build_catalogue, fingerprint, reading, write_times
from harvester.catalogue.publish import publish
from harvester.catalogue.published import find_published
from harvester.registry import Source


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of the catalogue: its services, and whether they were built anew.

    ``set_aside`` is where a file went that stood in the catalogue's place and was none; empty if there was no such file.
    """

    services: int
    rebuilt: bool
    set_aside: str = ""


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
        CatalogueTooNewError: the published one was written by a newer program.
    """
    builds.mkdir(parents=True, exist_ok=True)
    published, set_aside = find_published(catalogue, builds, at)
    if published is not None:
        absorb(state, published)
    new = builds / "catalogue.new"
    if published is not None and _is_same(published, fingerprint(state, sources)):
        services = _renew(state, state_file, sources, published, new, at)
        rebuilt = False
    else:
        services = build_catalogue(state, sources, new, previous=published, at=at)
        rebuilt = True
    publish(new, catalogue, builds, keep=keep)
    absorb(state, catalogue)
    return Refreshed(services, rebuilt, str(set_aside or ""))


def _is_same(catalogue: Path, name: str) -> bool:
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    return bool(row and row[0] == name)


def _renew(
    state: Database, state_file: Path, sources: Mapping[str, Source], catalogue: Path, new: Path, at: datetime
) -> int:
    """Copy the published catalogue and write the new times into the copy."""
    new.with_name(new.name + "-journal").unlink(missing_ok=True)
    shutil.copyfile(catalogue, new)
    with closing(sqlite3.connect(new, isolation_level=None)) as db, reading(state):
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
                  AND d.read_at <= r.last_seen_at
                WHERE p.reason <> 'page serves several keys' GROUP BY p.service_id
            ) AS seen WHERE seen.service_id = service.id AND seen.at > service.last_seen_at
            """
        )
        write_times(db, state, sources, at)
        services = db.execute("SELECT count(*) FROM service").fetchone()[0]
        db.execute("COMMIT")
    return int(services)
