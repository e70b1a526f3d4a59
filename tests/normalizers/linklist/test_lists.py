"""Lists of links: the same three services in every form a list comes in, and lists that are broken or made to harm."""

import csv
import json
import random
import zipfile
from contextlib import suppress
from io import BytesIO, StringIO

import pytest
from openpyxl import Workbook
from scrapy import Request

from harvester.explain.bytes_at import join_locators
from harvester.explain.excerpt import excerpt
from harvester.model import Coverage, DocumentError, Found, Lost, Proof
from harvester.registry.options import LinklistOptions
from normalizers.linklist import normalize
from normalizers.linklist.xlsx import MOST_MEMBERS
from spiders.linklist import LinklistSpider
from tests.normalizers.reading import addresses, context, document, issues, records, rules
from tests.spiders.driving import answer, follow, source, started

COLUMNS = {"key": "Nummer", "title": "Name", "information": "Landingpage", "apply": "Direktlink", "office": "Stelle"}
HEADER = ["Nummer", "Name", "Landingpage", "Direktlink", "Stelle"]
ROWS = [
    ["99050012104000", "Gewerbe anmelden", "https://wsp.example/gewerbe", "https://wsp.example/antrag/1", "Gemeinde"],
    ["99050012070000", "Gewerbe abmelden", "https://wsp.example/ab", "", "Gemeinde"],
    ["", "Beratung; und mehr", "https://wsp.example/beratung", "", ""],
]


def as_csv(delimiter: str, encoding: str = "utf-8") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *ROWS])
    return out.getvalue().encode(encoding)


def as_xlsx(rows=(HEADER, *ROWS), title="Liste") -> bytes:
    book, out = Workbook(), BytesIO()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    book.save(out)
    return out.getvalue()


def as_html() -> bytes:
    def cell(text: str) -> str:
        return f'<a href="{text}">hier</a>' if text.startswith("http") else text

    lines = "".join("<tr>" + "".join(f"<td>{cell(text)}</td>" for text in row) + "</tr>" for row in ROWS)
    head = "".join(f"<th>{name}</th>" for name in HEADER)
    return f"<html><body><table><tr><td>Menü</td></tr></table><table><thead><tr>{head}</tr></thead>{lines}</table>".encode()


FORMS = {
    "csv": as_csv(";"),
    "csv with commas": as_csv(","),
    "csv with a mark": b"\xef\xbb\xbf" + as_csv(";"),
    "tsv": as_csv("\t"),
    "json": json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS]).encode(),
    "xlsx": as_xlsx(),
    "html": as_html(),
}


def read(body: bytes, **options):
    made = LinklistOptions(columns=options.pop("columns", COLUMNS), **options)
    return list(normalize(document(body, "list"), context(made)))


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_every_form_gives_the_same_services(body):
    readings = read(body)
    assert issues(readings) == []
    first, second, third = records(readings)
    assert (first.title, first.leika_keys, first.remote_id) == (
        "Gewerbe anmelden",
        ("99050012104000",),
        "99050012104000 / Gewerbe anmelden / Gemeinde",
    )
    assert addresses(first.links) == [
        ("apply", "https://wsp.example/antrag/1"),
        ("information", "https://wsp.example/gewerbe"),
    ]
    assert [text.text for text in first.texts] == ["Gemeinde"]
    assert addresses(second.links) == [("information", "https://wsp.example/ab")]
    assert (third.title, third.leika_keys) == ("Beratung; und mehr", ())


@pytest.mark.parametrize("form", ["csv", "tsv", "json"])
def test_every_value_can_be_shown_where_it_stands(form):
    for found in read(FORMS[form]):
        for path, origin in found.record.provenance.items():
            shown = excerpt(BytesIO(FORMS[form]), join_locators(found.locator, origin.locator)).value.decode()
            value = found.record.title if path == "title" else ""
            assert shown.strip('"') == value if value else shown


def test_a_list_may_stand_deeper_in_a_document():
    body = json.dumps({"ergebnis": {"dienste": [{"id": 7, "n": "Hund"}]}, "anzahl": 1}).encode()
    readings = read(body, columns={"id": "id", "title": "n"}, records="/ergebnis/dienste")
    assert [(it.remote_id, it.title) for it in records(readings)] == [("7", "Hund")]
    assert [
        join_locators(it.locator, it.record.provenance["title"].locator) for it in readings if isinstance(it, Found)
    ] == ["/ergebnis/dienste/0/n"]


def test_rows_with_one_identifier_are_one_service_with_the_links_of_all():
    body = b"id;t;a\n1;Hund;https://x.example/1\n2;Katze;https://x.example/2\n1;Hund;https://x.example/3\n"
    first, second = records(read(body, columns={"id": "id", "title": "t", "apply": "a"}))
    assert [link.url for link in first.links] == ["https://x.example/1", "https://x.example/3"]
    assert second.remote_id == "2"


def test_a_new_column_is_reported_and_a_known_one_is_not():
    body = b"Name;Preis;Notiz\nHund;5;x\n"
    (issue,) = issues(read(body, columns={"title": "Name"}, ignore=["Notiz"]))
    assert (issue.severity, issue.rule) == ("info", "linklist.unknown-field")
    assert "Preis" in issue.message


@pytest.mark.parametrize(
    "body", [b"Nummer;Titel\n1;Hund\n", b"", b"[]", as_xlsx([["a", "b"]]), b"<html><table><tr><td>x"]
)
def test_a_column_that_is_gone_ends_it(body):
    with pytest.raises(DocumentError, match="columns"):
        read(body)


def test_what_is_no_key_and_no_address_is_told_and_the_row_is_kept():
    body = b"Nummer;Name;Landingpage;Direktlink;Stelle\n12;Hund;siehe oben;ftp://x.example/;\n;;https://x.example/;;\n"
    readings = read(body)
    assert [it.title for it in records(readings)] == ["Hund"]
    assert [rule for _, rule, _ in rules(readings)] == [
        "linklist.key",
        "linklist.address",
        "linklist.address",
        "linklist.no-title",
    ]


def archive(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (archive({"xl/worksheets/sheet1.xml": b" " * 100_000_000}), "grows beyond measure"),
        (archive({f"{n}.xml": b"" for n in range(MOST_MEMBERS + 1)}), "too many"),
        (archive({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "document type"),
        (archive({"readme.txt": b"x"}), "cannot be read as Excel"),
        (as_xlsx()[:-60], "no archive, or one cut off"),
        (b"PK\x03\x04 und nichts weiter", "no archive"),
    ],
)
def test_archives_made_to_harm_are_refused(body, why):
    with pytest.raises(DocumentError, match=why):
        read(body)


PIECES = [b"", b"<", b'"', b"999999999999", b"x", b't="s"', b"-1", b"\xff", b'r="ZZZZZ9"']


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_a_damaged_sheet_is_refused_or_read_and_nothing_else_ever_happens():
    chance = random.Random(1)
    with zipfile.ZipFile(BytesIO(as_xlsx())) as made:
        members = {name: made.read(name) for name in made.namelist()}
    for turn in range(300):
        name = chance.choice(sorted(members))
        body = bytearray(members[name])
        at = chance.randrange(len(body))
        body[at : at + chance.choice([0, 1, 5, 60])] = chance.choice(PIECES)
        raw = bytearray(archive({**members, name: bytes(body)}))
        if turn % 3 == 0:
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        with suppress(DocumentError):
            read(bytes(raw))


def test_a_sheet_that_says_it_is_a_million_rows_is_as_long_as_it_is():
    with zipfile.ZipFile(BytesIO(as_xlsx())) as made:
        members = {name: made.read(name) for name in made.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace(b'ref="A1:E4"', b'ref="A1:XFD1048576"')
    assert b"XFD1048576" in members[sheet]
    assert len(records(read(archive(members)))) == 3


def test_another_sheet_is_named():
    with pytest.raises(DocumentError, match="no sheet 'Archiv'; there are Liste"):
        read(as_xlsx(), sheet="Archiv")


def spider() -> LinklistSpider:
    return LinklistSpider(source=source("linklist", "https://wsp.example/liste.xlsx", options={"columns": COLUMNS}))


def test_the_list_proves_how_many_services_there_are():
    (request,) = started(spider())
    body = as_csv(";") + b";;https://x.example/;;\n"
    found, coverage = follow(request, answer(request, body, shown=b""))
    assert (request.url, found.role) == ("https://wsp.example/liste.xlsx", "list")
    assert coverage == Coverage(Proof.INDEX, expected=4)


@pytest.mark.parametrize("body", [b"<html>Fehler</html>", b"{", as_xlsx()[:-60]])
def test_a_list_that_cannot_be_read_is_kept_and_lost(body):
    request: Request = started(spider())[0]
    _, lost = follow(request, answer(request, body))
    assert isinstance(lost, Lost)


@pytest.mark.parametrize("columns", [{"key": "Nummer"}, {"title": "Name", "preis": "Preis"}])
def test_columns_are_named_by_fields_there_are(columns):
    with pytest.raises(ValueError, match=r"no field preis|must name the one with the title"):
        LinklistOptions(columns=columns)


def test_addresses_of_the_lists_own_portal_begin_where_the_source_says():
    body = "Name;Seite\nHund;/antrag/hund\nUmzug;https://y.example/\nWeg;weg\n"
    options = LinklistOptions(columns={"title": "Name", "apply": "Seite"}, base="https://portal.example/")
    readings = list(normalize(document(body, "list"), context(options)))
    assert [addresses(it.links) for it in records(readings)] == [
        [("apply", "https://portal.example/antrag/hund")],
        [("apply", "https://y.example/")],
        [],
    ]
    assert [it.rule for it in issues(readings)] == ["linklist.address"]


def test_a_list_that_ends_in_the_middle_of_a_row_is_cut_off():
    with pytest.raises(DocumentError, match="1 of 2 fields"):
        list(
            normalize(
                document("Name;Seite\nHund;https://x.example/\nUm", "list"),
                context(LinklistOptions(columns={"title": "Name"})),
            )
        )
