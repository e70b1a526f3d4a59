"""A report of all of Germany stays readable: the page has an end, the JSON beside it has everything."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from harvester.reports.store import write_report
from harvester.state import open_state
from tests.reports.workspace import NOW, Desk

SERVICES, DEAD, PUBLISHERS = 100_000, 20_000, 200
TITLE = "Leistung mit einem Namen, wie Verwaltungen sie lieben, Nummer "


def fill(desk):
    """Everything at once: as many new services as there are, a fifth of them with a dead link, and as many texts changed."""
    for n in range(PUBLISHERS):
        desk.source(f"stadt-{n}")
    old, at = (NOW - timedelta(days=3)).isoformat(), (NOW - timedelta(hours=1)).isoformat()
    with closing(sqlite3.connect(desk.workspace.catalogue_file)) as db, db:
        db.executemany(
            "INSERT INTO service VALUES (?,?,NULL,?,NULL,NULL,'kommune','citizen','live',?,NULL,'de',NULL,?,?,?,'x',NULL)",
            ((f"s{n}", f"s{n}", f"{TITLE}{n}", f"stadt-{n % PUBLISHERS}", at, at, at) for n in range(SERVICES)),
        )
        db.executemany(
            "INSERT INTO link (id, url, host, state, outcome, since) VALUES (?, ?, ?, 'dead', 'gone', ?)",
            (
                (f"l{n}", f"https://stadt-{n % 997}.example/weg/{n}.html", f"stadt-{n % 997}.example", old)
                for n in range(DEAD)
            ),
        )
        db.executemany(
            "INSERT INTO service_link (service_id, link_id, role, label, language, position) VALUES (?, ?, 'apply', '', 'de', 0)",
            ((f"s{n}", f"l{n}") for n in range(DEAD)),
        )
        db.executemany(
            "INSERT INTO service_region VALUES (?, ?, 'exact')",
            ((f"s{n}", f"{n % 11_000:012d}") for n in range(SERVICES)),
        )
        db.executemany(
            "INSERT INTO event (at, run_id, entity, entity_id, kind, field, old, new) VALUES (?, '', 'service', ?, ?, ?, ?, ?)",
            (
                (at, f"s{n}", *(("created", "", None, TITLE) if n % 10 else ("changed", "texts/fees/de", "28 Euro " * 50, "37 Euro " * 50)))
                for n in range(SERVICES)
            ),
        )  # fmt: skip
        db.execute("ANALYZE")
    with closing(open_state(desk.workspace.state_file)) as state, state.atomic():
        rows = (
            (n, f"https://stadt-{n % 997}.example/weg/{n}.html", f"stadt-{n % 997}.example", old) for n in range(DEAD)
        )
        state.conn.executemany(
            "INSERT INTO link (id, url, host, domain, state, code, added_at) VALUES (?1, ?2, ?3, ?3, 'dead', 'http-404', ?4)",
            rows,
        )
        state.conn.execute("INSERT INTO link_text SELECT url, id FROM link")
    with closing(open_state(desk.workspace.state_file)) as state, state.atomic():
        state.conn.executemany(
            "INSERT INTO run (id, source_id, started_at, ended_at, verdict, live) VALUES (?1, ?1, ?2, ?2, 'complete', 500)",
            ((f"stadt-{n}", old) for n in range(PUBLISHERS)),
        )


@pytest.mark.slow
def test_a_report_of_100_000_services_and_20_000_dead_links(tmp_path):
    desk = Desk(tmp_path / "workspace")
    fill(desk)
    report = desk.report()
    page = write_report(report, tmp_path / "reports")
    assert page.stat().st_size < 3_000_000
    assert page.with_suffix(".md").stat().st_size < 100_000
    document = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert len(document["changes"]) == 10_000
    assert document["changes_beyond"] == SERVICES - 10_000
    assert "90.000 Änderungen nennt: harvester diff --since" in page.read_text("utf-8")
    assert sum(len(need["links"]) for need in document["needs"]) == DEAD
    assert "weitere, siehe 2026-11-23.json" in page.read_text("utf-8")
