"""A nation harvested on a cluster is the nation harvested on one machine, whoever dies meanwhile."""

from contextlib import closing
from datetime import UTC, datetime

import boto3
import pytest

from benchmarks.nation.crew import Crew
from benchmarks.nation.registry import lay_out
from benchmarks.nation.serving import serving
from harvester.errors import Exit
from harvester.exports.export import Export, run_export
from harvester.registry import read_registry
from harvester.run.execute import MachineError
from harvester.run.progress import Nobody
from harvester.run.run import run_sources
from harvester.state import open_state
from harvester.state.lease import all_leases
from harvester.workspace import Workspace
from tests.one_address import INTERVAL, gaps_between_requests

SEED, SCALE = 7, 0.005
DAYS = [datetime(2026, 11, 23, 6, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)]
pytestmark = pytest.mark.slow


class Watcher(Nobody):
    """Does something after so many results."""

    def __init__(self, **after):
        self.results = []
        self.after = {int(name.removeprefix("n")): deed for name, deed in after.items()}

    def result(self, result):
        self.results.append(result)
        if deed := self.after.get(len(self.results)):
            deed()


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    """A nation's size, settings of a place where workers and writer hand each other files, and a look at what lies in it."""
    if request.param == "folder":
        depot = tmp_path / "depot"
        return (
            SCALE,
            f'store = "{depot}"\n',
            lambda: [file.relative_to(depot).as_posix() for file in depot.rglob("*.*")],
        )
    endpoint = request.getfixturevalue("s3")
    bucket = boto3.resource("s3", endpoint_url=endpoint).Bucket("ernte")
    names = lambda: [found.key.removeprefix("nation/") for found in bucket.objects.filter(Prefix="nation/")]  # noqa: E731 - a look
    return SCALE / 5, f'store = "s3://ernte/nation"\nendpoint = "{endpoint}"\n', names


@pytest.fixture
def crew(tmp_path):
    made = Crew(tmp_path / "crew", 2)
    yield made
    made.stop()


def run(root, served, day, told="", watcher=None):
    """Harvest a day of the nation, at a moment that is the same wherever it is harvested."""
    served.set_day(day)
    workspace = Workspace(root)
    if day == 1:
        lay_out(root, served.nation, workers=0)
        with workspace.config_file.open("a", encoding="utf-8") as file:
            file.write(told)
        workspace = Workspace(root)
    registry = read_registry(workspace.sources)
    clock = lambda: DAYS[day - 1]  # noqa: E731 - the moment of the day
    report = run_sources(workspace, registry, registry.pick(), links=False, clock=clock, watcher=watcher)
    assert report.refused is None
    return report


def exported(root):
    """The catalogue as linked data and as documents."""
    files = []
    for form in ("turtle", "ndjson"):
        file = root / f"export.{form}"
        run_export(Workspace(root).catalogue_file, Export(format=form, out=file))
        files.append(file.read_bytes())
    return files


def test_whoever_dies_the_cluster_brings_what_one_machine_brings(tmp_path, store, crew):
    scale, settings, names = store
    told = f'\n[cluster]\nscheduler = "{crew.address}"\n{settings}'
    alone, together = tmp_path / "alone", tmp_path / "together"
    with serving(SEED, scale) as served:
        for day in (1, 2):
            mishaps = (
                Watcher(n3=crew.kill_worker, n9=crew.kill_scheduler) if day == 1 else Watcher(n5=crew.kill_scheduler)
            )
            reports = run(alone, served, day), run(together, served, day, told, mishaps)
            verdicts = [
                {o.source_id: (o.verdict, o.fetched, o.changes, o.judgement.reason) for o in report.outcomes}
                for report in reports
            ]
            assert verdicts[0] == verdicts[1]
            assert len(verdicts[0]) > 9
            if day == 1:
                crew.start_worker()
    assert exported(alone) == exported(together)
    with closing(open_state(Workspace(together).state_file)) as state:
        assert all_leases(state.conn) == []
    assert names()
    assert not [name for name in names() if name.endswith(".part") or name.startswith("shards/")]


def test_without_a_scheduler_the_run_says_so_and_nothing_is_lost(tmp_path):
    with (
        serving(SEED, 0.0005) as served,
        pytest.raises(MachineError, match=r"no dask scheduler at tcp://127\.0\.0\.1:9"),
    ):
        run(tmp_path, served, 1, '\n[cluster]\nscheduler = "tcp://127.0.0.1:9"\npatience = 0.5\n')
    with closing(open_state(Workspace(tmp_path).state_file)) as state:
        assert all_leases(state.conn) == []


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(tmp_path):
    crew = Crew(tmp_path / "crew", 0)
    told = f'\n[cluster]\nscheduler = "{crew.address}"\npatience = 1.5\n'
    try:
        with serving(SEED, 0.0005) as served, pytest.raises(MachineError, match="has had no worker for"):
            run(tmp_path / "ws", served, 1, told)
    finally:
        crew.stop()
    assert MachineError.exit is Exit.VOID


def test_two_workers_keep_a_hosts_budget_whichever_name_it_is_asked_by(tmp_path, crew, httpserver):
    gaps = gaps_between_requests(tmp_path / "ws", httpserver, f'[cluster]\nscheduler = "{crew.address}"\n')
    assert min(gaps) > INTERVAL * 0.9, gaps
