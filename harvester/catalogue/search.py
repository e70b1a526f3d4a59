"""Search: what people type, and the services they mean. The recipe in plain SQL is in ``docs/search.md``.

First all words count, in any spelling, inflection or compound, and citizens' words as their official ones; where that
finds too little, any of them. A word that no service knows is read as the one it was most likely meant to be.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from harvester.catalogue.german import edges_of
from harvester.catalogue.query import Ask, Question, Sense, match_all, read_question

_ENOUGH = 250
"""Services that are ranked by the index before the best of them are compared word by word."""
_CLOSER = 4
"""For every service that is asked for, so many names are looked at with their keys, and of each so many services with their regions."""
_NAMES = "terms"
"""Where all forms of the words and parts of words of title, official title and synonyms are."""
_WEIGHTS = "0, 4, 3, 3, 0.5, 2, 0, 8"
"""Of the index' columns: id, title, official title, synonyms, summary, terms, regions, stems."""
_ELSEWHERE, _IN_TEXT = 0.7, 0.3
_SHORTEST = 3
_WORTH_ADDING = 0.6
"""Share of the best hit's score that what only fits in part must have."""
_MANY = 600
"""Names that any of the words of a question may bring together."""
_LAST_RESORTS = 2
"""From this question on the index is asked only where nothing was found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A service that was found. ``score`` is 1 where its title is what was asked for, and more than 0."""

    service_id: str
    slug: str
    title: str
    summary: str
    leika_key: str | None
    level: str
    score: float


def search(
    connection: sqlite3.Connection,
    text: str,
    region: str | None = None,
    situation: str | None = None,
    limit: int = 5,
) -> list[Hit]:
    """The services that a text asks for, the likeliest first.

    ``region`` (ARS, 12 digits) keeps what holds there, be it said by the region or by one above it; ``situation``
    (``pvlagen:1010000``) what lies in it or below. Descriptions of the same LeiKa key, and of the same title, are one hit:
    the one nearest to the region. A text without words finds nothing.
    """
    return find(connection, read_question(connection, text), region, situation, limit)


def suggest(connection: sqlite3.Connection, text: str) -> str | None:
    """„Meinten Sie …?“: the text with the words of this catalogue instead of mistyped ones; None where nothing seems mistyped."""
    return read_question(connection, text).meant or None


def find(
    connection: sqlite3.Connection, question: Question, region: str | None, situation: str | None, limit: int
) -> list[Hit]:
    """The services that a question asks for."""
    above = _above(connection, region) if region else {}
    if limit < 1 or (region and not above):
        return []
    hits: list[Hit] = []
    for stage, expression in enumerate(_expressions(question)):
        if hits and stage >= _LAST_RESORTS:
            break
        found = _ranked(connection, _within(expression, above), situation, question.asks)
        if hits:
            found = {name: pair for name, pair in found.items() if pair[0] >= _WORTH_ADDING * hits[0].score}
        hits += _hits(connection, found, above, limit, {_same(hit) for hit in hits})
        if len(hits) >= limit:
            break
    return hits[:limit]


def _above(db: sqlite3.Connection, region: str) -> dict[str, int]:
    """A region and all above it, with their distance; nothing for an unknown one."""
    return dict(db.execute("SELECT ancestor_ars, distance FROM region_ancestor WHERE ars = ?", (region,)).fetchall())


def _within(expression: str, regions: Iterable[str]) -> str:
    places = " OR ".join(regions)
    return f"({expression}) AND (regions : ({places}))" if places else expression


def _expressions(question: Question) -> Iterator[str]:
    """Questions to the index, the strict one first.

    All words; any of them, or any part of one; words that begin like them; what an unknown compound begins or ends with; the descriptions.
    """
    asks = [ask for ask in question.asks if not ask.weak]
    if not asks:
        return
    yield f"{_NAMES} : ({' AND '.join(_any(ask.senses) for ask in asks)})"
    stems = dict.fromkeys(stem for ask in asks for sense in ask.senses for stem in (*sense.stems, *ask.near))
    yield f"{_NAMES} : ({_or(_rare(stems, question.often))})"
    begun = [word for ask in asks for word in ask.typed.split() if len(word) > _SHORTEST]
    edges = dict.fromkeys(edge for word in begun for edge in edges_of(word))
    if begun:
        yield f"{_NAMES} : ({' OR '.join(filter(None, (_or(begun, ' *'), _or(edges))))})"
    yield f"summary : ({_or(stems)})"


def _rare(stems: Iterable[str], often: Mapping[str, int]) -> list[str]:
    """The rarer stems: what fits by a word of every tenth service alone would be no answer, and ranking it takes long."""
    rarest_first = sorted(stems, key=lambda stem: often.get(stem, 0))
    sums = accumulate(often.get(stem, 0) for stem in rarest_first)
    return [stem for n, (stem, total) in enumerate(zip(rarest_first, sums, strict=True)) if not n or total <= _MANY]


def _or(stems: Iterable[str], mark: str = "") -> str:
    return " OR ".join(f'"{stem}"{mark}' for stem in stems)


def _any(senses: Iterable[Sense]) -> str:
    return "(" + " OR ".join(match_all(sense.stems) for sense in senses) + ")"


def _ranked(
    db: sqlite3.Connection, expression: str, situation: str | None, asks: Sequence[Ask]
) -> dict[str, tuple[float, list[str]]]:
    """Names that match (as stems) with their score and the ids of the services that have them, the best first."""
    there, values = "", [expression]
    if situation:
        there = (
            " AND service_id IN (SELECT ss.service_id FROM situation_ancestor up JOIN service_situation ss"
            " ON ss.situation_id = up.situation_id WHERE up.ancestor_id = ?)"
        )
        values.append(situation)
    rows = db.execute(
        "SELECT service_id, stems, terms FROM service_search"
        f" WHERE service_search MATCH ? AND rank MATCH 'bm25({_WEIGHTS})'{there} ORDER BY rank LIMIT {_ENOUGH}",
        values,
    )
    found: dict[str, tuple[float, list[str]]] = {}
    for service_id, stems, terms in rows:
        if stems not in found:
            found[stems] = _score(asks, stems.split(), f" {terms} "), []
        found[stems][1].append(service_id)
    return dict(sorted(found.items(), key=lambda pair: -round(pair[1][0], 2)))


def _hits(
    db: sqlite3.Connection,
    found: Mapping[str, tuple[float, list[str]]],
    above: Mapping[str, int],
    limit: int,
    had: set[str],
) -> list[Hit]:
    """The best services: of those with the same key or title the one nearest to the region."""
    scores: dict[str, float] = {}
    for score, ids in islice(found.values(), _CLOSER * limit):
        scores.update(dict.fromkeys(ids[: _CLOSER if above else 1], score))
    rows: list[tuple[str, str, str, str, str | None, str]] = db.execute(
        f"SELECT id, slug, title, coalesce(summary, '') AS summary, leika_key, level FROM service WHERE id IN ({_marks(scores)})",
        tuple(scores),
    ).fetchall()
    hits = {row[0]: Hit(*row, round(scores[row[0]], 4)) for row in rows}
    places = _distances(db, scores, above)
    order = sorted(scores, key=lambda sid: (-round(scores[sid], 2), places.get(sid, 0)))
    best: dict[str, Hit] = {}
    for hit in (hits[sid] for sid in order):
        if _same(hit) not in had:
            best.setdefault(_same(hit), hit)
    return list(best.values())[:limit]


def _same(hit: Hit) -> str:
    return hit.leika_key or hit.title.casefold()


def _distances(db: sqlite3.Connection, ids: Collection[str], above: Mapping[str, int]) -> dict[str, int]:
    """How far above the region each service is told."""
    found: dict[str, int] = {}
    if above:
        rows = db.execute(f"SELECT service_id, ars FROM service_region WHERE service_id IN ({_marks(ids)})", tuple(ids))
        for service_id, ars in rows:
            if ars in above:
                found[service_id] = min(above[ars], found.get(service_id, above[ars]))
    return found


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _score(asks: Sequence[Ask], stems: Sequence[str], terms: str) -> float:
    """How well a service answers: how much of the question its title and other names hold, and how much of the title was asked for."""
    asked = hit = 0.0
    meant: set[str] = set()
    for ask in asks:
        value, sense = max(
            (sense.trust * sum(_worth(stem, stems, terms) for stem in sense.stems) / len(sense.stems), n)
            for n, sense in enumerate(ask.senses)
        )
        asked += ask.weight
        hit += ask.weight * value
        meant.update(ask.senses[sense].stems)
    told = sum(any(stem in word for stem in meant) for word in stems)
    return 0.7 * hit / asked + 0.3 * told / (len(stems) or 1)


def _worth(stem: str, stems: Sequence[str], terms: str) -> float:
    """A word of the title counts in full, what it is a kind of, a part of one, or a word of the other names less, the rest little."""
    if stem in stems:
        return 1.0
    near = f" {stem} " in terms or any(len(word) > _SHORTEST and stem.endswith(word) for word in stems)
    return _ELSEWHERE if near else _IN_TEXT
