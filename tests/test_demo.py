"""The first of the README's two commands, as it runs for everybody."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from harvester.demo import DAY_ONE, lay_out, run_demo, serve_federation
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
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("harvester-demo-")]
