"""Write nodes as JSON-LD 1.1, one after another into ``@graph``, so that memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from harvester.exports.triples import PREFIXES, Iri, Node, Term, Text


def write_jsonld(nodes: Iterable[Node], file: TextIO) -> None:
    """One document: the prefixes as context, then one node a line. Nothing has to be fetched to read it."""
    file.write('{"@context":' + json.dumps(PREFIXES, sort_keys=True) + ',\n"@graph":[')
    separator = "\n"
    for node in nodes:
        file.write(separator + json.dumps(_object(node), ensure_ascii=False))
        separator = ",\n"
    file.write("\n]}\n")


def _object(node: Node) -> dict[str, object]:
    told: dict[str, object] = {"@id": node.iri, "@type": list(node.types)}
    for predicate, terms in node.grouped():
        told[predicate] = [_term(term) for term in terms]
    return told


def _term(term: Term) -> dict[str, str]:
    match term:
        case Iri(iri):
            return {"@id": iri}
        case Text(words, language):
            return {"@value": words, "@language": language}
        case _:
            return {"@value": term.value} | ({"@type": term.datatype} if term.datatype else {})
