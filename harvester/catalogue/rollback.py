"""Go back to an earlier build of the catalogue."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from harvester.catalogue.absorb import absorb
from harvester.catalogue.events import add_events
from harvester.catalogue.links import write_links
from harvester.catalogue.publish import publish
from harvester.catalogue.published import is_foreign, set_aside
from harvester.errors import UsageError


@dataclass(frozen=True, slots=True)
class _Build:
    """A kept build; ``content`` is the build its services come from, its own unless it was itself a way back."""

    file: Path
    id: str
    content: str


def roll_back(state: Database, published: Path, builds: Path, wanted: str | None, *, keep: int, at: datetime) -> str:
    """Publish the services of an earlier build again, checked like a new one; returns the id of that build.

    ``wanted`` is a build id; without it the newest build that is older than what is published. The catalogue gets a build
    id of its own and goes on with the sequence of events, so that portals that follow it learn what was taken back.

    Raises:
        UsageError: there is no such build; the message lists those that are kept.
        NotPublishableError: it does not pass its checks; the published one stays.
    """
    readable = published.exists() and published.stat().st_size > 0 and not is_foreign(published)
    current = _read(published) if readable else None
    kept = [_read(file) for file in sorted(builds.glob("catalogue-*.db")) if not is_foreign(file)]
    older = [build for build in kept if current is None or build.content < current.content]
    found = (
        [build for build in kept if build.id == wanted] if wanted else sorted(older, key=lambda build: build.content)
    )
    if not found or (current is not None and found[-1].content == current.content):
        told = ", ".join(build.id for build in kept) or "none"
        now = current.content if current else "nothing"
        raise UsageError(f"no earlier build {wanted or 'is kept'}; kept: {told}; published: {now}")
    chosen = found[-1]
    if current is not None:
        absorb(state, published)
    new = builds / "catalogue.new"
    shutil.copyfile(chosen.file, new)
    _renew(new, state, published if current else None, chosen.content, at)
    if current is None and published.exists():
        set_aside(published, builds, at)
    publish(new, published, builds, keep=keep)
    absorb(state, published)
    return chosen.id


def _read(file: Path) -> _Build:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        meta: dict[str, str] = dict(db.execute("SELECT key, value FROM meta").fetchall())
    own = meta["build_id"]
    return _Build(file, own, meta.get("restored_from") or own)


def _renew(new: Path, state: Database, published: Path | None, content: str, at: datetime) -> None:
    """Give the copy an id of its own, and all events up to now with those that lead back to it."""
    with closing(sqlite3.connect(new, isolation_level=None)) as db:
        if published is not None:
            db.execute("ATTACH ? AS previous", (str(published),))
        db.execute("BEGIN")
        db.execute("DELETE FROM event")
        if not db.execute("SELECT 1 FROM pragma_table_info('event') WHERE name = 'regions'").fetchone():
            db.execute("ALTER TABLE event ADD COLUMN regions TEXT")  # a build of an earlier version
        add_events(db, state, at, previous=published is not None)
        if db.execute("SELECT 1 FROM pragma_table_info('service_link') WHERE name = 'substitute'").fetchone():
            write_links(db, state, at)  # services go back, the world does not: what is dead now is dead in there too
        before = db.execute("SELECT value FROM previous.meta WHERE key = 'build_id'").fetchone() if published else None
        meta = {
            "build_id": f"{at:%Y%m%dT%H%M%S}{at.microsecond:06d}Z",
            "built_at": at.isoformat(),
            "restored_from": content,
            **({"previous_build_id": before[0]} if before else {}),
        }
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())
        db.execute("COMMIT")
