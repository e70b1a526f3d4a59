"""Purge: forget the content of records that were withdrawn long ago. Whatever is published is never touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlite_utils import Database


def purge(db: Database, source_id: str, at: datetime, keep: timedelta) -> None:
    """Forget what the records of a source said that were withdrawn at least ``keep`` before ``at``. The caller holds the transaction.

    A line stays for each of them: who stated it under which identifier, from when to when, under which hashes. Its identity
    in the catalogue and its events stay as well, so that a record that returns is the same service again.
    """
    if keep >= at - datetime.min.replace(tzinfo=UTC):
        return
    due = "source_id = ? AND status = 'withdrawn' AND changed_at <= ?"
    when = (source_id, (at - keep).isoformat())
    db.conn.execute(
        "UPDATE record_version SET content = x'' WHERE (source_id, kind, remote_id) IN"
        f" (SELECT source_id, kind, remote_id FROM record WHERE {due})",
        when,
    )
    db.conn.execute(
        "UPDATE record SET status = 'purged', title = '', keys = '', scope = '', locator = '', modified_at = NULL,"
        f" content = x'', provenance = x'' WHERE {due}",
        when,
    )
