"""The sample federation keeps its promises: formats, counts, the difference between the days, validators."""

import json
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import yaml
from lxml import etree

from harvester.registry import read_registry

ROOT = Path(__file__).resolve().parents[2] / "examples" / "emscher-lippe"
sys.path.insert(0, str(ROOT))

from federation import Federation, serve  # noqa: E402  # the sample is a folder, not a package of the project

CLIENT = {"client_id": "emscher-lippe-demo", "client_secret": "kein-geheimnis"}
EXPECTED = yaml.safe_load((ROOT / "expected.yml").read_text("utf-8"))
SOURCES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "sources").rglob("*.yml")}
KEY = re.compile(r"99\d{12}")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes


@dataclass
class Found:
    """A service record as far as counting needs it; `content` is everything it says."""

    id: str | None
    title: str | None
    keys: list[str]
    content: Any


def ask(url: str, *, form: dict[str, str] | None = None, **headers: str) -> Answer:
    data = None if form is None else urlencode(form).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data, named)  # noqa: S310  # loopback addresses of the fixture
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # likewise
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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


def endpoint(federation: Federation, source: str) -> str:
    return str(SOURCES[source]["endpoint"]).replace(":8642", f":{federation.port}")


# --- reading a source the way a harvester would -----------------------------------------------------------------------


def services(federation: Federation, source: str) -> list[Found]:
    """All service records that a run on this day delivers."""
    match SOURCES[source]["interface"], SOURCES[source].get("options", {}):
        case "xzufi", {"transport": "bereitstelldienst"}:
            return [found for page in pages(federation, source) for found in leistungen(page["xzufiObjekte"].encode())]
        case "xzufi", _:
            base = endpoint(federation, source)
            return [found for name in index(base) for found in leistungen(ask(base + name).body)]
        case "pvog", {"details": True}:
            return [detail(federation, source, row["ID-LB"]) for row in table(federation, source)]
        case "pvog", _:
            return [Found(r["ID-LB"], r["Name"], [r["Leikaschlüssel"]], r) for r in table(federation, source)]
        case "dldb", _:
            return [
                Found(r.get("id"), r.get("name"), [r["leika"]] if r["leika"] else [], r)
                for r in json.loads(ask(endpoint(federation, source)).body)["data"]
            ]
    raise AssertionError(source)


def index(base: str) -> list[str]:
    return ask(base + "index.txt").body.decode().split("\r\n")[:-1]


def leistungen(xml: bytes) -> list[Found]:
    records = []
    for element in etree.fromstring(xml).iterfind("{*}schreibe/{*}leistung"):
        titles = [m.findtext("{*}inhalt") for m in element.iterfind("{*}modulText") if m.findtext(".//code") == "03"]
        keys = [*element.iterfind("{*}referenzLeiKa/code"), *element.iterfind("{*}referenzLeistungsschluessel")]
        content = etree.tostring(element)
        title = titles[0] if titles else None
        records.append(Found(element.findtext("{*}id"), title, [str(key.text) for key in keys], content))
    return records


def token(federation: Federation, **changed: str) -> Answer:
    url = str(SOURCES["nw-redaktion"]["options"]["token_url"]).replace(":8642", f":{federation.port}")
    return ask(url, form={"grant_type": "client_credentials", **CLIENT, **changed})


def pages(federation: Federation, source: str, start: str | None = None) -> list[dict[str, Any]]:
    bearer = json.loads(token(federation).body)["access_token"]
    url = start or endpoint(federation, source) + "?index=0&ars=%25"
    found: list[dict[str, Any]] = []
    while not found or not found[-1]["vollstaendig"]:
        found.append(json.loads(ask(url, Authorization=f"Bearer {bearer}").body))
        url = found[-1]["naechsteAnfrageUrl"]
    return found


def table(federation: Federation, source: str) -> list[dict[str, str]]:
    """The PVOG table, one row per service (the first of each)."""
    url = f"{endpoint(federation, source)}/v5/servicedescriptions/csv?ars={SOURCES[source]['region']}"
    header, *lines = ask(url).body.decode("utf-8-sig").splitlines()
    rows = [dict(zip(header.split("|"), line.split("|"), strict=True)) for line in lines]
    return list({row["ID-LB"]: row for row in reversed(rows)}.values())[::-1]


def detail_url(federation: Federation, source: str, lbid: str) -> str:
    base, region = endpoint(federation, source), SOURCES[source]["region"]
    return f"{base}/v6/servicedescriptions/{lbid}/detail?ars={region}&applyDynamicParams=true"


def detail(federation: Federation, source: str, lbid: str) -> Found:
    url = detail_url(federation, source, lbid)
    answer = ask(url)
    if answer.status == 429:
        answer = ask(url)
    record = json.loads(answer.body)
    keys = record["leikakeys"]
    return Found(record["id"], record["name"], [keys] if isinstance(keys, str) else keys, record)


def good(found: list[Found]) -> dict[str, Any]:
    return {record.id: record.content for record in found if record.id and record.title}


def issues(found: list[Found]) -> int:
    unusable = [record for record in found if not record.id or not record.title]
    wrong = [key for record in found for key in record.keys if not KEY.fullmatch(key.replace(" ", ""))]
    return len(unusable) + len(wrong)


UP = sorted(source for source in SOURCES if source != "gladbeck-dldb")
SNAPSHOTS = [source for source in UP if source != "nw-redaktion"]


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
