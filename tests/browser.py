"""A browser, and the demo for it to look at; skipped with a reason where there is none."""

from __future__ import annotations

import io
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright
from rich.console import Console

from harvester import demo

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZES = {"phone": (390, 844), "desktop": (1200, 900)}


@pytest.fixture(scope="module")
def demo_root(tmp_path_factory):
    """The workspace of the demo's two days."""
    root = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo.tempfile, "mkdtemp", lambda **_: str(root))
        demo.run_demo(Console(file=io.StringIO()), keep=True)
    return root


@pytest.fixture(scope="module")
def browser(demo_root):
    """Chromium. The demo goes first: in a browser's test no other event loop can run."""
    assert demo_root.is_dir()
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
def open_page(browser):
    """Open an address; what the page says and asks for is written down."""
    contexts = []

    def opened(url, *, size="desktop", scheme="light", script=True):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.told, page.asked = [], []
        page.on("console", lambda message: page.told.append(message.text))
        page.on("pageerror", lambda error: page.told.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()


def serious_faults(page):
    """What axe-core finds that keeps somebody from using the page."""
    found = Axe().run(page)
    return [
        (fault["id"], [node["html"][:200] for node in fault["nodes"][:3]])
        for fault in found.response["violations"]
        if fault["impact"] in {"serious", "critical"}
    ]
