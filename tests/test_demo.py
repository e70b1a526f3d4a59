"""The first of the README's two commands, as it runs for everybody."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import yaml
from fastapi.testclient import TestClient
from rich.console import Console

from harvester.demo import DAY_ONE, lay_out, run_demo, serve_federation
from harvester.portal.app import make_app
from harvester.portal.settings import Settings
from harvester.registry import read_registry
from harvester.run.run import run_sources, utc_now
from harvester.view.place import pick_place
from harvester.view.region import view_regions
from harvester.view.tiles import count_tiles
from tests.search.table import share_found

_SAMPLE = Path(__file__).parent.parent / "examples/emscher-lippe"
_EXPECTED = yaml.safe_load((_SAMPLE / "expected.yml").read_text(encoding="utf-8"))
_TILES = yaml.safe_load((_SAMPLE / "tiles.yml").read_text(encoding="utf-8"))
_LINKS = yaml.safe_load((_SAMPLE / "expected_links.yml").read_text(encoding="utf-8"))


def links_of(catalogue):
    """Addresses by state and outcome, and the dead ones with a substitute."""
    with closing(sqlite3.connect(catalogue)) as db:
        states = dict.fromkeys(("ok", "suspect", "dead", "unchecked"), 0)
        states |= dict(db.execute("SELECT state, count(*) FROM link GROUP BY 1"))
        outcomes = dict(db.execute("SELECT outcome, count(*) FROM link GROUP BY 1"))
        (substitutes,) = db.execute("SELECT count(*) FROM v_dead_links WHERE substitute IS NOT NULL").fetchone()
    return {"state": states, "outcome": outcomes, "substitutes": substitutes}


@pytest.mark.slow
def test_both_days_of_the_sample_federation_give_what_was_counted_by_hand(tmp_path):
    with serve_federation() as federation:
        workspace = lay_out(tmp_path, federation.port)
        for day, clock in ((1, DAY_ONE), (2, utc_now)):
            federation.set_day(day)
            registry = read_registry(workspace.sources)
            report = run_sources(workspace, registry, registry.pick(), clock=clock)
            assert links_of(workspace.catalogue_file) == _LINKS[day]
            for outcome in report.outcomes:
                expected = _EXPECTED[outcome.source_id][day]
                changes = outcome.changes
                found = (str(outcome.verdict), outcome.fetched, changes.created, changes.changed, changes.removed)
                wanted = tuple(expected[name] for name in ("verdict", "fetched", "created", "changed", "removed"))
                assert found == wanted, outcome
    with closing(sqlite3.connect(workspace.catalogue_file)) as db:
        kinds = dict(
            db.execute("SELECT kind, count(*) FROM event WHERE at > (SELECT min(at) FROM event) GROUP BY kind")
        )
        assert kinds == {"created": 3, "changed": 3, "removed": 2, "link_broken": 6}
        assert db.execute("SELECT count(*) FROM service").fetchone()[0] >= 120
        levels = {row[0] for row in db.execute("SELECT DISTINCT level FROM service")}
        assert levels == {"bund", "land", "kreis", "kommune"}
        tiles = count_tiles(db, "gelsenkirchen", "055130000000")
        assert {tile: services for tile, (_, services) in tiles.items()} == _TILES
        assert share_found(db, "demo") >= 0.95
        db.row_factory = sqlite3.Row
        place = pick_place(db, "055130000000")
        offices = {s.title: s.regions[0].office for s in view_regions(db, [place]).services}
        told = offices["Gewerbe in Gelsenkirchen anmelden"]
        assert (told.name, told.role, told.precision) == ("Referat Sicherheit und Ordnung", "responsible", "exact")

        for question in ("Ich ziehe um", "Hund anmelden", "Führerschein"):
            answers = answers_of(workspace, question)
            working = [level for level, links in answers if links]
            assert {"kommune", "land", "bund"} <= set(working), (question, answers)


def answers_of(workspace, question):
    """Level and working links of each service that the portal's search shows on its first page."""
    with TestClient(make_app(Settings(workspace.catalogue_file, "gelsenkirchen", workspace.root))) as portal:
        page = portal.get("/de/055130000000/suche", params={"q": question}).text
    slugs = re.findall(r'<h3><a href="/de/055130000000/leistung/([^"]+)">', page)
    with closing(sqlite3.connect(workspace.catalogue_file)) as db:
        return [
            (
                db.execute("SELECT level FROM service WHERE slug = ?", (slug,)).fetchone()[0],
                db.execute(
                    "SELECT l.url FROM v_service_link l JOIN service s ON s.id = l.service_id"
                    " WHERE s.slug = ? AND l.state = 'ok' AND l.role IN ('apply', 'form', 'information')",
                    (slug,),
                ).fetchall(),
            )
            for slug in slugs
        ]


@pytest.mark.slow
def test_the_demos_portal_leads_to_the_samples_servers_until_it_is_stopped(tmp_path):
    command = [sys.executable, "-m", "harvester", "demo", "--serve", "--port", "0"]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as demo:
        try:
            told = next((line for line in demo.stdout if line.startswith("The portal: ")), "")
            address = told.split()[2]
            page = httpx.get(f"{address}de/055130000000/suche?q=Hund+anmelden", trust_env=False).text
            slug = re.search(r'<h3><a href="/(de/055130000000/leistung/[^"]+)">Hundesteuer', page)[1]
            service = httpx.get(f"{address}{slug}", trust_env=False).text
            button = re.search(r'<a class="button" href="([^"]+)"', service)[1]
            assert "Hier beginnt der Online-Antrag" in httpx.get(button, trust_env=False).text
        finally:
            demo.terminate()
            errors = demo.stderr.read()
    assert demo.returncode == 0, errors
    assert list(tmp_path.glob("harvester-demo-*")) == []


@pytest.mark.slow
def test_the_demo_ends_with_its_tables_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    console = Console(record=True, width=130, file=(tmp_path / "out.txt").open("w", encoding="utf-8"))
    assert run_demo(console, keep=False) == 0
    told = console.export_text()
    for word in (
        "What changed since day 1",
        "Führungszeugnis beantragen",
        "gladbeck-dldb",
        "failed",
        "addresses",
        "link_broken",
        "moved",
        "to citizens",
        "Familie & Kind",
    ):
        assert word in told
    assert told.rstrip().endswith("harvester demo --serve")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("harvester-demo-")]
