"""The pages of each product. Addresses are those of the real products; markup beyond that is assumed (data/sites)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

from federation.content import Content
from federation.http import Response
from federation.leistung import Leistung
from federation.prose import plain
from federation.website.parts import MISSING, buttons, headed, page, sections, sitemap, staff


def openrathaus(content: Content, day: int) -> Mapping[str, Response]:
    """No sitemap, but a list of everything; keys, where there are any, as RDFa; one page an error in disguise."""
    path = "/dienstleistungen/-/egov-bis-detail/dienstleistung/{}/show"
    files: dict[str, Response] = {}
    entries = []
    for item in content.services(day):
        where = path.format(item.id)
        words = escape(", ".join(item.synonyms))
        entries.append(
            f'<li class="list-group-item dlitem" data-synonyme="{words}"><a href="{where}">{escape(item.title)}</a></li>'
        )
        keys = "".join(f'<span property="schluessel" content="{key}"></span>' for key in item.keys)
        body = f'{keys}<h1>{escape(item.title)}</h1><div class="description"><p>{escape(plain(item.text))}</p></div>{headed(item)}'
        body = MISSING if "title" in item.omit else body + buttons(item) + staff(item)
        head = f'<meta name="keywords" content="{words}">'
        files[where] = page(item.title, f'<main><div class="service-detail">{body}</div></main>', head=head)
    files["/dienstleistungen"] = page("A bis Z", f"<main><ul>{''.join(entries)}</ul></main>")
    return files


def regioit(content: Content, day: int) -> Mapping[str, Response]:
    """A sitemap named by robots.txt; RDFa throughout; fees and the rest in cards that fold."""
    files: dict[str, Response] = {}
    for item in content.services(day):
        where = f"/detail/-/vr-bis-detail/dienstleistung/{item.id}/show"
        keys = "".join(f'<span property="schluessel" content="{key}"></span>' for key in item.keys)
        cards = "".join(
            f'<div class="card"><div class="card-header">{heading}</div><div class="card-body">{text}</div></div>'
            for heading, text in sections(item)
        )
        body = (
            f'<article class="vr-bis-detail" typeof="Leistung">{keys}<h1 property="bezeichnung">{escape(item.title)}</h1>'
            f'<div property="kurztext">{escape(plain(item.short))}</div><div property="volltext"><p>{escape(plain(item.text))}</p></div>'
            f"{cards}{buttons(item)}{staff(item)}</article>"
        )
        files[where] = page(item.title, f'<div id="main-content" role="main">{body}</div>', language=item.language)
    home = f"{content.endpoint.scheme}://{content.endpoint.netloc}"
    files["/karte/dienste.xml"] = sitemap(content, day, list(files))
    files["/robots.txt"] = Response(
        f"User-agent: *\nDisallow: /mitarbeiter/\nSitemap: {home}/karte/dienste.xml\n".encode(), "text/plain"
    )
    return files


def citko(content: Content, day: int) -> Mapping[str, Response]:
    """Services behind UUIDs, begun by a launcher that redirects to a login; the sitemap names a page that is gone."""
    files: dict[str, Response] = {}
    for item in content.services(day):
        launcher = f"/extension/service/call/{item.id}"
        folded = "".join(
            f'<h2 class="accordion-header"><button class="accordion-button" data-bs-toggle="collapse">{heading}</button></h2>'
            f'<div class="accordion-collapse">{text}</div>'
            for heading, text in sections(item)
        )
        key = f' data-leika-key="{item.keys[0]}"' if item.keys else ""
        body = (
            f'<main><article class="citko-service"{key}><h1>{escape(item.title)}</h1>'
            f'<p class="lead">{escape(plain(item.text))}</p>{folded}'
            f'<div class="service-actions"><a href="{launcher}">Online-Dienst</a></div>{buttons(item)}{staff(item)}</article></main>'
        )
        files[f"/dienstleistung/{item.id}"] = page(item.title, body)
        files[launcher] = Response(status=302, headers={"Location": "/antrag/anmeldung"})
    pages = [path for path in files if path.startswith("/dienstleistung/")]
    files["/sitemap.xml"] = sitemap(content, day, [*pages, "/dienstleistung/99999"])
    return files


def gelsenkirchen(content: Content, day: int) -> Mapping[str, Response]:
    """An index of sitemaps; a page may serve several keys; Windows-1252 without a word about it."""
    files: dict[str, Response] = {}
    for item in content.services(day):
        keys = f'<meta name="leika" content="{", ".join(item.keys)}">' if item.keys else ""
        body = (
            f'<div id="content"><div class="buergerservice"><h1>{escape(item.title)}</h1>'
            f'<p class="einleitung">{escape(plain(item.text))}</p>'
            f"{headed(item, 3)}{buttons(item)}{staff(item)}</div></div>"
        )
        made = page(item.title, body, head=keys)
        old = made.body.decode().replace('<meta charset="utf-8">', "").encode("cp1252", "xmlcharrefreplace")
        files[f"/de/_meta/buergerservice/{item.id}"] = Response(old, "text/html")
    home = f"{content.endpoint.scheme}://{content.endpoint.netloc}"
    listed = sitemap(content, day, list(files))
    index = f"<sitemapindex><sitemap><loc>{home}/karte/1.xml</loc></sitemap></sitemapindex>"
    files["/sitemap.xml"] = Response(index.encode(), "application/xml")
    files["/karte/1.xml"] = listed
    return files


def generic(content: Content, day: int) -> Mapping[str, Response]:
    """A small CMS: schema.org as JSON-LD, a page in English, and nothing else that helps."""
    files: dict[str, Response] = {}
    for item in content.services(day):
        told = f'<script type="application/ld+json">{json.dumps(_node(item), ensure_ascii=False)}</script>'
        body = f"<main><h1>{escape(item.title)}</h1><p>{escape(plain(item.text))}</p>{headed(item)}{buttons(item)}{staff(item)}</main>"
        files[f"/leistungen/{item.id}"] = page(item.title, body, head=told, language=item.language)
    files["/sitemap.xml"] = sitemap(content, day, list(files))
    return files


def _node(item: Leistung) -> dict[str, object]:
    node: dict[str, object] = {"@context": "https://schema.org", "@type": "GovernmentService", "name": item.title}
    if item.keys:
        node["identifier"] = {"@type": "PropertyValue", "propertyID": "LeiKa", "value": item.keys[0]}
    if item.short:
        node["description"] = item.short
    return node
