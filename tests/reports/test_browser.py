"""The demo's report in a browser: it stays on this machine, nothing complains, and everybody can read it.

With ``HARVESTER_PICTURES=1`` the pictures in ``docs/`` are taken anew.
"""

import io
import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright
from rich.console import Console

from harvester import demo

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOCS = Path(__file__).parents[2] / "docs"
SIZES = {"phone": (390, 844), "desktop": (1200, 900)}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The reports of the demo's two days."""
    root = tmp_path_factory.mktemp("demo")
    patch = pytest.MonkeyPatch()
    patch.setattr(demo.tempfile, "mkdtemp", lambda **_: str(root))
    try:
        demo.run_demo(Console(file=io.StringIO()), keep=True)
    finally:
        patch.undo()
    return root / "reports"


@pytest.fixture(scope="module")
def browser(reports):
    """Chromium. The demo goes first: in a browser's test no other event loop can run."""
    assert reports.is_dir()
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no browser here: none of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except Error as error:
            pytest.skip(f"{found} does not start: {error}")
        yield started
        started.close()


@pytest.fixture
def opened(browser, reports):
    """Open a page; what it says and asks for is written down."""
    contexts = []

    def open_page(name, *, size="desktop", scheme="light"):
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.told, page.asked = [], []
        page.on("console", lambda message: page.told.append(message.text))
        page.on("pageerror", lambda error: page.told.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((reports / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def day_of(reports):
    return max(file.name for file in reports.glob("20*.html"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_quiet_stays_here_and_is_for_everybody(opened, reports, size, scheme):
    page = opened(day_of(reports), size=size, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.told == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    found = Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == [], found.generate_report()


def test_the_list_of_reports_shows_its_badges(opened, reports):
    page = opened("index.html")
    assert page.told == []
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    found = Axe().run(page)
    assert [v["id"] for v in found.response["violations"] if v["impact"] in {"serious", "critical"}] == []
    page.click(f'a[href="{day_of(reports)}"]')
    assert "brauchen einen Menschen" in page.text_content("h1")


def test_printing_shows_the_mails_that_are_folded(opened, reports):
    page = opened(day_of(reports))
    page.emulate_media(media="print")
    assert page.is_visible("text=Mit freundlichen Grüßen >> nth=0")


@pytest.mark.skipif("HARVESTER_PICTURES" not in os.environ, reason="pictures are taken on demand")
@pytest.mark.parametrize("size", SIZES)
def test_take_pictures(opened, reports, size):
    page = opened(day_of(reports), size=size)
    page.screenshot(
        path=DOCS / f"report-{size}.png", clip={"x": 0, "y": 0, "width": SIZES[size][0], "height": 1500}, full_page=True
    )
    assert (DOCS / f"report-{size}.png").stat().st_size < 400_000
