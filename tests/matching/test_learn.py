"""Weights and thresholds come from services that were not asked about."""

from harvester.matching.clues import Clues
from harvester.matching.learn import Sample, Told, deal, find_threshold, fit, tell
from harvester.matching.rank import order

NOTHING = Clues(**dict.fromkeys(Clues._fields, 0.0))


def sample(number: int) -> Sample:
    """A page whose title fits its own object well and another one somewhat."""
    good, other = f"99001{number:03}", f"99002{number:03}"
    clues = {
        good: NOTHING._replace(title=0.9, head=0.9, named=0.9, profile=0.8),
        other: NOTHING._replace(title=0.3, head=0.3, profile=0.2),
    }
    return Sample(clues, good)


def test_all_services_of_an_object_are_in_one_fold():
    samples = [sample(n % 7) for n in range(40)]
    fold_of = {}
    for one, fold in zip(samples, deal(samples, 4, seed=3), strict=True):
        assert fold_of.setdefault(one.code, fold) == fold


def test_the_threshold_is_the_least_sureness_that_keeps_the_demanded_share():
    told = [
        Told(0.9, right=True, allowed=True),
        Told(0.8, right=True, allowed=True),
        Told(0.4, right=False, allowed=True),
    ]
    assert find_threshold(told, 0.9) == 0.8
    assert find_threshold(told, 0.5) == 0.4


def test_no_threshold_lets_nothing_through():
    assert find_threshold([Told(0.9, right=False, allowed=True)], 0.9) == 1.0


def test_what_is_never_assigned_has_no_say_in_the_threshold():
    told = [Told(0.9, right=False, allowed=False), Told(0.8, right=True, allowed=True)]
    assert find_threshold(told, 0.9) == 0.8


def test_what_is_learned_is_right_about_new_services():
    model = fit([sample(n) for n in range(30)])
    new = sample(99)
    guesses = order(new.clues, model.rank)
    assert guesses[0].code == new.code
    assert tell(new, guesses, model.judge).right
