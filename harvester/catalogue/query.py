"""What people type, as a question to the index: which words count, what else they may mean."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from harvester.catalogue.german import PARTICLES, canonical, infinitives_of, parts_of, word_set
from harvester.catalogue.search_words import find_similar
from harvester.situations.features import STOP_WORDS
from harvester.situations.fold import fold

Stems: TypeAlias = tuple[str, ...]
_TOKEN = re.compile(r"[^\W_]+")
_LONGEST = 4
"""Words of the longest phrase that is looked up among citizens' words."""
_MOST = 12
"""Words of a question that are read."""
# People ask in sentences. These words say nothing about the service.
_TALK = STOP_WORDS | word_set(
    "ich will moechte mochte muss kann darf soll brauche brauch benoetige suche wo wie was wann wer welche welches welcher wieviel "
    "mein meine meinen meiner meinem mir mich unser unsere unseren sein seine seinen dein deine kein keine keinen man es er habe "
    "hat haben wird werden wurde ist sind bin bei bitte hilfe gibt geht machen tun lassen dafuer dass wenn weil ob nicht auch noch "
    "schon jetzt hier dort alles etwas kosten kostet viel lange stadt gemeinde amt rathaus buergeramt online formular neuen neuer "
    "neues neue eigenes eigene eigener"
)
# These say something only where they stand alone: nearly every service is applied for.
_WEAK = frozenset(
    map(
        canonical,
        word_set(
            "beantragen antrag beantragung stellen bekommen holen erhalten abholen bestellen ausstellen lassen anfordern neu online termin "
            "formular information informationen kosten ausfüllen einreichen"
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a part of a question: stems that must all be there. ``trust`` is 1 for the words themselves."""

    stems: Stems
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A part of a question with all it may mean; ``typed`` is what was typed, folded.

    ``near`` are stems of what it is a kind of, as a Kraftfahrzeug is a Fahrzeug. ``weak`` parts are no condition. The ``weight``
    is the less the more names hold it.
    """

    typed: str
    senses: tuple[Sense, ...]
    near: Stems = ()
    weak: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """A question and, where it seems mistyped, how it may have been meant. ``often``: in how many names its stems are."""

    asks: tuple[Ask, ...]
    often: Mapping[str, int]
    meant: str = ""


def read_question(db: sqlite3.Connection, text: str) -> Question:
    """Understand a question with the words of this catalogue."""
    every = _join_verb(db, _TOKEN.findall(text.lower())[:_MOST])
    tokens = [token for token in every if fold(token) not in _TALK] or every
    asks: list[Ask] = []
    better: dict[str, str] = {}
    for ask in _asks(db, tokens):
        if " " not in ask.typed and not _is_known(db, ask):
            meant = find_similar(db, ask.typed)
            if meant and canonical(meant.lower()) != ask.senses[0].stems[0]:
                better[ask.typed] = meant
                asks += _asks(db, [meant.lower()])
                continue
        asks.append(ask)
    if all(ask.weak for ask in asks):
        asks = [replace(ask, weak=False) for ask in asks]
    meant = _TOKEN.sub(lambda found: better.get(fold(found[0]), found[0]), text.strip()) if better else ""
    often = _count(db, asks)
    return Question(tuple(_weighed(asks, often)), often, meant)


def _join_verb(db: sqlite3.Connection, tokens: list[str]) -> list[str]:
    """A sentence whose verb is parted, with the verb as its infinitive where it is known: „ich ziehe um“ asks for „umziehen“."""
    *rest, particle = tokens or [""]
    if particle in PARTICLES:
        for place, token in enumerate(rest):
            for verb in infinitives_of(token):
                if _is_word(db, canonical(particle + verb)):
                    return [*rest[:place], particle + verb, *rest[place + 1 :]]
    return tokens


def _is_word(db: sqlite3.Connection, stem: str) -> bool:
    """Whether titles or citizens' words have a word of this stem."""
    query = "SELECT 1 FROM search_word WHERE stem = ?1 UNION ALL SELECT 1 FROM synonym WHERE stems = ?1 LIMIT 1"
    return db.execute(query, (stem,)).fetchone() is not None


def _count(db: sqlite3.Connection, asks: Sequence[Ask]) -> dict[str, int]:
    stems = {stem for ask in asks for stem in (*ask.near, *(stem for sense in ask.senses for stem in sense.stems))}
    marks = ", ".join("?" * len(stems))
    rows = db.execute(
        f"SELECT stem, sum(services) FROM search_word WHERE stem IN ({marks}) GROUP BY stem", tuple(stems)
    )
    return dict(rows.fetchall())


def _weighed(asks: Sequence[Ask], often: Mapping[str, int]) -> Iterator[Ask]:
    """Asks with their weights: „Geburt anmelden“ is about Geburt."""
    for ask in asks:
        most = max(min(often.get(stem, 0) for stem in sense.stems) for sense in ask.senses)
        yield replace(ask, weight=(0.2 if ask.weak else 1.0) / (1 + math.log1p(most)))


def _asks(db: sqlite3.Connection, tokens: Sequence[str]) -> Iterator[Ask]:
    """The parts of a question, longest known phrases first, each with its meanings."""
    known = _synonyms(db, [canonical(token) for token in tokens])
    at = 0
    while at < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
            part = tokens[at : at + length]
            stems = tuple(canonical(token) for token in part)
            others = known.get(" ".join(stems), ())
            if others or length == 1:
                own = [Sense(stems)]
                if length == 1 and (parts := parts_of(part[0])):
                    own += [Sense(parts, 0.9), *(Sense(some, 0.85) for some in _in_parts(db, parts))]
                senses = (*own, *(Sense(tuple(map(canonical, words)), 0.95) for words in others))
                near = [
                    end
                    for words in (part, *others)
                    for word in words
                    for end in parts_of(word)[-1:]
                    if end not in _WEAK
                ]
                weak = all(stem in _WEAK for stem in stems)
                yield Ask(fold(" ".join(part)), senses, tuple(near), weak)
                at += length
                break


def _synonyms(
    db: sqlite3.Connection, stems: Sequence[str], longest: int = _LONGEST
) -> dict[str, list[tuple[str, ...]]]:
    """Official words for all phrases of a question that citizens' words know, by the phrase's stems."""
    phrases = {" ".join(stems[at : at + length]) for at in range(len(stems)) for length in range(1, longest + 1)}
    marks = ", ".join("?" * len(phrases))
    rows = db.execute(f"SELECT stems, expansion FROM synonym WHERE stems IN ({marks})", tuple(phrases))
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase, expansion in rows:
        found.setdefault(phrase, []).append(tuple(_TOKEN.findall(expansion.lower())))
    return found


def _in_parts(db: sqlite3.Connection, parts: Stems) -> Iterator[Stems]:
    """A compound with one of its parts said officially: „Mülltonne“ is a tonne for Abfall."""
    known = _synonyms(db, parts, 1)
    for place, part in enumerate(parts):
        for words in known.get(part, ()):
            yield (*parts[:place], *map(canonical, words), *parts[place + 1 :])


def _is_known(db: sqlite3.Connection, ask: Ask) -> bool:
    """Whether any service can be found by this word, or by all of its parts."""
    return any(
        db.execute(
            "SELECT 1 FROM service_search WHERE service_search MATCH ? LIMIT 1", (match_all(sense.stems),)
        ).fetchone()
        for sense in ask.senses
    )


def match_all(stems: Stems) -> str:
    """An expression of the index: all these stems."""
    return "(" + " AND ".join(f'"{stem}"' for stem in stems) + ")"
