"""Find the published catalogue, and move out of the way what stands in its place and is none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from harvester.errors import HarvesterError

SCHEMA_VERSION = 1
"""The version of the catalogue's schema, a contract with those who read it."""

_TABLES = frozenset({"meta", "service", "service_source", "service_text", "service_link", "link", "event"})


class CatalogueTooNewError(HarvesterError):
    """The published catalogue was written by a newer program; it is neither compared with nor replaced."""


def find_published(catalogue: Path) -> Path | None:
    """The published catalogue, if there is one.

    A file without content counts as none, as ``touch`` or a full disk make such files. Whether a file that is no
    catalogue stands in its place is told by ``is_foreign``.

    Raises:
        CatalogueTooNewError: install the version that wrote it, or a later one.
    """
    if not catalogue.exists() or catalogue.stat().st_size == 0:
        return None
    version = _version(catalogue)
    if version is not None and version > SCHEMA_VERSION:
        raise CatalogueTooNewError(
            f"{catalogue} has schema version {version}, this program writes {SCHEMA_VERSION}: install a newer version"
        )
    return catalogue


def is_foreign(file: Path) -> bool:
    """Tell whether a file is no catalogue: something else, or one that was damaged after it was published."""
    return _version(file) is None


def is_damaged(file: Path) -> bool:
    """Look through the whole of a catalogue for damage. That takes long; ask when something went wrong."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:
        raise  # the disk or a lock: that says nothing about the file
    except sqlite3.DatabaseError:
        return True


def set_aside(catalogue: Path, builds: Path, at: datetime) -> Path:
    """Move a file that is no catalogue to ``builds``, under a name that says so; it is never thrown away."""
    builds.mkdir(parents=True, exist_ok=True)
    return catalogue.replace(builds / f"not-a-catalogue-{at:%Y%m%dT%H%M%S}{at.microsecond:06d}.db")


def _version(file: Path) -> int | None:
    """The schema version of a catalogue; None for anything else."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
            if not tables >= _TABLES:
                return None
            meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
    except sqlite3.OperationalError:
        raise  # the disk or a lock: that says nothing about the file
    except sqlite3.DatabaseError:
        return None
    complete = meta.keys() >= {"schema_version", "build_id", "built_at"} and meta["schema_version"].isdigit()
    return int(meta["schema_version"]) if complete else None
