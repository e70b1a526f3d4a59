"""Linked data before it is written: nodes with facts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Name spaces of CPSV-AP 3.2 that the exports use; all predicates, types and data types are written with them."""
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


class Iri(NamedTuple):
    """A reference to another node, or to something outside."""

    value: str


class Text(NamedTuple):
    """A text in a language (``rdf:langString``)."""

    value: str
    language: str


class Value(NamedTuple):
    """A value; without a data type (a prefixed name) it is plain text."""

    value: str
    datatype: str = ""


Term: TypeAlias = Iri | Text | Value


@dataclass(slots=True)
class Node:
    """Something with its types and facts, in the order in which they were added. Predicates are prefixed names."""

    iri: str
    types: tuple[str, ...]
    facts: list[tuple[str, Term]] = field(default_factory=list)

    def add(self, predicate: str, *terms: Term | None) -> None:
        """Add facts; what is None is unknown, and what is there already says nothing new."""
        for term in terms:
            if term is not None and (predicate, term) not in self.facts:
                self.facts.append((predicate, term))

    def grouped(self) -> Iterator[tuple[str, list[Term]]]:
        """Facts by predicate, in the order in which each came first."""
        found: dict[str, list[Term]] = {}
        for predicate, term in self.facts:
            found.setdefault(predicate, []).append(term)
        yield from found.items()


def text(value: str | None, language: str) -> Text | None:
    """A text, if there is one; a language tag that is none becomes ``und``, undetermined (BCP 47)."""
    if not value:
        return None
    return Text(value, language if _LANGUAGE.fullmatch(language) else "und")


def value(told: str | None, datatype: str = "") -> Value | None:
    """A value, if there is one."""
    return Value(told, datatype) if told else None
