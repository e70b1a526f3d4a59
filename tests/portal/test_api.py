"""The read API: lists by every filter, whole services in three forms, and errors that say what to do."""

import json
from base64 import urlsafe_b64encode

import pytest
from rdflib import Graph

from harvester.portal.api.cursor import _check
from tests.build import GELSENKIRCHEN, HERTEN, A, C
from tests.published import BOTTROP, KREIS

SURROGATE = rb'["\ud800"]'


def titles(answer):
    return [item["title"] for item in answer["items"]]


def test_the_catalogue_says_which_build_it_is(get, two_days):
    found = get("/")
    assert found["build_id"] == two_days.ask("SELECT value FROM meta WHERE key = 'build_id'")[0][0]
    assert found["services"] == two_days.ask("SELECT count(*) FROM service")[0][0]
    assert {portal["id"] for portal in found["portals"]} >= {"gelsenkirchen", "emscher-lippe"}


def test_a_region_has_the_nearest_description_of_each_key(get):
    found = {item["leika_key"]: item for item in get(f"/services?ars={GELSENKIRCHEN}")["items"]}
    assert found[A]["level"] == "kommune"
    assert found[A]["distance"] == 0
    assert all(item["level"] != "kommune" for item in get(f"/services?ars={BOTTROP}")["items"])


def test_filters_narrow_each_other(get):
    everything = get("/services?limit=100")["items"]
    assert {item["level"] for item in everything} > {"kommune"}
    assert {item["level"] for item in get("/services?level=land")["items"]} == {"land"}
    assert titles(get(f"/services?leika_key={C}&ars={HERTEN}")) == ["Hund anmelden"]
    assert titles(get(f"/services?leika_key={C}&ars={BOTTROP}")) == []
    assert titles(get("/services?situation=pvlagen:1050000&level=bund")) == ["Wohnsitz anmelden"]


@pytest.mark.parametrize(
    "question", ["", f"&ars={GELSENKIRCHEN}", "&changed_since=2025-01-01", "&situation=pvlagen:1000000"]
)
def test_pages_together_are_the_whole(get, question):
    whole = [item["id"] for item in get(f"/services?limit=100{question}")["items"]]
    paged, cursor = [], ""
    while cursor is not None:
        page = get(f"/services?limit=1{question}{cursor and f'&cursor={cursor}'}")
        paged += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert paged == whole
    assert whole


def test_changes_come_in_the_order_of_time(get):
    found = [item["changed_at"] for item in get("/services?changed_since=2025-01-05")["items"]]
    assert found
    assert found == sorted(found)
    assert found[0] >= "2025-01-05"
    assert titles(get("/services?changed_since=2999-01-01")) == []


def test_a_text_finds_the_best_first(get):
    found = get(f"/services?text=Hunt%20anmelden&ars={HERTEN}")["items"]
    assert found[0]["title"] == "Hund anmelden"
    assert [item["score"] for item in found] == sorted((item["score"] for item in found), reverse=True)
    assert titles(get(f"/services?text=Hund%20anmelden&ars={HERTEN}&level=bund")) in ([], ["Wohnsitz anmelden"])


def test_a_service_is_the_same_by_id_and_slug(get):
    (item,) = get(f"/services?leika_key={C}")["items"]
    whole = get(f"/services/{item['id']}")
    assert whole == get(f"/services/{item['slug']}")
    assert whole["texts"][0]["module"] == "summary"
    assert whole["organisation"]["name"] == "Bürgerbüro"


@pytest.mark.parametrize(("form", "parser"), [("application/ld+json", "json-ld"), ("text/turtle", "turtle")])
def test_a_service_as_linked_data(client, get, form, parser):
    (item,) = get(f"/services?leika_key={C}")["items"]
    answer = client.get(f"/api/v1/services/{item['id']}", headers={"accept": f"{form}, application/json;q=0.5"})
    assert answer.headers["content-type"].startswith(form)
    found = Graph().parse(data=answer.text, format=parser)
    (subject,) = found.subjects(object=next(o for o in found.objects() if str(o).endswith("PublicService")))
    assert str(subject) == f"http://testserver/api/v1/services/{item['id']}"


def test_what_a_reader_does_not_take_is_not_sent(client, get):
    (item,) = get(f"/services?leika_key={C}")["items"]
    answer = client.get(f"/api/v1/services/{item['id']}", headers={"accept": "image/png"})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")


def test_situations_are_counted_for_a_region(get):
    assert get("/situations")["items"][0]["services"] is None
    housing = get(f"/situations/pvlagen:1050000?ars={GELSENKIRCHEN}")
    assert housing["services"] > 0
    assert housing["above"][0]["id"] == "pvlagen:1000000"
    assert "pvlagen:1050200" in [item["id"] for item in housing["below"]]


def test_several_regions_are_offered_and_none_is_guessed(get):
    assert [item["ars"] for item in get("/regions?q=Gelsenkirchen")["items"]] == [GELSENKIRCHEN]
    assert [item["because"] for item in get("/regions?q=45699")["items"]] == ["1 office with the postal code 45699"]
    typo = get("/regions?q=Gelsenkirchn")
    assert not typo["items"]
    assert typo["near"][0]["ars"] == GELSENKIRCHEN
    assert HERTEN in [item["ars"] for item in get(f"/regions/{KREIS}")["below"]]


def test_links_by_state(get):
    assert {item["state"] for item in get("/links")["items"]} == {"ok", "dead", "unchecked"}
    (dead,) = get("/links?state=dead")["items"]
    assert (dead["http_status"], dead["host"]) == (404, "stadt.example")


def test_a_reader_follows_the_events(get):
    known, followed = "0", []
    while True:
        page = get(f"/events?since={known}&limit=3")
        followed += [item["seq"] for item in page["items"]]
        known = page["last"]
        if not page["more"]:
            break
    assert followed == list(range(1, get("/")["last_event"] + 1))
    assert get(f"/events?since={known}")["items"] == []
    second_day = get("/events?since=2025-01-07T00:00:00Z")["items"]
    assert {item["at"][:10] for item in second_day} == {"2025-01-08"}
    assert second_day[0]["seq"] > 1


@pytest.mark.parametrize(
    ("question", "status", "told"),
    [
        ("/services?limt=3", 400, "unknown parameter 'limt': there are ars, changed_since"),
        ("/services?limit=3&limit=4", 400, "limit: said more than once"),
        ("/services?limit=101", 400, "limit"),
        ("/services?cursor=AAAA", 404, "begin without one"),
        ("/services?ars=099999999999", 404, "/api/v1/regions?q="),
        ("/services/sunbekannt", 404, "no service"),
        ("/situations/pvlagen:9", 404, "/api/v1/situations"),
        ("/events?since=999999", 409, "the last event is"),
        ("/nothing", 404, "Not Found"),
        ("/regions?q=%00", 400, "control characters"),
        ("/regions?q=%ff", 400, "not UTF-8"),
        ("/regions?q=" + 5000 * "a", 414, "longer than"),
    ],
)
def test_errors_are_problems_that_say_what_to_do(client, question, status, told):
    answer = client.get(f"/api/v1{question}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = json.loads(answer.text)
    assert problem["status"] == status
    assert told in problem["detail"]


def test_a_cursor_belongs_to_its_question(client, get):
    cursor = get("/services?limit=1")["next"]
    assert client.get(f"/api/v1/services?limit=1&level=land&cursor={cursor}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client, method):
    answer = client.request(method, "/api/v1/services")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_every_answer_is_guarded_and_open_to_other_portals(client):
    headers = client.get("/api/v1/").headers
    assert headers["content-security-policy"].startswith("default-src 'none';")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert "server" not in headers


def test_what_has_not_changed_is_not_sent_again(client):
    first = client.get("/api/v1/services")
    again = client.get("/api/v1/services", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/api/v1/services?limit=1", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_head_is_a_get_without_its_body(client):
    whole, head = client.get("/api/v1/services"), client.head("/api/v1/services")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]


def test_a_browser_may_ask_first(client):
    asked = {"origin": "https://portal.example", "access-control-request-method": "GET"}
    answer = client.options("/api/v1/services", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")


def test_a_forged_cursor_is_none_of_ours(client):
    question = ("links", None, None)
    forged = urlsafe_b64encode(_check(question, SURROGATE) + SURROGATE).decode().rstrip("=")
    assert client.get(f"/api/v1/links?cursor={forged}").status_code == 404
