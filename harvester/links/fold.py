"""Take the observations of a run into the states of its links: one transaction, at the end, and only if the run is valid."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from harvester.links.incident import Incident, reduce_incident
from harvester.links.link_row import READ, UPDATE, state_of, values_of
from harvester.links.outcome import Verdict
from harvester.links.rules import Weight, read_rules
from harvester.links.schedule import next_look
from harvester.links.state import Damping, State, reduce
from harvester.links.store import domain_of

_CHUNK = 2_000
_FIRST_SUCCESS = (State.UNCHECKED, State.OK)  # no news, and in a first run all there is


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
    plain = {code: Verdict(rule.outcome, code) for code, rule in rules.items()}
    changes: list[Change] = []
    last = (0, 0)
    query = (
        f"SELECT o.id AS o_id, o.at, o.code AS o_code, o.permanent_url AS o_permanent, o.status AS o_status, o.final_url AS"
        f" o_final, o.title AS o_title, o.more, {READ} FROM link_observation o JOIN link l ON l.id = o.link_id"
        f" WHERE o.run_id = ? AND o.decisive AND (o.link_id, o.id) > (?, ?) ORDER BY o.link_id, o.id LIMIT {_CHUNK}"
    )
    while rows := conn.execute(query, (run_id, *last)).fetchall():
        last = (rows[-1]["id"], rows[-1]["o_id"])
        updates = []
        for row in rows:
            code = row["o_code"]
            rare = json.loads(row["more"]) if row["more"] else {}
            verdict = (
                plain[code] if row["o_permanent"] is None else Verdict(rules[code].outcome, code, row["o_permanent"])
            )
            when = datetime.fromisoformat(row["at"])
            before = state_of(row)
            after = reduce(before, verdict, when, row["url"], damping, rare.get("retry_after"))
            if after.state is not before.state and (before.state, after.state) != _FIRST_SUCCESS:
                changes.append(Change(row["id"], row["url"], before.state, after.state, code))
            good = rules[code].weight is Weight.ALIVE
            facts = (
                row["o_status"],
                row["o_final"],
                row["o_title"] if good and row["o_title"] else row["title"],
                rare.get("etag") if good else None,
            )
            updates.append((*values_of(after, when, row["at"]), *facts, row["id"]))
        conn.executemany(UPDATE, updates)
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
