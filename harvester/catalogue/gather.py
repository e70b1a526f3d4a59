"""Gather the services of the state: clusters of records, unpacked, in a stable order and with flat memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from harvester.catalogue.bases import width_of
from harvester.catalogue.clusters import Clusters
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


def gather(state: Database, levels: Mapping[str, Level], clusters: Clusters) -> Iterator[Gathered]:
    """All services of the sources named in ``levels``: those for all of Germany, then those for whole Länder, then the others.

    Of each width first the clusters that ``find_clusters`` found; the others meet no other source and come in the order of
    their source and id, straight from the table.
    """
    conn = state.conn
    packer = Packer()
    _note_widths(conn)
    for width in (0, 1, 2):
        for found in clusters.of_width(width):
            parts = (*found.members, *found.contributors)
            yield _unpack(packer, found, parts, tuple(_row(conn, part.ref) for part in parts), levels)
        for row in conn.execute(_ALONE if width == 2 else _ALONE_AND_WIDE, {"width": width}):
            member = Member(Ref(row["source_id"], row["remote_id"]), "own")
            yield _unpack(packer, Cluster((member,)), (member,), (row,), levels)


_NOT_MET = " JOIN temp.chosen c ON c.id = r.source_id LEFT JOIN temp.meeting m ON m.source_id = r.source_id AND m.remote_id = r.remote_id"
_WHICH = f"r.kind = 'service' AND r.status IN {LIVE} AND m.source_id IS NULL"
_ALONE = (
    f"SELECT {_COLUMNS}{_FROM}{_NOT_MET} LEFT JOIN temp.wide w ON w.scope = r.scope"
    f" WHERE {_WHICH} AND w.scope IS NULL ORDER BY r.source_id, r.remote_id"
)
_ALONE_AND_WIDE = (
    f"SELECT {_COLUMNS} FROM temp.wide w CROSS JOIN {_FROM.removeprefix(' FROM ')}{_NOT_MET}"
    f" WHERE w.width = :width AND r.scope = w.scope AND {_WHICH} ORDER BY r.source_id, r.remote_id"
)


def _note_widths(conn: sqlite3.Connection) -> None:
    """Note in ``temp.wide`` the scopes of whole Länder and of all of Germany."""
    conn.execute("DROP TABLE IF EXISTS temp.wide")
    conn.execute("CREATE TEMP TABLE wide (scope TEXT PRIMARY KEY, width INTEGER) WITHOUT ROWID")
    scopes = conn.execute("SELECT DISTINCT scope FROM record INDEXED BY record_scope WHERE kind = 'service'")
    widths = [(scope, width_of(scope)) for (scope,) in scopes.fetchall()]
    conn.executemany("INSERT INTO temp.wide VALUES (?, ?)", [(scope, width) for scope, width in widths if width < 2])


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
