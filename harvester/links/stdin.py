"""A checker on its own: addresses line by line in, one JSON object per address out, no catalogue."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any

from harvester.links.address import Refusal, read_address
from harvester.links.check import Setup, check_links
from harvester.links.checker import RunReport
from harvester.links.observation import Observation
from harvester.links.outcome import Outcome, Verdict
from harvester.links.rules import read_rules
from harvester.links.schema import SCHEMA
from harvester.links.state import LinkState, State, reduce
from harvester.links.store import Known, Selection, add_links


async def check_lines(lines: Iterable[str], setup: Setup, write: Callable[[str], object]) -> RunReport:
    """Check the addresses of all lines; blank lines and those that begin with # are left out.

    Each object is written as soon as it is known, in no order; an address that is named twice is checked once.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        conn.row_factory = sqlite3.Row
        conn.executescript(SCHEMA)
        texts = list(dict.fromkeys(_texts(lines)))
        add_links(conn, texts, setup.clock.now())
        for text in texts:
            if isinstance(read := read_address(text), Refusal):
                write(to_line(text, None, Verdict(read_rules()[read.code].outcome, read.code), read.detail))

        def on_seen(link: Known, seen: Observation, verdict: Verdict) -> None:
            for (text,) in conn.execute("SELECT text FROM link_text WHERE link_id = ?", (link.id,)).fetchall():
                write(to_line(text, seen, verdict))

        report = await check_links(conn, Selection(due=False), setup, on_seen)
        _write_untested(conn, write, void=report.void)
        return report


def to_line(text: str, seen: Observation | None, verdict: Verdict, detail: str = "") -> str:
    """The JSON object of one address. After a single look nothing is ever more than suspect."""
    rule = read_rules()[verdict.code]
    state = State.UNCHECKED if seen is None else reduce(LinkState(), verdict, seen.at, text).state
    told: dict[str, Any] = {
        "url": text,
        "outcome": verdict.outcome,
        "state": state,
        "http_status": seen.status if seen is not None else None,
        "final_url": seen.final_url if seen is not None else None,
        "error": _error(seen, verdict, detail),
        "hops": [{"status": hop.status, "target": hop.target} for hop in seen.hops] if seen is not None else [],
        "code": verdict.code,
        "reason_de": rule.reason_de,
        "reason_en": rule.reason_en,
        "action": rule.action_de,
        "action_en": rule.action_en,
    }
    return json.dumps(told, ensure_ascii=False)


def _error(seen: Observation | None, verdict: Verdict, detail: str) -> str | None:
    if verdict.outcome in {Outcome.OK, Outcome.MOVED}:
        return None
    fault = seen.fault or seen.tls if seen is not None else None
    return ": ".join(part for part in (str(fault or verdict.code), detail or (seen.detail if seen else "")) if part)


def _texts(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        text = line.strip("\r\n")
        if text.strip() and not text.startswith("#"):
            yield text


def _write_untested(conn: sqlite3.Connection, write: Callable[[str], object], *, void: str | None) -> None:
    """Links left alone because their host is down or asked for a pause, or because our own network is down."""
    query = (
        "SELECT t.text, coalesce(h.broken_code, '') FROM link l JOIN link_text t ON t.link_id = l.id"
        " LEFT JOIN link_host h ON h.host = l.host WHERE l.host <> '' AND l.id NOT IN"
        " (SELECT link_id FROM link_observation WHERE decisive) ORDER BY l.id"
    )
    for text, broken in conn.execute(query).fetchall():
        code = "own-network-down" if void is not None else "host-down-not-tested" if broken else "host-paused"
        write(to_line(text, None, Verdict(read_rules()[code].outcome, code), void or broken))
