"""What was seen comes back from the table as it was, and what was not seen is absent there."""

import sqlite3
from contextlib import closing

import pytest

from harvester.links.observation import BodyFault, Fault, Hop, Observation, Page
from harvester.links.observation_row import INSERT, pack, unpack
from harvester.links.outcome import Outcome, Verdict
from harvester.links.schema import SCHEMA
from tests.links.bench import START

URL = "https://stadt.example/a"
PAGE = Page("Pass", "Pass beantragen", "0123456789abcdef", 812)
PLAIN = Observation(URL, START, "GET", 200, URL, media_type="text/html", page=PAGE, address="192.0.2.7", elapsed=0.25)
HOPS = (Hop(301, "https://stadt.example/b"),)
CASES = {
    "plain": PLAIN,
    "no page": PLAIN._replace(page=None, media_type="application/pdf"),
    "fault": Observation(URL, START, "HEAD", None, URL, Fault.REFUSED, "192.0.2.7"),
    "moved": PLAIN._replace(final_url="https://stadt.example/b", hops=HOPS),
    "certificate": PLAIN._replace(tls=Fault.TLS_EXPIRED),
    "pause": PLAIN._replace(status=429, retry_after=60.0),
    "validator": PLAIN._replace(etag='"7"'),
    "bot wall": PLAIN._replace(status=403, wall="cf-mitigated"),
    "body": PLAIN._replace(body_fault=BodyFault.CUT_OFF),
    "login": PLAIN._replace(page=PAGE._replace(login=True)),
    "refresh": PLAIN._replace(page=PAGE._replace(refresh="/b")),
    "cut": PLAIN._replace(page=PAGE._replace(whole=False)),
}


def stored(seen, verdict):
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.row_factory = sqlite3.Row
        conn.executescript(SCHEMA)
        conn.execute(INSERT, pack(1, "run", seen, verdict, decisive=True))
        return conn.execute("SELECT * FROM link_observation").fetchone()


@pytest.mark.parametrize("name", CASES)
def test_an_observation_comes_back_as_it_was(name):
    assert unpack(URL, stored(CASES[name], Verdict(Outcome.OK, "ok"))) == CASES[name]


def test_what_was_not_seen_is_absent():
    row = stored(PLAIN, Verdict(Outcome.OK, "ok"))
    absent = [name for name in row.keys() if row[name] is None]  # noqa: SIM118 -- a row is iterated by its values
    assert absent == ["fault", "final_url", "more", "permanent_url"]


def test_reasons_and_the_permanent_target_are_kept_with_the_verdict():
    row = stored(PLAIN, Verdict(Outcome.MOVED, "moved-permanently", "https://stadt.example/b", 0.2, ("tiny-page",)))
    assert row["permanent_url"] == "https://stadt.example/b"
    assert "tiny-page" in row["more"]
