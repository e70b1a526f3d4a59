"""What an editor wants to know of a service beside what citizens see: why it is so, what is wrong, and the command that mends it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from harvester.portal.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows of the catalogue about one service; ``findings`` are those of the service, its records and its links."""

    statements: tuple[sqlite3.Row, ...]
    keys: tuple[sqlite3.Row, ...]
    match: sqlite3.Row | None
    situations: tuple[sqlite3.Row, ...]
    links: tuple[sqlite3.Row, ...]
    findings: tuple[sqlite3.Row, ...]
    conflicts: tuple[sqlite3.Row, ...]
    events: tuple[sqlite3.Row, ...]
    record: str


_ASKED = {
    "statements": "SELECT source_id, remote_id, url, reason, evidence FROM service_source WHERE service_id = ? ORDER BY 1, 2",
    "keys": "SELECT leika_key, origin, confidence FROM service_key WHERE service_id = ? ORDER BY 1",
    "situations": (
        "SELECT s.id, s.name, g.origin, g.confidence, g.rule, g.rank FROM service_situation g JOIN situation s ON s.id = g.situation_id"
        " WHERE g.service_id = ? ORDER BY g.rank, s.id"
    ),
    "links": (
        "SELECT v.stated_url, v.role, v.label, v.state, v.outcome, v.code, v.since, v.last_checked_at, v.last_ok_at, v.substitute,"
        " v.substitute_reason, v.suggestion, v.replaces, v.replaced_because, l.http_status, l.final_url, l.failures"
        " FROM v_service_link v JOIN link l ON l.id = v.link_id WHERE v.service_id = ? ORDER BY v.position"
    ),
    "conflicts": "SELECT field, source_id, value FROM conflict WHERE service_id = ? ORDER BY 1, 2",
    "events": "SELECT seq, at, kind, field FROM event WHERE entity = 'service' AND entity_id = ? ORDER BY seq DESC LIMIT 10",
}
_FINDINGS = """
    SELECT severity, rule, entity, message, hint, first_seen_at FROM finding
    WHERE entity = 'service' AND entity_id = :id
       OR entity = 'link' AND entity_id IN (
            SELECT k.link_id FROM service_link k WHERE k.service_id = :id
            UNION ALL SELECT l.url FROM service_link k JOIN link l ON l.id = k.link_id WHERE k.service_id = :id)
       OR entity = 'record' AND entity_id IN (
            SELECT source_id || ':' || remote_id FROM service_source WHERE service_id = :id)
    ORDER BY severity, rule
"""


def read_evidence(db: sqlite3.Connection, sheet: Sheet) -> Evidence:
    """Everything the catalogue knows of how a service came to be."""
    found = {name: tuple(db.execute(query, (sheet.id,)).fetchall()) for name, query in _ASKED.items()}
    first = found["statements"][0] if found["statements"] else None
    return Evidence(
        statements=found["statements"],
        keys=found["keys"],
        match=db.execute("SELECT * FROM key_match WHERE service_id = ?", (sheet.id,)).fetchone(),
        situations=found["situations"],
        links=found["links"],
        findings=tuple(db.execute(_FINDINGS, {"id": sheet.id}).fetchall()),
        conflicts=found["conflicts"],
        events=found["events"],
        record=f"{first['source_id']}:{first['remote_id']}" if first else sheet.id,
    )


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the whole catalogue: sources, and how much needs an editor."""

    sources: tuple[sqlite3.Row, ...]
    findings: int
    dead: int
    unsorted: int
    without_link: int


_HEALTH = {
    "findings": "SELECT count(*) FROM finding",
    "dead": "SELECT count(*) FROM link WHERE state = 'dead'",
    "unsorted": "SELECT count(*) FROM v_unsorted",
    "without_link": "SELECT count(*) FROM v_without_link",
}


def read_health(db: sqlite3.Connection) -> Health:
    """Count what needs an editor. With a country's catalogue that takes seconds, so remember the answer."""
    counts = {name: int(db.execute(query).fetchone()[0]) for name, query in _HEALTH.items()}
    rows = db.execute(
        "SELECT id, title, verdict, reason, last_complete_at FROM source ORDER BY verdict = 'complete', id LIMIT 200"
    )
    return Health(tuple(rows.fetchall()), **counts)
