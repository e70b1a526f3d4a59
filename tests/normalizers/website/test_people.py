"""Officials stay out: what a page says about a person is not read."""

import pytest

from normalizers.website.page import parse_page, words
from normalizers.website.people import is_contact, remove_people, without_contact


def left(body: str) -> str:
    page = parse_page(f"<html><body><main><h1>Hund</h1>{body}<p>Ende</p></main></body></html>", "https://ort.example/")
    remove_people(page)
    return " ".join(words(page.all("main")[0]).split()).removeprefix("Hund ").removesuffix(" Ende").removesuffix("Ende")


@pytest.mark.parametrize(
    "body",
    [
        "<p>Ihre Ansprechpartnerin ist Frau Beispiel.</p>",
        "<p>Herrn Dr. Muster erreichen Sie vormittags.</p>",
        '<div class="ansprechpartner"><b>Erika Beispiel</b> Zimmer 3</div>',
        '<div class="box-kontaktperson-name">Erika Beispiel</div>',
        '<div typeof="schema:Person"><span property="schema:name">Erika Beispiel</span></div>',
        '<div itemscope itemtype="https://schema.org/Person">Erika Beispiel</div>',
        '<ul><li><a href="/mitarbeiter/erika">Erika Beispiel</a></li></ul>',
        "<table><tr><td>Erika Beispiel</td><td>0999 123-45</td></tr></table>",
        "<p>Erika Beispiel, Telefon: 0999/123-45</p>",
        "<p>Erika Beispiel, +49 999 12345</p>",
        "<p>Erika Beispiel <span>erika.beispiel@ort.example</span></p>",
        "<p>Erika Beispiel, erika(at)ort.example</p>",
        "<address>Rathaus, Erika Beispiel</address>",
        '<a href="mailto:e@ort.example">Erika Beispiel</a>',
        '<a href="tel:+4999912345">Erika Beispiel</a>',
    ],
)
def test_nothing_of_a_person_is_left(body):
    assert left(body) == ""


@pytest.mark.parametrize(
    "body",
    [
        "Frau und Mann können zwei Namen führen.",
        "Die Gebühr beträgt 37,00 EUR, unter 24 Jahren 22,80 EUR.",
        "Zahlen Sie auf das Konto DE02 1203 0000 0000 2020 51.",
        "Die Nummer 115 gilt bundesweit.",
        "Er gilt vom 01.01.2026 bis zum 31.12.2026.",
        "Leistungsschlüssel 99102013104000",
        "Nach § 14 Abs. 1 und § 55c GewO",
    ],
)
def test_texts_about_nobody_stay(body):
    assert left(f"<p>{body}</p>") == body


def test_a_long_text_loses_only_the_number():
    told = "Die Gemeinde holt sperrige Dinge ab, wenn sie vorher angemeldet sind, und zwar an jedem zweiten Montag des Monats. "
    assert left(f"<p>{told * 3}Anmeldung unter 0999 123-45.</p>").endswith("Anmeldung unter .")


def test_a_heading_above_people_takes_what_follows_along():
    assert without_contact(None) is None
    assert is_contact("Tel. 0999 4711-12")
    assert not is_contact("Raum 0815")
