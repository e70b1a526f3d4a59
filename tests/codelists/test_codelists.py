"""Code lists of the XRepository: read, compared, and taken over only as far as somebody may undo it."""

import csv
import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from harvester.codelists.difference import compare, parent_of, refreshed
from harvester.codelists.genericode import CodeListError, read_genericode
from harvester.codelists.refresh import LISTS, check_list, write_list
from harvester.codelists.regional import REGIONS
from harvester.data import data_file
from harvester.workspace import Workspace

URI = "urn:xoev-de:fim:codeliste:pvlagen"
FILE = "code,name,parent,origin\n1000000,Leben,,list\n1010000,Geburt,1000000,list\n1020000,Alt,1000000,inferred\n"


def genericode(rows: dict[str, str]) -> str:
    lines = "".join(
        f'<Row><Value ColumnRef="code"><SimpleValue>{code}</SimpleValue></Value>'
        f'<Value ColumnRef="name"><SimpleValue>{name}</SimpleValue></Value></Row>'
        for code, name in rows.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">'
        f"<Identification><ShortName>PV-Lagen</ShortName><Version>5</Version><CanonicalUri>{URI}</CanonicalUri></Identification>"
        '<ColumnSet><Column Id="code" Use="required"/><Column Id="name"/><Key Id="k"><ColumnRef Ref="code"/></Key></ColumnSet>'
        f"<SimpleCodeList>{lines}</SimpleCodeList></gc:CodeList>"
    )


CURRENT = {"1000000": "Leben", "1010000": "Geburt und Kind", "1010300": "Danach"}


def test_a_list_is_read_with_its_key_and_version():
    found = read_genericode(genericode(CURRENT).encode())
    assert (found.uri, found.version, found.key, found.columns) == (URI, "5", "code", ("code", "name"))
    assert found.names() == CURRENT


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no well-formed XML"),
        (genericode(CURRENT).encode()[:-40], "no well-formed XML"),
        (b"<html/>", "no code list"),
        (genericode({}).encode(), "0 rows"),
        (genericode(CURRENT).replace('<ColumnRef Ref="code"/>', "").encode(), "no key column"),
    ],
)
def test_what_is_no_whole_list_is_refused(raw, why):
    with pytest.raises(CodeListError, match=why):
        read_genericode(raw)


def test_entities_are_not_resolved():
    body = genericode({"1": "&f;"}).replace("?>", '?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>')
    assert read_genericode(body.encode()).names() == {"1": ""}


def difference():
    rows = [dict(zip(("code", "name"), line.split(",")[:2], strict=True)) for line in FILE.splitlines()[1:]]
    return compare(rows, CURRENT, URI, "5")


def test_the_difference_names_what_is_new_gone_and_renamed():
    found = difference()
    assert found.added == (("1010300", "Danach"),)
    assert found.removed == (("1020000", "Alt"),)
    assert found.renamed == (("1010000", "Geburt", "Geburt und Kind"),)
    assert [line[0] for line in found.lines()] == ["+", "-", "~"]


def test_nothing_is_taken_out_and_new_codes_find_their_place():
    assert refreshed(FILE, difference()).splitlines() == [
        "code,name,parent,origin",
        "1000000,Leben,,list",
        "1010000,Geburt und Kind,1000000,list",
        "1010300,Danach,1010000,list",
        "1020000,Alt,1000000,inferred",
    ]


@pytest.mark.parametrize(
    ("code", "parent"), [("1010203", "1010200"), ("1010200", "1010000"), ("1010000", "1000000"), ("1000000", "")]
)
def test_parents_are_found_by_zeroing_from_the_right(code, parent):
    assert parent_of(code) == parent


@pytest.mark.parametrize("name", LISTS)
def test_a_file_that_is_up_to_date_keeps_its_bytes(name):
    text = data_file(LISTS[name].file).read_text("utf-8")
    same = refreshed(text, compare([], {}, "", ""), LISTS[name].shape)
    assert sorted(same.splitlines()) == sorted(text.splitlines())


def serve(server: HTTPServer, current: object, body: str | Response) -> None:
    server.expect_request(f"/api/codeliste/{URI}/gueltigeVersion").respond_with_data(json.dumps(current))
    answer = body if isinstance(body, Response) else Response(body, content_type="application/xml")
    server.expect_request(f"/api/version_codeliste/{URI}_5/genericode").respond_with_response(answer)


def check(folder: Path, server: HTTPServer, file: Path):
    (folder / "harvester.toml").write_text(
        '[fetch]\nallow_addresses = ["127.0.0.0/8"]\nretries = 0\n[politeness]\ninterval = 0\n', "utf-8"
    )
    return check_list(Workspace(folder), "pvlagen", repository=server.url_for("/"), file=file)


def test_the_version_in_force_is_asked_for_and_taken_over(tmp_path, httpserver):
    serve(httpserver, {"kennung": f"{URI}_5"}, genericode(CURRENT))
    file = tmp_path / "pvlagen.csv"
    file.write_text(FILE, "utf-8")
    found = check(tmp_path, httpserver, file)
    assert not found.empty
    assert file.read_text("utf-8") == FILE
    write_list("pvlagen", found, file=file)
    again = check(tmp_path, httpserver, file)
    assert (again.added, again.renamed, len(again.removed)) == ((), (), 1)


@pytest.mark.parametrize(
    ("current", "body", "why"),
    [
        ({"kennung": f"{URI}_5"}, Response(status=500), "500"),
        ({"version": 5}, "", "names no version"),
        (["urn"], "", "names no version"),
        ({"kennung": f"{URI}_5"}, "<html>", "no well-formed XML"),
    ],
)
def test_an_answer_that_is_none_changes_nothing(tmp_path, httpserver, current, body, why):
    serve(httpserver, current, body)
    file = tmp_path / "pvlagen.csv"
    file.write_text(FILE, "utf-8")
    with pytest.raises(CodeListError, match=why):
        check(tmp_path, httpserver, file)
    assert file.read_text("utf-8") == FILE


REGIONAL = (
    "ars,name,kind,parent_ars,name_origin\n050000000000,Nordrhein-Westfalen,Land,000000000000,list\n"
    "055620000000,Recklinghausen,Kreis,050000000000,known\n055620014014,Gladbach,Stadt,055620000000,list\n"
    "055620099099,Altdorf,Gemeinde,055620000000,list\n"
)
REGIONS_NOW = {
    "055130000000": "Gelsenkirchen, Stadt",
    "055620014014": "Gladbeck, Stadt",
    "055620016016": "Haltern am See, Stadt",
    "055620017017": "Neudorf",
}


def test_regional_keys_are_refreshed_with_kind_and_parent_and_only_the_lists_own_can_be_gone():
    rows = list(csv.DictReader(REGIONAL.splitlines()))
    found = compare(rows, REGIONS_NOW, "urn", "2027-01-31", REGIONS)
    assert found.removed == (("055620099099", "Altdorf"),)
    assert found.renamed == (("055620014014", "Gladbach", "Gladbeck"),)
    assert refreshed(REGIONAL, found, REGIONS).splitlines()[1:] == [
        "050000000000,Nordrhein-Westfalen,Land,000000000000,list",
        "055130000000,Gelsenkirchen,kreisfreie Stadt,050000000000,list",
        "055620000000,Recklinghausen,Kreis,050000000000,known",
        "055620014014,Gladbeck,Stadt,055620000000,list",
        "055620016016,Haltern am See,Stadt,055620000000,list",
        "055620017017,Neudorf,Gemeinde,055620000000,list",
        "055620099099,Altdorf,Gemeinde,055620000000,list",
    ]


def test_a_name_that_another_list_gave_stays_until_this_one_names_the_key():
    rows = list(csv.DictReader(REGIONAL.splitlines()))
    found = compare(rows, REGIONS_NOW | {"055620000000": "Kreis Recklinghausen"}, "urn", "1", REGIONS)
    assert found.renamed[0] == ("055620000000", "Recklinghausen", "Kreis Recklinghausen")


def test_types_of_leika_have_no_parents():
    text = data_file("leika_types.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    named = {row["code"]: row["name"] for row in rows} | {"6": "Sechs", "13": "Dreizehn"}
    found = compare(rows, named, "urn", "1")
    assert (found.added, found.removed, found.renamed) == ((("13", "Dreizehn"),), (), (("6", "", "Sechs"),))
    assert {"13,Dreizehn,list", "6,Sechs,list"} <= set(refreshed(text, found).splitlines())
