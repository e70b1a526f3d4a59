"""What the good runs so far make plausible, where a source's file says nothing."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.model import Coverage, Proof
from harvester.registry.source import Expectations, Range
from harvester.run.judge import Facts, Verdict, judge
from harvester.run.learn import UNKNOWN, GoodRun, Learned, learn

PROVEN = Coverage(Proof.INDEX, expected=1, unit="documents")


def runs(*services: int, **fill: float) -> list[GoodRun]:
    return [GoodRun(count, fill) for count in services]


def verdict(before: int, after: int, learned: Learned = UNKNOWN, fill=None, **expectations) -> tuple[Verdict, str]:
    facts = Facts(PROVEN, 1, services=after, before=before, remaining=after, fill=fill or {})
    judgement = judge(facts, Expectations.model_validate(expectations), learned)
    return judgement.verdict, judgement.reason


@pytest.mark.parametrize("good", [(), (100,), (100, 100)])
def test_two_runs_teach_nothing(good):
    assert learn(runs(*good, links=1.0)) == UNKNOWN


@pytest.mark.parametrize(
    ("good", "least", "most"),
    [
        ((100, 100, 100), 60, 250),
        ((1, 1, 1), 0, 52),
        ((0, 0, 0), 0, 50),
        ((10, 1000, 1000), 600, 2050),  # one odd run changes little
        ((100,) * 8 + (10_000,) + (100,) * 8, 60, 250),  # wherever it stands
        ((100,) * 8 + (200,) * 8, 120, 450),  # a source that has grown may not shrink to what it was
        ((100,) * 8 + (80,) * 99, 60, 210),  # however long ago it was usual
    ],
)
def test_bounds_lie_around_what_is_usual(good, least, most):
    learned = learn(runs(*good))
    assert (learned.least, learned.most) == (least, most)


def test_a_field_that_most_services_had_is_expected_of_fewer():
    assert learn(runs(100, 100, 100, leika_key=0.95, links=0.5, description=0.2)).fields == {
        "leika_key": pytest.approx(0.65),
        "links": pytest.approx(0.2),
    }


def test_fields_of_a_few_services_teach_nothing():
    assert learn(runs(19, 19, 19, leika_key=1.0)).fields == {}


def accepted(start: int, losses) -> tuple[list[int], Verdict]:
    """Three or more runs that found ``start`` services, then one loss after the other, until one is held."""
    good, found = [start] * 3, Verdict.COMPLETE
    for loss in losses:
        after = good[-1] - int(good[-1] * loss)
        found = verdict(good[-1], after, learn(runs(*good)))[0]
        if found is not Verdict.COMPLETE:
            break
        good.append(after)
    return good, found


@pytest.mark.parametrize("share", [0.01, 0.05, 0.09, 0.12, 0.15, 0.2])
def test_slow_erosion_is_held_though_no_single_run_loses_too_much(share):
    good, last = accepted(1000, [share] * 500)
    assert last is Verdict.HELD
    assert len(good) > 4
    assert 600 <= good[-1] < 760


@given(
    start=st.integers(1, 5000),
    losses=st.lists(st.floats(-0.3, 0.2), max_size=60),
)
def test_no_sequence_of_small_losses_takes_more_than_forty_per_cent_of_what_was_usual(start, losses):
    good, _ = accepted(start, losses)
    usual = [median(good[max(end - 8, 0) : end]) for end in range(3, len(good) + 1)]
    assert min(good) >= int(0.6 * max(usual[: good.index(min(good)) + 1]))
    assert min(good) >= int(0.6 * start)


@given(shares=st.lists(st.floats(0, 1), min_size=3, max_size=60))
def test_no_sequence_of_small_losses_empties_a_field(shares):
    """A field's share that is accepted is never more than 30 points below what was ever usual."""
    good = [shares[0]] * 3
    for share in shares:
        learned = learn([GoodRun(100, {"links": value}) for value in good])
        if verdict(100, 100, learned, {"links": share})[0] is Verdict.COMPLETE:
            good.append(share)
    usual = [median(good[max(end - 8, 0) : end]) for end in range(3, len(good) + 1)]
    assert all(good[n] >= max(usual[: n - 2]) - 0.3 - 1e-9 for n in range(3, len(good)))


def test_forty_per_cent_fewer_than_usual_are_held_and_the_reason_tells_the_bound():
    found = verdict(70, 59, learn(runs(100, 100, 100)))
    assert found == (Verdict.HELD, "59 services would remain; the good runs so far make at least 60 plausible.")
    assert verdict(70, 60, learn(runs(100, 100, 100)))[0] is Verdict.COMPLETE


def test_many_more_than_usual_are_held():
    found = verdict(100, 251, learn(runs(100, 100, 100)))
    assert found == (Verdict.HELD, "251 services would remain; the last good runs make at most 250 plausible.")


def test_a_field_that_is_suddenly_empty_is_held():
    learned = learn(runs(100, 100, 100, links=1.0))
    assert verdict(100, 100, learned, {"links": 0.69})[0] is Verdict.HELD
    assert verdict(100, 100, learned, {"links": 0.71})[0] is Verdict.COMPLETE


@pytest.mark.parametrize(
    ("after", "expectations"),
    [
        (59, {"services": {"min": 50}}),
        (251, {"services": {"max": 300}}),
    ],
)
def test_what_the_file_states_is_not_learned(after, expectations):
    assert verdict(70, after, learn(runs(100, 100, 100)), **expectations)[0] is Verdict.COMPLETE


def test_a_stated_share_of_a_field_wins_over_the_learned_one():
    learned = learn(runs(100, 100, 100, links=1.0))
    assert verdict(100, 100, learned, {"links": 0.1}, fields={"links": 0.05})[0] is Verdict.COMPLETE


@pytest.mark.parametrize(
    ("services", "before", "after", "expected"),
    [
        ({}, 0, 0, Verdict.HELD),
        ({}, 5, 0, Verdict.HELD),
        ({"min": 0}, 0, 0, Verdict.COMPLETE),
        ({"min": 0}, 5, 0, Verdict.HELD),
        ({"max": 0}, 0, 0, Verdict.COMPLETE),
        ({"max": 0}, 5, 0, Verdict.COMPLETE),
        ({"max": 0}, 0, 1, Verdict.HELD),
        ({"min": 0, "max": 0}, 5, 0, Verdict.COMPLETE),
    ],
)
def test_a_source_that_is_truly_empty_says_so(services, before, after, expected):
    for learned in (UNKNOWN, learn(runs(100, 100, 100))):
        if after == 0 or learned is UNKNOWN:
            assert verdict(before, after, learned, services=services)[0] is expected


def test_at_most_none_needs_no_least():
    assert (Range(max=0).min, Range(max=3).min) == (0, 1)
    assert Range.model_validate_json(Range(max=0).model_dump_json()) == Range(max=0)
    with pytest.raises(ValueError, match=r"min \(1\) is larger than max \(0\)"):
        Range(min=1, max=0)
