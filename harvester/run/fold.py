"""Take a judged run over into ``state.db``: one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from harvester.model import Lost
from harvester.run.judge import Verdict

_GONE = "('withdrawn', 'purged')"


@dataclass(frozen=True, slots=True)
class Changes:
    """How many services a run created, changed and removed."""

    created: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Fold:
    """What is taken over: a source's shard, and what the run proved.

    ``absences`` is true when what the run did not see is absent (complete, and not an event log). A record is withdrawn when
    it has been absent from more than ``grace`` complete runs.
    """

    run_id: str
    source_id: str
    at: datetime
    absences: bool
    grace: int = 0
    lost: tuple[Lost, ...] = ()
    cursor: str | None = None


@contextmanager
def attached(db: Database, shard: Path) -> Iterator[None]:
    """Reach a shard's tables as ``shard.…`` on the connection of the state."""
    db.conn.execute("ATTACH ? AS shard", (str(shard),))
    try:
        yield
    finally:
        db.conn.execute("DETACH shard")


def count_remaining(db: Database, source_id: str, *, absences: bool) -> tuple[int, int]:
    """Count a source's live services now, and what they would be after the attached shard were folded."""
    before = _one(db, f"SELECT count(*) FROM record WHERE source_id = ? AND kind = 'service' AND status NOT IN {_GONE}", source_id)
    fresh = _one(
        db,
        "SELECT count(*) FROM shard.record s LEFT JOIN record r ON r.source_id = ? AND r.kind = s.kind"
        f" AND r.remote_id = s.remote_id AND r.status NOT IN {_GONE} WHERE s.kind = 'service' AND r.remote_id IS NULL",
        source_id,
    )
    deleted = _one(
        db,
        f"SELECT count(*) FROM record r WHERE r.source_id = ? AND r.kind = 'service' AND r.status NOT IN {_GONE} AND"
        " EXISTS (SELECT 1 FROM shard.record s WHERE s.kind = '-service' AND s.remote_id = r.remote_id)",
        source_id,
    )
    absent = _one(db, f"SELECT count(*) FROM record r WHERE r.kind = 'service' AND {_ABSENT}", source_id) if absences else 0
    return before, before + fresh - deleted - absent


_ABSENT = f"""
    r.source_id = ? AND r.status NOT IN {_GONE}
    AND NOT EXISTS (SELECT 1 FROM shard.record s WHERE s.kind = r.kind AND s.remote_id = r.remote_id)
    AND NOT EXISTS (SELECT 1 FROM shard.document d WHERE d.reused AND d.url = r.url AND d.sha256 = r.sha256)
    AND NOT EXISTS (SELECT 1 FROM shard.issue i WHERE i.severity = 'error' AND i.remote_id = r.remote_id)
"""
"""Not in this run: neither read, nor in a document whose records the state has, nor there but unreadable."""


def fold(db: Database, plan: Fold) -> Changes:
    """Fold the attached shard into the state. The caller holds the transaction.

    A record that returns keeps its first date and its history. A record whose content is the same only moves its place.
    """
    at = plan.at.isoformat()
    conn = db.conn
    conn.execute("DROP TABLE IF EXISTS temp.touched")
    conn.execute(
        f"""
        CREATE TEMP TABLE touched AS
        SELECT s.kind AS kind, s.remote_id AS remote_id,
               r.remote_id IS NULL OR r.status IN {_GONE} AS created,
               coalesce(r.hash <> s.hash, 0) AS changed
        FROM shard.record s LEFT JOIN record r ON r.source_id = ? AND r.kind = s.kind AND r.remote_id = s.remote_id
        WHERE s.kind NOT LIKE '-%' AND (r.remote_id IS NULL OR r.status IN {_GONE} OR r.hash <> s.hash OR r.scope <> s.scope)
        """,
        (plan.source_id,),
    )
    _keep_versions(db, plan, at)
    _take_over(db, plan, at)
    removed = _withdraw(db, plan, at)
    _index_keys(db, plan)
    _take_documents(db, plan, at)
    counts = "SELECT total(created), total(changed AND NOT created) FROM temp.touched WHERE kind = 'service'"
    created, changed = map(int, conn.execute(counts).fetchone())
    touched = _one(db, "SELECT count(*) FROM temp.touched")
    if touched or removed:
        conn.execute("UPDATE source SET revision = revision + 1 WHERE id = ?", (plan.source_id,))
    if plan.cursor is not None:
        conn.execute("UPDATE source SET cursor = ? WHERE id = ?", (plan.cursor, plan.source_id))
    return Changes(created, changed, removed)


def _keep_versions(db: Database, plan: Fold, at: str) -> None:
    db.conn.execute(
        """
        INSERT INTO record_version
        SELECT r.source_id, r.kind, r.remote_id,
               1 + (SELECT count(*) FROM record_version v
                    WHERE v.source_id = r.source_id AND v.kind = r.kind AND v.remote_id = r.remote_id),
               r.hash, r.content, r.changed_at, ?, ?
        FROM temp.touched t JOIN record r ON r.source_id = ? AND r.kind = t.kind AND r.remote_id = t.remote_id
        WHERE t.changed
        """,
        (at, plan.run_id, plan.source_id),
    )


def _take_over(db: Database, plan: Fold, at: str) -> None:
    db.conn.execute(
        f"""
        INSERT INTO record (source_id, kind, remote_id, hash, title, keys, scope, content, provenance, modified_at,
                            sha256, url, locator, first_seen_at, last_seen_at, changed_at)
        SELECT ?1, s.kind, s.remote_id, s.hash, s.title, s.keys, s.scope, s.content, s.provenance, s.modified_at,
               d.sha256, d.url, s.locator, ?2, ?2, ?2
        FROM shard.record s JOIN shard.document d USING (position) WHERE s.kind NOT LIKE '-%'
        ON CONFLICT (source_id, kind, remote_id) DO UPDATE SET
            changed_at = CASE WHEN hash <> excluded.hash OR status IN {_GONE} THEN excluded.changed_at ELSE changed_at END,
            hash = excluded.hash, title = excluded.title, keys = excluded.keys, scope = excluded.scope,
            content = excluded.content, provenance = excluded.provenance, modified_at = excluded.modified_at,
            sha256 = excluded.sha256, url = excluded.url, locator = excluded.locator,
            last_seen_at = excluded.last_seen_at, status = 'live', absences = 0
        """,
        (plan.source_id, at),
    )


def _withdraw(db: Database, plan: Fold, at: str) -> int:
    """Withdraw what the source deleted and, after a complete run, count what is absent. Returns the services withdrawn."""
    conn = db.conn
    conn.execute(
        f"""
        UPDATE record AS r SET status = 'withdrawn', changed_at = ?
        WHERE r.source_id = ? AND r.status NOT IN {_GONE}
          AND EXISTS (SELECT 1 FROM shard.record s WHERE s.kind = '-' || r.kind AND s.remote_id = r.remote_id)
        """,
        (at, plan.source_id),
    )
    if plan.absences:
        conn.execute(
            f"""
            UPDATE record AS r SET absences = absences + 1,
                status = CASE WHEN absences + 1 > ? THEN 'withdrawn' ELSE 'missing' END,
                changed_at = CASE WHEN absences + 1 > ? THEN ? ELSE changed_at END
            WHERE {_ABSENT}
            """,
            (plan.grace, plan.grace, at, plan.source_id),
        )
    gone = "SELECT count(*) FROM record WHERE source_id = ? AND kind = 'service' AND status = 'withdrawn' AND changed_at = ?"
    return _one(db, gone, plan.source_id, at)


def _index_keys(db: Database, plan: Fold) -> None:
    """Bring ``record_key`` up to date for the services this run touched or withdrew."""
    conn = db.conn
    conn.execute(
        f"""
        DELETE FROM record_key WHERE source_id = ?1 AND remote_id IN (
            SELECT remote_id FROM temp.touched WHERE kind = 'service'
            UNION SELECT remote_id FROM record WHERE source_id = ?1 AND kind = 'service' AND status IN {_GONE})
        """,
        (plan.source_id,),
    )
    rows = conn.execute(
        "SELECT r.keys, r.scope, r.source_id, r.remote_id FROM temp.touched t JOIN record r"
        f" ON r.source_id = ? AND r.kind = t.kind AND r.remote_id = t.remote_id AND r.status NOT IN {_GONE}"
        " WHERE t.kind = 'service' AND r.keys <> ''",
        (plan.source_id,),
    )
    pairs = ((key, row[1], row[2], row[3]) for row in rows.fetchall() for key in row[0].split())
    conn.executemany("INSERT OR REPLACE INTO record_key VALUES (?, ?, ?, ?)", pairs)


def _take_documents(db: Database, plan: Fold, at: str) -> None:
    """Note which documents the records stand in now, and what was wrong with them."""
    conn, source = db.conn, plan.source_id
    conn.execute("DROP TABLE IF EXISTS temp.before")
    conn.execute(
        "CREATE TEMP TABLE before AS SELECT rule, remote_id, message, min(first_seen_at) AS at"
        " FROM issue WHERE source_id = ? GROUP BY 1, 2, 3",
        (source,),
    )
    conn.execute("CREATE INDEX temp.before_key ON before (rule, remote_id, message)")
    conn.execute(
        "DELETE FROM issue WHERE source_id = ? AND (rule = 'fetch.lost'"
        " OR url IN (SELECT url FROM shard.document WHERE NOT reused))",
        (source,),
    )
    conn.execute(
        """
        INSERT INTO issue
        SELECT ?1, d.url, i.severity, i.rule, i.locator, i.remote_id, i.message, coalesce(b.at, ?2)
        FROM shard.issue i JOIN shard.document d USING (position) LEFT JOIN temp.before b USING (rule, remote_id, message)
        """,
        (source, at),
    )
    conn.executemany(
        "INSERT INTO issue VALUES (?, ?, 'error', 'fetch.lost', '', '', ?, ?)",
        [(source, lost.url, lost.reason, at) for lost in plan.lost],
    )
    conn.execute(
        """
        INSERT OR REPLACE INTO document
        SELECT ?1, url, role, note, sha256, size, media_type, charset, fetched_at, reader, services, errors, unnamed,
               warnings, ?2 FROM shard.document
        """,
        (source, at),
    )
    if plan.absences:
        gone = "source_id = ? AND url NOT IN (SELECT url FROM shard.document)"
        conn.execute(f"DELETE FROM document WHERE {gone}", (source,))
        conn.execute(f"DELETE FROM issue WHERE {gone} AND rule <> 'fetch.lost'", (source,))


def absences_count(verdict: Verdict, *, delta: bool) -> bool:
    """Only a complete run that is no event log says anything by what it does not mention."""
    return verdict is Verdict.COMPLETE and not delta


def _one(db: Database, query: str, *parameters: object) -> int:
    row = db.conn.execute(query, parameters).fetchone()
    return int(row[0])
