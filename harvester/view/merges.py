"""The merges of the published catalogue: which records make up a service, why, and the rule that undoes it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from harvester.errors import UsageError
from harvester.merge.bundles import JOINED
from harvester.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

_RECORDS = """
    SELECT p.service_id, s.title, p.source_id || ':' || p.remote_id AS record, p.url, p.reason, p.evidence
    FROM service_source p JOIN service s ON s.id = p.service_id
    WHERE p.service_id IN ({}) ORDER BY p.service_id, p.reason <> 'own', record, p.evidence
"""
_MERGED = "SELECT service_id FROM service_source GROUP BY service_id HAVING count(*) > 1"
_NAMED = """
    SELECT id FROM service WHERE id = :name OR slug = :name
    UNION SELECT service_id FROM service_source WHERE source_id || ':' || remote_id = :name OR remote_id = :name
"""


class MergedRecord(Model):
    """A record of a service. ``undo`` is the rule for ``data/merge.yml`` that takes it out; empty for the one that names the service."""

    record: str
    url: str
    reason: str
    evidence: str
    undo: str


class MergeConflict(Model):
    """What a record says of a field (apply, fees) that another one says otherwise."""

    field: str
    record: str
    value: str


class Merge(Model):
    """A service that several records describe."""

    service: str
    title: str
    records: tuple[MergedRecord, ...]
    conflicts: tuple[MergeConflict, ...]


def read_merges(db: sqlite3.Connection, named: str | None) -> list[Merge]:
    """All merges, or those of a service: by its id or slug, or by a record (``source:remote id``, or the remote id alone).

    Raises:
        UsageError: there is no such service.
    """
    if named and not db.execute(_NAMED, {"name": named}).fetchone():
        raise UsageError(
            f"no service {named!r} in the catalogue; give its id, its slug or a record as source:remote-id"
        )
    rows = db.execute(_RECORDS.format(_NAMED if named else _MERGED), {"name": named} if named else {}).fetchall()
    by_service: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        by_service.setdefault(row["service_id"], []).append(row)
    return [_merge(db, service, found) for service, found in by_service.items()]


def _merge(db: sqlite3.Connection, service: str, rows: list[sqlite3.Row]) -> Merge:
    first = rows[0]["record"]
    records = tuple(
        MergedRecord(
            record=row["record"],
            url=row["url"],
            reason=row["reason"],
            evidence=row["evidence"],
            undo=_undo(first, row["record"], row["reason"]),
        )
        for row in rows
    )
    return Merge(service=service, title=rows[0]["title"], records=records, conflicts=tuple(_conflicts(db, service)))


def _conflicts(db: sqlite3.Connection, service: str) -> Iterator[MergeConflict]:
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'conflict'").fetchone() is None:
        return  # a catalogue of an earlier version
    query = "SELECT field, source_id || ':' || remote_id, value FROM conflict WHERE service_id = ? ORDER BY 1, 2, 3"
    for field, record, value in db.execute(query, (service,)):
        yield MergeConflict(field=field, record=record, value=value)


def _undo(first: str, record: str, reason: str) -> str:
    if reason in ("own", JOINED):  # the latter by taking its rule out
        return ""
    return f"- keep_apart: {json.dumps([first, record], ensure_ascii=False)}\n  reason: …"


def show_merges(console: Console, merges: list[Merge]) -> None:
    """Print them for people."""

    def tell(line: str, style: str = "") -> None:
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)

    for merge in merges:
        tell(f"{merge.title}  ({merge.service})", "bold")
        for record in merge.records:
            tell(f"  {record.record}  {record.url}".rstrip())
            tell(f"    {record.reason}" + (f": {record.evidence}" if record.evidence else ""), "cyan")
            for line in record.undo.splitlines():
                tell(f"    {line}", "dim")
        for conflict in merge.conflicts:
            tell(f"  ! {conflict.field}: {conflict.value}  ({conflict.record})", "yellow")
    tell(
        f"{len(merges)} zusammengeführt; die Regeln zum Trennen gehören in data/merge.yml"
        if merges
        else "nichts zusammengeführt"
    )
