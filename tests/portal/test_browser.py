"""The portal in a browser, as citizens, businesses and editors use it: on a phone and a desk, without JavaScript, by keyboard.

With ``HARVESTER_PICTURES=1`` the pictures in ``docs/`` are taken anew.
"""

import os
import threading
from pathlib import Path

import pytest
import uvicorn

from harvester.portal.app import make_app
from harvester.portal.settings import Settings
from tests.browser import SIZES, browser, demo_root, open_page, serious_faults

__all__ = ["browser", "demo_root", "open_page"]

DOCS = Path(__file__).parents[2] / "docs"
HERE = "/de/055130000000/"
PAGES = {
    "tiles": HERE,
    "situation": f"{HERE}lage/bauen-wohnen",
    "search": f"{HERE}suche?q=Hunt+anmelden",
    "place": "/de/ort?q=Neustadt",
    "news": f"{HERE}neu",
    "umbrella": "/en/alle/",
    "interface": "/en/schnittstelle",
    "missing": f"{HERE}leistung/gibt-es-nicht",
    "editor": f"{HERE}?editor=1",
}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def portal(demo_root, browser):
    """The address of the portal over the demo's catalogue."""
    assert browser
    app = make_app(Settings(demo_root / "catalogue.db", "gelsenkirchen", demo_root))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        assert running.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    running.join()


@pytest.fixture
def visit(open_page, portal):
    """Open a page of the portal."""
    return lambda path=HERE, **how: open_page(f"{portal}{path}", **how)


def service_with_a_dead_link(page):
    page.fill("#q", "Personalausweis")
    page.press("#q", "Enter")
    page.click("main >> text=/^Personalausweis$/")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_for_everybody_and_stays_here(visit, portal, name, size, scheme):
    page = visit(PAGES[name], size=size, scheme=scheme)
    assert [text for text in page.told if "404" not in text] == []
    assert [url for url in page.asked if not url.startswith(portal)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert page.locator("h1").count() == 1
    assert serious_faults(page) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", [True, False])
def test_a_citizen_finds_what_to_do_and_where(visit, size, script):
    page = visit(size=size, script=script)
    page.click("text=Bauen & Wohnen")
    page.click("main >> text=Wohnen & Umzug")
    page.click("main >> text=Anmeldung einer Wohnung")
    assert page.text_content("h1") == "Anmeldung einer Wohnung"
    assert page.get_attribute("text=Online beantragen", "href").startswith("http://127.0.10.9")
    assert "BÜRGERcenter Gelsenkirchen" in page.text_content("address")
    assert "Wohnungsgeberbestätigung" in page.text_content("main")
    assert "gebührenfrei" in page.text_content(".glance")
    assert "Text von: Bundesredaktion" in page.text_content("main")
    assert "Links zuletzt geprüft" in page.text_content(".origin")
    if script:
        assert serious_faults(page) == []


def test_a_misspelt_search_is_understood(visit):
    page = visit()
    page.fill("#q", "Hunt anmelden")
    page.press("#q", "Enter")
    assert "Hundesteuer" in page.text_content(".services")
    page.click(".meant a")
    assert page.input_value("#q") == "Hund anmelden"


def test_a_place_is_chosen_never_guessed(visit):
    page = visit(f"{HERE}lage/bauen-wohnen?zielgruppe=citizen")
    page.click("text=Ort ändern")
    page.fill("#ort", "Neustadt")
    page.press("#ort", "Enter")
    assert page.locator(".places >> nth=0 >> li").count() > 1
    page.fill("#ort", "45657")
    page.press("#ort", "Enter")
    page.click(".places >> nth=0 >> text=Recklinghausen")
    assert "/de/055620032032/lage/bauen-wohnen?zielgruppe=citizen" in page.url
    assert page.text_content(".here strong") == "Recklinghausen"


def test_a_business_sees_what_businesses_need(visit):
    page = visit(size="phone")
    everybody = page.text_content(".opening .lead")
    page.click(".audience >> text=Unternehmen")
    assert page.text_content(".opening .lead") != everybody
    page.click("text=Unternehmensführung")
    assert "zielgruppe=business" in page.url
    page.click(".services >> text=/Gewerbe.*anmelden/")
    assert "Gewerbe" in page.text_content("h1")


def test_an_editor_sees_why_and_the_command_that_mends(visit):
    page = visit(f"{HERE}?editor=1")
    assert "harvester report --open" in page.text_content(".editor")
    service_with_a_dead_link(page)
    told = page.text_content(".editor")
    assert "link.dead" in told
    assert "harvester links suggest http://127.0.10.9" in told
    assert "harvester explain gelsenkirchen-buergerservice:" in told
    assert "source.pvlagen" in told
    assert serious_faults(page) == []
    page.click("text=Ansicht der Bürgerinnen und Bürger")
    assert page.locator(".editor").count() == 0


def test_a_dead_link_is_shown_as_what_it_is(visit):
    page = visit()
    service_with_a_dead_link(page)
    broken = page.locator(".broken li", has_text="Fotoautomaten")
    assert "Nicht mehr erreichbar seit" in broken.text_content()
    assert broken.locator("a").count() == 0


def test_the_language_changes_and_the_page_stays(visit):
    page = visit(f"{HERE}suche?q=Hund+anmelden&zielgruppe=citizen")
    page.click("text=English")
    assert page.url.endswith("/en/055130000000/suche?q=Hund+anmelden&zielgruppe=citizen")
    assert page.get_attribute("html", "lang") == "en"
    assert "Hundesteuer" in page.text_content(".services")


def test_everything_is_reached_by_keyboard(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.id"))
    links = page.evaluate("[...document.querySelectorAll('main a')].map(a => a.getAttribute('href'))")
    assert set(links) <= reached


def test_a_page_is_light_on_a_slow_line(visit):
    page = visit()
    sizes = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(e => e.decodedBodySize)"
    )
    assert len(sizes) >= 2
    assert sum(sizes) < 100_000


@pytest.mark.skipif("HARVESTER_PICTURES" not in os.environ, reason="pictures are taken on demand")
@pytest.mark.parametrize(
    ("name", "size", "path", "height"),
    [
        ("portal", "desktop", HERE, 1300),
        ("portal", "phone", HERE, 1300),
        ("portal-service", "desktop", "", 1300),
        ("portal-service", "phone", "", 1300),
        ("portal-search", "desktop", f"{HERE}suche?q=Ich+ziehe+um", 1100),
        ("portal-umbrella", "desktop", "/de/alle/", 1300),
        ("portal-editor", "desktop", "editor", 1300),
    ],
)
def test_take_pictures(visit, name, size, path, height):
    page = visit(path if path.startswith("/") else f"{HERE}{'?editor=1' if path else ''}", size=size)
    if not path.startswith("/"):
        service_with_a_dead_link(page)
    top = page.locator(".editor").bounding_box()["y"] - 40 if path == "editor" else 0
    file = DOCS / f"{name}-{size}.png"
    clip = {"x": 0, "y": top, "width": SIZES[size][0], "height": height}
    page.screenshot(path=file, clip=clip, full_page=True)
    assert file.stat().st_size < 400_000
