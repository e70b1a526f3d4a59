"""CSV: one file per table at fixed names, UTF-8, RFC 4180, one heading line."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

_IN_SCOPE = "FROM temp.scope p JOIN {table} c ON c.{column} = p.service_id ORDER BY p.n"

FILES = {
    "services.csv": (
        "SELECT c.id, c.slug, c.leika_key, c.title, c.official_title, c.summary, c.level, c.audience, c.status, c.source_id,"
        " c.organisation_id, c.language, c.source_modified_at, c.first_seen_at, c.last_seen_at, c.changed_at "
        + _IN_SCOPE.format(table="service", column="id")
    ),
    "service_keys.csv": (
        "SELECT c.service_id, c.leika_key, c.origin, c.confidence "
        + _IN_SCOPE.format(table="service_key", column="service_id")
        + ", c.leika_key"
    ),
    "service_sources.csv": (
        "SELECT c.service_id, c.source_id, c.remote_id, c.url, c.reason, c.evidence "
        + _IN_SCOPE.format(table="service_source", column="service_id")
        + ", c.source_id, c.remote_id"
    ),
    "service_regions.csv": (
        "SELECT c.service_id, c.ars, c.precision "
        + _IN_SCOPE.format(table="service_region", column="service_id")
        + ", c.ars"
    ),
    "service_texts.csv": (
        "SELECT c.service_id, c.language, c.module, c.text, c.html, c.origin_id "
        + _IN_SCOPE.format(table="service_text", column="service_id")
        + ", c.language, c.module"
    ),
    "service_situations.csv": (
        "SELECT c.service_id, c.situation_id, c.origin, c.confidence, c.rule, c.rank "
        + _IN_SCOPE.format(table="service_situation", column="service_id")
        + ", c.rank, c.situation_id"
    ),
    "competences.csv": (
        "SELECT c.service_id, c.organisation_id, c.ars, c.role "
        + _IN_SCOPE.format(table="competence", column="service_id")
        + ", 2, 3, 4"
    ),
    "links.csv": (
        "SELECT c.service_id, c.position, c.role, c.label, c.language, c.online_service_id, l.url, l.state, l.outcome,"
        " l.http_status, l.final_url, l.since, l.last_checked_at, l.last_ok_at, l.suggestion, l.code,"
        " c.substitute, c.substitute_reason, c.ars"
        " FROM temp.scope p JOIN service_link c ON c.service_id = p.service_id JOIN link l ON l.id = c.link_id"
        " ORDER BY p.n, c.position"
    ),
    "organisations.csv": (
        "SELECT id, name, level, region, homepage, phone, email, address FROM organisation WHERE id IN ("
        "SELECT c.organisation_id FROM temp.scope p JOIN competence c ON c.service_id = p.service_id"
        " UNION SELECT s.organisation_id FROM temp.scope p JOIN service s ON s.id = p.service_id) ORDER BY id"
    ),
    "online_services.csv": (
        "SELECT id, title, organisation_id, trust_level, identification, payment, languages FROM online_service WHERE id IN ("
        "SELECT c.online_service_id FROM temp.scope p JOIN service_link c ON c.service_id = p.service_id) ORDER BY id"
    ),
    "situations.csv": (
        "SELECT id, taxonomy_id, code, name, parent_id, position FROM situation ORDER BY taxonomy_id, position, id"
    ),
    "regions.csv": "SELECT ars, name, kind, parent_ars FROM region ORDER BY ars",
    "sources.csv": (
        "SELECT id, title, level, region, interface, verdict, last_run_at, last_complete_at, records, licence, attribution,"
        " contact FROM source ORDER BY id"
    ),
}
"""File names with the query of their rows; names and columns are a contract, new columns come last."""


def write_csv(db: sqlite3.Connection, directory: Path) -> None:
    """Write all files. An empty field is one the catalogue has no value for."""
    for name, query in FILES.items():
        with (directory / name).open("w", encoding="utf-8", newline="") as file:
            rows = db.execute(query)
            writer = csv.writer(file)
            writer.writerow([column[0] for column in rows.description])
            writer.writerows(tuple(row) for row in rows)
