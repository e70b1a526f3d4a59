"""An element of a page, found in its bytes by the selector that fits it."""

from io import BytesIO

import pytest

from harvester.explain.excerpt import excerpt
from harvester.explain.locator import LocatorError
from harvester.model import Found
from normalizers.website.page import read_page
from tests.normalizers.website.sites import FOLDERS, page, read_case

PAGE = """<!DOCTYPE html><!-- <h1>nicht das</h1> --><html><head><title>Hund</title>
<meta name="keywords" content="a > b, c"><script type="application/ld+json">{"name": "Hund & Co"}</script>
<script>document.write("<p>auch nicht</p>")</script></head><body><noscript><p>und das nicht</p></noscript>
<div id=a><p>eins<p>zwei<div><p>dr&eacute;i</p></div></div><div><div>innen</div>aussen</div><ul><li>x<li>y</ul></body></html>"""


def shown(locator: str, raw: bytes = PAGE.encode()) -> str:
    return excerpt(BytesIO(raw), locator).value.decode()


@pytest.mark.parametrize(
    ("locator", "value"),
    [
        ("html > head > title", "Hund"),
        ("html > head > meta", '<meta name="keywords" content="a > b, c">'),
        ("#a > p:nth-of-type(1)", "eins"),
        ("#a > p:nth-of-type(2)", "zwei<div>"),
        ("#a > div > p", "dr&eacute;i"),
        ("html > body > div:nth-of-type(2)", "<div>innen</div>aussen"),
        ("html > body > div:nth-of-type(2) > div", "innen"),
        ("html > body > ul > li:nth-of-type(2)", "y</ul></body></html>"),
        ("html > head > script:nth-of-type(1)!/name", '"Hund & Co"'),
    ],
)
def test_elements_are_shown_as_they_are_written(locator, value):
    assert shown(locator) == value


def test_a_page_without_the_tag_is_shown_whole():
    assert shown("html", b"<p>x</p>") == "<p>x</p>"


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_other_encodings_are_read_as_the_page_was(charset):
    assert shown("h1", "<h1>Gebühr</h1>".encode(charset)) == "Gebühr"


@pytest.mark.parametrize(("locator", "why"), [("h5", "no element"), ("h1[", "Expected"), ("#b > p", "no element")])
def test_a_selector_that_leads_nowhere_says_so(locator, why):
    with pytest.raises(LocatorError, match=why):
        shown(locator)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_value_of_every_case_is_found_in_the_bytes(folder):
    raw = (folder / "input.html").read_bytes()
    tree = read_page(page(raw, "https://ort.example/"))
    for found in read_case(folder):
        for path, origin in found.record.provenance.items() if isinstance(found, Found) else ():
            value = shown(origin.locator, raw)
            assert value, path
            if path == "title" and "!" not in origin.locator:
                element = tree.all(origin.locator)[0]
                assert (element.text or "").strip()[:10] in value.replace("&ouml;", "ö").replace("&uuml;", "ü")
