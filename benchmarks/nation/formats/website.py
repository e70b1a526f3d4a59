"""Municipal sites: pages of services in the manner of the known products, and what leads to them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape

from benchmarks.nation.links import Way, home_of, ways_of
from benchmarks.nation.message import MISSING, Answer
from benchmarks.nation.nation import Nation
from benchmarks.nation.prose import Texts, texts_of
from benchmarks.nation.shelf import Offer, Shelf, offer_of, offers, stamp, uuid_of

_PATHS = {
    "openrathaus": "/dienstleistungen/-/egov-bis-detail/dienstleistung/{}/show",
    "regioit": "/detail/-/vr-bis-detail/dienstleistung/{}/show",
    "citko": "/dienstleistung/{}",
    "gelsenkirchen": "/de/_meta/buergerservice/{}",
    "generic": "/leistungen/{}",
}
_UUID = re.compile(r"/dienstleistung/([0-9a-f]{8})-0000-4000-8000-[0-9a-f]{12}")
_NUMBER = re.compile(r"\d+")
_SECTIONS = (
    ("07", "Rechtsgrundlagen"),
    ("08", "Erforderliche Unterlagen"),
    ("09", "Voraussetzungen"),
    ("11", "Verfahrensablauf"),
    ("22", "Zuständige Stelle"),
)


def answer(nation: Nation, shelf: Shelf, path: str, day: int) -> Answer:
    """A page of the site, its sitemap, its list of services, robots.txt, or that there is none."""
    listing = "/dienstleistungen" if shelf.form == "openrathaus" else "/sitemap.xml"
    if path == listing:
        made = _list if shelf.form == "openrathaus" else _sitemap
        kind = "text/html; charset=utf-8" if shelf.form == "openrathaus" else "application/xml"
        return Answer(made(nation, shelf, day).encode(), kind, etag=stamp(nation.dice, shelf, day))
    if path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /mitarbeiter/\n", "text/plain", etag="robots")
    number = _number(shelf.form, path)
    offer = None if number is None else offer_of(nation.dice, shelf, number, day)
    if offer is None:
        return MISSING
    return Answer(page(nation, offer).encode(), etag=f"{offer.slot}-{offer.version}")


def path_of(offer: Offer) -> str:
    """Where the page of a service is."""
    form, number = offer.shelf.form, offer.number
    return _PATHS[form].format(uuid_of(number) if form == "citko" else number)


def _number(form: str, path: str) -> int | None:
    if form == "citko":
        found = _UUID.fullmatch(path)
        return int(found[1], 16) if found else None
    numbers = _NUMBER.findall(path)
    return int(numbers[-1]) if numbers and path == _PATHS[form].format(numbers[-1]) else None


def _sitemap(nation: Nation, shelf: Shelf, day: int) -> str:
    home = nation.url(home_of(shelf.ars, shelf.base), "")
    others = "".join(f"<url><loc>{home}{path}</loc></url>" for path in ("/", "/aktuelles/stadtfest"))
    urls = "".join(f"<url><loc>{home}{path_of(offer)}</loc></url>" for offer in offers(nation.dice, shelf, day))
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">{others}{urls}</urlset>\n'


def _list(nation: Nation, shelf: Shelf, day: int) -> str:
    entries = "".join(
        f'<li><a href="{path_of(offer)}">{escape(offer.name)}</a></li>' for offer in offers(nation.dice, shelf, day)
    )
    return _frame("A bis Z", f"<main><h1>Dienstleistungen</h1><ul>{entries}</ul></main>")


def page(nation: Nation, offer: Offer) -> str:
    """The page of a service."""
    texts, ways = texts_of(nation.dice, offer), ways_of(nation, offer)
    body, head = _BODIES[offer.shelf.form](offer, texts, _sections(texts) + _buttons(ways))
    return _frame(offer.name, body, head)


def _frame(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8"><title>{escape(title)} | Stadt</title>{head}</head>\n'
        '<body><header><nav><a href="/">Start</a> <a href="/impressum">Impressum</a></nav></header>\n'
        f"{body}\n<footer>Alle Angaben sind erfunden.</footer></body></html>\n"
    )


def _sections(texts: Texts) -> str:
    told = [(title, texts.modules[code]) for code, title in _SECTIONS if code in texts.modules]
    told += [("Kosten", texts.fees), ("Fristen", texts.deadline), ("Bearbeitungsdauer", texts.duration)]
    return "".join(f"<h2>{title}</h2>{text if text[0] == '<' else f'<p>{text}</p>'}" for title, text in told)


def _buttons(ways: list[Way]) -> str:
    return "".join(f'<p><a href="{escape(way.url)}">{way.label}</a></p>' for way in ways)


def _rdfa(key: str) -> str:
    return f'<span property="schluessel" content="{key}"></span>' if key else ""


def _openrathaus(offer: Offer, texts: Texts, rest: str) -> tuple[str, str]:
    told = f'{_rdfa(offer.key)}<h1>{escape(offer.name)}</h1><div class="description">{texts.modules["06"]}</div>{rest}'
    return f'<main><div class="service-detail">{told}</div></main>', _keywords(texts)


def _regioit(offer: Offer, texts: Texts, rest: str) -> tuple[str, str]:
    told = (
        f'{_rdfa(offer.key)}<h1 property="bezeichnung">{escape(offer.name)}</h1><div property="kurztext">{texts.summary}</div>'
        f'<div property="volltext">{texts.modules["06"]}</div>{rest}'
    )
    return (
        f'<div id="main-content" role="main"><article class="vr-bis-detail" typeof="Leistung">{told}</article></div>',
        "",
    )


def _citko(offer: Offer, texts: Texts, rest: str) -> tuple[str, str]:
    key = f' data-leika-key="{offer.key}"' if offer.key else ""
    told = f'<h1>{escape(offer.name)}</h1><p class="lead">{texts.summary}</p>{texts.modules["06"]}{rest}'
    return f'<main><article class="citko-service"{key}>{told}</article></main>', _keywords(texts)


def _gelsenkirchen(offer: Offer, texts: Texts, rest: str) -> tuple[str, str]:
    told = f'<h1>{escape(offer.name)}</h1><p class="einleitung">{texts.summary}</p>{texts.modules["06"]}{rest}'
    key = f'<meta name="leika" content="{offer.key}">' if offer.key else ""
    return f'<div id="content"><div class="buergerservice">{told}</div></div>', key


def _generic(offer: Offer, texts: Texts, rest: str) -> tuple[str, str]:
    node: dict[str, object] = {"@context": "https://schema.org", "@type": "GovernmentService", "name": offer.name}
    if offer.key:
        node["identifier"] = {"@type": "PropertyValue", "propertyID": "LeiKa", "value": offer.key}
    data = json.dumps(node, ensure_ascii=False)
    told = f"<main><h1>{escape(offer.name)}</h1>{texts.modules['06']}{rest}</main>"
    return told, f'<script type="application/ld+json">{data}</script>'


def _keywords(texts: Texts) -> str:
    return f'<meta name="keywords" content="{escape(", ".join(texts.synonyms))}">'


_BODIES: dict[str, Callable[[Offer, Texts, str], tuple[str, str]]] = {
    "openrathaus": _openrathaus,
    "regioit": _regioit,
    "citko": _citko,
    "gelsenkirchen": _gelsenkirchen,
    "generic": _generic,
}
