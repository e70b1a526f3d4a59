"""The short way for plain successes gives what the reducer gives."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from harvester.links.link_row import Before, plain_success, values_of
from harvester.links.outcome import Outcome, Verdict
from harvester.links.state import LinkState, State, reduce
from tests.links.bench import START

URL = "https://stadt.example/a"
OK = Verdict(Outcome.OK, "ok")
VERDICTS = st.sampled_from([OK, Verdict(Outcome.OK, "ok-partly"), Verdict(Outcome.RESTRICTED, "login-page")])
HISTORY = st.lists(
    st.tuples(
        st.sampled_from([OK, Verdict(Outcome.GONE, "http-404"), Verdict(Outcome.TEMPORARY, "http-5xx")]),
        st.integers(1, 100),
    ),
    max_size=6,
)


@given(HISTORY, VERDICTS)
def test_the_short_way_is_the_reducer(history, verdict):
    before, at = LinkState(), START
    for seen, hours in history:
        at += timedelta(hours=hours)
        before = reduce(before, seen, at, URL)
    at += timedelta(hours=5)
    text = at.isoformat()
    since = before.since.isoformat() if before.since else None
    row = Before(1, URL, before.state, since, before.streak, before.permanent_url, None, None)
    assert before.state in State
    assert plain_success(row, verdict, at, text) == values_of(reduce(before, verdict, at, URL), at, text)
