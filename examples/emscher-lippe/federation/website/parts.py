"""What pages of all products are made of."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from federation.content import DAYS, Content
from federation.http import Response
from federation.leistung import Leistung
from federation.prose import html

MISSING = "<h1>Seite nicht gefunden</h1><p>Die Seite gibt es nicht. Dieser Server sagt das mit Status 200.</p>"
"""What stands on a page whose content has no title: an error in disguise."""


def page(title: str, body: str, *, head: str = "", language: str = "de") -> Response:
    """A page with the frame every site has."""
    return Response(
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)} | Beispiel</title>{head}</head>\n'
        f'<body><header><nav><a href="/">Start</a> <a href="/impressum">Impressum</a></nav></header>\n{body}\n'
        "<footer>Alle Angaben sind erfunden.</footer></body></html>\n".encode()
    )


def sections(item: Leistung) -> Iterator[tuple[str, str]]:
    """Heading and HTML of each text a service has, in the order sites show them."""
    for heading, prose in (
        ("Voraussetzungen", item.requirements),
        ("Erforderliche Unterlagen", item.documents),
        ("Kosten", item.fee),
        ("Fristen", item.deadline),
        ("Bearbeitungsdauer", item.duration),
        ("Rechtsgrundlagen", item.legal),
        ("Hinweise", item.notes),
    ):
        if prose:
            yield heading, html(prose)


def headed(item: Leistung, rank: int = 2) -> str:
    """All texts below plain headings."""
    return "".join(f"<h{rank}>{heading}</h{rank}>{text}" for heading, text in sections(item))


def buttons(item: Leistung) -> str:
    """Links to the online services and elsewhere."""
    online = "".join(f'<p><a href="{escape(o.url)}">Online beantragen</a></p>' for o in item.online)
    return online + "".join(f'<p><a href="{escape(url)}">{escape(title)}</a></p>' for title, url in item.links)


def staff(item: Leistung) -> str:
    """Somebody who must not be harvested."""
    return (
        '<div class="kontaktpersonen"><h2>Ansprechpartnerin</h2><p class="kontaktperson-name"><a href="/mitarbeiter/'
        f'{item.id[:4]}">Frau Erika Beispiel</a></p><p>Telefon 0999 123-4567, erika.beispiel@stadt.example</p></div>'
    )


def sitemap(content: Content, day: int, paths: list[str]) -> Response:
    """A sitemap of these paths, and of pages that are no services."""
    home = f"{content.endpoint.scheme}://{content.endpoint.netloc}"
    more = ["/", "/aktuelles/stadtfest", "/mitarbeiter/4711"]
    changed = DAYS[day][:10] if content.groups[1] != content.groups[2] else DAYS[1][:10]
    urls = "".join(f"<url><loc>{home}{path}</loc><lastmod>{changed}</lastmod></url>" for path in [*more, *paths])
    told = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'
    return Response(told.encode(), "application/xml")
