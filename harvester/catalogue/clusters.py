"""The clusters of one build, in temporary tables beside the state: a country has too many to remember them all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from harvester.merge import Cluster, Member, Ref

_TABLES = (
    "DROP TABLE IF EXISTS temp.cluster",
    "DROP TABLE IF EXISTS temp.cluster_member",
    "CREATE TEMP TABLE cluster (source_id TEXT, remote_id TEXT, content TEXT, PRIMARY KEY (source_id, remote_id)) WITHOUT ROWID",
    """
    CREATE TEMP TABLE cluster_member (
        source_id TEXT, remote_id TEXT, first_source TEXT, first_remote TEXT, PRIMARY KEY (source_id, remote_id)
    ) WITHOUT ROWID
    """,
)
_OF_WIDTH = """
    SELECT c.content FROM temp.cluster c JOIN (
        SELECT m.first_source, m.first_remote, max(coalesce(w.width, 2)) AS width FROM temp.cluster_member m
        JOIN record r ON r.source_id = m.source_id AND r.kind = 'service' AND r.remote_id = m.remote_id
        LEFT JOIN temp.wide w ON w.scope = r.scope GROUP BY 1, 2
    ) AS found ON found.first_source = c.source_id AND found.first_remote = c.remote_id
    WHERE found.width = ? ORDER BY c.source_id, c.remote_id
"""


class Clusters:
    """Takes clusters and gives them back in the order of their first records.

    ``temp.cluster_member`` names, for every member, the first record of its cluster.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        """Use the connection to the state; what an earlier build left there goes."""
        self._conn = conn
        for statement in _TABLES:
            conn.execute(statement)

    def add(self, found: Iterable[Cluster]) -> None:
        """Take clusters; a record is a member of one at most."""
        for one in found:
            self._conn.execute("INSERT INTO temp.cluster VALUES (?, ?, ?)", (*one.first, _pack(one)))
            self._conn.executemany(
                "INSERT INTO temp.cluster_member VALUES (?, ?, ?, ?)",
                [(*member.ref, *one.first) for member in one.members],
            )

    def of_width(self, width: int) -> Iterator[Cluster]:
        """Those whose widest record is so wide (``temp.wide``: the scopes of Länder and of all of Germany)."""
        return (_unpack(content) for (content,) in self._conn.execute(_OF_WIDTH, (width,)))


def _pack(found: Cluster) -> str:
    parts = [[[*part.ref, part.reason, part.evidence] for part in some] for some in (found.members, found.contributors)]
    return json.dumps(parts, ensure_ascii=False)


def _unpack(content: str) -> Cluster:
    members, contributors = (
        tuple(Member(Ref(source_id, remote_id), reason, evidence) for source_id, remote_id, reason, evidence in some)
        for some in json.loads(content)
    )
    return Cluster(members, contributors)
