"""Sitemaps as sites serve them, and as they break."""

import gzip
import zlib

import pytest

from normalizers.website.sitemap import MOST_BYTES, MOST_ENTRIES, read_sitemap
from tests.normalizers.reading import document

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PAGE = "<url><loc>https://ort.example/leistungen/{}</loc><lastmod>2026-05-0{}</lastmod></url>"
PLAIN = f"<?xml version='1.0'?><urlset {NS}>{PAGE.format('a', 1)}{PAGE.format('b', 2)}</urlset>"


def read(body: bytes | str):
    return read_sitemap(document(body, "sitemap"))


def urls(found) -> list[str]:
    return [entry.url.rpartition("/")[2] for entry in found.pages]


@pytest.mark.parametrize(
    "body", [PLAIN, "\ufeff" + PLAIN, "\n" + PLAIN.partition("?>")[2], gzip.compress(PLAIN.encode())]
)
def test_pages_come_with_their_dates(body):
    found = read(body)
    assert [(e.url, e.lastmod) for e in found.pages] == [
        ("https://ort.example/leistungen/a", "2026-05-01"),
        ("https://ort.example/leistungen/b", "2026-05-02"),
    ]
    assert (found.sitemaps, found.problem) == ([], "")


def test_an_index_names_sitemaps():
    found = read(f"<sitemapindex {NS}><sitemap><loc> https://ort.example/1.xml </loc></sitemap></sitemapindex>")
    assert (found.sitemaps, found.pages, found.problem) == (["https://ort.example/1.xml"], [], "")


def test_images_and_other_languages_are_no_pages():
    body = PLAIN.replace(
        "</lastmod></url>",
        "</lastmod><image:image xmlns:image='x'><image:loc>https://x/i</image:loc></image:image></url>",
    )
    assert urls(read(body)) == ["a", "b"]


def test_a_list_of_lines_is_a_sitemap():
    assert urls(read("https://ort.example/a\r\nhttps://ort.example/b\r\n")) == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<html><body>Seite nicht gefunden</body></html>", "no sitemap"),
        ("<!doctype html><title>x</title>", "no sitemap"),
        ("", "no sitemap"),
        ("Fehler", "no sitemap"),
        (PLAIN[:-30], "no well-formed XML"),
        (gzip.compress(PLAIN.encode())[:-20], "cut off"),
        (b"\x1f\x8b" + b"x" * 50, "cannot be unpacked"),
    ],
)
def test_a_broken_sitemap_says_so_and_gives_what_it_has(body, problem):
    found = read(body)
    assert problem in found.problem
    assert set(urls(found)) <= {"a", "b"}


def test_a_bomb_is_not_unpacked():
    packer = zlib.compressobj(9, wbits=31)
    body = packer.compress(b"<urlset>" + b" " * (MOST_BYTES + 10)) + packer.flush()
    assert "larger" in read(body).problem


def test_entities_are_not_resolved():
    entities = '<!DOCTYPE u [<!ENTITY x "https://boese.example/"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = entities + f"<urlset {NS}><url><loc>&x;&f;</loc></url></urlset>"
    assert all("boese" not in e.url for e in read(body).pages)


def test_more_entries_than_allowed_end_it():
    body = f"<urlset {NS}>" + "<url><loc>https://ort.example/a</loc></url>" * (MOST_ENTRIES + 5) + "</urlset>"
    found = read(body)
    assert len(found.pages) == MOST_ENTRIES + 1
    assert "entries" in found.problem
