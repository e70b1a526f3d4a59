from datetime import timedelta

import pytest

from harvester.links.incident import Incident, reduce_incident
from tests.links.bench import START


def play(*looks: tuple[float, str | None]) -> Incident | None:
    incident: Incident | None = None
    for hours, code in looks:
        incident = reduce_incident(incident, "stadt.example", code, START + timedelta(hours=hours))
    return incident


def test_a_host_that_answers_has_no_incident():
    assert play((0, None)) is None


def test_the_first_failure_opens_and_the_first_answer_closes():
    incident = play((0, "connect-refused"), (5, None))
    assert incident is not None
    assert incident.closed_at == START + timedelta(hours=5)


@pytest.mark.parametrize(
    ("looks", "confirmed"),
    [
        ([(0, "connect-refused"), (12, "connect-refused")], False),
        ([(0, "connect-refused"), (12, "connect-refused"), (47, "connect-refused")], False),
        ([(0, "connect-refused"), (12, "connect-timeout"), (48, "connect-refused")], True),
        ([(0, "dns-no-name"), (24, "dns-no-name")], True),
        ([(0, "bot-wall"), (100, "bot-wall"), (200, "bot-wall"), (300, "bot-wall")], False),
    ],
)
def test_it_is_confirmed_by_as_much_evidence_as_makes_a_link_dead(looks, confirmed):
    incident = play(*looks)
    assert incident is not None
    assert (incident.confirmed_at is not None) == confirmed


def test_after_it_was_closed_the_next_failure_is_a_new_incident():
    incident = play((0, "connect-refused"), (5, None), (10, "connect-refused"))
    assert incident is not None
    assert (incident.opened_at, incident.failures) == (START + timedelta(hours=10), 1)
