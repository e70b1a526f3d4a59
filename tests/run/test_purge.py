"""A withdrawn record's content is forgotten after its time; who it was, is not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from harvester.registry.source import Expectations
from harvester.run.judge import Verdict
from harvester.run.purge import purge
from tests.build import A, Bench, document, gone, service, source

LIST = "https://quelle.example/list"
BRIEF = source("quelle", keep_days=3)
"""Forgets what was withdrawn three days ago; every run of the bench is a day after the one before."""
WHOLE = document(LIST, service("1", "Erste", keys=[A], texts={"fees": "5 Euro"}), service("2"))
WITHOUT = document(LIST, service("2"))


def status(bench, remote_id="1"):
    return bench.record(BRIEF, remote_id)["status"]


def test_the_life_of_a_record(bench: Bench):
    """live → missing → withdrawn → purged."""
    patient = source("quelle", grace=1, keep_days=2)
    bench.run(patient, WHOLE)
    story = [status(bench)]
    for _ in range(5):
        bench.run(patient, WITHOUT)
        story.append(status(bench))
    assert story == ["live", "missing", "withdrawn", "withdrawn", "purged", "purged"]


def test_what_it_said_is_gone_and_its_line_stays(bench: Bench):
    bench.run(BRIEF, document(LIST, service("1", "Nullte"), service("2")))
    bench.run(BRIEF, WHOLE)
    before = bench.record(BRIEF, "1")
    for _ in range(4):
        bench.run(BRIEF, WITHOUT)
    after = bench.record(BRIEF, "1")
    assert (after["status"], after["content"], after["provenance"], after["title"], after["keys"]) == (
        *("purged", b"", b"", "", ""),
    )
    for name in ("hash", "sha256", "url", "first_seen_at", "last_seen_at"):
        assert after[name] == before[name]
    ((version, content, hashed),) = bench.rows("SELECT version, length(content), length(hash) FROM record_version")
    assert (version, content, hashed) == (1, 0, 16)
    assert bench.record(BRIEF, "2")["content"] != b""


def test_a_record_that_returns_after_all_is_the_same_service_with_its_history(bench: Bench):
    bench.run(BRIEF, WHOLE)
    bench.build()
    ((name, first_seen),) = bench.ask("SELECT id, first_seen_at FROM service WHERE title = 'Erste'")
    for _ in range(5):
        bench.run(BRIEF, WITHOUT)
    bench.build()
    assert status(bench) == "purged"
    bench.run(BRIEF, document(LIST, service("1", "Ganz anders"), service("2")))
    bench.build()
    assert bench.ask("SELECT id, first_seen_at FROM service WHERE title = 'Ganz anders'") == [(name, first_seen)]
    told = bench.ask("SELECT kind, coalesce(new, old) FROM event WHERE entity_id = ? ORDER BY seq", name)
    assert told == [("created", "Erste"), ("removed", "Erste"), ("created", "Ganz anders")]


def test_only_a_complete_run_forgets(bench: Bench):
    bench.run(BRIEF, WHOLE)
    bench.run(BRIEF, WITHOUT)
    bench.day += 100
    assert bench.partial(BRIEF, WITHOUT).verdict is Verdict.PARTIAL
    assert bench.run(BRIEF, WITHOUT, errors=["broke off"]).verdict is Verdict.FAILED
    assert status(bench) == "withdrawn"
    assert bench.run(BRIEF, WITHOUT).verdict is Verdict.COMPLETE
    assert status(bench) == "purged"


def test_an_event_log_forgets_what_it_deleted(bench: Bench):
    bench.log(BRIEF, document(LIST, service("1"), service("2")))
    bench.log(BRIEF, document(LIST + "?2", gone("1")))
    for _ in range(3):
        bench.log(BRIEF, document(LIST + "?3"))
    assert (status(bench), status(bench, "2")) == ("purged", "live")


def test_another_source_is_left_alone(bench: Bench):
    other = source("andere", keep_days=400)
    bench.run(other, document(LIST, service("1"), service("2")))
    bench.run(other, document(LIST, service("2")))
    bench.run(BRIEF, WHOLE)
    for _ in range(9):
        bench.run(BRIEF, WITHOUT)
    assert bench.record(other, "1")["status"] == "withdrawn"


def test_days_to_keep_are_400_unless_the_file_says_otherwise():
    assert Expectations().keep == timedelta(days=400)
    assert Expectations(keep_days=0).keep == timedelta(0)
    with pytest.raises(ValidationError):
        Expectations(keep_days=-1)


@settings(max_examples=25, deadline=None)
@given(
    withdrawn=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - made aware below
    later=st.timedeltas(timedelta(0), timedelta(days=2000)),
    keep=st.integers(0, 36_500).map(lambda days: timedelta(days=days)),
)
def test_nothing_is_forgotten_before_its_time_and_everything_after(tmp_path_factory, withdrawn, later, keep):
    bench = Bench(tmp_path_factory.mktemp("purge"))
    withdrawn = withdrawn.replace(tzinfo=UTC)
    bench.run(BRIEF, document(LIST, *(service(name) for name in "123")))
    for name, now in (("1", "live"), ("2", "missing"), ("3", "withdrawn")):
        bench.state.conn.execute(
            "UPDATE record SET status = ?, changed_at = ? WHERE remote_id = ?", (now, withdrawn.isoformat(), name)
        )
    purge(bench.state, BRIEF.id, withdrawn + later, keep)
    assert (status(bench, "1"), status(bench, "2")) == ("live", "missing")
    assert status(bench, "3") == ("purged" if later >= keep else "withdrawn")
    bench.state.close()
