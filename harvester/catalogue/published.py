"""Find the published catalogue, and move out of the way what stands in its place and is none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from harvester.errors import HarvesterError

_TABLES = frozenset({"meta", "service", "service_source", "service_text", "service_link", "link", "event"})


class CatalogueTooNewError(HarvesterError):
    """The published catalogue was written by a newer program; it is neither compared with nor replaced."""


def find_published(catalogue: Path, builds: Path, at: datetime) -> tuple[Path | None, Path | None]:
    """The published catalogue if there is one, and where a file went that was none.

    A file without content counts as absent: ``touch`` or a full disk makes such files, and they hold nothing. Anything
    else that cannot be read as a catalogue is moved to ``builds`` under a name that says so, and never thrown away.

    Raises:
        CatalogueTooNewError: install the version that wrote it, or a later one.
    """
    if not catalogue.exists() or catalogue.stat().st_size == 0:
        return None, None
    version = _version(catalogue)
    if version is None:
        aside = builds / f"not-a-catalogue-{at:%Y%m%dT%H%M%S}{at.microsecond:06d}.db"
        builds.mkdir(parents=True, exist_ok=True)
        catalogue.replace(aside)
        return None, aside
    if version > SCHEMA_VERSION:
        raise CatalogueTooNewError(
            f"{catalogue} has schema version {version}, this program writes {SCHEMA_VERSION}: install a newer version"
        )
    return catalogue, None


SCHEMA_VERSION = 1
"""The version of the catalogue's schema, a contract with those who read it."""


def _version(file: Path) -> int | None:
    """The schema version of a whole catalogue; None for anything else, damaged catalogues included."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables >= _TABLES or db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return None
            meta = dict(
                db.execute("SELECT key, value FROM meta WHERE key IN ('schema_version', 'build_id', 'built_at')")
            )
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # the disk or a lock: that says nothing about the file
        return None
    complete = meta.keys() >= {"schema_version", "build_id", "built_at"} and meta["schema_version"].isdigit()
    return int(meta["schema_version"]) if complete else None
