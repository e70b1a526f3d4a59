"""The plan's page in a browser: quiet, for everybody, and no wider than the screen.

With ``HARVESTER_PICTURES=1`` the picture in ``docs/`` is taken anew.
"""

import os
from pathlib import Path

import pytest

from harvester.plan.page import render_plan
from harvester.words import Words
from tests.browser import SIZES, browser, demo_root, open_page, serious_faults
from tests.plan.example import example_plan

__all__ = ["browser", "demo_root", "open_page"]

DOCS = Path(__file__).parents[2] / "docs"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("plan") / "plan.html"
    file.write_text(render_plan(example_plan(), Words("de", "plan")), "utf-8")
    return file


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_quiet_stays_here_and_is_for_everybody(open_page, page_file, size, scheme):
    page = open_page(page_file.as_uri(), size=size, scheme=scheme)
    assert page.told == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert serious_faults(page) == []
    assert page.locator(".gantt rect").count() > 50


@pytest.mark.skipif("HARVESTER_PICTURES" not in os.environ, reason="pictures are taken on demand")
def test_take_the_picture(open_page, page_file):
    page = open_page(page_file.as_uri(), size="desktop")
    page.screenshot(
        path=DOCS / "plan-desktop.png", clip={"x": 0, "y": 0, "width": 1200, "height": 1080}, full_page=True
    )
    assert (DOCS / "plan-desktop.png").stat().st_size < 400_000
