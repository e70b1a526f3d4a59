"""The FIM portal: its lists page by page, its documents, and what happens when it answers otherwise."""

import json

import pytest
from werkzeug import Request, Response

from harvester.model import Service
from harvester.registry.options import FimOptions
from harvester.run.judge import Verdict
from normalizers.fim import normalize
from spiders import fim
from tests.contracts.source import write
from tests.normalizers.reading import context, document, issues, records, unexplained
from tests.normalizers.xzufi.making import message, service

BASE = "/api/v0/leistung-stammtexte"


def entry(number: int, **changes):
    return {
        "redaktion_id": "B100019",
        "leistung_id": str(number),
        "source": "leika",
        "title": f"Dienst {number}",
        "leistungsschluessel": [f"99{number:012}"],
        "leistungstyp": "lov",
        "leistungsadressat": ["001"],
        "typisierung": ["2/3"],
        "freigabe_status": "6",
        "leistungsbezeichnung": f"Dienst {number} Erteilung",
        "leistungsbezeichnung_2": f"Dienst {number} beantragen",
        "kurztext": "<p>kurz</p>",
        "volltext": "<p>lang</p>",
        "rechtsgrundlagen": None,
        "erstellt_datum_zeit": "2024-01-01T00:00:00+01:00",
        "geaendert_datum_zeit": f"2026-01-{number % 28 + 1:02}T00:00:00+01:00",
        "klassifizierung": [{"list_uri": "urn:xoev-de:fim:codeliste:pvlagen", "value": "1010000"}],
        "ozg": [
            {
                "leistungsschluessel": "99",
                "id": "106",
                "leistung": "X",
                "themenfeld": "umwelt",
                "themenfeld_label": "Umwelt",
                "vollzugsbehoerden": [],
            }
        ],
        "fts_match": None,
        **changes,
    }


def portal(town, entries, **options):
    """The list, as long as it is asked for."""

    def answer(request: Request) -> Response:
        since = request.args.get("updated_since", "")
        there = [it for it in entries if it["geaendert_datum_zeit"] >= since]
        offset, limit = int(request.args["offset"]), int(request.args["limit"])
        items = there[offset : offset + limit]
        body = {"items": items, "offset": offset, "limit": limit, "count": len(items), "total_count": len(there)}
        return Response(json.dumps(body), content_type="application/json")

    town.pages[BASE] = answer
    write(town, "fim", "/api/v0", **options)


def test_the_list_is_read_page_by_page_until_its_own_total(town, monkeypatch):
    monkeypatch.setattr(fim, "LIMIT", 3)
    portal(town, [entry(n) for n in range(8)])
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, 8)
    assert [path.partition("offset=")[2] for path in town.asked] == ["0&limit=3", "3&limit=3", "6&limit=3"]


def test_a_page_that_is_missing_makes_it_partial(town, monkeypatch):
    monkeypatch.setattr(fim, "LIMIT", 3)
    portal(town, [entry(n) for n in range(8)])
    whole = town.pages[BASE]
    town.pages[BASE] = lambda request: whole(request) if request.args["offset"] != "3" else Response(status=404)
    assert town.run().verdict is Verdict.PARTIAL


def test_half_an_answer_is_no_answer(town):
    portal(town, [entry(1)])
    whole = town.pages[BASE]
    town.pages[BASE] = lambda request: Response(whole(request).get_data()[:-40], content_type="application/json")
    assert town.run().verdict is Verdict.FAILED


def test_a_busy_portal_is_asked_again(town):
    portal(town, [entry(1)])
    whole = town.pages[BASE]
    answers = [Response(status=429, headers={"Retry-After": "0"})]
    town.pages[BASE] = lambda request: answers.pop() if answers else whole(request)
    assert town.run().verdict is Verdict.COMPLETE


def test_documents_are_asked_for_one_by_one_and_read_as_xzufi(town):
    portal(town, [entry(1), entry(2)], documents=True)
    for n in (1, 2):
        town.pages[f"{BASE}/B100019/{n}/leika/xzufi"] = message(service(number=n, title=f"Dienst {n}"))
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, 2)


def test_a_later_run_asks_for_what_was_changed_since_and_takes_nothing_away(town):
    entries = [entry(1), entry(2)]
    portal(town, entries, incremental=True)
    assert town.run().changes.created == 2
    entries[:] = [entry(2), entry(5)]
    outcome = town.run()
    assert (outcome.verdict, outcome.changes.created, outcome.changes.removed) == (Verdict.COMPLETE, 1, 0)
    assert "updated_since=2026-01-03T00%3A00%3A00%2B01%3A00" in town.asked[0]


def test_online_services_are_listed_by_cursor(town):
    portal(town, [entry(1)], online_services=True)
    pages = {
        "None": ({"items": [{"redaktion_id": "L1", "id": "7"}], "next_cursor": 12}),
        "12": {"items": [{"redaktion_id": "L1", "id": "8"}], "next_cursor": None},
    }
    town.pages["/api/v0/online-service"] = lambda request: Response(json.dumps(pages[str(request.args.get("cursor"))]))
    for n in (7, 8):
        town.pages[f"/api/v0/online-service/L1/{n}/xzufi"] = message("")
    assert town.run().verdict is Verdict.COMPLETE
    assert [path for path in town.asked if path.endswith("/xzufi")] == [
        f"/api/v0/online-service/L1/{n}/xzufi" for n in (7, 8)
    ]


def read(*entries, **envelope):
    body = json.dumps({"items": list(entries), "offset": 0, "limit": 200, "count": 1, "total_count": 1, **envelope})
    return list(normalize(document(body, "page"), context(FimOptions())))


def test_an_entry_is_a_service():
    (found,) = read(entry(1))
    record = found.record
    assert isinstance(record, Service)
    assert (record.remote_id, record.title, record.official_title) == (
        "B100019/1/leika",
        "Dienst 1 beantragen",
        "Dienst 1 Erteilung",
    )
    assert (record.leika_keys, record.leika_types, [a.value for a in record.audience]) == (
        ("99000000000001",),
        ("2/3",),
        ["citizen"],
    )
    assert [(code.list_uri.rpartition("/")[2], code.code) for code in record.situations] == [
        ("urn:xoev-de:fim:codeliste:pvlagen", "1010000"),
        ("themenfelder", "umwelt"),
    ]
    assert {text.module for text in record.texts} == {"summary", "description"}
    assert unexplained(found) == set()


def test_a_new_field_is_reported_and_a_missing_one_is_an_issue():
    changed = entry(1, neu=1)
    del changed["kurztext"]
    told = [(it.severity, it.rule) for it in issues(read(changed, mehr=True))]
    assert told == [("info", "fim.unknown-field"), ("info", "fim.unknown-field"), ("warning", "fim.missing-field")]


@pytest.mark.parametrize(
    ("broken", "rule"),
    [({"leistung_id": None}, "fim.no-id"), ({"title": "", "leistungsbezeichnung_2": None}, "fim.no-title")],
)
def test_what_cannot_be_named_is_an_error(broken, rule):
    readings = read(entry(1, **broken), entry(2))
    assert [it.rule for it in issues(readings, "error")] == [rule]
    assert len(records(readings)) == 1
