"""The links in ``state.db``: which there are, which are due, and what is known of their hosts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from harvester.fetch.budget import registrable_domain
from harvester.links.address import Address, Refusal, read_address
from harvester.links.rules import read_rules

_BATCH = 500
SIBLING_KEPT = timedelta(days=30)
HEAD_KEPT = timedelta(days=30)
_WEB_PORTS = {"http": 80, "https": 443}


class Known(NamedTuple):
    """A link that is to be checked: its address, state, and the validators of the last good answer."""

    id: int
    url: str
    host: str
    state: str
    etag: str | None


class Lane(NamedTuple):
    """Links that are looked at one after another: of a registrable domain, or where ``host`` is given, of that host alone."""

    domain: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which links a run looks at: those due, or all; of one host, or of the given addresses."""

    due: bool = True
    host: str | None = None
    texts: tuple[str, ...] | None = None


@dataclass(slots=True)
class HostMemory:
    """What is remembered of a host between runs."""

    head_lies: bool = False
    not_before: datetime | None = None
    sibling: str | None = None


def site(address: Address) -> str:
    """Host, with port where it is not the scheme's own: what breakers, robots.txt and siblings go by."""
    shown = f"[{address.host}]" if ":" in address.host else address.host
    return shown if address.port == _WEB_PORTS[address.scheme] else f"{shown}:{address.port}"


def domain_of(host: str) -> str:
    """The registrable domain of a site's host, with or without port."""
    return host[1 : host.index("]")] if host.startswith("[") else registrable_domain(host.partition(":")[0])


def add_links(conn: sqlite3.Connection, texts: Iterable[str], at: datetime) -> int:
    """Make addresses known that are not yet, as sources write them; returns how many texts were new."""
    added = 0
    waiting = iter(texts)
    now = at.isoformat()
    places: dict[tuple[str, str, int], tuple[str, str]] = {}  # most links share few hosts
    while batch := list(islice(waiting, _BATCH)):
        marks = ",".join("?" * len(batch))
        known = {row[0] for row in conn.execute(f"SELECT text FROM link_text WHERE text IN ({marks})", batch)}
        rows: dict[str, tuple[str, str, str, str, str, str]] = {}
        urls: list[tuple[str, str]] = []
        for text in dict.fromkeys(batch):
            if text in known:
                continue
            address = read_address(text)
            if isinstance(address, Refusal):
                # Judged at once and for good: the text itself says it all.
                rows[text] = (text, "", "", read_rules()[address.code].outcome, address.code, now)
                urls.append((text, text))
                continue
            url, scheme, name, port, *_ = address
            place = places.get((scheme, name, port))
            if place is None:
                host = site(address)
                place = places[scheme, name, port] = (host, domain_of(host))
            rows[url] = (url, *place, "unchecked", "", now)
            urls.append((text, url))
        conn.executemany(
            "INSERT INTO link (url, host, domain, outcome, code, added_at) VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            rows.values(),
        )
        conn.executemany(
            "INSERT INTO link_text (text, link_id) SELECT ?, id FROM link WHERE url = ?"
            " ON CONFLICT DO UPDATE SET link_id = excluded.link_id",
            urls,
        )
        added += len(urls)
    return added


def sync_links(conn: sqlite3.Connection, texts: Iterable[str], at: datetime) -> None:
    """Make exactly these addresses the ones that are checked. Others rest, and go on where they were if found again."""
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS named (text TEXT PRIMARY KEY) WITHOUT ROWID")
    conn.execute("DELETE FROM temp.named")
    conn.executemany("INSERT OR IGNORE INTO temp.named VALUES (?)", ((text,) for text in texts))
    add_links(conn, (row[0] for row in conn.execute("SELECT text FROM temp.named")), at)
    named = "SELECT link_id FROM link_text JOIN temp.named USING (text)"
    conn.execute(f"UPDATE link SET removed_at = ? WHERE removed_at IS NULL AND id NOT IN ({named})", (at.isoformat(),))
    conn.execute(f"UPDATE link SET removed_at = NULL WHERE removed_at IS NOT NULL AND id IN ({named})")


class Links:
    """Reads the links of one run, host by host, never all at once."""

    def __init__(
        self, conn: sqlite3.Connection, selection: Selection, at: datetime, resumed: str | None = None
    ) -> None:
        self._conn = conn
        where, self._values = ["l.removed_at IS NULL", "l.host <> ''"], list[str]()
        if selection.due and selection.texts is None:
            where.append("(l.next_at IS NULL OR l.next_at <= ?)")
            self._values.append(at.isoformat())
        if selection.host is not None:
            where.append("(l.host = ? OR l.domain = ?)")
            self._values += [selection.host, selection.host]
        if selection.texts is not None:
            conn.execute("CREATE TEMP TABLE IF NOT EXISTS chosen_link (id INTEGER PRIMARY KEY)")
            conn.execute("DELETE FROM temp.chosen_link")
            conn.executemany(
                "INSERT OR IGNORE INTO temp.chosen_link SELECT link_id FROM link_text WHERE text = ?",
                ((text,) for text in selection.texts),
            )
            where.append("l.id IN (SELECT id FROM temp.chosen_link)")
        if resumed is not None:
            where.append(
                "NOT EXISTS (SELECT 1 FROM link_observation o WHERE o.link_id = l.id AND o.run_id = ? AND o.decisive)"
            )
            self._values.append(resumed)
        self._where = " AND ".join(where)

    def lanes(self, *, by_domain: bool) -> list[tuple[Lane, int]]:
        """Registrable domains (or hosts) with the number of their links, the busiest first."""
        host = "''" if by_domain else "l.host"
        query = f"SELECT l.domain, {host}, count(*) FROM link l WHERE {self._where} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
        return [(Lane(row[0], row[1]), row[2]) for row in self._conn.execute(query, self._values)]

    def of(self, lane: Lane) -> Iterator[list[Known]]:
        """The links of a lane in batches, host by host."""
        one_host = "AND l.host = ? " if lane.host else ""
        query = (
            f"SELECT l.id, l.url, l.host, l.state, l.etag FROM link l WHERE l.domain = ? {one_host}AND {self._where}"
            f" AND (l.host, l.id) > (?, ?) ORDER BY l.host, l.id LIMIT {_BATCH}"
        )
        which = (lane.domain, lane.host) if lane.host else (lane.domain,)
        last = ("", 0)
        reading = self._conn.cursor()
        reading.row_factory = None  # tuples become links at once
        while batch := list(map(Known._make, reading.execute(query, (*which, *self._values, *last)))):
            last = (batch[-1].host, batch[-1].id)
            yield batch
            if len(batch) < _BATCH:
                return


def read_host(conn: sqlite3.Connection, host: str, at: datetime) -> HostMemory:
    """What is remembered of a host and still holds."""
    row = conn.execute(
        "SELECT head_lies_at, not_before, sibling, sibling_at FROM link_host WHERE host = ?", (host,)
    ).fetchone()
    if row is None:
        return HostMemory()
    lies, pause = _moment(row[0]), _moment(row[1])
    asked = _moment(row[3])
    return HostMemory(
        head_lies=lies is not None and at - lies < HEAD_KEPT,
        not_before=pause if pause is not None and pause > at else None,
        sibling=row[2] if asked is not None and timedelta(0) <= at - asked < SIBLING_KEPT else None,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
