"""German words as search compares them: one form for all inflections and spellings, and the parts of compounds. Pure.

Both sides use it, the index and the question, so a form need not be a word: it only has to be the same for
„Führerscheine“, „Fuehrerschein“ and „fuhrerschein“.
"""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import snowballstemmer

from harvester.data import data_file


def word_set(text: str) -> frozenset[str]:
    """The words of a text with blanks between: tables of words are easier to read so."""
    return frozenset(text.split())


WORD = re.compile(r"[^\W\d_]{2,}")
"""A word: at least two letters."""
_TOKEN = re.compile(r"[^\W_]+")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_DROPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "á": "a", "à": "a", "ó": "o"})
_UMLAUT = re.compile(r"(?<![aeqäöü])(?:ae|oe|ue)(?!u)")
_VOWEL = {"ae": "a", "oe": "o", "ue": "u"}
_STEMMERS = threading.local()
"""A stemmer for each thread: it works on its own fields, so that two threads at one get each other's words, or errors."""
# Verbs whose noun the stemmer does not reach, by stem.
_SAME = {
    "beantrag": "antrag",
    "umzieh": "umzug",
    "umgezog": "umzug",
    "einzieh": "einzug",
    "auszieh": "auszug",
    "verlor": "verlust",
    "verli": "verlust",
    "gestohl": "diebstahl",
    "geklaut": "diebstahl",
    "geburt": "geburt",
    "geboren": "geburt",
    "gebor": "geburt",
    "verlang": "verlang",
    "verlanger": "verlang",
    "ander": "and",
    "anderung": "and",
    "forder": "ford",
    "forderung": "ford",
    "befrei": "befrei",
    "wahl": "wahl",
    "fahr": "fahr",
    "fahrt": "fahr",
    "gepflegt": "pfleg",
    "heirat": "heirat",
    "verheiratet": "heirat",
    "gestorb": "sterb",
    "verstorb": "sterb",
    "todesfall": "sterbefall",
}
PARTICLES = word_set("ab an auf aus ein fort frei hin los mit nach um vor weg weiter zu zurück zusammen")
"""First parts of verbs that stand at the end of a sentence: „ich ziehe um“."""
_FINITE = ("est", "st", "et", "t", "en", "e")
_STEM = 3
_SHORTEST = 4
_ENDINGS = ("e", "n", "s", "en", "er", "es")
_LINKS = ("", "s", "n", "en", "es", "er", "e")
_SHORT = frozenset(
    ("amt", "kfz", "pkw", "lkw", "hof", "bau", "rad", "tod", "ehe", "weg", "rat", "tor", "gas", "uni", "bus", "eis")
)
# First parts that never stand alone.
_FIRST = word_set(
    "wohn sterbe fahr park spiel sperr miet heiz bade schwimm lehr fuehrer pflege sport melde lebens tages kranken renten jugend "
    "haupt grund schul schueler verkehrs strassen wasser strom feuer rettungs land haus kinder eltern familien zweit neben sonder "
    "muell abfall bio gelb kirchen vereins stadt gemeinde buerger beamten hunde katzen tier jagd fisch angel waffen gewerbe"
)
_NO_PART = word_set(
    "unter ueber aber oder wieder zusammen gegen nach ober hinter zwischen eine einer alle ohne fuer nicht besser sein keit heit "
    "lich isch ungen erung igung schaft tung nung rung dung gung sche lung chen"
)


@lru_cache(maxsize=100_000)
def canonical(word: str) -> str:
    """The form of a word in lower case under which all its inflections and spellings meet."""
    stem: str = _stemmer().stemWord(_UMLAUT.sub(lambda found: _VOWEL[found[0]], word.translate(_SPELLED)))
    return _SAME.get(stem, stem)


def _stemmer() -> Any:  # noqa: ANN401 - the package has no types
    if not hasattr(_STEMMERS, "german"):
        _STEMMERS.german = snowballstemmer.stemmer("german")
    return _STEMMERS.german


@lru_cache(maxsize=10_000)  # towns offer the same services under the same titles
def stems_of(text: str) -> tuple[str, ...]:
    """Canonical forms of the words and numbers of a text, in their order."""
    return tuple(canonical(word) for word in _TOKEN.findall(text.lower()))


@lru_cache(maxsize=100_000)
def spellings(word: str) -> frozenset[str]:
    """A word in lower case with its umlauts spelled out, and with them dropped."""
    return frozenset((word.translate(_SPELLED), word.translate(_DROPPED)))


@lru_cache(maxsize=100_000)
def parts_of(word: str) -> tuple[str, ...]:
    """Canonical forms of the smallest known parts of a compound in lower case; nothing for a word that is none."""
    return tuple(canonical(part) for part in _split(word.translate(_SPELLED)))


@lru_cache(maxsize=100_000)
def forms_of(word: str) -> frozenset[str]:
    """All under which a word in lower case is found: its spellings, its canonical form, and those of its parts, small and large."""
    found = {canonical(word), *spellings(word)}
    open_ends = [word.translate(_SPELLED)]
    while open_ends:
        pair = _cut(open_ends.pop())
        found.update(canonical(part) for part in pair)
        open_ends += pair
    return frozenset(found)


def infinitives_of(word: str) -> Iterator[str]:
    """What a finite verb in lower case may be the form of: „ziehe“, „ziehst“ and „zieht“ of „ziehen“."""
    for ending in _FINITE:
        if word.endswith(ending) and len(word) >= len(ending) + _STEM:
            yield f"{word.removesuffix(ending)}en"


def edges_of(word: str) -> tuple[str, ...]:
    """The longest known word that one in lower case ends with, and that it begins with; of a compound whose other part is unknown."""
    spelled = word.translate(_SPELLED)
    places = range(_SHORTEST, len(spelled) - _SHORTEST + 1)
    tail = next((spelled[at:] for at in places if _is_part(spelled[at:])), "")
    head = next(
        (head for at in reversed(places) for head in _heads(spelled[:at]) if len(head) >= _SHORTEST and _is_part(head)),
        "",
    )
    return tuple(canonical(part) for part in (tail, head) if part)


def _split(word: str) -> tuple[str, ...]:
    pair = _cut(word)
    return tuple(part for half in pair for part in (_split(half) or (half,)))


@lru_cache(maxsize=100_000)
def _cut(word: str) -> tuple[str, ...]:
    """The two known words that make up this one, linking letters between left out; the later part as long as can be."""
    for place in range(3, len(word) - 2):
        if _is_part(word[place:]):
            for head in _heads(word[:place]):
                if _is_part(head) or (len(head) > 2 * _SHORTEST and _cut(head)):
                    return head, word[place:]
    return ()


def _is_part(word: str) -> bool:
    """Whether a word is known, or only differs from one by its ending (stemming thousands of words would take too long here)."""
    if len(word) < _SHORTEST:
        return word in _SHORT
    known = _vocabulary()
    if word in known:
        return True
    bare = _UMLAUT.sub(lambda found: _VOWEL[found[0]], word)  # Plätze, Gärten
    return word not in _NO_PART and any(
        some.endswith(end) and len(some) - len(end) >= _SHORTEST and some[: len(some) - len(end)] in known
        for some in {word, bare}
        for end in _ENDINGS
    )


_LISTS = (
    ("ozg_leika.csv", "name"),
    ("situations/titles.csv", "title"),
    ("words.csv", "word"),
    ("words.csv", "official"),
)


def _heads(word: str) -> Iterator[str]:
    """What the first part may be, without the letters that link it to the next."""
    for link in _LINKS:
        if word.endswith(link) and len(word) - len(link) >= 3:
            yield word[: len(word) - len(link)]


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Words that may be parts of compounds: of the official list of services, our titles, and citizens' words."""
    found: set[str] = set(_FIRST)
    for name, column in _LISTS:
        with data_file(name).open(encoding="utf-8", newline="") as file:
            text = " ".join({row[column] for row in csv.DictReader(file)}).lower().translate(_SPELLED)
        found.update(word for word in WORD.findall(text) if len(word) >= _SHORTEST)
    return frozenset(found - _NO_PART)
