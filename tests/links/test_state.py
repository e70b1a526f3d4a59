"""Time travel: what becomes of a link over hours and weeks. No clock: every moment is passed in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.links.outcome import Verdict
from harvester.links.rules import Weight, read_rules, weigh
from harvester.links.state import LinkState, State, Word, confirm, reduce
from tests.links.bench import START

KEY = "https://stadt.example/seite"


def verdict(code: str, permanent: str = "") -> Verdict:
    return Verdict(read_rules()[code].outcome, code, permanent)


def play(*looks: tuple[float, str], state: LinkState | None = None) -> LinkState:
    """The state after looks at (hours since the start, code)."""
    state = state or LinkState()
    for hours, code in looks:
        state = reduce(state, verdict(code), START + timedelta(hours=hours), KEY)
    return state


def test_the_first_failure_is_a_suspicion():
    assert play((0, "http-5xx")).state is State.SUSPECT


def test_two_failures_are_not_enough_however_far_apart():
    assert play((0, "http-5xx"), (500, "http-5xx")).state is State.SUSPECT


def test_three_failures_are_not_enough_within_two_days():
    assert play((0, "http-5xx"), (12, "http-5xx"), (47.9, "http-5xx")).state is State.SUSPECT


def test_three_failures_over_two_days_are_dead():
    after = play((0, "http-5xx"), (12, "head-timeout"), (48, "reset"))
    assert after.state is State.DEAD
    assert after.since == START + timedelta(hours=48)


@pytest.mark.parametrize("code", ["http-404", "http-410", "dns-no-name"])
def test_sure_evidence_needs_two_failures_over_one_day(code):
    assert play((0, code), (23.9, code)).state is State.SUSPECT
    assert play((0, code), (24, code)).state is State.DEAD


def test_one_sure_failure_does_not_make_earlier_ones_sure():
    assert play((0, "http-5xx"), (30, "http-404")).state is State.SUSPECT


def test_one_success_closes_a_suspicion_and_the_count_begins_anew():
    after = play((0, "http-5xx"), (12, "http-5xx"), (24, "ok"), (25, "http-5xx"), (60, "http-5xx"))
    assert (after.state, after.failures) == (State.SUSPECT, 2)


def test_one_success_brings_a_dead_link_back():
    assert play((0, "http-404"), (24, "http-404"), (30, "ok")).state is State.OK


def test_a_flapping_link_never_dies():
    looks = [(6.0 * n, "ok" if n % 2 else "http-5xx") for n in range(100)]
    assert play(*looks).state in {State.OK, State.SUSPECT}


def test_failures_within_half_an_hour_are_one():
    assert play((0, "http-404"), (0.1, "http-404"), (0.2, "http-404")).failures == 1


@pytest.mark.parametrize("code", [rule.code for rule in read_rules().values() if rule.weight is Weight.SILENT])
def test_what_says_nothing_never_leads_to_dead(code):
    assert play(*((24.0 * day, code) for day in range(60))).state is State.UNCHECKED


def test_what_says_nothing_does_not_clear_a_suspicion():
    after = play((0, "http-5xx"), (10, "bot-wall"))
    assert (after.state, after.failures, after.outcome) == (State.SUSPECT, 1, "blocked")


def test_a_bot_wall_between_failures_does_not_count_as_one():
    assert play((0, "http-5xx"), (24, "bot-wall"), (49, "http-5xx")).state is State.SUSPECT


def test_a_clock_that_went_back_starts_the_evidence_anew():
    after = play((1_000, "http-404"), (0, "http-404"))
    assert (after.state, after.failures, after.failing_since) == (State.SUSPECT, 1, START)


@given(st.lists(st.tuples(st.integers(0, 2_000), st.sampled_from(sorted(read_rules()))), max_size=30))
def test_no_history_is_dead_without_enough_evidence(looks):
    state = LinkState()
    for hours, code in sorted(looks):
        before, state = state, play((hours, code), state=state)
        if state.state is State.DEAD and before.state is not State.DEAD:
            assert weigh(code) in {Weight.FAILURE, Weight.SURE}
            spread = START + timedelta(hours=hours) - (state.failing_since or START)
            assert state.failures >= 2
            assert spread >= timedelta(hours=24)


@given(st.lists(st.sampled_from(sorted(read_rules())), max_size=20))
def test_a_success_always_ends_ok(codes):
    looks = [(24.0 * n, code) for n, code in enumerate(codes)]
    assert play(*looks, (24.0 * 30, "ok")).state is State.OK


def test_healthy_links_are_looked_at_after_one_seven_and_thirty_days():
    state, waits = LinkState(), []
    for hours in (0, 30, 300, 1_200):
        state = play((hours, "ok"), state=state)
        waits.append((state.next_at - START).total_seconds() / 86_400 - hours / 24)
    for wait, days in zip(waits, (1, 7, 30, 30), strict=True):
        assert days <= wait <= days * 1.1


def test_suspects_are_looked_at_after_one_and_twelve_hours_one_and_three_days():
    state, waits = LinkState(), []
    for hours in (0, 2, 16, 42, 130):
        state = play((hours, "http-5xx"), state=state)
        waits.append((state.next_at - START).total_seconds() / 3_600 - hours)
    for wait, hours in zip(waits, (1, 12, 24, 72, 72), strict=True):
        assert hours <= wait <= hours * 1.1


def test_the_spread_of_a_link_is_always_the_same_and_differs_between_links():
    def wait(key):
        return reduce(LinkState(), verdict("ok"), START, key).next_at

    assert wait("a") == wait("a")
    assert len({wait(f"https://stadt.example/{n}") for n in range(50)}) == 50


def test_retry_after_puts_the_next_look_off_but_not_for_ever():
    for seconds, least, most in ((200_000, 200_000, 200_001), (10**12, 7 * 86_400, 7 * 86_400 + 1)):
        then = reduce(LinkState(), verdict("http-429"), START, KEY, retry_after=seconds).next_at
        assert least <= (then - START).total_seconds() <= most


def test_a_permanent_target_is_remembered_while_it_stays_the_same():
    state = reduce(LinkState(), verdict("moved-permanently", "https://neu.example/"), START, KEY)
    later = START + timedelta(days=8)
    state = reduce(state, verdict("moved-permanently", "https://neu.example/"), later, KEY)
    assert (state.permanent_since, state.permanent_seen) == (START, later)
    state = reduce(state, verdict("moved-permanently", "https://anders.example/"), later, KEY)
    assert state.permanent_since == later


def test_the_word_alive_stands_against_the_same_evidence():
    dead = play((0, "http-404"), (24, "http-404"))
    said = confirm(dead, Word.ALIVE, START + timedelta(hours=25), KEY)
    assert said.state is State.OK
    assert play((100, "http-404"), (200, "http-404"), state=said).state is State.OK


def test_the_word_alive_falls_with_new_evidence():
    said = confirm(play((0, "http-404"), (24, "http-404")), Word.ALIVE, START + timedelta(hours=25), KEY)
    assert play((100, "dns-no-name"), (200, "dns-no-name"), state=said).state is State.DEAD


def test_the_word_alive_ends_after_ninety_days():
    said = confirm(play((0, "http-404"), (24, "http-404")), Word.ALIVE, START + timedelta(hours=25), KEY)
    after = play((24 * 92, "http-404"), (24 * 94, "http-404"), state=said)
    assert after.state is State.DEAD


def test_the_word_dead_stands_while_the_page_goes_on_looking_fine():
    said = confirm(play((0, "ok")), Word.DEAD, START + timedelta(hours=1), KEY)
    assert said.state is State.DEAD
    assert play((30, "ok"), state=said).state is State.DEAD
    assert play((30, "moved-permanently"), state=said).state is State.OK
