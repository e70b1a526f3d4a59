"""The short way for plain successes gives what the reducer gives."""

import sqlite3
from contextlib import closing
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from harvester.links.link_row import READ, UPDATE, UPDATE_PLAIN, UPDATE_STATE, Before, plain_success, values_of
from harvester.links.outcome import Outcome, Verdict
from harvester.links.schema import SCHEMA
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


FACTS = [
    ((200, "", "Pass beantragen", ""), (200, None, "Pass beantragen", None)),
    ((206, "https://stadt.example/b", None, '"7"'), (206, "https://stadt.example/b", None, '"7"')),
]


def row_after(before, statement, values, facts):
    """The link's row, taken from ``before`` by a statement."""
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.executescript(SCHEMA)
        conn.execute(
            "INSERT INTO link (id, url, host, domain, added_at, incident_id, title) VALUES (1,?,'h','d','t',9,'old')",
            (URL,),
        )
        conn.execute(UPDATE_STATE, (*values_of(before), 1))
        assert conn.execute(statement, (*values, *facts, 1)).rowcount == 1
        return conn.execute(f"SELECT {READ}, l.incident_id FROM link l").fetchone()


@given(HISTORY, VERDICTS)
def test_the_short_way_is_the_reducer(history, verdict):
    before, at = LinkState(), START
    for seen, hours in history:
        at += timedelta(hours=hours)
        before = reduce(before, seen, at, URL)
    at += timedelta(hours=5)
    text = at.isoformat()
    since = before.since.isoformat() if before.since else None
    known = Before(1, URL, before.state, since, before.streak, before.permanent_url, None, None)
    assert before.state in State
    for facts, told in FACTS:
        short = row_after(before, UPDATE_PLAIN, plain_success(known, verdict, at, text), facts)
        assert short == row_after(before, UPDATE, values_of(reduce(before, verdict, at, URL), at, text), told)
