"""Where a page that is gone may be now: pages of the same host that the last harvest saw or a sitemap lists."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from rapidfuzz import fuzz

from harvester.links.places import host_of, path_of

_ALIKE = 88.0
_SHORTEST = 6
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp)$")


class Place(NamedTuple):
    """A page of a host, with its title where somebody knows it."""

    url: str
    title: str = ""


class Guess(NamedTuple):
    """A place that may be meant, and how sure that is."""

    place: Place
    by_title: bool
    confidence: float


def harvested_places(state: sqlite3.Connection, hosts: frozenset[str]) -> Iterator[Place]:
    """Pages from which the last harvest read one service each."""
    query = (
        "SELECT url, min(title) FROM record WHERE kind = 'service' AND status IN ('live', 'missing')"
        " GROUP BY source_id, url HAVING count(*) = 1"
    )
    for url, title in state.execute(query):
        if host_of(url) in hosts:
            yield Place(url, title)


def guess(url: str, title: str, places: Iterable[Place]) -> Guess | None:
    """The best place for a page that is gone: one with its title, or the only one with its name in the address.

    ``title`` is the one it had when it was seen alive, empty where it never was.
    """
    others = [place for place in places if place.url != url]
    if title:
        scored = [(fuzz.token_sort_ratio(title, place.title), place) for place in others if place.title]
        best, place = max(scored, default=(0.0, Place("")), key=lambda pair: pair[0])
        if best >= _ALIKE:
            return Guess(place, by_title=True, confidence=round(0.75 * best / 100, 2))
    name = _name(url)
    same = {place.url: place for place in others if name and _name(place.url) == name}
    return Guess(next(iter(same.values())), by_title=False, confidence=0.6) if len(same) == 1 else None


def _name(url: str) -> str:
    """The last part of the path without its ending; empty where it is too short or only a number to mean anything."""
    name = _ENDING.sub("", unquote(path_of(url).rstrip("/").rpartition("/")[2]).lower())
    return name if len(name) >= _SHORTEST and not name.isdigit() else ""
