"""Take the observations of a run into the states of its links: one transaction, at the end, and only if the run is valid."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harvester.links.incident import Incident, reduce_incident
from harvester.links.link_row import (
    READ,
    READ_BEFORE,
    UPDATE,
    UPDATE_PLAIN,
    Before,
    plain_success,
    state_of,
    values_of,
)
from harvester.links.outcome import Verdict
from harvester.links.rules import Weight, read_rules
from harvester.links.schedule import next_look
from harvester.links.state import Damping, reduce
from harvester.links.store import domain_of

_CHUNK = 2_000
_NOTHING_RARE: dict[str, Any] = {}
_FIRST_SUCCESS = ("unchecked", "ok")  # no news, and in a first run all there is


@dataclass(frozen=True, slots=True)
class Change:
    """A link whose state changed."""

    link_id: int
    url: str
    before: str
    after: str
    code: str


def fold_run(conn: sqlite3.Connection, run_id: str, at: datetime, damping: Damping) -> list[Change]:
    """Reduce the decisive observations of a run, then the incidents of its hosts. Call it inside a transaction."""
    changes = _fold_links(conn, run_id, damping)
    changes += _fold_hosts(conn, run_id, at, damping)
    return changes


def _fold_links(conn: sqlite3.Connection, run_id: str, damping: Damping) -> list[Change]:
    rules = read_rules()
    verdicts = {code: Verdict(rule.outcome, code) for code, rule in rules.items()}
    alive = {code for code, rule in rules.items() if rule.weight is Weight.ALIVE}
    changes: list[Change] = []
    last = (0, 0)
    query = (
        f"SELECT o.id, o.at, o.code, o.permanent_url, o.status, o.final_url, o.title, o.more, {READ_BEFORE}"
        " FROM link_observation o JOIN link l ON l.id = o.link_id"
        f" WHERE o.run_id = ? AND o.decisive AND (o.link_id, o.id) > (?, ?) ORDER BY o.link_id, o.id LIMIT {_CHUNK}"
    )
    reading = conn.cursor()
    reading.row_factory = None  # tuples are unpacked faster than rows
    while rows := reading.execute(query, (run_id, *last)).fetchall():
        last = (rows[-1][8], rows[-1][0])
        plain, others = [], []
        for row in rows:
            _, at, code, permanent, status, final_url, title, more = row[:8]
            before = Before._make(row[8:])
            rare = json.loads(more) if more else _NOTHING_RARE
            verdict = verdicts[code] if permanent is None else verdicts[code]._replace(permanent_url=permanent)
            when = datetime.fromisoformat(at)
            good = code in alive
            told = title if good and title else before.title
            etag = rare.get("etag") if good else None
            if (
                good
                and permanent is None
                and not before.permanent_url
                and before.word is None
                and "retry_after" not in rare
            ):
                after = "ok"
                facts = (status, final_url or "", told, etag or "", before.id)
                plain.append(plain_success(before, verdict, when, at) + facts)
            else:
                known = conn.execute(f"SELECT {READ} FROM link l WHERE l.id = ?", (before.id,)).fetchone()
                reduced = reduce(state_of(known), verdict, when, before.url, damping, rare.get("retry_after"))
                after = reduced.state
                others.append((*values_of(reduced, when, at), status, final_url, told, etag, before.id))
            if after != before.state and (before.state, after) != _FIRST_SUCCESS:
                changes.append(Change(before.id, before.url, before.state, after, code))
        conn.executemany(UPDATE_PLAIN, plain)
        conn.executemany(UPDATE, others)
    return changes


def _fold_hosts(conn: sqlite3.Connection, run_id: str, at: datetime, damping: Damping) -> list[Change]:
    changes: list[Change] = []
    broken = dict(conn.execute("SELECT host, broken_code FROM link_host WHERE broken_run = ?", (run_id,)).fetchall())
    opened = {row["host"]: row for row in conn.execute("SELECT * FROM link_incident WHERE closed_at IS NULL")}
    answered = {host for host in opened if _answered(conn, run_id, host)}
    for host in sorted(broken.keys() | answered):
        row = opened.get(host)
        code = broken.get(host)
        before = _incident(row) if row is not None else None
        after = reduce_incident(before, host, code, at, damping)
        if after is None:
            continue
        number = _keep(conn, row["id"] if row is not None else None, after)
        if code is not None:
            _rest(conn, run_id, host, at)
        if after.closed_at is not None:
            _reopen(conn, number, at)
        elif after.confirmed_at is not None:
            changes += _bury(conn, number, after, at)
    return changes


def _answered(conn: sqlite3.Connection, run_id: str, host: str) -> bool:
    query = (
        "SELECT 1 FROM link l JOIN link_observation o ON o.link_id = l.id WHERE l.domain = ? AND l.host = ?"
        " AND o.run_id = ? AND o.decisive AND o.status < 500 AND o.fault IS NULL LIMIT 1"
    )
    return conn.execute(query, (domain_of(host), host, run_id)).fetchone() is not None


def _incident(row: sqlite3.Row) -> Incident:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(row[name]) if row[name] else None

    opened, seen = datetime.fromisoformat(row["opened_at"]), datetime.fromisoformat(row["seen_at"])
    return Incident(
        row["host"], row["code"], opened, seen, row["failures"], moment("confirmed_at"), moment("closed_at")
    )


def _keep(conn: sqlite3.Connection, number: int | None, incident: Incident) -> int:
    def text(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment is not None else None

    values = (incident.host, incident.code, text(incident.opened_at), text(incident.seen_at), incident.failures)
    ends = (text(incident.confirmed_at), text(incident.closed_at))
    if number is None:
        insert = "INSERT INTO link_incident (host, code, opened_at, seen_at, failures, confirmed_at, closed_at) VALUES (?,?,?,?,?,?,?)"
        return conn.execute(insert, (*values, *ends)).lastrowid or 0
    update = (
        "UPDATE link_incident SET host = ?, code = ?, opened_at = ?, seen_at = ?, failures = ?, confirmed_at = ?, closed_at = ?"
        " WHERE id = ?"
    )
    conn.execute(update, (*values, *ends, number))
    return number


def _rest(conn: sqlite3.Connection, run_id: str, host: str, at: datetime) -> None:
    """Links that were due but not tested say so; their states stay."""
    verdict = Verdict(read_rules()["host-down-not-tested"].outcome, "host-down-not-tested")
    then = next_look("unchecked", verdict, 0, 0, at, host, None)
    conn.execute(
        "UPDATE link SET outcome = ?, code = ?, next_at = ? WHERE domain = ? AND host = ? AND removed_at IS NULL"
        " AND (next_at IS NULL OR next_at <= ?) AND word IS NULL AND id NOT IN"
        " (SELECT link_id FROM link_observation WHERE run_id = ? AND decisive)",
        (verdict.outcome, verdict.code, then.isoformat(), domain_of(host), host, at.isoformat(), run_id),
    )


def _bury(conn: sqlite3.Connection, number: int, incident: Incident, at: datetime) -> list[Change]:
    """A host that is down for good takes its links with it, all as one incident."""
    place = (domain_of(incident.host), incident.host)
    which = "domain = ? AND host = ? AND state <> 'dead' AND word IS NULL AND removed_at IS NULL"
    rows = conn.execute(f"SELECT id, url, state FROM link WHERE {which}", place).fetchall()
    outcome = read_rules()[incident.code].outcome
    conn.execute(
        f"UPDATE link SET state = 'dead', outcome = ?, code = ?, since = ?, incident_id = ? WHERE {which}",
        (outcome, incident.code, at.isoformat(), number, *place),
    )
    return [Change(row["id"], row["url"], row["state"], "dead", incident.code) for row in rows]


def _reopen(conn: sqlite3.Connection, number: int, at: datetime) -> None:
    """The host is back: its links are looked at again at once, each for itself."""
    conn.execute(
        "UPDATE link SET state = 'suspect', since = ?, next_at = ?, incident_id = NULL WHERE incident_id = ? AND state = 'dead'",
        (at.isoformat(), at.isoformat(), number),
    )
