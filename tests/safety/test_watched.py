"""Whoever looks on is told the same by both executors, and nobody else is bothered with it."""

import subprocess

import pytest

from harvester.registry import read_registry
from harvester.run.progress import Stage
from harvester.run.run import run_sources
from tests.safety.town import titles


class Diary:
    """Writes down what it is told."""

    def __init__(self):
        self.told = []
        self.far = {}

    def progress(self, progress):
        self.told.append((progress.source_id, progress.stage))
        self.far[progress.source_id] = progress

    def result(self, result):
        self.told.append((result.source_id, str(result.verdict)))

    def building(self):
        self.told.append("building")


@pytest.mark.parametrize("workers", [0, 2])
def test_every_source_is_told_from_its_first_stage_to_its_verdict(town, workers):
    town.configure(run={"workers": workers})
    town.add("stadt", titles("stadt", 25), interface="xzufi")
    town.add("dorf", titles("dorf", 5))
    registry, diary = read_registry(town.workspace.sources), Diary()
    run_sources(town.workspace, registry, registry.pick(), watcher=diary)
    for name in ("stadt", "dorf"):
        stages = [stage for place, stage in diary.told[:-1] if place == name]
        assert list(dict.fromkeys(stages)) == [Stage.FETCHING, Stage.READING, Stage.JUDGING, "complete"]
    assert diary.told[-1] == "building"
    assert (diary.far["stadt"].documents, diary.far["stadt"].records) == (4, 25)  # the index is a document, too
    assert (diary.far["dorf"].documents, diary.far["dorf"].records) == (1, 5)


def test_where_there_is_no_terminal_there_is_no_board(town):
    town.add("stadt", titles("stadt", 5))
    process = town.start("--json", "run", stdin=subprocess.DEVNULL)
    out, err = process.communicate(timeout=60)
    assert b"\nstadt: 5 fetched, complete\n" in b"\n" + err
    assert b"\x1b" not in out + err
    assert out.startswith(b"{")
