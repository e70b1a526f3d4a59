"""Laws for pages that arrive broken: each is a service or an issue, and nothing else ever happens."""

import random

import pytest

from harvester.model import Found
from tests.normalizers.reading import unexplained
from tests.normalizers.website.sites import FOLDERS, context_of, normalize, page, site_of

PIECES = [
    b"",
    b"<",
    b">",
    b'"',
    b"&#0;",
    b"&#xD800;",
    b"\x00",
    b"\xff",
    b"</div>",
    b"<h2>",
    b"</h2>",
    b"<h1><h1>",
    b"<table><tr><td>",
    b'<a href="http://[">',
    b'<a href="https://x.example:99999999/">x</a>',
    b'<a href="https://www.x.example/{id}?a[]=\xc3\xa4 b">x</a>',
    b'<link rel="canonical" href="//">',
    b'<base href="http://[">',
    b'<span property="schluessel" content="99 1">',
    b'<div typeof="Service" property="name" id="a b">',
    b'<div itemscope itemtype="https://schema.org/Service"><i itemprop="description kosten">',
    b'<script type="application/ld+json">[{"@type":["Service",5],"name":{"@value":["\\ud800"]},"identifier":[null,{}]}]</script>',
    b'<script type="application/ld+json">' + b"[" * 5_000 + b"</script>",
    b"<svg><title>x</title></svg>",
    b"<dl><dt><dt><dd>",
    b"<!-- ",
    b"<?xml version='1.0' encoding='utf-16'?>",
]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_page_with_damaged_bytes_is_a_service_or_an_issue(folder):
    chance = random.Random(str(folder.name))
    site = site_of(folder.parent.name)
    url = "/".join(site["endpoint"].split("/", 3)[:3]) + site["cases"][folder.name]
    for _ in range(40):
        body = bytearray((folder / "input.html").read_bytes())
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(body))
            body[at : at + chance.choice([0, 0, 1, 5, 40])] = chance.choice(PIECES)
        context = context_of(site["endpoint"], product=site["product"])
        readings = list(normalize(page(bytes(body), url), context))
        assert readings == list(normalize(page(bytes(body), url), context))
        assert [unexplained(it) for it in readings if isinstance(it, Found) and unexplained(it)] == []
        for found in readings:
            if isinstance(found, Found):
                found.record.model_dump_json()


@pytest.mark.parametrize("folder", FOLDERS[::4], ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_beginning_of_a_page_is_a_service_or_an_issue(folder):
    body = (folder / "input.html").read_bytes()
    for end in range(0, len(body), max(1, len(body) // 60)):
        list(
            normalize(
                page(body[:end], "https://www.musterdorf.example/leistungen/hund"),
                context_of("https://www.musterdorf.example/"),
            )
        )
