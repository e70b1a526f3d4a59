"""PVOG's offices and online services: what is asked for, how it is read, and what happens when it is otherwise."""

import json
from typing import Any

import pytest
from werkzeug import Request, Response

from harvester.model import Competence, DocumentError, OnlineService, Organisation
from harvester.registry.options import PvogOptions
from harvester.run.judge import Verdict
from normalizers.pvog import normalize
from tests.contracts.source import write
from tests.normalizers.reading import addresses, as_data, context, document, issues, records, rules, unexplained

ARS = "055130000000"
API = "/suchdienst/api"
CSV, DETAIL = f"{API}/v5/servicedescriptions/csv", f"{API}/v6/servicedescriptions/L1.LB.%s/detail"
TITLES, OFFICE = f"{API}/v2/organisationunits/titles", f"{API}/v5/organisationunits/detail"
ONLINE = f"{API}/v1beta2/onlineservices"
HEADER = "ID-LB|Leikaschlüssel|Name|Name2|Updatedatum|ID-OD|Bezeichnung OD|Links\n"


def office(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"L1.OE.{number}",
        "title": f"Amt {number}",
        "location": {
            "addresses": [
                {"type": "Postanschrift", "street": "", "zip": "45875", "city": "Ort"},
                {"type": "Hausanschrift", "street": "Markt 1", "zip": "45879", "city": "Ort", "geo": None},
            ],
            "communications": [{"code": "02", "value": "0209 1690"}, {"code": "01", "value": "amt@ort.example"}],
        },
        "internetAddresses": [{"uri": "https://ort.example/amt", "title": "Amt"}],
        "lastUpdate": "2026-05-01T10:00:00Z",
        **changes,
    }


def online(number: int, *services: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"L1.OD.{number}",
        "name": f"Antrag {number}",
        "links": [{"uri": f"https://antrag.example/{number}"}],
        "serviceDescriptions": [{"id": service, "ars": [ARS]} for service in services],
        **changes,
    }


def listed(*entries: dict[str, Any], following: str | None = None, total: int | None = None) -> dict[str, Any]:
    hits = len(entries)
    return {"totalHits": total or hits, "hits": hits, "nextPageToken": following, "onlineservices": list(entries)}


def titles(*offices: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"id": f"L1.OE.{number}", "title": f"Amt {number}", "role": {"code": role}} for number, role in offices]


def answer(town, path: str, body: Any) -> None:
    """JSON, with a type of its own; the request decides where the body is a function."""
    make = body if callable(body) else lambda _: body
    town.pages[path] = lambda request: Response(json.dumps(make(request)), content_type="application/json")


def portal(town, **options: bool) -> None:
    """Two services, two offices, two pages of online services."""
    town.pages[CSV] = HEADER + "".join(f"L1.LB.{n}|99102013104000|Hund {n}|Hund {n}||||\n" for n in (1, 2))
    for number in (1, 2):
        answer(town, DETAIL % number, {"id": f"L1.LB.{number}", "name": f"Hund {number}"})
    answer(town, TITLES, lambda request: titles((7, "01"), (8, "03")) if request.args["lbId"] == "L1.LB.1" else [])
    answer(town, OFFICE, lambda request: office(int(request.args["q"].rpartition(".")[2])))
    pages = {
        "": listed(online(1, "L1.LB.1"), following="weiter", total=2),
        "weiter": listed(online(2, "L1.LB.2", "B1.LB.9"), total=2),
    }
    answer(town, ONLINE, lambda request: pages[request.args.get("nextPageToken", "")])
    write(town, "pvog", API, **{"details": True, "organisations": True, "online_services": True, **options})


# --- harvests --------------------------------------------------------------------------------------------------------


def test_a_region_shows_who_is_competent_and_where_to_apply(town):
    portal(town)
    assert town.run().verdict is Verdict.COMPLETE
    told = "SELECT o.name, o.phone, c.ars, c.role FROM competence c JOIN organisation o ON o.id = c.organisation_id"
    assert sorted(town.rows(told)) == [
        ("Amt 7", "0209 1690", ARS, "responsible"),
        ("Amt 8", "0209 1690", ARS, "contact"),
    ]
    links = "SELECT s.title, l.url, sl.ars FROM service_link sl JOIN service s ON s.id = sl.service_id JOIN link l ON l.id = link_id"
    assert sorted(town.rows(links)) == [
        ("Hund 1", "https://antrag.example/1", ARS),
        ("Hund 2", "https://antrag.example/2", ARS),
    ]


def test_offices_are_asked_for_once_and_online_services_last(town):
    portal(town)
    town.run()
    asked = [path.removeprefix(API) for path in town.asked]
    assert asked.count("/v5/organisationunits/detail?q=L1.OE.7") == 1
    first = asked.index(f"/v1beta2/onlineservices?ars={ARS}")
    assert all("/detail?ars" not in path for path in asked[first:])
    assert asked[-1] == f"/v1beta2/onlineservices?ars={ARS}&nextPageToken=weiter"


def test_what_is_not_asked_for_is_not_fetched(town):
    portal(town, organisations=False, online_services=False)
    assert town.run().verdict is Verdict.COMPLETE
    assert not [path for path in town.asked if "organisation" in path or "onlineservices" in path]


def test_the_table_alone_can_have_offices_and_online_services(town):
    portal(town, details=False)
    assert town.run().verdict is Verdict.COMPLETE
    assert town.rows("SELECT count(*) FROM organisation") == [(2,)]
    assert not [path for path in town.asked if "/v6/" in path]


@pytest.mark.parametrize("path", [TITLES, OFFICE, ONLINE])
def test_a_busy_portal_is_asked_again(town, path):
    portal(town)
    whole, refusals = town.pages[path], [Response(status=429, headers={"Retry-After": "0"})]
    town.pages[path] = lambda request: refusals.pop() if refusals else whole(request)
    assert town.run().verdict is Verdict.COMPLETE


@pytest.mark.parametrize("path", [TITLES, OFFICE, ONLINE])
@pytest.mark.parametrize("broken", ["half", 404, "null"])
def test_what_does_not_arrive_whole_makes_the_run_partial_and_takes_nothing_away(town, path, broken):
    portal(town)
    assert town.run().verdict is Verdict.COMPLETE
    whole = town.pages[path]

    def spoilt(request: Request) -> Response:
        if broken == "half":
            return Response(whole(request).get_data()[:-9], content_type="application/json")
        return Response("null") if broken == "null" else Response(status=404)

    town.pages[path] = spoilt
    assert town.run().verdict is Verdict.PARTIAL
    assert town.rows("SELECT count(*) FROM organisation") == [(2,)]
    assert town.rows("SELECT count(*) FROM service_link") == [(2,)]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (listed(online(2), following="weiter", total=2), "go round in circles"),
        (listed(total=2), "only 1 of 2 online services"),
    ],
)
def test_a_list_that_does_not_end_as_it_says_proves_nothing(town, second, why):
    portal(town)
    first = listed(online(1, "L1.LB.1"), following="weiter", total=2)
    answer(town, ONLINE, lambda request: second if "nextPageToken" in request.args else first)
    outcome = town.run()
    assert outcome.verdict is Verdict.PARTIAL
    assert why in outcome.judgement.reason


# --- readings --------------------------------------------------------------------------------------------------------


def read(role: str, body: Any, note: str = ""):
    return list(normalize(document(json.dumps(body), role, note=note), context(PvogOptions(), ARS)))


def test_an_office_has_its_functional_contacts():
    (found,) = read("office", office(7), "L1.OE.7")
    assert found.record == Organisation(
        remote_id="L1.OE.7",
        name="Amt 7",
        homepage="https://ort.example/amt",
        phone="0209 1690",
        email="amt@ort.example",
        address="Markt 1, 45879 Ort",
        provenance=found.record.provenance,
    )
    assert unexplained(found) == set()


def test_an_office_that_is_competent_and_a_contact_is_competent():
    readings = read("offices", titles((7, "03"), (7, "01"), (8, "03"), (8, "03"), (9, "02")), "L1.LB.1")
    told = [(it.organisation, it.service, it.regions, it.role) for it in records(readings, Competence)]
    assert told == [
        ("L1.OE.7", "L1.LB.1", (ARS,), "responsible"),
        ("L1.OE.8", "L1.LB.1", (ARS,), "contact"),
        ("L1.OE.9", "L1.LB.1", (ARS,), "responsible"),
    ]
    assert [unexplained(it) for it in readings] == [set(), set(), set()]


@pytest.mark.parametrize(
    ("role", "expected"),
    [("Zuständige Stelle", "responsible"), ({"name": "Ansprechpunkt"}, "contact"), ({"code": "03"}, "contact")],
)
def test_a_role_is_told_by_name_or_code(role, expected):
    (competence,) = records(read("offices", [{"id": "L1.OE.7", "title": "Amt", "role": role}], "L1.LB.1"), Competence)
    assert competence.role == expected


def test_a_list_of_offices_that_nothing_ties_to_a_service_cannot_be_read():
    body = document(json.dumps(titles((7, "01"))), "offices")
    with pytest.raises(DocumentError, match="lbId"):
        list(normalize(body, context(PvogOptions(), ARS)))


def test_an_online_service_serves_what_it_names():
    readings = read("online", listed(online(1, "L1.LB.1", "L1.LB.2", "L1.LB.1")))
    (service,) = records(readings, OnlineService)
    assert (service.remote_id, service.title, addresses(service.links)) == (
        "L1.OD.1",
        "Antrag 1",
        [("apply", "https://antrag.example/1")],
    )
    served = [(it.online_service, it.service, it.regions) for it in records(readings, Competence)]
    assert served == [("L1.OD.1", "L1.LB.1", (ARS,)), ("L1.OD.1", "L1.LB.2", (ARS,))]
    assert [unexplained(it) for it in readings] == [set(), set(), set()]
    assert as_data(readings)[2]["origins"]["service"].startswith("/onlineservices/0/serviceDescriptions/1/id by ")


def without(entry: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != field}


@pytest.mark.parametrize(
    ("role", "body", "expected"),
    [
        ("office", office(7, neu=1), ("info", "pvog.unknown-field", "/neu")),
        ("office", without(office(7), "location"), ("warning", "pvog.missing-field", "/location")),
        ("office", without(office(7), "title"), ("error", "pvog.no-title", "/title")),
        ("office", office(7, id="L1.OE.8"), ("warning", "pvog.other-id", "/id")),
        ("offices", [{**titles((7, "01"))[0], "neu": 1}], ("info", "pvog.unknown-field", "/0/neu")),
        ("offices", [without(titles((7, "01"))[0], "role")], ("warning", "pvog.missing-field", "/0/role")),
        ("offices", [without(titles((7, "01"))[0], "id")], ("error", "pvog.no-id", "/0/id")),
        ("offices", ["Amt"], ("error", "pvog.office", "/0")),
        ("online", {**listed(online(1)), "neu": 1}, ("info", "pvog.unknown-field", "/neu")),
        ("online", listed(online(1, neu=1)), ("info", "pvog.unknown-field", "/onlineservices/0/neu")),
        (
            "online",
            listed(without(online(1), "links")),
            ("warning", "pvog.missing-field", "/onlineservices/0/links"),
        ),
        (
            "online",
            listed(online(1, serviceDescriptions=[{"ars": [ARS]}])),
            ("warning", "pvog.missing-field", "/onlineservices/0/serviceDescriptions/0/id"),
        ),
        ("online", listed(without(online(1), "id")), ("error", "pvog.no-id", "/onlineservices/0/id")),
    ],
)
def test_a_new_field_is_reported_and_a_missing_one_is_an_issue(role, body, expected):
    assert rules(read(role, body, "L1.OE.7" if role == "office" else "L1.LB.1")) == [expected]


def test_whole_answers_say_nothing_odd():
    told = read("office", office(7)) + read("offices", titles((7, "01")), "x") + read("online", listed(online(1, "x")))
    assert issues(told) == []


@pytest.mark.parametrize(("role", "body"), [("offices", {"id": 1}), ("online", []), ("online", {"onlineservices": {}})])
def test_another_shape_cannot_be_read(role, body):
    with pytest.raises(DocumentError):
        read(role, body, "L1.LB.1")
