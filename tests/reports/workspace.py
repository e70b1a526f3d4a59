"""Workspaces for reports: a state and a catalogue with exactly what a test says, without a harvest."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from harvester.links.store import add_links
from harvester.registry import read_registry
from harvester.reports.make import make_report
from harvester.reports.period import today
from harvester.reports.report import Report
from harvester.run.harvest import begin
from harvester.state import open_state
from harvester.workspace import Workspace

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Desk:
    """A workspace under construction."""

    root: Path
    services: int = field(default=0)

    def __post_init__(self) -> None:
        (self.root / "sources").mkdir(parents=True)
        with closing(sqlite3.connect(self.workspace.catalogue_file)) as db:
            for name in ("schema.sql", "indexes.sql"):
                db.executescript(files("harvester.catalogue").joinpath(name).read_text("utf-8"))
        open_state(self.workspace.state_file).close()

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def source(self, name: str, title: str = "", contact: str = "amt@stadt.example", **more: object) -> None:
        about = {
            "id": name,
            "title": title or f"Stadt {name}",
            "level": "kommune",
            "region": "055130000000",
            "interface": "dldb",
            "endpoint": f"https://{name}.example/leistungen.json",
            "publisher": {"name": f"Stadt {name}", "contact": contact},
            **more,
        }
        (self.root / "sources" / f"{name}.yml").write_text(json.dumps(about), "utf-8")
        with closing(sqlite3.connect(self.workspace.catalogue_file)) as db, db:
            db.execute(
                "INSERT INTO source (id, title, level, region, interface, records) VALUES (?, ?, 'kommune', '055130000000', 'dldb', 0)",
                (name, about["title"]),
            )

    def run(self, name: str, verdict: str, ago: timedelta, *, live: int | None = 100, reason: str = "") -> str:
        with closing(open_state(self.workspace.state_file)) as state:
            source = read_registry(self.root / "sources").sources[name]
            run_id = begin(state, source, NOW - ago)
            state.conn.execute(
                "UPDATE run SET verdict = ?, reason = ?, ended_at = ?, live = ?, fetched = ?, requests = 7, bytes = 12345 WHERE id = ?",
                (verdict, reason, (NOW - ago + timedelta(minutes=2)).isoformat(), live, live or 0, run_id),
            )
            state.conn.execute("UPDATE source SET verdict = ?, reason = ? WHERE id = ?", (verdict, reason, name))
        return run_id

    def service(self, source: str, title: str, *, situation: str = "pvlagen:1", sid: str = "") -> str:
        self.services += 1
        sid = sid or f"s{self.services}"
        with closing(sqlite3.connect(self.workspace.catalogue_file)) as db, db:
            db.execute(
                "INSERT INTO service VALUES (?,?,NULL,?,NULL,NULL,'kommune','citizen','live',?,NULL,'de',NULL,?,?,?,'x',NULL)",
                (sid, sid, title, source, NOW.isoformat(), NOW.isoformat(), NOW.isoformat()),
            )
            if situation:
                db.execute("INSERT OR IGNORE INTO taxonomy VALUES ('pvlagen', 'x', 'y', '')")
                db.execute("INSERT OR IGNORE INTO situation VALUES (?, 'pvlagen', '1', 'Umzug', NULL, 0)", (situation,))
                db.execute("INSERT INTO service_situation VALUES (?, ?, 'source', 1, 'r', 1)", (sid, situation))
        return sid

    def office(self, sid: str, name: str, email: str = "", ars: str = "055130000000") -> None:
        """Let an organisation be responsible for a service in a region."""
        with closing(sqlite3.connect(self.workspace.catalogue_file)) as db, db:
            db.execute(
                "INSERT OR IGNORE INTO organisation (id, name, level, email) VALUES (?, ?, 'kommune', ?)",
                (name, name, email),
            )
            db.execute("INSERT INTO competence VALUES (?, ?, ?, 'responsible')", (sid, name, ars))

    def link(self, sid: str, url: str, state: str = "ok", *, code: str = "ok", **columns: object) -> None:
        with closing(open_state(self.workspace.state_file)) as db:
            add_links(db.conn, [url], NOW - timedelta(days=9))
            (number,) = db.conn.execute("SELECT link_id FROM link_text WHERE text = ?", (url,)).fetchone()
            db.conn.execute("UPDATE link SET state = ?, code = ? WHERE id = ?", (state, code, number))
        row = {
            "since": (NOW - timedelta(days=3)).isoformat(),
            "outcome": "gone" if state == "dead" else "ok",
            **columns,
        }
        with closing(sqlite3.connect(self.workspace.catalogue_file)) as db, db:
            host = url.split("/")[2] if "//" in url else ""
            db.execute(
                "INSERT OR IGNORE INTO link (id, url, host, state, outcome, since, suggestion) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (url, url, host, state, row["outcome"], row["since"], row.get("suggestion")),
            )
            position = db.execute("SELECT count(*) FROM service_link WHERE service_id = ?", (sid,)).fetchone()[0]
            db.execute(
                "INSERT INTO service_link (service_id, link_id, role, label, language, position) VALUES (?, ?, 'apply', '', 'de', ?)",
                (sid, url, position),
            )

    def event(
        self, kind: str, entity_id: str, *, entity: str = "service", name: str = "", old: str = "", new: str = ""
    ) -> None:
        with closing(sqlite3.connect(self.workspace.catalogue_file)) as db, db:
            db.execute(
                "INSERT INTO event (at, run_id, entity, entity_id, kind, field, old, new) VALUES (?, '', ?, ?, ?, ?, ?, ?)",
                ((NOW - timedelta(hours=1)).isoformat(), entity, entity_id, kind, name, old or None, new or None),
            )

    def report(self, language: str = "de") -> Report:
        with closing(open_state(self.workspace.state_file)) as state:
            registry = read_registry(self.workspace.sources)
            return make_report(self.workspace, state, registry, today(NOW), NOW, language)
