"""Find the records that may describe the same service as a record of another source: only those are compared."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sqlite_utils import Database

from harvester.catalogue.clusters import Clusters
from harvester.matching.official import canonical
from harvester.merge import NO_RULES, Card, Ref, Rules, cluster, reach_of, tie_scopes
from harvester.merge.alike import near_titles
from harvester.model import Level, LinkRole
from harvester.state import Packer

LIVE = "('live', 'missing')"


def find_clusters(state: Database, levels: Mapping[str, Level], rules: Rules = NO_RULES) -> Clusters:
    """Cluster the records that meet another source's; ``temp.meeting`` names them, ``temp.chosen`` the sources.

    Those that cannot end up in one service are clustered one group after the other: the cards of a country need not be
    in memory at once.
    """
    conn = state.conn
    _make(conn, "chosen", "id TEXT PRIMARY KEY")
    conn.executemany("INSERT INTO temp.chosen VALUES (?)", [(source_id,) for source_id in levels])
    _note_meeting(conn, rules)
    packer = Packer()
    placed = conn.execute("SELECT r.source_id, r.remote_id, r.scope" + _MET)
    groups = tie_scopes(((Ref(source_id, remote_id), scope) for source_id, remote_id, scope in placed), rules)
    found = Clusters(conn)
    for scopes in groups:
        rows = (row for scope in scopes for row in conn.execute(_MET_IN, (scope,)))
        found.add(cluster([card_of(packer, row) for row in rows], rules))
    return found


def card_of(packer: Packer, row: Sequence[object]) -> Card:
    """The card of a record; ``row``: source, remote id, keys, scope, title, content."""
    source_id, remote_id, keys, scope, title, content = row
    head = packer.peek_service(content)  # type: ignore[arg-type]  # a blob of the table ``record``
    links = head.get("links", ())
    leads = {_spelled(link["url"]) for link in links if _leads_on(link)}
    named = str(source_id), str(remote_id)
    return Card(
        Ref(*named),
        str(keys),
        str(scope),
        str(title),
        head.get("language", "de"),
        _spelled(head.get("page", "")),
        tuple(sorted(leads - {""})),
    )


def _leads_on(link: Mapping[str, object]) -> bool:
    return link.get("role") == LinkRole.INFORMATION and not link.get("template")


@lru_cache(maxsize=4_000)  # a place after the other is clustered, and has its addresses to itself
def _spelled(url: str) -> str:
    """An address in one spelling; empty for none, and for the first page of a host, which is that of no service."""
    address = canonical(url) if url else ""
    return address if "/" in address else ""


def _make(conn: sqlite3.Connection, table: str, columns: str) -> None:
    """Make a temporary table anew, without ending the transaction as a script would."""
    conn.execute(f"DROP TABLE IF EXISTS temp.{table}")
    conn.execute(f"CREATE TEMP TABLE {table} ({columns}) WITHOUT ROWID")


_CHOSEN = f"record r JOIN temp.chosen c ON c.id = r.source_id WHERE r.kind = 'service' AND r.status IN {LIVE}"


_MET = (
    " FROM temp.meeting m CROSS JOIN record r ON r.source_id = m.source_id AND r.remote_id = m.remote_id"
    f" AND r.kind = 'service' AND r.status IN {LIVE} JOIN temp.chosen c ON c.id = r.source_id"
)
_MET_IN = (
    "SELECT r.source_id, r.remote_id, r.keys, r.scope, r.title, r.content FROM record r INDEXED BY record_scope"
    " JOIN temp.chosen c ON c.id = r.source_id JOIN temp.meeting m ON m.source_id = r.source_id AND m.remote_id = r.remote_id"
    f" WHERE r.scope = ? AND r.kind = 'service' AND r.status IN {LIVE}"
)


def _note_meeting(conn: sqlite3.Connection, rules: Rules) -> None:
    """Name all records that share a key and region, an editorial identifier, an address or a title with another source's."""
    _make(conn, "meeting", "source_id TEXT, remote_id TEXT, PRIMARY KEY (source_id, remote_id)")
    conn.execute(
        """
        INSERT OR IGNORE INTO temp.meeting
        SELECT k.source_id, k.remote_id FROM record_key k
        JOIN (SELECT leika_key, scope FROM record_key JOIN temp.chosen c ON c.id = source_id
              GROUP BY leika_key, scope HAVING count(DISTINCT source_id) > 1) g USING (leika_key, scope)
        JOIN temp.chosen c ON c.id = k.source_id
        """
    )
    conn.execute(
        f"INSERT OR IGNORE INTO temp.meeting SELECT r.source_id, r.remote_id FROM {_CHOSEN} AND r.remote_id IN"
        f" (SELECT r.remote_id FROM {_CHOSEN} AND r.remote_id GLOB '[BLS][0-9][0-9][0-9][0-9][0-9][0-9].LB.*'"
        "  GROUP BY r.remote_id HAVING count(*) > 1)"
    )
    packer = Packer()
    alike = {ref for group in _together(conn, packer) for ref in _look_alike(group)}
    named = {ref for one, other, _ in rules.together for ref in (one, other)}
    conn.executemany("INSERT OR IGNORE INTO temp.meeting VALUES (?, ?)", sorted(alike | named))


def _together(conn: sqlite3.Connection, packer: Packer) -> Iterator[list[Card]]:
    """Cards of the records that hold in the same regions, group by group, where several sources have any there."""
    reaches: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    for scope, source_id in conn.execute(
        "SELECT DISTINCT scope, source_id FROM record INDEXED BY record_scope JOIN temp.chosen c ON c.id = source_id"
        f" WHERE kind = 'service' AND status IN {LIVE}"
    ):
        reach = reach_of(scope)
        reaches[reach].add(scope)
        sources[reach].add(source_id)
    query = (
        "SELECT r.source_id, r.remote_id, r.keys, r.scope, r.title, r.content FROM record r INDEXED BY record_scope"
        f" JOIN temp.chosen c ON c.id = r.source_id WHERE r.scope = ? AND r.kind = 'service' AND r.status IN {LIVE}"
    )
    for reach, scopes in reaches.items():
        if len(sources[reach]) > 1:
            yield [card_of(packer, row) for scope in sorted(scopes) for row in conn.execute(query, (scope,))]


def _look_alike(cards: Sequence[Card]) -> Iterator[Ref]:
    """Those of a group that share an address with, or are titled like, a record of another source."""
    by_address: dict[str, list[Ref]] = defaultdict(list)
    for card in cards:
        for address in {card.page, *card.leads} - {""}:
            by_address[address].append(card.ref)
    for refs in by_address.values():
        if len({ref.source_id for ref in refs}) > 1:
            yield from refs
    yield from _titled_alike(cards)


def _titled_alike(cards: Iterable[Card]) -> Iterator[Ref]:
    for one, other in near_titles(cards):
        yield one
        yield other
