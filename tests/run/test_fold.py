"""What a judged run does to the state."""

import sqlite3

import pytest

from harvester.model import Competence, Coverage, DocumentError, Lost, OnlineService, Proof
from harvester.run.fold import Changes
from harvester.run.judge import Verdict
from tests.build import BODIES, START, A, B, Bench, document, service, source, unreadable

CITY = source()
PATIENT = source("geduldig", grace=2)
LIST = "https://gelsenkirchen.example/list"
PAGE = "https://gelsenkirchen.example/page"


def test_created_changed_and_removed_are_counted(bench: Bench):
    first = bench.run(CITY, document(LIST, service("1"), service("2"), service("3")))
    second = bench.run(CITY, document(LIST, service("1"), service("2", "Wohnsitz ummelden"), service("4")))
    assert first.changes == Changes(created=3)
    assert second.changes == Changes(created=1, changed=1, removed=1)
    assert bench.published(CITY) == {"1", "2", "4"}


def test_a_record_that_only_moved_in_its_document_has_not_changed(bench: Bench):
    bench.run(CITY, document(LIST, service("1")))
    moved = bench.run(CITY, document(LIST, service("1"), shift=7))
    record = bench.record(CITY, "1")
    assert moved.changes == Changes()
    assert (record["locator"], record["changed_at"]) == ("/7", record["first_seen_at"])


def test_a_new_date_of_change_alone_is_no_change(bench: Bench):
    bench.run(CITY, document(LIST, service("1", modified_at=START)))
    bench.run(CITY, document(LIST, service("1", modified_at=START.replace(day=9))))
    record = bench.record(CITY, "1")
    assert bench.rows("SELECT count(*) FROM record_version") == [(0,)]
    assert (record["modified_at"][:10], record["changed_at"]) == ("2025-01-09", record["first_seen_at"])


def test_an_unchanged_document_is_not_read_again_and_keeps_its_records(bench: Bench):
    body = document(LIST, service("1"), service("2"))
    bench.run(CITY, body)
    again = bench.run(CITY, body)
    assert (again.read.reused, again.changes) == (1, Changes())
    assert bench.published(CITY) == {"1", "2"}


def test_a_record_that_left_its_document_in_a_partial_run_is_absent_when_that_document_is_reused(bench: Bench):
    bench.run(CITY, document(LIST, service("1"), service("2")))
    without = document(LIST, service("1"))
    assert bench.partial(CITY, without).changes == Changes()
    assert bench.published(CITY) == {"1", "2"}
    complete = bench.run(CITY, without)
    assert (complete.read.reused, complete.changes) == (1, Changes(removed=1))


def test_the_same_bytes_read_in_another_way_do_not_shelter_what_is_no_longer_read(bench: Bench, monkeypatch):
    body = document(LIST, service("1"), service("2"))
    bench.run(CITY, body)
    monkeypatch.setitem(BODIES, body.sha256, BODIES[body.sha256][:1])
    monkeypatch.setattr("harvester.run.read.reader_of", lambda _: "a newer normalizer")
    assert bench.partial(CITY, body).changes == Changes()
    assert bench.run(CITY, body).changes == Changes(removed=1)


def test_a_record_that_returns_keeps_its_first_date_and_its_history(bench: Bench):
    bench.run(CITY, document(LIST, service("1", "Alt"), service("2")))
    bench.run(CITY, document(LIST, service("1", "Neu"), service("2")))
    first = bench.record(CITY, "1")["first_seen_at"]
    bench.run(CITY, document(LIST, service("2")))
    back = bench.run(CITY, document(LIST, service("1", "Wieder da"), service("2")))
    assert back.changes == Changes(created=1)
    assert bench.record(CITY, "1")["first_seen_at"] == first
    versions = bench.rows("SELECT remote_id, version FROM record_version ORDER BY version")
    assert versions == [("1", 1), ("1", 2)]


def test_within_the_grace_an_absent_record_is_missing_then_withdrawn(bench: Bench):
    bench.run(PATIENT, document(LIST, service("1"), service("2")))
    seen = []
    for _ in range(3):
        bench.run(PATIENT, document(LIST, service("1")))
        record = bench.record(PATIENT, "2")
        seen.append((record["status"], record["absences"]))
    assert seen == [("missing", 1), ("missing", 2), ("withdrawn", 3)]


def test_a_record_seen_again_within_the_grace_starts_over(bench: Bench):
    both, one = document(LIST, service("1"), service("2")), document(LIST, service("1"))
    bench.run(PATIENT, both)
    bench.run(PATIENT, one)
    bench.partial(PATIENT, both)
    assert (bench.record(PATIENT, "2")["status"], bench.record(PATIENT, "2")["absences"]) == ("live", 0)


def test_an_unreadable_record_that_tells_its_id_is_not_withdrawn(bench: Bench):
    bench.run(CITY, document(LIST, service("1"), service("2")))
    broken = document(LIST, service("1"), unreadable("2"))
    assert bench.run(CITY, broken).verdict is Verdict.COMPLETE
    again = bench.run(CITY, broken)
    assert again.read.reused == 1
    assert bench.published(CITY) == {"1", "2"}


def test_an_unreadable_record_is_protected_however_many_there_are(bench: Bench):
    many = [str(n) for n in range(1500)]
    bench.run(CITY, document(LIST, service("x"), *(service(name) for name in many)))
    broken = document(LIST, service("x"), *(unreadable(name) for name in many))
    bench.run(CITY, broken)
    bench.run(CITY, broken)
    assert bench.published(CITY) == {"x", *many}


def test_records_without_an_id_protect_what_is_absent_for_eight_runs(bench: Bench):
    """Not for ever: else a publisher's broken record would keep everything else from being removed."""
    bench.run(CITY, document(LIST, service("1"), service("2")))
    nameless = document(LIST, service("1"), unreadable())
    assert [bench.run(CITY, nameless).verdict for _ in range(8)] == [Verdict.PARTIAL] * 8
    assert bench.published(CITY) == {"1", "2"}
    assert bench.run(CITY, nameless).verdict is Verdict.COMPLETE
    assert bench.published(CITY) == {"1"}
    more = document(LIST, unreadable(), unreadable())
    assert bench.run(CITY, more, document(PAGE, service("9"))).verdict is Verdict.PARTIAL, "another one is somebody new"
    assert bench.published(CITY) == {"1", "9"}


def test_a_run_without_them_in_between_begins_the_eight_anew(bench: Bench):
    bench.run(CITY, document(LIST, service("1"), service("2")))
    nameless, fine = document(LIST, service("1"), unreadable()), document(LIST, service("1"))
    for _ in range(7):
        bench.run(CITY, nameless)
    bench.partial(CITY, fine)
    assert [bench.run(CITY, nameless).verdict for _ in range(8)] == [Verdict.PARTIAL] * 8


def test_errors_in_values_do_not_prove_that_records_were_seen(bench: Bench):
    body = document(LIST, service("1"), unreadable("1"))
    assert bench.run(CITY, body, coverage=Coverage(Proof.INDEX, expected=2)).verdict is Verdict.PARTIAL


def test_promised_fields_are_counted_over_all_documents_reused_ones_too(bench: Bench):
    strict = source("streng", fields={"leika_key": 0.5})
    steady = document(LIST, *(service(str(n), keys=[A]) for n in range(9)))
    bench.run(strict, steady, document(PAGE, service("page", keys=[B])))
    one_without = bench.run(strict, steady, document(PAGE, service("page")))
    assert (one_without.verdict, one_without.read.fill["leika_key"]) == (Verdict.COMPLETE, 0.9)


def test_record_key_follows_the_live_services(bench: Bench):
    keys = "SELECT remote_id, leika_key FROM record_key ORDER BY 1, 2"
    bench.run(CITY, document(LIST, service("1", keys=[A, B]), service("2", keys=[A])))
    assert bench.rows(keys) == [("1", A), ("1", B), ("2", A)]
    bench.run(CITY, document(LIST, service("1", keys=[B])))
    assert bench.rows(keys) == [("1", B)]
    bench.run(CITY, document(LIST, service("1"), service("2", keys=[A])))
    assert bench.rows(keys) == [("2", A)]


def test_an_issue_keeps_the_time_when_it_was_seen_first(bench: Bench):
    first = "SELECT rule, first_seen_at FROM issue ORDER BY rule"
    lost = (Lost(PAGE, "timeout"),)
    bench.run(CITY, document(LIST, service("1"), unreadable("2")), lost=lost)
    before = bench.rows(first)
    bench.run(CITY, document(LIST, service("1", "Neu"), unreadable("2"), shift=3), lost=lost)
    assert [rule for rule, _ in before] == ["fetch.lost", "test.no-title"]
    assert bench.rows(first) == before


def test_an_issue_goes_when_its_document_is_read_without_it(bench: Bench):
    bench.run(CITY, document(LIST, service("1"), unreadable("2")))
    bench.run(CITY, document(LIST, service("1"), service("2")))
    assert bench.rows("SELECT * FROM issue") == []


def test_withdrawing_an_office_or_competence_counts_as_news_for_the_catalogue(bench: Bench):
    competence = Competence(remote_id="c", service="1")
    bench.run(CITY, document(LIST, service("1"), competence))
    before = bench.rows("SELECT revision FROM source")
    bench.run(CITY, document(LIST, service("1")))
    assert bench.rows("SELECT revision FROM source") > before


@pytest.mark.parametrize("step", ["_keep_versions", "_take_over", "_withdraw", "_index_keys", "take_documents"])
def test_a_fold_that_breaks_in_the_middle_leaves_everything_as_it_was(bench: Bench, monkeypatch, step):
    bench.run(CITY, document(LIST, service("1", keys=[A]), service("2")))
    tables = ("record", "record_key", "record_version", "document", "issue")
    before = [bench.rows(f"SELECT * FROM {table}") for table in tables]
    done = []

    def breaks(*arguments, **named):
        done.append(getattr(original, "__name__", step))
        original(*arguments, **named)
        raise sqlite3.OperationalError("disk full")

    original = getattr(__import__("harvester.run.fold", fromlist=[step]), step)
    monkeypatch.setattr(f"harvester.run.fold.{step}", breaks)
    with pytest.raises(sqlite3.OperationalError):
        bench.run(CITY, document(LIST, service("1", "Neu", keys=[B])))
    assert done
    bench.state.conn.execute("ROLLBACK")
    assert [bench.rows(f"SELECT * FROM {table}") for table in tables] == before


class TestTwoDocumentsWithTheSameRecord:
    def test_the_first_one_counts_and_the_second_is_reported(self, bench: Bench):
        bench.run(CITY, document(LIST, service("1", "Erste")), document(PAGE, service("1", "Zweite"), service("2")))
        assert bench.record(CITY, "1")["title"] == "Erste"
        issues = bench.rows("SELECT url, locator, rule, remote_id FROM issue")
        assert issues == [(PAGE, "/0", "source.duplicate-id", "1")]

    @pytest.mark.parametrize("apart", [True, False])
    def test_a_mere_repetition_is_not_reported(self, bench: Bench, *, apart):
        """Many services have the same online service, and each of their details describes it."""
        online = OnlineService(remote_id="antrag", title="Antrag")
        bodies = [[service("1"), online], [online, service("2"), service("1")]]
        documents = [document(f"{LIST}/{n}", *body) for n, body in enumerate(bodies)]
        bench.run(CITY, *(documents if apart else [document(LIST, *bodies[0], *bodies[1])]))
        assert bench.rows("SELECT * FROM issue") == []
        assert bench.published(CITY) == {"1", "2"}

    def test_the_record_stays_when_only_the_first_loses_it(self, bench: Bench):
        second = document(PAGE, service("1"), service("2"))
        bench.run(CITY, document(LIST, service("1"), service("3")), second)
        run = bench.run(CITY, document(LIST, service("3")), second)
        assert (run.changes, bench.published(CITY)) == (Changes(), {"1", "2", "3"})

    def test_it_stays_when_it_moved_to_a_document_and_that_one_loses_it_again(self, bench: Bench):
        first = document(LIST, service("1", "Erste"), service("3"))
        bench.run(CITY, first, document(PAGE, service("2")))
        bench.run(CITY, first, document(PAGE, service("1", "Zweite"), service("2")))
        assert bench.record(CITY, "1")["title"] == "Erste"
        run = bench.run(CITY, first, document(PAGE, service("2")))
        assert (run.changes, bench.published(CITY)) == (Changes(), {"1", "2", "3"})

    def test_nothing_changes_when_both_stay_as_they_are(self, bench: Bench):
        both = document(LIST, service("1", "Erste")), document(PAGE, service("1", "Zweite"))
        bench.run(CITY, *both)
        assert [bench.run(CITY, *both).changes for _ in range(2)] == [Changes(), Changes()]

    def test_within_one_document_too_the_first_counts(self, bench: Bench):
        run = bench.run(CITY, document(LIST, service("1", "Erste"), service("1", "Zweite")))
        assert (bench.record(CITY, "1")["title"], run.read.tally.warnings) == ("Erste", 1)


def test_a_broken_document_fails_the_run_and_nothing_counts(bench: Bench):
    bench.run(CITY, document(LIST, service("1")))
    run = bench.run(CITY, document(LIST, service("2"), DocumentError("cut off at byte 17")))
    assert (run.verdict, bench.published(CITY)) == (Verdict.FAILED, {"1"})
