"""Answers about links from ``state.db``: which are in which state, and why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

from harvester.errors import UsageError
from harvester.links.address import Address, Refusal, read_address
from harvester.links.classify import Surroundings, classify
from harvester.links.host_rules import read_host_rules
from harvester.links.observation_row import unpack, unpack_page
from harvester.links.rules import VERSION, read_rules
from harvester.links.signs import read_signs

_SHOWN = 20


class LinkFacts(NamedTuple):
    """What the catalogue says of an address, named as a source writes it; the columns of its table ``link``."""

    text: str
    state: str
    outcome: str
    code: str
    http_status: int | None
    final_url: str | None
    since: str | None
    last_checked_at: str | None
    last_ok_at: str | None
    failures: int


def read_facts(conn: sqlite3.Connection) -> Iterator[LinkFacts]:
    """The facts of all addresses that services name."""
    query = (
        "SELECT t.text, l.state, l.outcome, l.code, l.status, l.final_url, l.since, l.checked_at, l.ok_at, l.failures"
        " FROM link_text t JOIN link l ON l.id = t.link_id WHERE l.removed_at IS NULL ORDER BY t.text"
    )
    for row in conn.execute(query):
        yield LinkFacts(*row)


def list_links(
    conn: sqlite3.Connection, *, state: str | None = None, outcome: str | None = None, host: str | None = None
) -> list[dict[str, Any]]:
    """Links with their state and reason, by host and address."""
    where, values = ["removed_at IS NULL"], []
    for column, value in (("state", state), ("outcome", outcome), ("host", host)):
        if value is not None:
            where.append(f"{column} = ?")
            values.append(value)
    query = f"SELECT * FROM link WHERE {' AND '.join(where)} ORDER BY host, url"
    return [describe_link(row) for row in conn.execute(query, values)]


def describe_link(row: sqlite3.Row) -> dict[str, Any]:
    """A link as a document for people and programs."""
    rule = read_rules().get(row["code"])
    return {
        "url": row["url"],
        "host": row["host"],
        "state": row["state"],
        "outcome": row["outcome"],
        "code": row["code"],
        "since": row["since"],
        "failures": row["failures"],
        "http_status": row["status"],
        "final_url": row["final_url"],
        "last_checked_at": row["checked_at"],
        "last_ok_at": row["ok_at"],
        "next_check_at": row["next_at"],
        "incident": row["incident_id"],
        "said_by_hand": row["word"],
        "reason_de": rule.reason_de if rule else "",
        "reason_en": rule.reason_en if rule else "",
        "action_de": rule.action_de if rule else "",
        "action_en": rule.action_en if rule else "",
        "who": rule.who if rule else "",
    }


def find_link(conn: sqlite3.Connection, text: str) -> sqlite3.Row:
    """The link of an address, as a source writes it or as it is checked.

    Raises:
        UsageError: no such link is known.
    """
    read = read_address(text)
    url = read.url if isinstance(read, Address) else text
    query = "SELECT l.* FROM link l LEFT JOIN link_text t ON t.link_id = l.id WHERE t.text = ? OR l.url = ? LIMIT 1"
    row: sqlite3.Row | None = conn.execute(query, (text, url)).fetchone()
    if row is None:
        hint = f" ({read.code})" if isinstance(read, Refusal) else ""
        raise UsageError(f"no link {text} is known{hint}; harvester links check {text} looks at it")
    return row


def explain_link(conn: sqlite3.Connection, text: str) -> dict[str, Any]:
    """Everything behind the state of a link: its rule, its last observations judged anew, the incident of its host."""
    row = find_link(conn, text)
    told = describe_link(row)
    stored = conn.execute("SELECT sibling FROM link_host WHERE host = ?", (row["host"],)).fetchone()
    sibling = unpack_page(stored[0]) if stored is not None and stored[0] else None
    around = Surroundings(read_signs(), read_host_rules(), sibling)
    query = "SELECT * FROM link_observation WHERE link_id = ? ORDER BY id DESC LIMIT ?"
    told["observations"] = [_observation(row["url"], seen, around) for seen in conn.execute(query, (row["id"], _SHOWN))]
    incidents = conn.execute("SELECT * FROM link_incident WHERE host = ? ORDER BY id DESC LIMIT 5", (row["host"],))
    told["incidents"] = [dict(incident) for incident in incidents]
    words = conn.execute("SELECT at, word, state, code, because FROM link_confirmation WHERE link_id = ?", (row["id"],))
    told["confirmations"] = [dict(word) for word in words]
    told["named_as"] = [r[0] for r in conn.execute("SELECT text FROM link_text WHERE link_id = ?", (row["id"],))]
    return told


def _observation(url: str, row: sqlite3.Row, around: Surroundings) -> dict[str, Any]:
    seen = unpack(url, row)
    now = classify(seen, around)
    return {
        "at": row["at"],
        "method": row["method"],
        "status": row["status"],
        "fault": row["fault"],
        "final_url": seen.final_url,
        "hops": [{"status": hop.status, "target": hop.target} for hop in seen.hops],
        "title": row["title"],
        "address": row["address"],
        "seconds": seen.elapsed,
        "facts": json.loads(row["more"]) if row["more"] else {},
        "judged": row["code"],
        "by_rules": row["rules"],
        "judged_now": now.code,
        "by_rules_now": VERSION,
        "score": now.score,
        "reasons": list(now.reasons),
        "decisive": bool(row["decisive"]),
    }
