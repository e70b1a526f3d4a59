"""A run that is complete but not plausible waits for a person, and the last good records stay published."""

import re
from contextlib import closing

import pytest

from harvester.cli import main
from harvester.errors import Exit
from harvester.state import open_state
from tests.safety.town import events_add_up, titles


def decisions(town):
    with closing(open_state(town.workspace.state_file)) as state:
        return [tuple(row) for row in state.conn.execute("SELECT kind, subject, because FROM decision ORDER BY id")]


@pytest.fixture
def held(town, call):
    """A source whose services went from 20 to 4; the run that found that."""
    town.add("stadt", titles("stadt", 20))
    assert call("run")[0] == Exit.DONE
    town.holds["stadt"] = titles("stadt", 4)
    code, told, _ = call("run")
    assert code == Exit.FAILED
    (source,) = told["sources"]
    assert source["verdict"] == "held"
    return source


def test_what_was_published_stays(town, held):
    assert town.published == {"stadt": set(titles("stadt", 20).values())}
    assert (held["created"], held["changed"], held["removed"]) == (0, 0, 0)


def test_the_catalogue_says_so(town, held):
    ((verdict, reason, complete, last),) = town.ask("SELECT verdict, reason, last_complete_at, last_run_at FROM source")
    assert (verdict, reason) == ("held", held["reason"])
    assert reason == "16 of 20 services would vanish, more than the 50% allowed at once."
    assert complete < last


def test_the_table_ends_with_the_command_that_releases_it(town, held, capsys):
    assert main(["-w", str(town.root), "run"]) == Exit.FAILED
    command = re.search(r'harvester approve (\S+) --because "…"', capsys.readouterr().out)
    assert command
    assert command[1] > held["run"]
    assert main(["-w", str(town.root), "approve", command[1], "--because", "Die Stadt hat aufgeräumt"]) == Exit.DONE
    assert town.published == town.held


def test_approving_publishes_and_is_recorded(town, call, held):
    code, told, _ = call("approve", held["run"], "--because", "Die Stadt hat aufgeräumt")
    assert (code, told["removed"]) == (Exit.DONE, 16)
    assert town.published == town.held
    assert decisions(town) == [("approve", held["run"], "Die Stadt hat aufgeräumt")]
    assert town.ask("SELECT verdict FROM source") == [("complete",)]
    assert list(town.workspace.runs.iterdir()) == []
    events_add_up(town)
    assert call("run")[1]["sources"][0]["verdict"] == "complete"


def test_approving_needs_a_reason(town, call, held):
    code, told, _ = call("approve", held["run"], "--because", "  ")
    assert (code, told["error"]) == (Exit.WRONG_USE, 'say why: --because "…"')
    assert decisions(town) == []


def test_approving_twice_is_refused(call, held):
    call("approve", held["run"], "--because", "ja")
    code, told, _ = call("approve", held["run"], "--because", "ja")
    assert code == Exit.WRONG_USE
    assert "no longer waits: it was decided" in told["error"]


def test_approving_an_old_run_is_refused_and_the_new_one_is_named(call, held):
    newer = call("run")[1]["sources"][0]["run"]
    code, told, _ = call("approve", held["run"], "--because", "ja")
    assert code == Exit.WRONG_USE
    assert told["error"].endswith(f"a later run of its source was accepted or held; waiting for a decision: {newer}")


def test_approving_after_a_better_run_is_refused(town, call, held):
    town.holds["stadt"] = titles("stadt", 20)
    assert call("run")[0] == Exit.DONE
    assert "waiting for a decision: none" in call("approve", held["run"], "--because", "ja")[1]["error"]
    assert list(town.workspace.runs.iterdir()) == []


def test_a_failed_run_in_between_leaves_the_decision_open(town, call, held):
    town.instead["stadt"] = b"<html>Wartung</html>"
    assert call("run")[1]["sources"][0]["verdict"] == "failed"
    assert call("approve", held["run"], "--because", "ja")[0] == Exit.DONE
    assert town.published == town.held


def test_what_is_not_held_cannot_be_approved(town, call, held):
    town.instead["stadt"] = b"<html>Wartung</html>"
    failed = call("run")[1]["sources"][0]["run"]
    code, told, _ = call("approve", failed, "--because", "ja")
    assert code == Exit.WRONG_USE
    assert f"the run {failed} is failed, not held; waiting for a decision: {held['run']}" in told["error"]
    code, told, _ = call("approve", "nie-gesehen", "--because", "ja")
    assert code == Exit.WRONG_USE
    assert "there is no run 'nie-gesehen'" in told["error"]


def test_approving_without_the_records_says_what_to_do(town, call, held):
    (shard,) = town.workspace.runs.iterdir()
    shard.unlink()
    code, told, _ = call("approve", held["run"], "--because", "ja")
    assert code == Exit.WRONG_USE
    assert "run the source again: harvester run stadt" in told["error"]


def test_what_a_process_left_that_died_after_its_verdict_goes_with_the_next_run(town, call):
    """Between the verdict and removing the shard lies a moment; what waits for a decision elsewhere is not touched."""
    town.add("stadt", titles("stadt", 20))
    town.add("dorf", titles("dorf", 20))
    judged = {run["source"]: run["run"] for run in call("run")[1]["sources"]}
    town.holds["dorf"] = titles("dorf", 1)
    waiting = next(run["run"] for run in call("run")[1]["sources"] if run["verdict"] == "held")
    left = town.workspace.runs / f"{judged['stadt']}.shard"
    left.write_bytes(b"left behind")
    call("run", "stadt")
    assert [file.name for file in town.workspace.runs.iterdir()] == [f"{waiting}.shard"]


def test_what_was_approved_is_the_new_normal(town, call):
    """Otherwise what the earlier good runs made plausible would hold every later run again."""
    town.add("stadt", titles("stadt", 100))
    for _ in range(3):
        assert call("run")[0] == Exit.DONE
    town.holds["stadt"] = titles("stadt", 30)
    run = call("run")[1]["sources"][0]
    assert run["verdict"] == "held"
    assert call("approve", run["run"], "--because", "ja")[0] == Exit.DONE
    for _ in range(3):
        assert call("run")[0] == Exit.DONE
    assert town.published == town.held


def test_erosion_over_many_runs_is_held_and_approving_sets_the_new_mark(town, call):
    """Each run loses seven of a hundred; the seventh would leave less than 60 % of what was usual."""

    def shrink(begin):
        for count in range(begin, 0, -7):
            town.holds["stadt"] = titles("stadt", count)
            (run,) = call("run")[1]["sources"]
            if run["verdict"] == "held":
                return count, run
        return 0, None

    town.add("stadt", titles("stadt", 100))
    for _ in range(3):
        assert call("run")[0] == Exit.DONE
    count, run = shrink(93)
    assert (count, run["reason"]) == (58, "58 services would remain; the good runs so far make at least 60 plausible.")
    assert len(town.published["stadt"]) == 65
    assert call("approve", run["run"], "--because", "Die Stadt legt Leistungen zusammen")[0] == Exit.DONE
    for _ in range(2):
        assert call("run")[0] == Exit.DONE
    assert shrink(51)[0] == 30, "34 is the least that 58 make plausible"


def test_an_empty_source_is_held_until_its_file_says_that_it_is_empty(town, call):
    town.add("leer", {})
    town.add("voll", titles("voll", 3))
    assert [s["verdict"] for s in call("run")[1]["sources"]] == ["held", "complete"]
    for expected in ({"max": 0}, {"min": 0}):
        town.describe("leer", services=expected)
        assert [s["verdict"] for s in call("run")[1]["sources"]] == ["complete", "complete"]


def test_a_source_that_says_it_is_empty_and_is_not_is_held(town, call):
    town.add("leer", titles("leer", 1), services={"max": 0})
    assert call("run")[1]["sources"][0]["verdict"] == "held"
