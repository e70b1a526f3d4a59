"""One service in one place, as its page tells it: texts with their origin, ways to do it with their state, offices, and evidence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harvester.portal.shelf import Item
from harvester.view.competent import Competent, competent_offices
from harvester.view.links import RegionLink, region_links
from harvester.view.region import note_here

_ORDER = (
    "procedure", "documents", "requirements", "fees", "duration", "deadlines", "forms", "competent_office", "contact", "notes",
    "further_information", "legal_basis", "legal_remedy", "other",
)  # fmt: skip
"""Text modules as a page shows them, after the description."""
_GLANCE = ("fees", "duration", "deadlines")
_SHORT = 90
"""Letters of a text that is told at a glance, instead of under a heading of its own."""
_NOTES = ("author", "approval")
_WAYS = ("apply", "form", "appointment", "payment", "information", "contact", "legal")
"""Roles of links, what people came for first. An address is shown once, in its foremost role."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who publishes a description: ``name`` as its readers know it."""

    id: str
    title: str
    name: str
    level: str
    region: str
    homepage: str | None
    licence: str | None
    attribution: str | None
    last_complete_at: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """A text module; ``origin`` is set where it was taken over from a base description of Land or Bund."""

    module: str
    html: str
    text: str
    language: str
    origin: Source | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything its page shows of a service. Times are UTC ISO 8601."""

    id: str
    slug: str
    title: str
    title_language: str
    official_title: str | None
    summary: str | None
    leika_key: str | None
    level: str
    status: str
    language: str
    source: Source
    statements: tuple[Source, ...]
    lead: Section | None
    glance: tuple[Section, ...]
    sections: tuple[Section, ...]
    notes: tuple[Section, ...]
    ways: tuple[RegionLink, ...]
    further: tuple[RegionLink, ...]
    broken: tuple[RegionLink, ...]
    office: Competent | None
    trust_level: str | None
    first_seen_at: str
    last_seen_at: str
    changed_at: str
    source_modified_at: str | None
    links_checked_at: str | None


def read_sheet(db: sqlite3.Connection, item: Item, service_id: str, ars: str | None, language: str) -> Sheet:
    """Read a description of a service. ``ars`` is the region whose office and links count; None where several are looked at."""
    row = db.execute("SELECT * FROM service WHERE id = ?", (service_id,)).fetchone()
    texts = _texts(db, service_id, language)
    sources = _sources(db, [text["origin_id"] for text in texts.values()])
    stated = db.execute(
        "SELECT DISTINCT c.* FROM service_source o JOIN source c ON c.id = o.source_id WHERE o.service_id = ? ORDER BY c.id",
        (service_id,),
    ).fetchall()
    statements = tuple(_source(found) for found in stated)
    leading = next((found for found in statements if found.id == row["source_id"]), None)
    if leading is None:
        leading = _source(db.execute("SELECT * FROM source WHERE id = ?", (row["source_id"],)).fetchone())
    sections = {
        module: Section(
            module,
            text["html"],
            text["text"],
            text["language"],
            sources[text["origin_id"]] if text["origin_id"] != service_id else None,
        )
        for module, text in texts.items()
        if text["html"]
    }
    links, office = _ways(db, item, service_id, ars)
    checked = [link.last_checked_at for link in links if link.last_checked_at]
    glance = [sections[name] for name in _GLANCE if name in sections and len(sections[name].text) <= _SHORT]
    said = {part.module for part in glance}
    if (
        office
        and "competent_office" in sections
        and sections["competent_office"].text.casefold() in office.name.casefold()
    ):
        said.add("competent_office")
    usable = [link for link in links if link.usable or link.substitute]
    trust = db.execute(
        "SELECT max(o.trust_level) FROM service_link l JOIN online_service o ON o.id = l.online_service_id WHERE l.service_id = ?",
        (service_id,),
    ).fetchone()
    title = sections.get("title")
    translated = title is not None and title.language == language != row["language"]
    return Sheet(
        id=row["id"],
        slug=row["slug"],
        title=title.text if title and translated else row["title"],
        title_language=language if translated else row["language"],
        official_title=row["official_title"],
        summary=row["summary"],
        leika_key=row["leika_key"],
        level=row["level"],
        status=row["status"],
        language=row["language"],
        source=leading,
        statements=statements,
        lead=sections.get("description") or sections.get("summary"),
        glance=tuple(glance),
        sections=tuple(sections[name] for name in _ORDER if name in sections and name not in said),
        notes=tuple(sections[name] for name in _NOTES if name in sections),
        ways=tuple(link for link in usable if link.role in _WAYS[:4]),
        further=tuple(link for link in usable if link.role not in _WAYS[:4]),
        broken=tuple(link for link in links if not link.usable),
        office=office,
        trust_level=trust[0],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        changed_at=row["changed_at"],
        source_modified_at=row["source_modified_at"],
        links_checked_at=min(checked) if checked else None,
    )


def _texts(db: sqlite3.Connection, service_id: str, language: str) -> dict[str, sqlite3.Row]:
    """Of each module the text in the language, else in German, else in any."""
    rows = db.execute(
        "SELECT language, module, html, text, origin_id FROM service_text WHERE service_id = ?", (service_id,)
    ).fetchall()
    rows.sort(key=lambda row: (row["language"] != language, row["language"] != "de", row["language"]))
    found: dict[str, sqlite3.Row] = {}
    for row in rows:
        found.setdefault(row["module"], row)
    return found


def _sources(db: sqlite3.Connection, services: Iterable[str]) -> dict[str, Source]:
    wanted = tuple(dict.fromkeys(services))
    marks = ", ".join("?" * len(wanted))
    rows = db.execute(
        f"SELECT s.id AS service_id, c.* FROM service s JOIN source c ON c.id = s.source_id WHERE s.id IN ({marks})",
        wanted,
    )
    return {row["service_id"]: _source(row) for row in rows}


def _source(row: sqlite3.Row) -> Source:
    return Source(
        id=row["id"],
        title=row["title"],
        name=row["publisher"] or row["title"],
        level=row["level"],
        region=row["region"],
        homepage=row["homepage"],
        licence=row["licence"],
        attribution=row["attribution"],
        last_complete_at=row["last_complete_at"],
    )


def _ways(
    db: sqlite3.Connection, item: Item, service_id: str, ars: str | None
) -> tuple[list[RegionLink], Competent | None]:
    """Links of all descriptions of the service, each address once; and who answers for it in the region."""
    place = ars or item.shown.valid_in
    descriptions = [service_id, *(entry.service_id for entry in item.descriptions if entry.service_id != service_id)]
    if ars is None:
        descriptions = descriptions[:1]
    note_here(db, place, item.shown.key, descriptions)
    links = region_links(db).get(service_id, [])
    office = competent_offices(db).get((place, service_id)) if ars else None
    return _once(links), office


def _once(links: Sequence[RegionLink]) -> list[RegionLink]:
    order = {role: n for n, role in enumerate(_WAYS)}
    best: dict[str, RegionLink] = {}
    for link in sorted(links, key=lambda link: order.get(link.role, len(order))):
        best.setdefault(link.url, link)
    return list(best.values())
