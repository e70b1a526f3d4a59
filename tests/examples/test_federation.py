"""The sample federation keeps its promises: formats, counts, the difference between the days, validators."""

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from lxml import etree

from harvester.registry import read_registry
from tests.examples.asking import (
    EXPECTED,
    KEY,
    ROOT,
    SNAPSHOTS,
    SOURCES,
    UP,
    Federation,
    ask,
    detail,
    detail_url,
    endpoint,
    free_port,
    good,
    index,
    issues,
    leistungen,
    pages,
    serve,
    services,
    token,
)


@pytest.fixture(scope="module")
def running() -> Iterator[Federation]:
    with serve(free_port()) as running:
        yield running


@pytest.fixture
def federation(running: Federation, monkeypatch: pytest.MonkeyPatch) -> Federation:
    monkeypatch.delenv("DEMO_CLIENT_ID", raising=False)
    monkeypatch.delenv("DEMO_CLIENT_SECRET", raising=False)
    running.set_day(1)
    running.requests.clear()
    return running


# --- formats and counts ----------------------------------------------------------------------------------------------


def test_expectations_cover_every_source():
    assert set(EXPECTED) == set(SOURCES)


def test_the_readme_gives_the_same_counts():
    readme = (ROOT / "README.md").read_text("utf-8").split("## Expected counts")[1]
    for source, days in EXPECTED.items():
        (row,) = re.findall(rf"^\| {source} \|(.*)\|$", readme, re.MULTILINE)
        told = [int(re.match(r" (\d+)", cell)[1]) for cell in row.split("|")]
        second = [days[2][name] for name in ("fetched", "created", "changed", "removed")]
        assert told == [days[1]["fetched"], days[1]["issues"], *second]


def test_the_registry_accepts_every_source():
    registry = read_registry(ROOT / "sources", {"DEMO_CLIENT_ID": "x", "DEMO_CLIENT_SECRET": "y"})
    assert registry.problems == []
    assert set(registry.sources) == set(SOURCES)


@pytest.mark.parametrize("source", UP)
def test_day_one_delivers_what_is_expected(federation, source):
    found = services(federation, source)
    assert len(good(found)) == EXPECTED[source][1]["fetched"]
    assert issues(found) == EXPECTED[source][1]["issues"]


@pytest.mark.parametrize("source", SNAPSHOTS)
def test_day_two_differs_exactly_as_documented(federation, source):
    before = good(services(federation, source))
    federation.set_day(2)
    found = services(federation, source)
    after, expected = good(found), EXPECTED[source][2]
    assert (len(after), issues(found)) == (expected["fetched"], expected["issues"])
    assert len(after.keys() - before.keys()) == expected["created"]
    assert len(before.keys() - after.keys()) == expected["removed"]
    assert sum(before[key] != after[key] for key in before.keys() & after.keys()) == expected["changed"]


def test_there_are_enough_distinct_services(federation):
    found = [record for source in UP for record in services(federation, source)]
    keys = {key.replace(" ", "") for record in found for key in record.keys}
    assert len({key for key in keys if KEY.fullmatch(key)}) >= 140


def test_some_keys_occur_at_several_levels_and_at_two_sources_of_one_city(federation):
    def keys(source):
        return {key.replace(" ", "") for record in services(federation, source) for key in record.keys}

    assert len(keys("bund-stammtexte") & keys("gelsenkirchen-pvog")) >= 8
    assert len(keys("gelsenkirchen-pvog") & keys("gelsenkirchen-buergerservice")) == 4


def test_nobody_listens_in_gladbeck(federation):
    host = urlsplit(endpoint(federation, "gladbeck-dldb")).hostname
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, federation.port), timeout=5)


# --- XZuFi -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "version"),
    [("bund-fachportale", "2_1_0"), ("bund-stammtexte", "2_3_1"), ("recklinghausen-xzufi", "2_2_0")],
)
def test_messages_speak_their_version(federation, source, version):
    base = endpoint(federation, source)
    root = etree.fromstring(ask(base + index(base)[0]).body)
    assert etree.QName(root).namespace == f"http://xoev.de/schemata/xzufi/{version}"
    assert root.find("{*}nachrichtenkopf") is not None


def test_codes_stand_in_no_namespace(federation):
    base = endpoint(federation, "recklinghausen-xzufi")
    root = etree.fromstring(ask(base + index(base)[0]).body)
    assert root.find("{*}schreibe/{*}leistung/{*}referenzLeiKa/code").text == "99102013104000"


def test_one_file_is_latin_1_and_one_has_a_byte_order_mark(federation):
    base = endpoint(federation, "bund-fachportale")
    first, second = (ask(base + name).body for name in index(base))
    assert b"ISO-8859-1" in first[:60].upper()
    assert "für".encode("latin-1") in first
    assert second.startswith(b"\xef\xbb\xbf<?xml")


def test_newest_messages_repeat_modules(federation):
    base = endpoint(federation, "bund-stammtexte")
    first = etree.fromstring(ask(base + index(base)[0]).body).find("{*}schreibe/{*}leistung")
    assert len(first.findall("{*}modulKosten")) == 3


def test_all_kinds_of_objects_occur(federation):
    base = endpoint(federation, "kreis-recklinghausen-xzufi")
    root = etree.fromstring(ask(base + index(base)[0]).body)
    kinds = {etree.QName(child).localname for written in root.iterfind("{*}schreibe") for child in written}
    assert kinds == {"leistung", "organisationseinheit", "onlinedienst", "zustaendigkeitTransferObjekt"}
    assert [gone.get("klasse") for gone in root.iterfind("{*}loesche")] == ["Onlinedienst", "Zustaendigkeit"]


def test_unchanged_files_of_a_changed_source_keep_their_bytes(federation):
    base = endpoint(federation, "recklinghausen-xzufi")
    before = {name: ask(base + name).body for name in index(base)}
    federation.set_day(2)
    after = {name: ask(base + name).body for name in index(base)}
    assert [before[name] == after[name] for name in before] == [True, True, False, True]


# --- the event log ---------------------------------------------------------------------------------------------------


def test_the_log_needs_a_token(federation):
    url = endpoint(federation, "nw-redaktion")
    assert ask(url).status == 401
    assert ask(url, Authorization="Bearer wrong").status == 401
    assert token(federation, client_secret="wrong").status == 401
    assert token(federation, grant_type="password").status == 400


def test_one_page_in_between_is_empty(federation):
    log = pages(federation, "nw-redaktion")
    assert [page["vollstaendig"] for page in log] == [False] * (len(log) - 1) + [True]
    assert [number for number, page in enumerate(log) if page["anzahlObjekte"] == 0] == [2]
    assert all(page["naechsteAnfrageUrl"].endswith(f"?index={page['naechsterIndex']}&ars=%25") for page in log)


def test_the_log_goes_on_where_it_ended(federation):
    end = pages(federation, "nw-redaktion")[-1]["naechsteAnfrageUrl"]
    (nothing,) = pages(federation, "nw-redaktion", end)
    assert nothing["anzahlObjekte"] == 0

    before = good(services(federation, "nw-redaktion"))
    federation.set_day(2)
    (delta,) = pages(federation, "nw-redaktion", end)
    root = etree.fromstring(delta["xzufiObjekte"].encode())
    written = good(leistungen(delta["xzufiObjekte"].encode()))
    gone = {(e.get("klasse"), e.findtext("{*}id")) for e in root.iterfind("{*}loesche")}
    expected = EXPECTED["nw-redaktion"][2]
    assert len(written) == expected["fetched"]
    assert len(written.keys() - before.keys()) == expected["created"]
    assert sum(written[key] != before[key] for key in written.keys() & before.keys()) == expected["changed"]
    assert gone == {("Leistung", "4124"), ("Leistung", "4999"), ("Zustaendigkeit", "88123-77")}
    removed = before.keys() & {number for kind, number in gone if kind == "Leistung"}
    assert len(removed) == expected["removed"]
    assert len((before.keys() | written.keys()) - removed) == expected["live"]


# --- PVOG ------------------------------------------------------------------------------------------------------------


def test_one_detail_is_refused_once():
    with serve(free_port()) as fresh:
        url = detail_url(fresh, "bund-pvog", "B100019.LB.574824")
        first, second = ask(url), ask(url)
    assert (first.status, first.headers["Retry-After"], second.status) == (429, "1", 200)


def test_a_service_with_two_online_services_has_two_rows(federation):
    url = endpoint(federation, "bund-pvog") + "/v5/servicedescriptions/csv?ars=000000000000"
    assert ask(url).body.decode().count("B100019.LB.574810|") == 2


def test_the_table_asks_for_twelve_digits(federation):
    url = endpoint(federation, "bund-pvog") + "/v5/servicedescriptions/csv?ars="
    assert ask(url + "00").status == 400
    assert ask(url + "130000000000").body.decode().count("\n") == 1
    assert ask(detail_url(federation, "bund-pvog", "B100019.LB.1")).status == 404


def test_lists_of_one_may_be_single_and_placeholders_are_marked(federation):
    one = detail(federation, "bund-pvog", "B100019.LB.574823").content
    assert isinstance(one["details"], dict)
    assert one["onlineServiceLinks"][0]["dynamicParameters"]
    assert isinstance(detail(federation, "bund-pvog", "B100019.LB.574821").content["leikakeys"], str)
    modules = detail(federation, "bund-pvog", "B100019.LB.574804").content["details"]
    assert {m["title"] for m in modules if m["placeholder"]} == {"Erforderliche Unterlagen", "Urheber"}


def test_the_portal_of_gelsenkirchen_tells_who_is_competent_and_what_is_online(federation):
    base = endpoint(federation, "gelsenkirchen-pvog")
    asked = f"{base}/v2/organisationunits/titles?ars=055130000000&lbId=L100002.LB.7102"
    offices = json.loads(ask(asked).body)
    assert [(it["id"], it["role"]["code"]) for it in offices] == [("L100002.OE.5131", "01"), ("L100002.OE.5130", "03")]
    assert json.loads(ask(f"{base}/v5/organisationunits/detail?q=L100002.OE.5131").body)["title"] == offices[0]["title"]
    token, found = "", []
    while token is not None:
        page = json.loads(ask(f"{base}/v1beta2/onlineservices?ars=055130000000&nextPageToken={token}").body)
        token, found = page["nextPageToken"], found + page["onlineservices"]
    assert len(found) == page["totalHits"] > page["hits"]
    for wrong in ("/v5/organisationunits/detail?q=x", "/v1beta2/onlineservices?ars=055130000000&nextPageToken=x"):
        assert ask(base + wrong).status == 404


# --- city directories ------------------------------------------------------------------------------------------------


def test_dialects_differ(federation):
    berlin = json.loads(ask(endpoint(federation, "bottrop-dldb")).body)
    munich = json.loads(ask(endpoint(federation, "herten-dldb")).body)
    assert berlin.keys() == {"created", "datacount", "locale", "hash", "error", "data"}
    assert munich.keys() == {"data", "meta"}
    assert isinstance(berlin["data"][0]["legal"], dict)
    assert "{serviceId}" in munich["data"][0]["meta"]["url"]


# --- validators, links, days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "validator", "condition"),
    [
        ("herten-dldb", "ETag", "If_None_Match"),
        ("gelsenkirchen-buergerservice", "ETag", "If_None_Match"),
        ("bottrop-dldb", "Last-Modified", "If_Modified_Since"),
    ],
)
def test_a_known_document_is_not_sent_again(federation, source, validator, condition):
    url = endpoint(federation, source)
    first = ask(url)
    known = {condition: first.headers[validator]}
    again = ask(url, **known)
    assert (again.status, again.body) == (304, b"")
    federation.set_day(2)
    changed = EXPECTED[source][2]["created"] > 0
    assert ask(url, **known).status == (200 if changed else 304)


def test_index_and_messages_have_validators(federation):
    base = endpoint(federation, "bund-stammtexte")
    for name in ("index.txt", *index(base)):
        tag = ask(base + name).headers["ETag"]
        assert ask(base + name, If_None_Match=tag).status == 304


def test_the_portal_of_gelsenkirchen_has_no_validators(federation):
    answer = ask(detail_url(federation, "gelsenkirchen-pvog", "L100002.LB.7101"))
    assert answer.headers["ETag"] is None


def test_links_lead_to_pages_of_the_federation(federation):
    base = f"http://127.0.10.9:{federation.port}"
    assert b"<h1>Antrag: Hundesteuer</h1>" in ask(base + "/antrag/hundesteuer").body
    assert ask(base + "/info/merkblatt").status == 200
    assert ask(base + "/weg/formular").status == 404
    assert ask(base + "/wartung/formular").status == 503


def test_no_answer_names_the_written_port(federation):
    for source in UP:
        for record in services(federation, source):
            assert ":8642" not in str(record.content)


def test_requests_are_listed_in_order(federation):
    base = endpoint(federation, "recklinghausen-xzufi")
    ask(base + "index.txt")
    ask(f"http://127.0.10.9:{federation.port}/antrag/a?b=c")
    assert federation.requests == [("127.0.10.8", "GET", "/xzufi/index.txt"), ("127.0.10.9", "GET", "/antrag/a?b=c")]


def test_the_day_is_switched_over_http(federation):
    url = f"http://127.0.10.1:{federation.port}/__day"
    assert json.loads(ask(url + "?day=2", form={}).body) == {"day": 2}
    assert federation.day == 2
    assert ask(url + "?day=3", form={}).status == 400


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_says_ready_and_ends_on_a_signal():
    port = free_port()
    command = [sys.executable, str(ROOT / "serve.py"), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        stop = threading.Timer(60, process.kill)
        stop.start()
        assert process.stdout.readline().startswith(f"ready http://127.0.10.1:{port} ")
        assert ask(f"http://127.0.10.12:{port}/xzufi/index.txt").status == 200
        process.terminate()
        assert process.wait() == 0
        stop.cancel()


def test_a_taken_port_is_a_clear_error(federation):
    command = [sys.executable, str(ROOT / "serve.py"), "--port", str(federation.port)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert f"Port {federation.port} is in use" in ended.stderr
    assert "Traceback" not in ended.stderr
