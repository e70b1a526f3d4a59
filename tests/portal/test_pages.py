"""The portal's pages: addresses, languages, places, hostile questions, and what a page must not hide."""

import re
import sqlite3
from contextlib import closing
from importlib.resources import files

import pytest
from fastapi.testclient import TestClient

from harvester.portal.app import make_app
from harvester.portal.settings import Settings
from harvester.words import texts_of
from tests.build import GELSENKIRCHEN, HERTEN, A
from tests.published import BOTTROP, DEAD

HERE = f"/de/{GELSENKIRCHEN}/"


@pytest.fixture
def page(client):
    """A page that has to be there."""

    def read(path, status=200):
        answer = client.get(path)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return answer.text

    return read


@pytest.fixture
def slugs(two_days):
    """Slugs of the descriptions of the first key, by level."""
    return dict(two_days.ask("SELECT level, slug FROM service WHERE leika_key = ?", A))


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (None, "de"),
        ("en-GB,en;q=0.9", "en"),
        ("fr, en;q=0.5, de;q=0.8", "de"),
        ("de;q=0, en", "en"),
        ("tlh", "de"),
        (";;q=,", "de"),
    ],
)
def test_the_way_in_speaks_the_readers_language(client, wanted, language):
    answer = client.get("/", headers={"accept-language": wanted} if wanted else {})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/")


def test_a_portal_begins_with_its_region_and_an_umbrella_with_all(client, two_days):
    assert client.get("/de/").headers["location"] == HERE
    with TestClient(
        make_app(Settings(two_days.catalogue, "emscher-lippe", two_days.root)), follow_redirects=False
    ) as region:
        assert region.get("/en/").headers["location"] == "/en/alle/"
        assert "Gelsenkirchen" in region.get("/en/alle/").text


def test_every_text_of_the_pages_is_there_and_used():
    names = set(texts_of("portal"))
    folder = files("harvester.portal").joinpath("pages")
    code = [file.read_text("utf-8") for file in folder.joinpath("templates").iterdir()]
    code += [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".py")]
    said = set(re.findall(r'(?:\bw|words|tell)\("([a-z0-9.]+[a-z0-9])"', "".join(code)))
    assert said - names == set()
    begun = set(re.findall(r'"([a-z.]+\.)" ~', "".join(code))) | {"error."}
    unused = {name for name in names - said if not name.startswith(tuple(begun)) and not name.endswith(".all")}
    assert {name for name in unused if f'"{name}"' not in "".join(code)} == set()


def test_a_description_of_elsewhere_says_so(page, two_days):
    ((slug,),) = two_days.ask(
        "SELECT s.slug FROM service s JOIN service_region r ON r.service_id = s.id WHERE r.ars = ? LIMIT 1", HERTEN
    )
    told = page(f"/de/{BOTTROP}/leistung/{slug}")
    assert "gilt nicht in Bottrop" in told
    assert f"/de/{HERTEN}/leistung/{slug}" in told


def test_where_a_place_has_its_own_description_the_general_one_leads_to_it(page, slugs):
    told = page(f"{HERE}leistung/{slugs['bund']}")
    assert "eine eigene Beschreibung" in told
    assert f"{HERE}leistung/{slugs['kommune']}" in told


def test_a_dead_link_is_no_button(page, two_days):
    ((slug,),) = two_days.ask(
        "SELECT s.slug FROM v_dead_links d JOIN service s ON s.id = d.service_id WHERE d.url = ?", DEAD
    )
    told = page(f"{HERE}leistung/{slug}")
    assert f'href="{DEAD}"' not in told
    assert "Nicht mehr erreichbar seit" in told or "Ersatz, weil" in told


def test_a_withdrawn_service_is_gone_and_named(page, two_days):
    ((service_id, title),) = two_days.ask(
        "SELECT entity_id, old FROM event WHERE kind = 'removed' AND entity = 'service' LIMIT 1"
    )
    told = page(f"{HERE}leistung/{service_id}", 410)
    assert title in told


@pytest.mark.parametrize("path", ["leistung/nichts", "lage/nichts", "lage/pvlagen:9", "nichts"])
def test_what_is_not_there_is_told_in_the_readers_language(page, path):
    assert "Diese" in page(f"{HERE}{path}", 404)
    assert "There is no such" in page(f"/en/{GELSENKIRCHEN}/{path}", 404)


@pytest.mark.parametrize("place", ["05513", "99", "x", "0551300000000", "%00", "055130000000%20"])
def test_a_place_that_is_none_is_not_found(client, place):
    assert client.get(f"/de/{place}/").status_code in {400, 404}


@pytest.mark.parametrize(
    "asked",
    [
        "q=<script>alert(1)</script>",
        "q=%22%3E%3Cimg%20src=x%3E",
        "q=" + "a" * 3000,
        "q=%F0%9F%90%95&seite=99999999999999999999",
        "q=Hund&seite=-1",
        "q=Hund&seite=٣",
        "q=NEAR(&zielgruppe=x&editor=2",
        "q='%20OR%201=1--",
        "q=Hund&q=Katze",
    ],
)
@pytest.mark.parametrize("path", [f"{HERE}suche", f"{HERE}lage/bauen-wohnen", HERE, "/de/ort", f"{HERE}neu"])
def test_hostile_questions_are_answered_and_escaped(page, path, asked):
    told = page(f"{path}?{asked}")
    assert "<script" not in told
    assert "<img" not in told


def test_the_way_back_leads_nowhere_else(page):
    for back in ("//evil.example/", "https://evil.example", "../../x", "lage/../..//evil.example", "suche\\x"):
        told = page(f"/de/ort?q=Herten&back={back}")
        assert set(re.findall(rf'href="(/de/{HERTEN}/[^"]*)"', told)) == {f"/de/{HERTEN}/"}
    assert f"/de/{HERTEN}/lage/bauen-wohnen" in page("/de/ort?q=Herten&back=lage/bauen-wohnen")


def test_addresses_of_strange_schemes_are_no_links(page, two_days):
    with closing(sqlite3.connect(two_days.catalogue)) as db, db:
        db.execute("UPDATE link SET url = 'javascript:alert(' || id || ')'")
    for (slug,) in two_days.ask("SELECT slug FROM service"):
        assert 'href="javascript:' not in page(f"{HERE}leistung/{slug}?editor=1")


def test_editors_see_more_and_citizens_do_not(page, slugs):
    path = f"{HERE}leistung/{slugs['kommune']}"
    assert "harvester explain gelsenkirchen:" in page(f"{path}?editor=1")
    assert "harvester explain" not in page(path)
    assert "editor=1" in page(f"{path}?editor=1").partition("<main")[2]


def test_audience_and_editor_are_carried_on(page):
    links = re.findall(r'href="(/de/\d{12}/(?:lage|leistung)[^"]*)"', page(f"{HERE}?zielgruppe=citizen&editor=1"))
    assert links
    assert all("zielgruppe=citizen" in link and "editor=1" in link for link in links)


def test_what_is_new_names_the_change(page):
    told = page(f"{HERE}neu")
    assert "<ins>" in told
    assert "geändert" in told


def test_nothing_published_yet_is_told_to_people(tmp_path):
    with TestClient(make_app(Settings(tmp_path / "catalogue.db", "gelsenkirchen", tmp_path))) as asking:
        answer = asking.get(HERE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "Gerade ist kein Katalog da" in answer.text
    assert str(tmp_path) not in answer.text


def test_the_umbrella_around_a_region_is_one_link_away(page):
    assert 'href="/de/alle/">Regionalportal Emscher-Lippe' in page(HERE)
    told = page("/de/alle/")
    assert "Online-Dienste der Region" in told
    assert f"/de/{HERTEN}/" in told


def test_a_service_under_the_umbrella_lets_people_choose_their_place(page, slugs):
    told = page(f"/de/alle/leistung/{slugs['bund']}")
    assert f"/de/{GELSENKIRCHEN}/leistung/{slugs['kommune']}" in told
    assert "<address>" not in told


def test_a_search_names_the_situation_it_is_about(page):
    assert "Wohnen &amp; Umzug" in page(f"{HERE}suche?q=Ich+ziehe+um")
    assert "Passende Lebenslagen" not in page(f"{HERE}suche?q=Qwertz")
