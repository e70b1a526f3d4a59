"""Two days of a small nation, from nothing to a published catalogue, and what the benchmark makes of them."""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.nation.compare import compare
from benchmarks.nation.nation import Nation
from benchmarks.nation.proof import differences
from benchmarks.nation.run import Day, Harvested, Phase, run_nation
from benchmarks.nation.truth import truth_of
from benchmarks.nation.watch import watch

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the nation needs all of 127.0.0.0/8, and /proc")


def harvested(scale, services, cpu, peak):
    days = []
    for _ in (1, 2):
        day = Day(services, services, 0, 0, 0, 0)
        day.phases, day.peaks = {"harvest": Phase(cpu / 2, cpu)}, {"worker1": peak}
        days.append(day)
    return Harvested(scale, round(11_000 * scale), 20, 1.0, 1.0, days)


def test_the_line_through_two_sizes_is_read_at_scale_one():
    found = compare(
        [harvested(0.01, 10_000, 28.0, 90.0), harvested(0.01, 10_000, 32.0, 110.0)],
        harvested(0.1, 100_000, 210.0, 110.0),
    )
    assert found["day1_harvest_fixed_cpu_seconds"] == 10.0
    assert found["day1_harvest_ms_per_further_service"] == 2.0
    assert found["day1_harvest_cpu_hours_at_scale_1"] == round(2010 / 3600, 2)
    assert found["day1_services_at_scale_1"] == 1_000_000
    assert found["day1_cost_per_service_ratio"] == 0.7
    assert found["day1_worker1_peak_rss_ratio"] == 1.1
    assert found["day1_harvest_exponent"] < 1


@LINUX
def test_a_family_is_watched_to_its_last_child(tmp_path):
    child = "x = bytearray(60_000_000); s = sum(range(9_000_000)); import time; time.sleep(.4)"
    script = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {child!r}]).returncode + 3)"
    found = watch([sys.executable, "-c", script], cwd=tmp_path, output=tmp_path / "out", log=tmp_path / "log")
    assert found.exit_code == 3
    assert len(found.processes) == 2
    assert found.processes[1].peak_rss_mb > 60 > found.main.peak_rss_mb
    assert found.cpu_seconds >= found.processes[1].cpu[-1][1] > 0


@LINUX
@pytest.mark.slow
def test_two_days_are_found_exactly_as_the_nation_made_them(tmp_path):
    found = run_nation(tmp_path, 3, 0.002, haste=0)
    first, second = found.days
    nation_services = (first.services, second.services)
    assert nation_services == tuple(published(tmp_path / "workspace", -1 - n) for n in (1, 0))
    assert first.created == first.services
    assert (first.changed, first.removed) == (0, 0)
    assert second.changed > 0
    assert second.unchanged_documents > second.requests * 0.8
    assert first.links_checked > 2_000
    assert second.links_checked > first.links_broken > 0  # a day later those in doubt are looked at again
    assert (first.links_misjudged, second.links_misjudged) == (0, 0)
    assert {*first.phases} == {"harvest", "build", "links"}
    assert {"main", "worker1", "links"} <= first.peaks.keys()
    # a truth that is another one is noticed, by the source and by the catalogue
    told = json.loads((tmp_path / "day2-run.json").read_text(encoding="utf-8"))
    other = truth_of(Nation(3, 0.002), 2)
    other.changed.pop()
    other.sources["land-05-redaktion"].seen += 1
    wrong = differences(tmp_path / "workspace", told, other)
    assert any(line.startswith("land-05-redaktion: ") for line in wrong)
    assert any(line.startswith("changed: ") for line in wrong)


def published(workspace: Path, place: int) -> int:
    """Services of the last build (-1), or of the one before (-2) as the events tell them."""
    with closing(sqlite3.connect(workspace / "catalogue.db")) as db:
        (now,) = db.execute("SELECT count(*) FROM service").fetchone()
        kinds = dict(
            db.execute(
                "SELECT kind, count(*) FROM event WHERE entity = 'service' AND at > (SELECT min(at) FROM event)"
                " AND kind IN ('created', 'removed') GROUP BY kind"
            )
        )
    return now if place == -1 else now - kinds.get("created", 0) + kinds.get("removed", 0)


def test_a_scale_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["nation", "--scale", "1.5"])
    assert "at most 1" in capsys.readouterr().err
