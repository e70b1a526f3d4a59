"""Write nodes as Turtle (W3C RDF 1.1 Turtle), one after another, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from harvester.exports.triples import PREFIXES, Iri, Node, Term, Text

_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    | {chr(code): f"\\u{code:04X}" for code in (*range(9), 11, 12, *range(14, 32), 127)}
)


def write_turtle(nodes: Iterable[Node], file: TextIO) -> None:
    """Write prefixes, then every node as one block."""
    file.writelines(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(PREFIXES.items()))
    file.writelines(block(node) for node in nodes)


def block(node: Node) -> str:
    """One node with all its facts."""
    facts = [f"a {', '.join(node.types)}"]
    facts += [f"{predicate} {', '.join(map(term, terms))}" for predicate, terms in node.grouped()]
    return f"\n<{node.iri}> " + " ;\n    ".join(facts) + " .\n"


def term(told: Term) -> str:
    """A term as Turtle writes it."""
    match told:
        case Iri(iri):
            return f"<{iri}>"
        case Text(words, language):
            return f'"{words.translate(_ESCAPES)}"@{language}'
        case _:
            literal = f'"{told.value.translate(_ESCAPES)}"'
            return f"{literal}^^{told.datatype}" if told.datatype else literal
