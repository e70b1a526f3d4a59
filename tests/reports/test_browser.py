"""The demo's report in a browser: it stays on this machine, nothing complains, and everybody can read it.

With ``HARVESTER_PICTURES=1`` the pictures in ``docs/`` are taken anew.
"""

import os
from pathlib import Path

import pytest

from tests.browser import SIZES, browser, demo_root, open_page, serious_faults

__all__ = ["browser", "demo_root", "open_page"]

DOCS = Path(__file__).parents[2] / "docs"
pytestmark = pytest.mark.slow


@pytest.fixture
def reports(demo_root):
    """The reports of the demo's two days."""
    return demo_root / "reports"


@pytest.fixture
def opened(open_page, reports):
    """Open a report."""
    return lambda name, **how: open_page((reports / name).as_uri(), **how)


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
    assert serious_faults(page) == []


def test_the_list_of_reports_shows_its_badges(opened, reports):
    page = opened("index.html")
    assert page.told == []
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert serious_faults(page) == []
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
