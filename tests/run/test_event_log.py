"""Event logs (``schreibe``, ``loesche``): the last word counts, and what is not mentioned is unchanged."""

import pytest

from harvester.run.fold import Changes
from harvester.run.judge import Verdict
from tests.build import Bench, document, gone, service, source, unreadable

LOG = source("ereignisse")


def message(number: int, *body):
    return document(f"https://ereignisse.example/log?index={number}", *body)


WRITE, AGAIN, DELETE, BESIDES = service("1", "Erste"), service("1", "Zweite"), gone("1"), service("2")
WORDS = {
    "written": ([WRITE], "Erste"),
    "written twice": ([WRITE, AGAIN], "Zweite"),
    "written and deleted": ([WRITE, DELETE], None),
    "deleted and written": ([DELETE, WRITE], "Erste"),
    "written, deleted and written": ([WRITE, DELETE, AGAIN], "Zweite"),
    "written, deleted, written and deleted": ([WRITE, DELETE, AGAIN, DELETE], None),
}


@pytest.mark.parametrize("apart", [False, True], ids=["in one message", "each in its own message"])
@pytest.mark.parametrize("known", [False, True], ids=["unknown before", "known before"])
@pytest.mark.parametrize(("words", "title"), WORDS.values(), ids=WORDS)
def test_the_last_word_counts(bench: Bench, words, title, *, known, apart):
    bench.log(LOG, message(0, BESIDES, *([service("1", "Null")] if known else [])))
    bench.log(LOG, *([message(n, word) for n, word in enumerate(words, 1)] if apart else [message(1, *words)]))
    assert bench.published(LOG) == ({"1", "2"} if title else {"2"})
    if title:
        assert bench.record(LOG, "1")["title"] == title


def test_what_is_not_mentioned_is_unchanged(bench: Bench):
    bench.log(LOG, message(1, service("1"), service("2")))
    assert bench.log(LOG, message(2, service("3"))).changes == Changes(created=1)
    assert bench.published(LOG) == {"1", "2", "3"}


def test_the_deletion_of_something_unknown_is_silent(bench: Bench):
    bench.log(LOG, message(1, service("1")))
    run = bench.log(LOG, message(2, gone("nie gesehen"), gone("1", "organisation")))
    assert (run.verdict, run.changes, bench.rows("SELECT * FROM issue")) == (Verdict.COMPLETE, Changes(), [])


def test_a_deletion_counts_as_removed_and_is_no_absence(bench: Bench):
    patient = source("geduldig", grace=5)
    bench.log(patient, message(1, service("1"), service("2")))
    assert bench.log(patient, message(2, gone("1"))).changes == Changes(removed=1)


def test_a_deletion_counts_once_when_its_record_is_absent_too(bench: Bench):
    usual = source("voll", max_drop=0.5)
    bench.run(usual, message(1, service("1"), service("2")))
    run = bench.run(usual, message(1, service("2"), gone("1")))
    assert (run.verdict, run.changes) == (Verdict.COMPLETE, Changes(removed=1))


def test_the_cursor_moves_only_with_a_complete_run(bench: Bench):
    bench.log(LOG, message(1, service("1")), cursor="https://ereignisse.example/log?index=2")
    bench.run(LOG, message(2, service("2")), errors=["broke off"], cursor="later")
    assert bench.rows("SELECT cursor FROM source") == [("https://ereignisse.example/log?index=2",)]


def test_a_deletion_waits_for_a_run_that_read_everything(bench: Bench):
    """A message that was lost may have written the record anew; the deletion is not forgotten, either."""
    bench.log(LOG, message(1, service("1"), BESIDES))
    deletion = message(2, service("3"), gone("1"))
    assert bench.partial(LOG, deletion).changes == Changes(created=1)
    assert bench.published(LOG) == {"1", "2", "3"}
    run = bench.log(LOG, deletion)
    assert (run.read.reused, run.changes) == (0, Changes(removed=1))
    assert bench.published(LOG) == {"2", "3"}


def test_no_partial_run_empties_a_source_by_deletions(bench: Bench):
    """Deletions of a complete run are held against what may vanish at once; those of a partial one do not count."""
    strict = source("streng", max_drop=0.5)
    bench.log(strict, message(1, *(service(str(n)) for n in range(9))))
    everything = message(2, *(gone(str(n)) for n in range(9)))
    assert bench.partial(strict, everything).verdict is Verdict.PARTIAL
    assert bench.log(strict, everything).verdict is Verdict.HELD
    assert len(bench.published(strict)) == 9


def test_a_message_that_arrives_late_does_not_undo_later_ones(bench: Bench):
    """The first run lost a message; the next run brings it before the one that is known already."""
    early, late = message(1, service("1", "Alt"), BESIDES), message(2, service("1", "Neu"))
    bench.log(LOG, late)
    bench.log(LOG, early, late)
    assert bench.record(LOG, "1")["title"] == "Neu"


def test_what_was_wrong_with_a_record_is_forgotten_when_a_later_message_has_it_right(bench: Bench):
    bench.log(LOG, message(1, service("2"), unreadable("1")))
    bench.log(LOG, message(2, service("1")))
    assert bench.rows("SELECT * FROM issue") == []


def test_a_single_message_is_no_sample_of_the_source(bench: Bench):
    strict = source("streng", fields={"leika_key": 0.9})
    bench.log(strict, message(1, *(service(str(n), keys=["99115002060000"]) for n in range(10))))
    assert bench.log(strict, message(2, service("neu"))).verdict is Verdict.COMPLETE
