"""Our checker as a process of its own, to be measured: ``python -m benchmarks.link_client FILE DIRECTORY``.

Takes the addresses of FILE into ``DIRECTORY/state.db``, checks what is due with politeness off, and prints one JSON
object. ``--known N`` adds N links that are not due, to show what remembering them costs.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path

from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.links.check import Setup, check_links
from harvester.links.loop import run
from harvester.links.schema import SCHEMA
from harvester.links.settings import LinkSettings
from harvester.links.store import Selection, sync_links

_LOOPBACK = IPv4Network("127.0.0.0/8")


def main() -> None:
    """Check once and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--known", type=int, default=0)
    asked = parser.parse_args()
    fetch = FetchSettings(allow_addresses=(_LOOPBACK,), contact="https://example.org/harvester")
    settings = LinkSettings(canaries=(), budget=10_000_000)
    setup = Setup(fetch, PolitenessSettings(interval=0), settings, asked.directory / "snapshots")
    with closing(open_links(asked.directory / "state.db")) as conn:
        with asked.file.open(encoding="utf-8") as lines:
            conn.execute("BEGIN")
            sync_links(conn, (line.strip() for line in lines), setup.clock.now())
            conn.execute("COMMIT")
        if asked.known:
            add_known(conn, asked.known)
        report = run(check_links(conn, Selection(), setup))
    print(json.dumps({**report.as_json(), "changes": len(report.changes)}))


def open_links(file: Path) -> sqlite3.Connection:
    """A ``state.db`` with the link checker's tables, as the harvester opens it."""
    fresh = not file.exists()
    conn = sqlite3.connect(file, isolation_level=None)
    conn.row_factory = sqlite3.Row
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = NORMAL")
    if fresh:
        conn.executescript(SCHEMA)
    return conn


def add_known(conn: sqlite3.Connection, count: int) -> None:
    """Links of 11,000 hosts that were looked at yesterday and are due next week."""
    now = datetime.now(UTC)
    due, seen = (now + timedelta(days=7)).isoformat(), (now - timedelta(days=1)).isoformat()
    rows = (
        (
            f"https://www.stadt{n % 11_000}.example/leistungen/{n}",
            f"www.stadt{n % 11_000}.example",
            f"stadt{n % 11_000}.example",
            seen,
            due,
        )
        for n in range(count)
    )
    conn.execute("BEGIN")
    conn.executemany(
        "INSERT INTO link (url, host, domain, state, outcome, code, added_at, next_at) VALUES (?,?,?,'ok','ok','ok',?,?)",
        rows,
    )
    conn.execute("COMMIT")


if __name__ == "__main__":
    main()
