"""A catalogue that lost too much is not published unasked; an earlier one can be brought back."""

from contextlib import closing

import pytest

from harvester.catalogue.check import check_catalogue
from harvester.cli import main
from harvester.errors import Exit
from harvester.state import open_state
from tests.build import ask
from tests.safety.town import events_add_up, titles


@pytest.fixture
def two(town, call):
    """A published catalogue of two sources."""
    town.add("stadt", titles("stadt", 20))
    town.add("kreis", titles("kreis", 12))
    assert call("run")[0] == Exit.DONE
    return town


def test_a_source_that_is_gone_does_not_take_its_services_along(two, call):
    two.file("stadt").unlink()
    before = two.workspace.catalogue_file.read_bytes()
    for _ in range(2):
        code, told, _ = call("run")
        assert code == Exit.FAILED
        assert "source stadt: 0 services instead of 20" in told["error"]
        assert "level kommune: 12 services instead of 32" in told["error"]
        assert 'harvester catalogue publish --because "…"' in told["error"]
        assert two.workspace.catalogue_file.read_bytes() == before


def test_a_refused_catalogue_does_not_hide_what_the_run_came_to(two, call):
    """What was harvested counts; only the new catalogue waits."""
    two.file("stadt").unlink()
    two.holds["kreis"] |= {"neu": "Neue Leistung"}
    code, told, err = call("run")
    assert (code, told["exit"], told["catalogue"]) == (Exit.FAILED, Exit.FAILED, None)
    assert [(s["source"], s["verdict"], s["created"]) for s in told["sources"]] == [("kreis", "complete", 1)]
    assert "source stadt: 0 services instead of 20" in told["error"]
    assert "source stadt: 0 services instead of 20" in err


def test_people_see_the_table_and_then_why_the_catalogue_was_refused(two, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "130")
    two.file("stadt").unlink()
    assert main(["-w", str(two.root), "run"]) == Exit.FAILED
    out, err = capsys.readouterr()
    assert "kreis" in out
    assert "complete" in out
    assert "Catalogue" not in out, "there is no new one"
    assert "the new catalogue lost too much and is not published, the last one stays:" in err


def test_a_person_may_publish_the_loss_and_a_rollback_takes_it_back(two, call):
    first, ids = two.build_id(), two.ids
    two.file("stadt").unlink()
    assert call("catalogue", "publish", "--because", " ")[0] == Exit.WRONG_USE
    code, told, _ = call("catalogue", "publish", "--because", "Die Quelle ist abgeschaltet")
    assert (code, told) == (Exit.DONE, {"services": 12, "because": "Die Quelle ist abgeschaltet"})
    assert set(two.published) == {"kreis"}
    events_add_up(two)
    code, told, _ = call("catalogue", "rollback")
    assert (code, told) == (Exit.DONE, {"published": first})
    assert two.published == two.held
    assert two.ids == ids
    assert check_catalogue(two.workspace.catalogue_file) == []
    events_add_up(two)
    with closing(open_state(two.workspace.state_file)) as state:
        rows = state.conn.execute("SELECT kind, because FROM decision ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [("publish", "Die Quelle ist abgeschaltet"), ("rollback", "")]


def test_after_a_rollback_the_next_run_converges(two, call):
    first = two.build_id()
    two.holds["stadt"] = titles("stadt", 25, day=1)
    assert call("run")[0] == Exit.DONE
    published, ids = two.published, two.ids
    assert call("catalogue", "rollback")[1] == {"published": first}
    assert two.published != published
    events_add_up(two)
    assert call("run")[0] == Exit.DONE
    assert two.published == published == two.held
    assert two.ids == ids
    events_add_up(two)


def test_portals_that_follow_the_events_learn_of_the_rollback(two, call):
    two.holds["kreis"] |= {"neu": "Neue Leistung"}
    call("run")
    ((seen,),) = two.ask("SELECT max(seq) FROM event")
    call("catalogue", "rollback")
    news = two.ask("SELECT kind, old FROM event WHERE seq > ?", seen)
    assert news == [("removed", "Neue Leistung")]


def test_rolling_back_twice_goes_back_twice_and_then_says_what_there_is(two, call):
    builds = [two.build_id()]
    for day in (1, 2):
        two.holds["stadt"] = titles("stadt", 20, day)
        call("run")
        builds.append(two.build_id())
    assert call("catalogue", "rollback")[1] == {"published": builds[1]}
    assert call("catalogue", "rollback")[1] == {"published": builds[0]}
    assert two.published["stadt"] == set(titles("stadt", 20).values())
    code, told, _ = call("catalogue", "rollback")
    assert code == Exit.WRONG_USE
    assert told["error"].startswith("no earlier build is kept; kept: ")
    assert call("catalogue", "rollback", builds[2])[1] == {"published": builds[2]}
    assert two.published == two.held
    assert call("catalogue", "rollback", "20200101T000000000000Z")[0] == Exit.WRONG_USE


def test_a_damaged_catalogue_can_be_rolled_back(two, call):
    first, ids, published = two.build_id(), two.ids, two.published
    two.holds["stadt"] = titles("stadt", 20, day=1)
    call("run")
    two.workspace.catalogue_file.write_bytes(b"not a catalogue at all" * 100)
    assert call("catalogue", "rollback")[1] == {"published": first}
    assert (two.published, two.ids) == (published, ids)
    events_add_up(two)
    assert len(list(two.workspace.builds.glob("not-a-catalogue-*"))) == 1


def test_only_so_many_builds_are_kept(two, call):
    two.configure(catalogue={"keep": 2})
    builds = [two.build_id()]
    for day in range(1, 4):
        two.holds["stadt"] = titles("stadt", 20, day)
        call("run")
        builds.append(two.build_id())
    kept = [file.name for file in sorted(two.workspace.builds.glob("catalogue-*.db"))]
    assert kept == [f"catalogue-{name}.db" for name in builds[1:3]]
    for file in two.workspace.builds.glob("catalogue-*.db"):
        assert ask(file, "PRAGMA integrity_check") == [("ok",)]


def test_an_approved_loss_passes_the_gate_and_another_does_not(two, call):
    two.configure(catalogue={"max_drop": 0.1})
    two.holds["stadt"] = titles("stadt", 5)
    run = next(s["run"] for s in call("run")[1]["sources"] if s["verdict"] == "held")
    two.file("kreis").unlink()
    before = two.workspace.catalogue_file.read_bytes()
    code, told, _ = call("approve", run, "--because", "Die Stadt hat aufgeräumt")
    assert code == Exit.FAILED
    assert "source kreis: 0 services instead of 12" in told["error"]
    assert "stadt" not in told["error"].partition("If that is right")[0]
    assert two.workspace.catalogue_file.read_bytes() == before
    two.describe("kreis")
    assert call("run")[0] == Exit.DONE
    assert two.published == two.held
