"""Everything the cascade knows: taxonomies, map, official record, rules, overrides, words and the text model."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import yaml

from harvester.data import data_file
from harvester.editorial import editorial_files
from harvester.situations.finding import Finding
from harvester.situations.leika import Leika, read_leika
from harvester.situations.mapping import Link, read_map
from harvester.situations.override import Override, read_overrides
from harvester.situations.taxonomy import Situation, Taxonomy, make_taxonomy
from harvester.situations.text import TextModel, read_model

_FILES = (
    "situations/taxonomies.yml",
    "pvlagen.csv",
    "ozg_themenfelder.csv",
    "ozg_lagen.csv",
    "sdg_areas.csv",
    "situation_map.csv",
    "situation_drawers.csv",
    "situations/categories.csv",
    "ozg_leika.csv",
    "words.csv",
    "situations/model.bin",
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the cascade is given; ``findings`` tells what was wrong with it.

    ``categories`` is the reviewed map of the origin portals' own categories: (list, code or folded name) to situation.
    ``drawers`` gives services of the administrative remainder („Querschnitt“) a real drawer: OZG id to situation.
    """

    taxonomies: Mapping[str, Taxonomy]
    links: Mapping[str, tuple[Link, ...]]
    leika: Leika
    model: TextModel | None = None
    categories: Mapping[tuple[str, str], str] = field(default_factory=dict)
    drawers: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def situation(self, sid: str) -> Situation | None:
        """The entry with this id."""
        taxonomy = self.taxonomies.get(sid.partition(":")[0])
        return taxonomy.situations.get(sid) if taxonomy else None

    def by_list(self, list_uri: str) -> Taxonomy | None:
        """The taxonomy of a code list. Versions are not compared: codes keep their meaning from version to version."""
        return next((t for t in self.taxonomies.values() if list_uri.startswith(t.list_uri)), None)


def knowledge_files(beside: Path | None = None) -> tuple[Path, ...]:
    """All files that assignments, tiles and citizens' words depend on."""
    return (
        *(data_file(name) for name in _FILES),
        *editorial_files("overrides", beside),
        *editorial_files("portals", beside),
    )


def read_knowledge(overrides: Iterable[Path] | None = None) -> Knowledge:
    """Read all of ``data/``.

    ``overrides``: the YAML files with editors' decisions; without it those of ``data/overrides``.
    """
    known = _read_rules()
    situations = {sid: s for taxonomy in known.taxonomies.values() for sid, s in taxonomy.situations.items()}
    decided, found = read_overrides(editorial_files("overrides") if overrides is None else overrides, situations)
    return replace(known, overrides=decided, findings=(*known.findings, *found))


@lru_cache(maxsize=1)
def _read_rules() -> Knowledge:
    """Everything but the decisions: the project's own, the same as long as a process lives."""
    findings: list[Finding] = []
    taxonomies: dict[str, Taxonomy] = {}
    for entry in yaml.safe_load(data_file("situations/taxonomies.yml").read_text(encoding="utf-8")):
        head = Taxonomy(entry["id"], entry["title"], entry["list_uri"], str(entry["version"]))
        rows = [row for name in entry["files"] for row in _rows(name)]
        taxonomies[head.id], found = make_taxonomy(head, rows)
        findings += found
    situations = {sid: s for taxonomy in taxonomies.values() for sid, s in taxonomy.situations.items()}
    links, found = read_map(_rows("situation_map.csv"), situations)
    findings += found
    categories, found = _targets(_rows("situations/categories.csv"), situations, "category")
    findings += found
    drawers, found = _targets(_rows("situation_drawers.csv"), situations, "drawer")
    findings += found
    return Knowledge(
        taxonomies,
        by_source(links),
        read_leika(),
        read_model(),
        {(row["list_uri"], row["code"]): row["situation"] for row in categories},
        {row["ozg_id"]: row["situation"] for row in drawers},
        findings=tuple(findings),
    )


def by_source(links: Iterable[Link]) -> dict[str, tuple[Link, ...]]:
    """Links by the entry they start from, exact ones first."""
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.source, []).append(link)
    return {source: tuple(sorted(some, key=lambda x: x.relation != "exact")) for source, some in found.items()}


def _targets(
    rows: Iterable[dict[str, str]], situations: Mapping[str, Situation], kind: str
) -> tuple[list[dict[str, str]], list[Finding]]:
    """Rows whose situation is known; the others become findings."""
    kept: list[dict[str, str]] = []
    findings: list[Finding] = []
    for row in rows:
        if row["situation"] in situations:
            kept.append(row)
            continue
        message = f"Eine Regel ({kind}) nennt die unbekannte Lage {row['situation']}."
        findings.append(
            Finding("error", "situations.unknown-code", "situation", row["situation"], message, "data/ berichtigen.")
        )
    return kept, findings


def _rows(name: str) -> Iterator[dict[str, str]]:
    with data_file(name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
