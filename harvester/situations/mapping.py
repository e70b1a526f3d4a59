"""``situation_map``: how the entries of one taxonomy relate to those of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, get_args

from harvester.situations.finding import Finding
from harvester.situations.taxonomy import Situation

Relation: TypeAlias = Literal["exact", "broad", "narrow"]


@dataclass(frozen=True, slots=True)
class Link:
    """``target`` is the same as ``source`` (exact), wider (broad) or narrower (narrow); ``origin`` says who states it."""

    source: str
    target: str
    relation: Relation
    origin: str


def read_map(
    rows: Iterable[Mapping[str, str]], situations: Mapping[str, Situation]
) -> tuple[tuple[Link, ...], list[Finding]]:
    """Links from rows with ``from``, ``to``, ``relation`` and ``origin``.

    A row that names an unknown entry or relation is left out and is a finding; a row that names a retired one is kept and is a finding.
    """
    links: list[Link] = []
    findings: list[Finding] = []
    for row in rows:
        source, target, relation = row["from"], row["to"], row["relation"]
        unknown = [sid for sid in (source, target) if sid not in situations]
        if unknown or relation not in get_args(Relation):
            what = f"die unbekannte Lage {unknown[0]}" if unknown else f"die unbekannte Beziehung „{relation}“"
            findings.append(
                _finding("error", "map-unknown", f"{source}>{target}", f"{source} → {target} nennt {what}.")
            )
            continue
        for sid in (source, target):
            if situations[sid].retired:
                message = f"{source} → {target} nennt {sid}, das seit {situations[sid].retired} nicht mehr gilt."
                findings.append(_finding("warning", "map-retired", f"{source}>{target}", message))
        links.append(Link(source, target, cast(Relation, relation), row["origin"]))
    return tuple(links), findings


def _finding(severity: Literal["error", "warning"], rule: str, entity_id: str, message: str) -> Finding:
    return Finding(
        severity, f"situations.{rule}", "situation_map", entity_id, message, "data/situation_map.csv berichtigen."
    )
