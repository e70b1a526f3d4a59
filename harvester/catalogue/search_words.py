"""The words of a catalogue's titles, with a trigram index beside them: what a mistyped word may have meant."""

from __future__ import annotations

import sqlite3
from collections import Counter

from rapidfuzz.distance import OSA

from harvester.catalogue.german import WORD, canonical
from harvester.situations.fold import fold

_SHORTEST = 4
_CANDIDATES = 40


def add_search_words(db: sqlite3.Connection) -> None:
    """Fill ``search_word`` and ``search_trigram`` from titles, synonyms and citizens' words; capitals as they are written most often."""
    counts: Counter[str] = Counter()
    for texts in (
        "SELECT title FROM service",
        "SELECT official_title FROM service WHERE official_title IS NOT NULL",
        "SELECT synonyms FROM service_search WHERE synonyms <> ''",
        "SELECT DISTINCT written FROM synonym",
    ):
        for (text,) in db.execute(texts):
            counts.update(WORD.findall(text))
    best: dict[str, tuple[str, int]] = {}
    for word, count in counts.items():
        if len(word) >= _SHORTEST:
            folded = fold(word)
            before, so_far = best.get(folded, ("", 0))
            likelier = max((before, word), key=lambda some: (counts[some], some))  # whatever the order of services
            best[folded] = (likelier, so_far + count)
    rows = (
        (n, word, folded, canonical(word.lower()), count)
        for n, (folded, (word, count)) in enumerate(sorted(best.items()), 1)
    )
    db.executemany("INSERT INTO search_word VALUES (?, ?, ?, ?, ?)", rows)
    db.execute("INSERT INTO search_trigram (search_trigram) VALUES ('rebuild')")


def find_similar(db: sqlite3.Connection, word: str) -> str | None:
    """The word of the catalogue that this one is most likely a mistyping of; None where nothing is near enough.

    Near is one slip (a letter wrong, left out, added, or two swapped) for four letters, two for seven, three for twelve.
    """
    folded = fold(word).replace(" ", "")
    if len(folded) < _SHORTEST:
        return None
    slips = 1 + (len(folded) >= 7) + (len(folded) >= 12)
    step = 2 if len(folded) >= 16 else 1  # three slips touch at most six of every second trigram: a seventh is left
    trigrams = {folded[n : n + 3] for n in range(0, len(folded) - 2, step)}
    found = db.execute(
        "SELECT w.word, w.folded, w.services FROM search_trigram t JOIN search_word w ON w.id = t.rowid"
        " WHERE search_trigram MATCH ? ORDER BY t.rank LIMIT ?",
        (" OR ".join(f'"{part}"' for part in sorted(trigrams)), _CANDIDATES),
    ).fetchall()
    near = ((OSA.distance(folded, other, score_cutoff=slips), -services, known) for known, other, services in found)
    best = min(near, default=None)
    return best[2] if best and best[0] <= slips else None
