"""Evidence as sentences, German first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harvester.matching.clues import Clues
from harvester.matching.decision import Evidence
from harvester.matching.official import Named
from harvester.matching.page import Page
from harvester.matching.table import Table

_WORTH = 0.3
_CLOSE = 0.6


def evidence_for(page: Page, code: str, clues: Mapping[str, Clues], table: Table) -> tuple[Evidence, ...]:
    """What speaks for an object, strongest kinds first; at least the title."""
    return tuple(_tell(page, code, clues[code], table))


def told_link(named: Named) -> Evidence:
    """That an official record leads here."""
    return Evidence(
        kind="link",
        share=1.0,
        told_de=f"Der Datensatz „{named.title}“ der Quelle {named.source_id} mit dem Schlüssel {named.leika_key} verweist hierher.",
        told_en=f"The record '{named.title}' of the source {named.source_id} with the key {named.leika_key} links here.",
    )


def _tell(page: Page, code: str, found: Clues, table: Table) -> Iterator[Evidence]:
    liked = table.liken(page.title).get(code)
    if liked and liked.entry:
        what = {"object": "der amtlichen Bezeichnung", "official": "der Bezeichnung", "said": "der Alltagsbezeichnung"}
        yield Evidence(
            kind="title",
            share=round(liked.score, 4),
            told_de=f"Der Titel entspricht zu {liked.score:.0%} {what[liked.entry.kind]} „{liked.entry.name}“ ({liked.entry.key}).",
            told_en=f"The title fits the name '{liked.entry.name}' ({liked.entry.key}) to {liked.score:.0%}.",
        )
    keywords = [(table.liken(word)[code], word) for word in page.keywords if code in table.liken(word)]
    best = [(like.score, word, like.entry) for like, word in keywords if like.score >= _CLOSE and like.entry]
    if best:
        score, word, entry = max(best, key=lambda one: (one[0], one[1]))
        yield Evidence(
            kind="keyword",
            share=round(score, 4),
            told_de=f"{len(best)} von {len(page.keywords)} Stichwörtern passen, am besten „{word}“ zu „{entry.name}“.",
            told_en=f"{len(best)} of {len(page.keywords)} keywords fit, '{word}' to '{entry.name}' best.",
        )
    if found.said >= _CLOSE:
        official = ", ".join(table.words.expand(page.title))
        yield Evidence(
            kind="words",
            share=round(min(1.0, found.said), 4),
            told_de=f"Wörter des Titels heißen amtlich: {official}.",
            told_en=f"Words of the title are officially called: {official}.",
        )
    if found.text >= _WORTH:
        yield Evidence(
            kind="text",
            share=round(min(1.0, found.text), 4),
            told_de="Der Text nennt die Leistung."
            if found.lead < _WORTH
            else "Der Text nennt die Leistung gleich am Anfang.",
            told_en="The text names the service.",
        )
    if found.law:
        laws = ", ".join(sorted(page.laws & table.laws_of[code]))
        yield Evidence(
            kind="law",
            share=round(found.law, 4),
            told_de=f"Dieselbe Rechtsgrundlage: {laws}.",
            told_en=f"The same legal basis: {laws}.",
        )
    if found.action:
        yield Evidence(
            kind="action",
            share=1.0,
            told_de="Die Verrichtung im Titel gibt es bei dieser Leistung.",
            told_en="The action in the title is one of this service's.",
        )
