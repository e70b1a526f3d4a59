"""Pages that are none, pages made to harm, and what becomes of them: an issue, never a service."""

import pytest

from normalizers.website.page import MOST_BYTES, parse_page, words
from normalizers.website.sections import sections
from tests.normalizers.reading import issues, records
from tests.normalizers.website.sites import context_of, normalize, page, read

GOOD = "<html lang=de><head><title>Hund</title></head><body><main><h1>Hund anmelden</h1><p>{}</p></main></body></html>"
TEXT = "Wer einen Hund hält, meldet ihn innerhalb von zwei Wochen bei der Gemeinde an."


def refused(body: str | bytes, **options) -> str:
    readings = read(body, **options)
    assert records(readings) == []
    (issue,) = issues(readings, "error")
    assert issue.remote_id == "/leistungen/hund"
    return issue.rule


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("error-page", GOOD.replace("Hund anmelden", "Fehler 404").format(TEXT)),
        ("error-page", GOOD.replace("Hund anmelden", "Seite nicht gefunden").format(TEXT * 20)),
        (
            "error-page",
            "<html lang=de><title>404 - Ort</title><body><main><p>Das gibt es hier nicht, schade eigentlich.</p></main>",
        ),
        ("no-content", GOOD.replace("Hund anmelden", "Wartungsarbeiten").format(TEXT)),
        (
            "no-content",
            GOOD.replace("Hund anmelden", "Sicherheitsprüfung").format("Einen Moment bitte, wir prüfen Ihren Browser."),
        ),
        (
            "login",
            "<html lang=de><body><main><h1>Anmelden</h1><p>Melden Sie sich bitte mit Ihrem Konto an.</p><input type=password></main>",
        ),
        ("language", GOOD.replace("lang=de", "lang=en").format(TEXT)),
        ("consent", GOOD.format("Wir verwenden Cookies. Bitte stimmen Sie zu oder akzeptieren Sie alle.")),
        ("empty", "<html lang=de><body><div id=app></div><noscript>Bitte JavaScript aktivieren</noscript>"),
        ("empty", GOOD.format("")),
        ("no-page", ""),
        ("no-page", "nur Text"),
        ("no-page", "<p>x</p>" * 70_000),
        ("no-title", "<html lang=de><body><main><p>" + TEXT + "</p></main></body></html>"),
    ],
)
def test_what_is_no_service_is_an_issue_that_protects_what_is_known(rule, body):
    assert refused(body) == f"website.{rule}"


def test_a_page_in_another_markup_than_the_products_is_not_read():
    home = "https://ort.example/"
    body = f"<html lang=de><body><section><h1>Hund</h1><p>{TEXT * 3}</p></section></body></html>"
    readings = list(
        normalize(page(body, home + "-/egov-bis-detail/dienstleistung/1/show"), context_of(home, product="openrathaus"))
    )
    assert [(it.rule, it.remote_id) for it in issues(readings, "error")] == [("website.empty", "1")]


def test_a_page_that_led_elsewhere_is_not_the_services():
    home = "https://ort.example/"
    moved = page(GOOD.format(TEXT), home + "leistungen/hund", note="moved=https%3A%2F%2Fort.example%2F")
    (issue,) = issues(list(normalize(moved, context_of(home))))
    assert (issue.rule, issue.remote_id) == ("website.moved", "/leistungen/hund")


def test_verbs_of_services_are_no_logins():
    assert records(read(GOOD.format(TEXT)))[0].title == "Hund anmelden"


def test_a_page_of_ten_megabytes_is_refused_without_reading_it():
    body = page("x", "https://www.musterdorf.example/leistungen/hund", size=10_000_000, open=None)
    (issue,) = issues(list(normalize(body, context_of("https://www.musterdorf.example/"))))
    assert issue.rule == "website.no-page"
    assert f"{MOST_BYTES:_}" in issue.message


def test_markup_nested_without_end_is_read_as_far_as_the_parser_goes():
    service = records(read(GOOD.format(TEXT + "<div>" * 20_000 + "tief")))[0]
    assert service.texts[0].text.startswith(TEXT)


def test_entities_and_scripts_do_nothing():
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = bomb + GOOD.format(
        TEXT + " &b; &f; <script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:x()'>hier</a>"
    )
    (service,) = records(read(body))
    told = service.model_dump_json()
    for word in ("aaaaaaaaaa", "alert", "onerror", "javascript", "<script"):
        assert word not in told


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
def test_umlauts_arrive_in_every_encoding_that_sites_use(charset):
    body = (
        GOOD.format(TEXT).encode(charset)
        if charset != "utf-16"
        else b"\xff\xfe" + GOOD.format(TEXT).encode("utf-16-le")
    )
    assert "hält" in records(read(body))[0].texts[0].text


def test_a_box_ends_its_text_and_a_bare_heading_does_not():
    tree = parse_page(
        "<main><div><h2>Kosten</h2><p>5 EUR</p></div><p>danach</p><div><h2>Fristen</h2></div><div>zwei Wochen</div></main>",
        "https://ort.example/",
    )
    found = {part.heading: words_of(part.html) for part in sections(tree, tree.all("main")[0], ())}
    assert found == {"": "danach", "Kosten": "5 EUR", "Fristen": "zwei Wochen"}


def words_of(html: str) -> str:
    return words(parse_page(f"<div>{html}</div>", "https://ort.example/").root)
