"""Take a judged run over into ``state.db``: one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from harvester.model import Lost
from harvester.run.documents import take_documents
from harvester.run.judge import Verdict
from harvester.run.presence import GONE, STANDS, find_absent
from harvester.run.purge import purge


@dataclass(frozen=True, slots=True)
class Changes:
    """How many services a run created, changed and removed."""

    created: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Fold:
    """What is taken over: a source's shard, and what the run proved.

    ``absences`` is true when what the run did not see is absent (complete, and not an event log). A record is withdrawn
    when it has been absent from more than ``grace`` complete runs. ``delta`` marks an event log, whose last word counts.
    ``removes`` is true when the run may take anything away at all: deletions the source states, and the content of records
    that were withdrawn more than ``keep`` ago. A partial run may not.
    """

    run_id: str
    source_id: str
    at: datetime
    absences: bool
    grace: int = 0
    lost: tuple[Lost, ...] = ()
    cursor: str | None = None
    delta: bool = False
    removes: bool = True
    keep: timedelta = timedelta.max


@contextmanager
def attached(db: Database, shard: Path) -> Iterator[None]:
    """Reach a shard's tables as ``shard.…`` on the connection of the state."""
    db.conn.execute("ATTACH ? AS shard", (str(shard),))
    try:
        yield
    finally:
        db.conn.execute("DETACH shard")


def fold(db: Database, plan: Fold) -> Changes:
    """Fold the attached shard into the state. The caller holds the transaction.

    A record that returns keeps its first date and its history. A record whose content is the same only moves its place.
    """
    at = plan.at.isoformat()
    if not plan.delta:
        _settle_shared(db, plan)
    find_absent(db, plan.source_id)
    _find_touched(db, plan)
    _keep_versions(db, plan, at)
    _take_over(db, plan, at)
    if not plan.removes:
        _put_off_deletions(db)
    moved, removed = _withdraw(db, plan, at)
    if plan.removes:
        purge(db, plan.source_id, plan.at, plan.keep)
    _index_keys(db, plan)
    take_documents(db, plan.source_id, at, plan.lost, forget=plan.absences, delta=plan.delta)
    counts = (
        "SELECT count(*), total(kind = 'service' AND created), total(kind = 'service' AND changed AND NOT created)"
        " FROM temp.touched"
    )
    touched, created, changed = map(int, db.conn.execute(counts).fetchone())
    if touched or moved:
        db.conn.execute("UPDATE source SET revision = revision + 1 WHERE id = ?", (plan.source_id,))
    if plan.cursor is not None:
        db.conn.execute("UPDATE source SET cursor = ? WHERE id = ?", (plan.cursor, plan.source_id))
    return Changes(created, changed, removed)


def absences_count(verdict: Verdict, *, delta: bool) -> bool:
    """Only a complete run that is no event log says anything by what it does not mention."""
    return verdict is Verdict.COMPLETE and not delta


def _settle_shared(db: Database, plan: Fold) -> None:
    """Let a record that stands in two documents count where it stands first, though that one was not read again.

    Both documents are noted, to be read again next time: should one of them lose the record, the other still has it.
    """
    conn = db.conn
    conn.execute("DROP TABLE IF EXISTS temp.shared")
    conn.execute(
        f"""
        CREATE TEMP TABLE shared AS
        SELECT s.kind, s.remote_id, s.position AS here, min(t.position) AS there
        FROM shard.record s JOIN record r ON r.source_id = ? AND r.kind = s.kind AND r.remote_id = s.remote_id
        JOIN shard.document t ON t.reused AND t.url = r.url AND t.sha256 = r.sha256
        WHERE r.status NOT IN {GONE} AND {STANDS} GROUP BY s.kind, s.remote_id
        """,
        (plan.source_id,),
    )
    conn.execute("INSERT OR IGNORE INTO shard.shared SELECT here FROM temp.shared UNION SELECT there FROM temp.shared")
    conn.execute(
        "DELETE FROM shard.record WHERE (kind, remote_id) IN"
        " (SELECT kind, remote_id FROM temp.shared WHERE there < here)"
    )


def _find_touched(db: Database, plan: Fold) -> None:
    """Fill ``temp.touched``: whatever of a record may show in the catalogue is new or another.

    A date of change or a return within the grace period shows there, though it is no change of the service.
    """
    db.conn.execute("DROP TABLE IF EXISTS temp.touched")
    db.conn.execute(
        f"""
        CREATE TEMP TABLE touched AS
        SELECT s.kind AS kind, s.remote_id AS remote_id,
               r.remote_id IS NULL OR r.status IN {GONE} AS created,
               coalesce(r.hash <> s.hash, 0) AS changed
        FROM shard.record s LEFT JOIN record r ON r.source_id = ? AND r.kind = s.kind AND r.remote_id = s.remote_id
        WHERE s.kind NOT GLOB '-*' AND (r.remote_id IS NULL OR r.status <> 'live' OR r.hash <> s.hash
                                        OR r.scope <> s.scope OR r.modified_at IS NOT s.modified_at)
        """,
        (plan.source_id,),
    )


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
        FROM shard.record s JOIN shard.document d USING (position) WHERE s.kind NOT GLOB '-*'
        ON CONFLICT (source_id, kind, remote_id) DO UPDATE SET
            changed_at = CASE WHEN hash <> excluded.hash OR status IN {GONE} THEN excluded.changed_at
                              ELSE changed_at END,
            hash = excluded.hash, title = excluded.title, keys = excluded.keys, scope = excluded.scope,
            content = excluded.content, provenance = excluded.provenance, modified_at = excluded.modified_at,
            sha256 = excluded.sha256, url = excluded.url, locator = excluded.locator,
            last_seen_at = excluded.last_seen_at, status = 'live', absences = 0
        """,
        (plan.source_id, at),
    )


def _put_off_deletions(db: Database) -> None:
    """Forget the shard's deletions, and have the documents that state them read again by the next run."""
    db.conn.execute("INSERT OR IGNORE INTO shard.shared SELECT position FROM shard.record WHERE kind GLOB '-*'")
    db.conn.execute("DELETE FROM shard.record WHERE kind GLOB '-*'")


def _withdraw(db: Database, plan: Fold, at: str) -> tuple[int, int]:
    """Withdraw what the source deleted and, after a complete run, count what is absent.

    Returns how many records have another status now, and how many services were withdrawn. (A CROSS JOIN makes SQLite
    begin with the few that leave; it would begin with all records.)
    """
    conn = db.conn
    conn.execute("DROP TABLE IF EXISTS temp.leaving")
    conn.execute(
        f"""
        CREATE TEMP TABLE leaving AS
        SELECT r.kind AS kind, r.remote_id AS remote_id, r.absences AS absences, 'withdrawn' AS status, r.status AS before
        FROM shard.record s CROSS JOIN record r
        WHERE r.source_id = ?1 AND r.kind = substr(s.kind, 2) AND r.remote_id = s.remote_id AND s.kind GLOB '-*' AND r.status NOT IN {GONE}
        UNION ALL
        SELECT r.kind, r.remote_id, r.absences + 1, iif(r.absences >= ?2, 'withdrawn', 'missing'), r.status
        FROM temp.absent a CROSS JOIN record r
        WHERE r.source_id = ?1 AND r.kind = a.kind AND r.remote_id = a.remote_id AND ?3
        """,
        (plan.source_id, plan.grace, plan.absences),
    )
    conn.execute(
        """
        UPDATE record SET status = l.status, absences = l.absences,
            changed_at = iif(l.status = 'withdrawn', ?, changed_at)
        FROM temp.leaving l WHERE record.source_id = ? AND record.kind = l.kind AND record.remote_id = l.remote_id
        """,
        (at, plan.source_id),
    )
    counts = "SELECT total(status <> before), total(kind = 'service' AND status = 'withdrawn') FROM temp.leaving"
    moved, removed = map(int, conn.execute(counts).fetchone())
    return moved, removed


def _index_keys(db: Database, plan: Fold) -> None:
    """Bring ``record_key`` up to date for the services this run touched or withdrew."""
    conn = db.conn
    conn.execute(
        """
        DELETE FROM record_key WHERE source_id = ? AND remote_id IN (
            SELECT remote_id FROM temp.touched WHERE kind = 'service'
            UNION SELECT remote_id FROM temp.leaving WHERE kind = 'service' AND status = 'withdrawn')
        """,
        (plan.source_id,),
    )
    conn.execute(
        f"""
        INSERT OR REPLACE INTO record_key
        SELECT r.source_id, r.remote_id, key.value, r.scope
        FROM temp.touched t JOIN record r
             ON r.source_id = ? AND r.kind = t.kind AND r.remote_id = t.remote_id AND r.status NOT IN {GONE},
             json_each('["' || replace(r.keys, ' ', '","') || '"]') key
        WHERE t.kind = 'service' AND r.keys <> ''
        """,
        (plan.source_id,),
    )
