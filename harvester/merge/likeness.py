"""How alike two titles are: by the words that carry meaning, whatever their order, inflection or spelling. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from harvester.catalogue.german import stems_of

ALIKE = 0.9
"""From here on two titles may name one service."""
CLEAR = 0.05
"""By so much the best has to be nearer than the second best of its source."""
_LITTLE = 0.25
_NUMBER = re.compile(r"\d+")
# Words that hold a sentence together. Not among them are "ohne", "nicht" and the like, which turn its sense round.
_HOLDING = frozenset(
    stems_of(
        "der die das des dem den ein eine einer eines einem einen und oder für von vom im in ins am an auf aus bei beim mit nach"
        " zu zum zur über durch bzw sowie als wegen sich ihr ihre ihren ihrer the of a for and to"
    )
)
# Words for what is done with all sorts of things: alone they name no service, and beside a thing they say little.
_COMMON = frozenset(
    stems_of(
        "Antrag beantragen Ausstellung ausstellen Erteilung erteilen Anmeldung anmelden Abmeldung abmelden Anzeige anzeigen"
        " Genehmigung Bewilligung Bescheinigung Auskunft Beratung Information Informationen Formular Service Leistung Kontakt"
        " Termin Terminvereinbarung vereinbaren Hilfe Förderung Zuschuss Gebühr Gebühren online Onlineantrag Änderung ändern"
        " Verlängerung verlängern Amt Stadt Gemeinde Kreis Bürger Bürgerbüro Rathaus application"
    )
)


@lru_cache(maxsize=10_000)
def words_of(title: str) -> Mapping[str, float]:
    """The stems of a title with their weight; none where they name nothing in particular.

    Its numbers, in their order, are one word together: „Stufe 1 von 2“ and „Stufe 2 von 1“ are two services.
    """
    stems = [stem for stem in stems_of(title) if stem not in _HOLDING and not stem.isdigit()]
    found = {stem: _LITTLE if stem in _COMMON else 1.0 for stem in stems}
    if all(weight < 1.0 for weight in found.values()):
        return MappingProxyType({})
    if numbers := _NUMBER.findall(title):
        found["#" + " ".join(numbers)] = 1.0
    return MappingProxyType(found)


def anchor_of(words: Mapping[str, float]) -> str:
    """The word by which a title is looked for among others: the longest that says something; none for a title without words."""
    return max(
        ((len(word), word) for word, weight in words.items() if weight == 1.0 and word[0] != "#"), default=(0, "")
    )[1]


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """0 to 1: twice the weight of the words they share, by the weight of all (the coefficient of Dice).

    At most just below ``ALIKE`` where each has a word the other lacks: „Hund anmelden“ and „Hund abmelden“ are two services.
    """
    shared = sum(weight for word, weight in one.items() if word in other)
    total = sum(one.values()) + sum(other.values())
    found = 2 * shared / total if total else 0.0
    inside = one.keys() <= other.keys() or other.keys() <= one.keys()
    return round(found if inside else min(found, ALIKE - 0.01), 4)
