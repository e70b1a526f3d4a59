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
from harvester.catalogue.gate import compare_builds
from harvester.catalogue.publish import NotPublishableError, publish
from harvester.catalogue.published import find_published, is_damaged, is_foreign, set_aside
from harvester.registry import Source


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of the catalogue: its services, and whether they were built anew.

    ``set_aside`` is where a file went that stood in the catalogue's place and was none; empty if there was no such file.
    """

    services: int
    rebuilt: bool
    set_aside: str = ""


def refresh_catalogue(  # noqa: PLR0913 - each is a place or a rule that the workspace's settings hold
    state: Database,
    state_file: Path,
    sources: Mapping[str, Source],
    catalogue: Path,
    builds: Path,
    *,
    keep: int,
    at: datetime,
    max_drop: float = 0.3,
    force: bool = False,
    data: Path | None = None,
    amend: bool = False,
) -> Refreshed:
    """Make a new catalogue, check it, hold it against the published one and publish it.

    ``data`` is the workspace's directory with editors' decisions and portals, see ``build_catalogue``.
    With ``force`` a loss is accepted; the checks of the file itself are not waived. The loss of sources whose held run was
    approved since the last build is accepted anyway. With ``amend`` the published one is not kept for a rollback where the
    new one differs in times and states of links alone.

    Raises:
        NotPublishableError: the new one did not pass its checks, or lost too much; the published one stays.
        CatalogueTooNewError: the published one was written by a newer program.
    """
    builds.mkdir(parents=True, exist_ok=True)
    published = find_published(catalogue)
    aside = set_aside(catalogue, builds, at) if published and is_foreign(published) else None
    published = None if aside else published
    try:
        services, rebuilt = _make(state, state_file, sources, published, builds / "catalogue.new", at, data)
        if published is not None and rebuilt and not force:
            _guard(state, builds / "catalogue.new", published, max_drop)
        publish(
            builds / "catalogue.new", catalogue, builds, keep=keep, amends=amend and not rebuilt, renewed=not rebuilt
        )
    except (sqlite3.DatabaseError, NotPublishableError):
        if published is None or not is_damaged(published):
            raise
        aside = set_aside(catalogue, builds, at)
        services, rebuilt = _make(state, state_file, sources, None, builds / "catalogue.new", at, data)
        publish(builds / "catalogue.new", catalogue, builds, keep=keep)
    absorb(state, catalogue, renewed=not rebuilt)
    return Refreshed(services, rebuilt, str(aside or ""))


def _make(
    state: Database,
    state_file: Path,
    sources: Mapping[str, Source],
    published: Path | None,
    new: Path,
    at: datetime,
    data: Path | None,
) -> tuple[int, bool]:
    """Make the new catalogue; returns its services, and whether it was built anew."""
    if published is None:
        return build_catalogue(state, sources, new, previous=None, at=at, data=data), True
    absorb(state, published)
    if _is_same(published, fingerprint(state, sources, data)):
        return _renew(state, state_file, sources, published, new, at, data), False
    return build_catalogue(state, sources, new, previous=published, at=at, data=data), True


_REFUSED = "the new catalogue lost too much and is not published, the last one stays:"
_ADVICE = 'If that is right: harvester catalogue publish --because "…"'


def _guard(state: Database, new: Path, published: Path, max_drop: float) -> None:
    """Refuse a catalogue that lost too much."""
    excused = _approved_since(state, published)
    if losses := compare_builds(new, published, max_drop=max_drop, excused=excused):
        raise NotPublishableError("\n".join([_REFUSED, *losses, _ADVICE]))


def _approved_since(state: Database, published: Path) -> list[str]:
    """Sources of which a person has released a held run since the published catalogue was built."""
    with closing(sqlite3.connect(f"file:{published}?mode=ro", uri=True)) as db:
        (built_at,) = db.execute("SELECT value FROM meta WHERE key = 'built_at'").fetchone()
    rows = state.conn.execute(
        "SELECT DISTINCT r.source_id FROM decision d JOIN run r ON r.id = d.subject WHERE d.kind = 'approve' AND d.at >= ?",
        (built_at,),
    )
    return sorted(row[0] for row in rows.fetchall())


def _is_same(catalogue: Path, name: str) -> bool:
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    return bool(row and row[0] == name)


def _renew(
    state: Database,
    state_file: Path,
    sources: Mapping[str, Source],
    catalogue: Path,
    new: Path,
    at: datetime,
    data: Path | None,
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
        write_times(db, state, sources, at, data)
        services = db.execute("SELECT count(*) FROM service").fetchone()[0]
        db.execute("COMMIT")
    return int(services)
