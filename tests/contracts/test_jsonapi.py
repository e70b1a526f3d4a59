"""Drupal's JSON:API: page by page, and what happens when it answers otherwise."""

import json

import pytest
from werkzeug import Response

from harvester.registry.options import JsonapiOptions
from harvester.run.judge import Verdict
from normalizers.jsonapi import normalize
from tests.contracts.source import write
from tests.normalizers.reading import addresses, context, document, issues, records

PATH = "/content/de/api/v1/node/leika_service"
FIELDS = {"title": "title", "key": "field_leika_service_id", "summary": "field_teaser", "apply": "field_link"}


def node(number: int, **changes):
    attributes = {
        "title": f"Dienst {number}",
        "langcode": "de",
        "changed": "2026-05-01T10:00:00+00:00",
        "field_leika_service_id": [{"id": f"99{number:012}"}],
        "field_teaser": {"value": "roh", "processed": "<p>kurz</p>", "format": "html"},
        "field_link": [{"uri": "https://antrag.example/1", "title": "Antrag"}],
        **changes,
    }
    return {"id": f"uuid-{number}", "type": "node--leika_service", "attributes": attributes}


def page(*nodes, following=None):
    links = {"next": following} if following else {}
    return json.dumps({"jsonapi": {"version": "1.0"}, "data": list(nodes), "links": links})


def read(body: str):
    return list(normalize(document(body, "page"), context(JsonapiOptions(fields=FIELDS))))


def test_a_node_is_a_service():
    (service,) = records(read(page(node(1))))
    assert (service.remote_id, service.title, service.leika_keys) == ("uuid-1", "Dienst 1", ("99000000000001",))
    assert [text.html for text in service.texts] == ["<p>kurz</p>"]
    assert addresses(service.links) == [("apply", "https://antrag.example/1")]


def test_a_new_field_is_reported_and_a_missing_one_is_an_issue():
    changed = node(1, field_neu="x")
    del changed["attributes"]["field_teaser"]
    assert [(it.severity, it.rule) for it in issues(read(page(changed)))] == [
        ("warning", "jsonapi.missing-field"),
        ("info", "jsonapi.unknown-field"),
    ]


@pytest.mark.parametrize("following", ["{home}" + PATH + "?page=2", {"href": PATH + "?page=2"}])
def test_pages_are_followed_until_one_names_no_next(town, following):
    town.pages[PATH] = page(node(1), node(2), following=following)
    town.pages[PATH + "?page=2"] = page(node(3))
    write(town, "jsonapi", PATH, fields=FIELDS)
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, 3)


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (page(node(1), following="https://anderswo.example/2"), "the next page is elsewhere"),
        (page(node(1), following=PATH), "go round"),
        (page(node(1))[:-30], "cut off"),
        (json.dumps({"errors": [{"title": "nein"}]}), "errors instead of data"),
        (json.dumps({"data": None}), "null for 'data'"),
    ],
)
def test_what_is_no_whole_collection_proves_nothing(town, first, why):
    town.pages[PATH] = first
    write(town, "jsonapi", PATH, fields=FIELDS)
    outcome = town.run()
    assert outcome.verdict in {Verdict.PARTIAL, Verdict.FAILED}
    assert why in outcome.judgement.reason


def test_a_busy_server_is_asked_again(town):
    answers = [Response(status=429, headers={"Retry-After": "0"})]
    town.pages[PATH] = lambda _: answers.pop() if answers else Response(page(node(1)))
    write(town, "jsonapi", PATH, fields=FIELDS)
    assert town.run().verdict is Verdict.COMPLETE
