"""Findings about links: each host in trouble once, and each dead link, as rows of the catalogue. German first."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from harvester.catalogue.findings import finding_row
from harvester.links.rules import read_rules
from harvester.links.store import domain_of

_MOST = 5_000

_INCIDENTS = "SELECT host, code, opened_at, confirmed_at FROM link_incident WHERE closed_at IS NULL ORDER BY host"
_OF_HOST = "SELECT count(*) FROM link WHERE domain = ? AND host = ? AND removed_at IS NULL"
_DEAD = """
    SELECT t.text, l.code, l.since FROM link l JOIN link_text t ON t.link_id = l.id
    WHERE l.state = 'dead' AND l.incident_id IS NULL AND l.removed_at IS NULL ORDER BY l.host, l.url LIMIT ?
"""


def link_finding_rows(state: Database) -> Iterator[tuple[str, ...]]:
    """Rows of ``finding``. Links that are dead because their host is stand behind the host's one finding."""
    rules = read_rules()
    for host, code, opened, confirmed in state.conn.execute(_INCIDENTS).fetchall():
        rule = rules[code]
        (links,) = state.conn.execute(_OF_HOST, (domain_of(host), host)).fetchone()
        message = f"{rule.reason_de} Betroffen: {links} Links auf {host}. / {rule.reason_en} Concerned: {links} links on {host}."
        severity = "error" if confirmed else "warning"
        yield finding_row(severity, "link.host", "host", host, message, f"{rule.action_de} / {rule.action_en}", opened)
    for text, code, since in state.conn.execute(_DEAD, (_MOST,)):
        rule = rules[code]
        message = f"Toter Link: {rule.reason_de} / Dead link: {rule.reason_en}"
        yield finding_row(
            "error", "link.dead", "link", text, message, f"{rule.action_de} / {rule.action_en}", since or ""
        )
