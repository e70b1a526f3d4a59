from hypothesis import given
from hypothesis import strategies as st

from harvester.links.shares import fair_share


def test_without_a_budget_all_are_served():
    assert fair_share([3, 100, 7], None) == 100


def test_small_hosts_are_served_whole_and_large_ones_share_the_rest():
    assert fair_share([1, 1, 1, 100, 100], 43) == 20


@given(st.lists(st.integers(1, 1_000), min_size=1, max_size=50), st.integers(1, 10_000))
def test_the_budget_is_kept_and_not_wasted(counts, budget):
    share = fair_share(counts, budget)
    spent = sum(min(count, share) for count in counts)
    assert spent <= max(budget, len(counts))
    assert spent == sum(counts) or sum(min(count, share + 1) for count in counts) > budget
