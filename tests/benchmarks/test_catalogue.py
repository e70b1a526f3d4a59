"""The catalogue benchmark: a small country gives figures that fit together."""

import json
import sqlite3
from contextlib import closing

import pytest

from benchmarks.__main__ import main
from benchmarks.catalogue import run_catalogue
from benchmarks.federal import make_state, read_country


def test_a_country_has_as_many_municipalities_as_are_wanted():
    assert len(read_country(3).towns) == 3
    assert len(read_country(10_000).towns) == len(set(read_country(10_000).towns)) == 10_000
    assert len(read_country(10**6).towns) > 11_000
    assert len(read_country(1).laender) == 16


def test_the_state_has_all_services_each_in_its_region_and_the_same_for_the_same_seed(tmp_path):
    for name in ("one", "two"):
        assert make_state(tmp_path / name, 400, 7, seed=1) == 400
    rows = []
    for name in ("one", "two"):
        with closing(sqlite3.connect(tmp_path / name / "state.db")) as db:
            rows.append(
                db.execute("SELECT remote_id, hash, scope FROM record WHERE kind = 'service' ORDER BY 1").fetchall()
            )
    assert rows[0] == rows[1]
    assert len({scope for *_, scope in rows[0]}) == 7 + 16 + 1


@pytest.mark.slow
def test_figures_fit_together(tmp_path):
    figures = run_catalogue(tmp_path, 600, 6, seed=1, small=300)
    assert (figures.services, figures.small_services) == (600, 300)
    assert 0 < figures.region_page_p50_ms <= figures.region_page_p95_ms
    assert 0 < figures.search_p50_ms <= figures.search_p95_ms
    assert figures.bytes_per_service > 1000
    assert figures.growth_exponent is not None
    assert figures.peak_rss_mb > 10


@pytest.mark.slow
def test_the_command_prints_json(tmp_path, capsys):
    assert main(["catalogue", "--services", "300", "--regions", "3", "--json", "--keep", str(tmp_path / "kept")]) == 0
    told = json.loads(capsys.readouterr().out)
    wanted = {
        "build_seconds",
        "peak_rss_mb",
        "bytes_per_service",
        "region_page_p95_ms",
        "search_p95_ms",
        "growth_exponent",
    }
    assert wanted <= told.keys()
    assert told["growth_exponent"] is None  # there is nothing smaller to compare with
