"""What a run is worth: the judge's rules, one case each."""

import re

import pytest

from harvester.model import Coverage, Lost, Proof
from harvester.registry.source import Expectations, Range
from harvester.run.judge import Facts, Verdict, judge
from harvester.run.learn import Learned

ALL = Coverage(Proof.INDEX, expected=10)
PAGES = Coverage(Proof.SITEMAP, expected=3, unit="documents")
LOST = Lost("https://stadt.example/2", "the server answered 500")


def facts(**changes):
    usual = {"coverage": ALL, "documents": 3, "services": 10, "before": 10, "remaining": 10}
    return Facts(**{**usual, **changes})


COMPLETE = {
    "everything was seen": facts(),
    "an unreadable record was seen too": facts(services=9, unread=1),
    "more than the source declares": facts(services=11, remaining=11),
    "the proof needs no number": facts(coverage=Coverage(Proof.CURSOR_EXHAUSTED)),
    "documents are counted where the source counts documents": facts(coverage=PAGES, services=10),
    "a first run has nothing to lose": facts(before=0, unnamed=3, services=7, unread=3, remaining=7),
    "records without an id hide nobody when nobody is absent": facts(services=10, unread=2, unnamed=2),
    "records without an id that were there before": facts(unnamed=2, unnamed_before=2, unread=2, absent=1, remaining=9),
    "exactly the drop that is allowed": facts(remaining=8, absent=2, coverage=Coverage(Proof.INDEX, expected=8)),
}
FAILED = {
    "a document is broken": facts(broken=("https://stadt.example/1: no XML",)),
    "the crawl broke down": facts(crawl_errors=("ValueError in the spider", "another")),
    "nothing arrived": facts(documents=0, services=0),
    "all was lost": facts(documents=0, services=0, lost=(LOST,)),
    "no record could be read": facts(services=0, unread=10),
}
PARTIAL = {
    "a document was lost": facts(lost=(LOST, LOST)),
    "the spider says nothing about coverage": facts(coverage=None),
    "the source does not say how many there are": facts(coverage=Coverage(Proof.UNKNOWN)),
    "records are missing": facts(services=8, unread=1),
    "documents are missing": facts(coverage=PAGES, documents=2),
    "an absent service may be one without an id": facts(services=9, unread=1, unnamed=1, absent=1, remaining=9),
}
HELD = {
    "fewer than expected": facts(remaining=7, services=10, absent=3),
    "more than expected": facts(remaining=13, services=13),
    "too many would vanish": facts(before=12, remaining=9, absent=3),
    "a promised field is often empty": facts(fill={"leika_key": 0.5}),
}
EXPECTATIONS = Expectations.model_validate(
    {"services": {"min": 8, "max": 12}, "max_drop": 0.2, "fields": {"leika_key": 0.9}}
)
FIRST = Expectations.model_validate({"max_drop": 0.2, "fields": {"leika_key": 0.9}})


@pytest.mark.parametrize("case", COMPLETE.values(), ids=COMPLETE)
def test_a_complete_run_needs_no_reason(case):
    judgement = judge(case, FIRST)
    assert (judgement.verdict, judgement.reason) == (Verdict.COMPLETE, "")


@pytest.mark.parametrize(
    ("verdict", "case"),
    [
        *(pytest.param(Verdict.FAILED, case, id=f"failed: {name}") for name, case in FAILED.items()),
        *(pytest.param(Verdict.PARTIAL, case, id=f"partial: {name}") for name, case in PARTIAL.items()),
        *(pytest.param(Verdict.HELD, case, id=f"held: {name}") for name, case in HELD.items()),
    ],
)
def test_every_other_verdict_says_why_in_a_whole_sentence(verdict, case):
    judgement = judge(case, EXPECTATIONS)
    assert judgement.verdict is verdict
    assert re.fullmatch(r"[A-Z0-9].*[^.]\.", judgement.reason), judgement.reason


def test_nothing_left_of_a_source_is_always_held():
    """Even a source that may shrink as it likes (max_drop 1) does not empty itself unasked."""
    empty = facts(coverage=Coverage(Proof.INDEX, expected=0), services=0, remaining=0, absent=10)
    judgement = judge(empty, Expectations(services=Range(min=0), max_drop=1))
    assert judgement.verdict is Verdict.HELD
    assert judgement.reason == "All 10 services would vanish, which no source may do unasked."


EMPTY = facts(coverage=Coverage(Proof.INDEX, expected=0), services=0, before=0, remaining=0)


@pytest.mark.parametrize(
    ("case", "services", "verdict"),
    [
        pytest.param(EMPTY, {}, Verdict.HELD, id="a source is not empty unless its file says so"),
        pytest.param(EMPTY, {"min": 0}, Verdict.COMPLETE, id="may be empty at times"),
        pytest.param(EMPTY, {"min": 0, "max": 0}, Verdict.COMPLETE, id="is empty"),
        pytest.param(facts(), {"min": 0, "max": 0}, Verdict.HELD, id="is empty, they say, and is not"),
    ],
)
def test_whether_a_source_may_be_empty_is_what_its_file_says(case, services, verdict):
    assert judge(case, Expectations.model_validate({"services": services})).verdict is verdict


LEARNED = Learned(least=6, most=20, fields={"links": 0.5})


@pytest.mark.parametrize(
    "case",
    [facts(before=6, remaining=5), facts(remaining=21), facts(fill={"links": 0.4})],
    ids=["fewer than usual", "more than usual", "a field emptier than usual"],
)
def test_what_a_file_does_not_state_is_held_against_the_last_good_runs(case):
    assert judge(case, FIRST, LEARNED).verdict is Verdict.HELD
    stated = {"services": {"min": 1, "max": 50}, "fields": {"links": 0.1}}
    assert judge(case, Expectations.model_validate(stated), LEARNED).verdict is Verdict.COMPLETE


def test_failure_is_told_before_gaps_and_gaps_before_expectations():
    everything = facts(broken=("a: b",), lost=(LOST,), remaining=1)
    assert judge(everything, EXPECTATIONS).verdict is Verdict.FAILED
    assert judge(facts(lost=(LOST,), remaining=1), EXPECTATIONS).verdict is Verdict.PARTIAL


def test_the_reason_names_the_first_trouble_and_counts_the_others():
    reason = judge(facts(lost=(LOST, LOST, LOST)), FIRST).reason
    assert reason == "A document did not arrive: https://stadt.example/2: the server answered 500 (and 2 more)."
