"""What a run did not see, and what of that it may call absent. All on the connection that has the shard attached."""

from __future__ import annotations

from typing import NamedTuple

from sqlite_utils import Database

GONE = "('withdrawn', 'purged')"
"""Records that are not published any more."""

STANDS = """
    EXISTS (SELECT 1 FROM shard.document d JOIN main.document k ON k.source_id = r.source_id AND k.url = d.url
            WHERE d.reused AND d.url = r.url AND k.sha256 = r.sha256 AND k.read_at <= r.last_seen_at)
"""
"""Record ``r`` stands in a document of this run that was not read again: it was there when that one was read last."""


class Remaining(NamedTuple):
    """A source's published services: now, after the run if it counts, and how many of them the run did not see."""

    before: int
    after: int
    absent: int


def count_remaining(db: Database, source_id: str, *, absences: bool) -> Remaining:
    """Count what folding the attached shard would leave of a source's services."""
    find_absent(db, source_id)
    before = _one(
        db, f"SELECT count(*) FROM record WHERE source_id = ? AND kind = 'service' AND status NOT IN {GONE}", source_id
    )
    fresh = _one(
        db,
        "SELECT count(*) FROM shard.record s LEFT JOIN record r ON r.source_id = ? AND r.kind = s.kind"
        f" AND r.remote_id = s.remote_id AND r.status NOT IN {GONE} WHERE s.kind = 'service' AND r.remote_id IS NULL",
        source_id,
    )
    deleted = _one(
        db,
        "SELECT count(*) FROM shard.record s JOIN record r ON r.source_id = ? AND r.kind = 'service'"
        f" AND r.remote_id = s.remote_id AND r.status NOT IN {GONE} WHERE s.kind = '-service'",
        source_id,
    )
    absent = _one(db, "SELECT count(*) FROM temp.absent WHERE kind = 'service'") if absences else 0
    return Remaining(before, before + fresh - deleted - absent, absent)


def find_absent(db: Database, source_id: str) -> None:
    """Fill ``temp.absent``: what was neither read nor deleted, stands in no document taken over, and is not unreadable.

    An unreadable record (an error that tells its id) is there; it keeps what was known of it, also while the document
    with the error stays as it is.
    """
    conn = db.conn
    conn.execute("DROP TABLE IF EXISTS temp.unreadable")
    conn.execute("CREATE TEMP TABLE unreadable (remote_id TEXT PRIMARY KEY) WITHOUT ROWID")
    conn.execute(
        """
        INSERT OR IGNORE INTO temp.unreadable
        SELECT remote_id FROM shard.issue WHERE severity = 'error'
        UNION ALL
        SELECT i.remote_id FROM main.issue i JOIN shard.document d ON d.url = i.url AND d.reused
        WHERE i.source_id = ? AND i.severity = 'error'
        """,
        (source_id,),
    )
    conn.execute("DROP TABLE IF EXISTS temp.absent")
    conn.execute("CREATE TEMP TABLE absent (kind TEXT, remote_id TEXT, PRIMARY KEY (kind, remote_id)) WITHOUT ROWID")
    conn.execute(
        f"""
        INSERT INTO temp.absent
        SELECT r.kind, r.remote_id FROM record r WHERE r.source_id = ? AND r.status NOT IN {GONE}
        AND NOT EXISTS (SELECT 1 FROM shard.record s WHERE s.kind = r.kind AND s.remote_id = r.remote_id)
        AND NOT EXISTS (SELECT 1 FROM shard.record s WHERE s.kind = '-' || r.kind AND s.remote_id = r.remote_id)
        AND NOT {STANDS}
        AND NOT EXISTS (SELECT 1 FROM temp.unreadable u WHERE u.remote_id = r.remote_id)
        """,
        (source_id,),
    )


def _one(db: Database, query: str, *parameters: object) -> int:
    row = db.conn.execute(query, parameters).fetchone()
    return int(row[0])
