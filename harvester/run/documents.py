"""Note which documents the records of a source stand in now, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from harvester.model import Lost

LOST = "fetch.lost"
"""The rule of the issue that says that a document did not arrive."""


def take_documents(db: Database, source_id: str, at: str, lost: Iterable[Lost], *, forget: bool, delta: bool) -> None:
    """Take over the attached shard's documents and issues; ``forget`` those that the source does not have any more.

    An issue that is found again keeps the time when it was seen first. In an event log (``delta``) a record that could be
    read has nothing to do any more with what was wrong with it in an earlier message.
    """
    _take_issues(db, source_id, at, lost, delta=delta)
    conn = db.conn
    conn.execute(
        """
        INSERT OR REPLACE INTO document
        SELECT ?1, d.url, d.role, d.note, d.sha256, d.size, d.media_type, d.charset, d.fetched_at,
               iif(d.position IN (SELECT position FROM shard.shared), '', d.reader),
               d.services, d.errors, d.unread, d.unnamed, d.warnings, d.filled,
               iif(d.reused, coalesce((SELECT k.read_at FROM main.document k
                                       WHERE k.source_id = ?1 AND k.url = d.url), ?2), ?2), ?2
        FROM shard.document d ORDER BY d.position
        """,
        (source_id, at),
    )
    if forget:
        gone = "source_id = ? AND url NOT IN (SELECT url FROM shard.document)"
        conn.execute(f"DELETE FROM document WHERE {gone}", (source_id,))
        conn.execute(f"DELETE FROM issue WHERE {gone} AND rule <> '{LOST}'", (source_id,))


def _take_issues(db: Database, source_id: str, at: str, lost: Iterable[Lost], *, delta: bool) -> None:
    conn = db.conn
    conn.execute("DROP TABLE IF EXISTS temp.known")
    conn.execute(
        "CREATE TEMP TABLE known (rule TEXT, place TEXT, message TEXT, at TEXT, PRIMARY KEY (rule, place, message))"
        " WITHOUT ROWID"
    )
    conn.execute(
        f"INSERT INTO temp.known SELECT rule, {_place('url')}, message, min(first_seen_at) FROM issue"
        " WHERE source_id = ? GROUP BY 1, 2, 3",
        (source_id,),
    )
    conn.execute(
        f"DELETE FROM issue WHERE source_id = ? AND (rule = '{LOST}'"
        " OR url IN (SELECT url FROM shard.document WHERE NOT reused))",
        (source_id,),
    )
    if delta:
        conn.execute(
            "DELETE FROM issue WHERE source_id = ? AND remote_id IN (SELECT remote_id FROM shard.record)", (source_id,)
        )
    conn.execute(
        f"""
        INSERT INTO issue
        SELECT ?1, d.url, i.severity, i.rule, i.locator, i.remote_id, i.message, coalesce(k.at, ?2)
        FROM shard.issue i JOIN shard.document d USING (position)
        LEFT JOIN temp.known k ON k.rule = i.rule AND k.place = {_place("d.url")} AND k.message = i.message
        """,
        (source_id, at),
    )
    conn.executemany(
        f"INSERT INTO issue VALUES (?1, ?2, 'error', '{LOST}', '', '', ?3, coalesce((SELECT at FROM temp.known"
        f" WHERE rule = '{LOST}' AND place = ' ' || ?2 AND message = ?3), ?4))",
        [(source_id, document.url, document.reason, at) for document in lost],
    )


def _place(url: str) -> str:
    """What an issue is about, as SQL: the record wherever it stands, else the document. Ids begin with no blank."""
    return f"iif(remote_id <> '', remote_id, ' ' || {url})"
