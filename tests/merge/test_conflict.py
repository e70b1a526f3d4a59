"""What records of one service say against each other."""

import pytest

from harvester.merge import combine
from harvester.merge.conflict import conflicts_of, fees_of
from tests.build import service, voice


def said(*records, contributes=()):
    voices = [voice(record, f"q{n}", contributes=n in contributes) for n, record in enumerate(records)]
    return [(saying.field, saying.ref.source_id, saying.value) for saying in conflicts_of(combine(voices))]


def fees(text):
    return service("1", texts={"fees": text})


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("37 Euro, Personen unter 24: 22,80 EUR", {3700, 2280}),
        ("1.250,50 € bis 2 000 Euro", {125050, 200000}),
        ("EUR 5,- oder € 6", {500, 600}),
        ("Der Antrag ist kostenlos.", {0}),
        ("gebührenfrei, ein Duplikat kostet 10 €", {1000}),
        ("Die Gebühr richtet sich nach dem Aufwand, § 3 Nr. 10.", set()),
    ],
)
def test_amounts_are_read_as_they_are_written(text, cents):
    assert fees_of(text) == cents


def test_two_fees_are_a_conflict_and_each_record_is_heard():
    assert said(fees("28,80 Euro"), fees("37 €")) == [("fees", "q0", "28,80 €"), ("fees", "q1", "37,00 €")]


def test_one_that_says_more_than_the_other_contradicts_nothing():
    assert said(fees("37 Euro"), fees("37 Euro, für Kinder 22 Euro")) == []
    assert said(fees("37 Euro"), fees("nach Aufwand")) == []


def test_two_addresses_to_apply_are_a_conflict_however_often_one_is_named():
    one, same, other = (
        service("1", links=[url]) for url in ("https://a.example/x", "http://a.example/x/", "https://b.example")
    )
    assert said(one, same) == []
    assert said(one, same, other) == [
        ("apply", "q0", "https://a.example/x"),
        ("apply", "q1", "http://a.example/x/"),
        ("apply", "q2", "https://b.example"),
    ]


def test_a_page_that_serves_several_keys_speaks_of_other_services_too():
    assert said(fees("28,80 Euro"), fees("37 €"), contributes=[1]) == []


def test_a_single_record_contradicts_nobody():
    assert said(fees("28 Euro oder 37 Euro")) == []
