"""Gather the services of the state: clusters of records, unpacked, in a stable order and with flat memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from harvester.catalogue.meeting import LIVE
from harvester.merge import Cluster, Member, Ref, Voice
from harvester.model import Level
from harvester.state import Packer

_COLUMNS = (
    "r.source_id, r.remote_id, r.hash, r.content, r.keys, r.scope, r.status, r.modified_at, r.first_seen_at,"
    " max(r.last_seen_at, coalesce(d.seen_at, '')) AS last_seen_at, r.changed_at, i.service_id, i.slug"
)
_FROM = (
    " FROM record r LEFT JOIN identity i ON i.source_id = r.source_id AND i.remote_id = r.remote_id"
    " LEFT JOIN document d ON d.source_id = r.source_id AND d.url = r.url AND d.sha256 = r.sha256"
    " AND d.read_at <= r.last_seen_at"
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A cluster with its records: the rows of the state beside the unpacked voices, members first."""

    cluster: Cluster
    voices: tuple[Voice, ...]
    rows: tuple[sqlite3.Row, ...]


def gather(state: Database, levels: Mapping[str, Level], clusters: Iterable[Cluster]) -> Iterator[Gathered]:
    """All services of the sources named in ``levels``: the clusters that ``find_clusters`` found, then the others.

    Those meet no other source and come in the order of their source and id, straight from the table.
    """
    conn = state.conn
    packer = Packer()
    for found in clusters:
        parts = (*found.members, *found.contributors)
        yield _unpack(packer, found, parts, tuple(_row(conn, part.ref) for part in parts), levels)
    alone = conn.execute(
        f"SELECT {_COLUMNS}{_FROM} JOIN temp.chosen c ON c.id = r.source_id LEFT JOIN temp.meeting m"
        " ON m.source_id = r.source_id AND m.remote_id = r.remote_id"
        f" WHERE r.kind = 'service' AND r.status IN {LIVE} AND m.source_id IS NULL ORDER BY r.source_id, r.remote_id"
    )
    for row in alone:
        member = Member(Ref(row["source_id"], row["remote_id"]), "own")
        yield _unpack(packer, Cluster((member,)), (member,), (row,), levels)


def _row(conn: sqlite3.Connection, ref: Ref) -> sqlite3.Row:
    query = f"SELECT {_COLUMNS}{_FROM} WHERE r.source_id = ? AND r.kind = 'service' AND r.remote_id = ?"
    row: sqlite3.Row = conn.execute(query, ref).fetchone()
    return row


def _unpack(
    packer: Packer,
    found: Cluster,
    parts: tuple[Member, ...],
    rows: tuple[sqlite3.Row, ...],
    levels: Mapping[str, Level],
) -> Gathered:
    voices = tuple(
        Voice(
            part,
            levels[part.ref.source_id],
            packer.unpack_service(row["content"], row["modified_at"]),
            contributes=n >= len(found.members),
        )
        for n, (part, row) in enumerate(zip(parts, rows, strict=True))
    )
    return Gathered(found, voices, rows)
