"""Repairs for links: proposals with a confidence and a reason, applied only by approval."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from harvester.links.address import Refusal, read_address
from harvester.links.neighbours import Place, guess
from harvester.links.places import host_of
from harvester.links.store import domain_of

STABLE = timedelta(days=7)
"""A permanent target that is the same after so long is proposed."""

_ALIKE = 88.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Replace ``url`` by ``target``. ``kind``: permanent-target, same-title, same-name, same-service or spelling."""

    url: str
    target: str
    kind: str
    confidence: float
    reason_de: str
    reason_en: str


Substitutes = Callable[[Sequence[str]], Iterable[tuple[str, str]]]
"""For an address, in all spellings of it: living addresses of the same service elsewhere, each with the authority's name."""


Places = Callable[[frozenset[str]], Iterable[Place]]
"""For hosts: the pages that are known there, from the last harvest and from sitemaps."""


def suggest_repairs(
    conn: sqlite3.Connection, substitutes: Substitutes | None = None, places: Places | None = None
) -> list[Suggestion]:
    """All proposals, the surest first for each link."""
    found = [*_moved(conn), *_spelling(conn), *_same_title(conn)]
    if places is not None:
        found += _same_host(conn, places)
    if substitutes is not None:
        found += _same_service(conn, substitutes)
    return sorted(found, key=lambda suggestion: (suggestion.url, -suggestion.confidence, suggestion.target))


def _moved(conn: sqlite3.Connection) -> Iterable[Suggestion]:
    query = (
        "SELECT url, permanent_url, permanent_since, permanent_seen FROM link"
        " WHERE permanent_url <> '' AND state = 'ok' AND removed_at IS NULL"
    )
    for url, target, since, seen in conn.execute(query):
        if datetime.fromisoformat(seen) - datetime.fromisoformat(since) >= STABLE:
            yield Suggestion(
                url,
                target,
                "permanent-target",
                0.95,
                f"Dauerhafte Weiterleitung, seit {since[:10]} dieselbe.",
                f"Permanent redirect, the same since {since[:10]}.",
            )


def _spelling(conn: sqlite3.Connection) -> Iterable[Suggestion]:
    for (url,) in conn.execute("SELECT url FROM link WHERE outcome = 'invalid' AND removed_at IS NULL"):
        read = read_address(url)
        if isinstance(read, Refusal) and read.hint:
            yield Suggestion(
                url, read.hint, "spelling", 0.9, "Der Adresse fehlt „https://“.", "The address lacks 'https://'."
            )


def _same_title(conn: sqlite3.Connection) -> Iterable[Suggestion]:
    """Living pages of the same host that bear the title the dead page had when it was last seen alive."""
    dead = conn.execute(
        "SELECT url, host, title FROM link WHERE state IN ('dead', 'suspect') AND code IN ('http-404', 'http-410')"
        " AND title <> '' AND removed_at IS NULL"
    ).fetchall()
    for url, host, title in dead:
        living = conn.execute(
            "SELECT url, title FROM link WHERE domain = ? AND host = ? AND state = 'ok' AND title <> '' AND url <> ?",
            (domain_of(host), host, url),
        )
        scored = [(fuzz.token_sort_ratio(title, other), target) for target, other in living]
        best = max(scored, default=(0.0, ""))
        if best[0] >= _ALIKE:
            yield Suggestion(
                url,
                best[1],
                "same-title",
                round(0.8 * best[0] / 100, 2),
                f"Auf demselben Server trägt diese Seite den Titel „{title}“.",
                f"On the same host this page bears the title '{title}'.",
            )


def _same_host(conn: sqlite3.Connection, places: Places) -> Iterable[Suggestion]:
    """Pages of the same host that the harvest or a sitemap knows, by title or by the name in the address."""
    query = (
        "SELECT url, coalesce(title, '') FROM link WHERE state IN ('dead', 'suspect') AND code IN ('http-404', 'http-410')"
        " AND removed_at IS NULL"
    )
    gone = conn.execute(query).fetchall()
    known: dict[str, list[Place]] = {}
    for place in places(frozenset(host_of(url) for url, _ in gone)) if gone else ():
        known.setdefault(host_of(place.url), []).append(place)
    for url, title in gone:
        found = guess(url, title, known.get(host_of(url), ()))
        if found is None or conn.execute(_KNOWN_GONE, (found.place.url,)).fetchone():
            continue
        if found.by_title:
            kind, de, en = (
                "same-title",
                "Im letzten Abzug trägt diese Seite den Titel",
                "In the last harvest this page bears the title",
            )
            reason_de, reason_en = f"{de} „{found.place.title}“.", f"{en} '{found.place.title}'."
        else:
            kind = "same-name"
            reason_de = (
                "Die Sitemap oder der letzte Abzug kennt auf demselben Server nur diese Seite mit demselben Namen."
            )
            reason_en = "On the same host the sitemap or the last harvest knows this page alone by the same name."
        yield Suggestion(url, found.place.url, kind, found.confidence, reason_de, reason_en)


_KNOWN_GONE = (
    "SELECT 1 FROM link_text t JOIN link l ON l.id = t.link_id WHERE t.text = ? AND l.state IN ('dead', 'suspect')"
)


def _same_service(conn: sqlite3.Connection, substitutes: Substitutes) -> Iterable[Suggestion]:
    dead = conn.execute("SELECT id, url FROM link WHERE state = 'dead' AND removed_at IS NULL").fetchall()
    for number, url in dead:
        texts = [row[0] for row in conn.execute("SELECT text FROM link_text WHERE link_id = ? ORDER BY 1", (number,))]
        for target, authority in substitutes(texts):
            yield Suggestion(
                url,
                target,
                "same-service",
                0.5,
                f"Dieselbe Leistung bei: {authority}.",
                f"The same service at: {authority}.",
            )
