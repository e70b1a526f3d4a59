"""The schemes of life situations, portals' tiles and citizens' words: tables of a catalogue that do not depend on any source."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from harvester.catalogue.german import stems_of
from harvester.situations import Finding, Knowledge, Portal, check_portal
from harvester.situations.fold import fold
from harvester.situations.words import read_pairs


def add_schemes(db: sqlite3.Connection, knowledge: Knowledge) -> None:
    """Add the taxonomies with their situations, and how these relate."""
    for taxonomy in knowledge.taxonomies.values():
        head = (taxonomy.id, taxonomy.title, taxonomy.list_uri, taxonomy.version)
        db.execute("INSERT INTO taxonomy VALUES (?, ?, ?, ?)", head)
        every = taxonomy.situations.values()
        db.executemany(
            "INSERT INTO situation VALUES (?, ?, ?, ?, ?, ?)",
            ((s.id, s.taxonomy, s.code, s.name, s.parent, s.position) for s in every),
        )
        db.executemany(
            "INSERT INTO situation_ancestor VALUES (?, ?, ?)",
            ((s.id, above.id, n) for s in every for n, above in enumerate(taxonomy.ancestors(s.id))),
        )
    db.executemany(
        "INSERT OR IGNORE INTO situation_map VALUES (?, ?, ?, ?)",
        ((x.source, x.target, x.relation, x.origin) for links in knowledge.links.values() for x in links),
    )


def add_words(db: sqlite3.Connection) -> None:
    """Add citizens' words with the official ones they stand for; ``stems`` is the word in the form that search compares."""
    rows = (
        (fold(word), official, "project", word, " ".join(stems_of(word)))
        for word, others in read_pairs()
        for official in others
    )
    db.executemany("INSERT OR IGNORE INTO synonym VALUES (?, ?, ?, ?, ?)", rows)


def add_portals(db: sqlite3.Connection, portals: Iterable[Portal], knowledge: Knowledge) -> list[Finding]:
    """Add the tiles of portals; a tile that names an unknown situation holds less and is a finding."""
    findings: list[Finding] = []
    for portal in portals:
        findings += check_portal(portal, knowledge)
        db.execute("INSERT INTO portal VALUES (?, ?)", (portal.id, portal.title))
        db.executemany(
            "INSERT OR IGNORE INTO portal_region VALUES (?, ?)", ((portal.id, ars) for ars in portal.regions)
        )
        tiles = [
            *((tile, "tile") for tile in portal.tiles),
            *((tile, "drawer") for tile in portal.drawers),
        ]
        rows = [(portal.id, tile.id, tile.title, kind, n) for n, (tile, kind) in enumerate(tiles)]
        db.executemany(
            "INSERT INTO tile VALUES (?, ?, ?, ?, ?)", [*rows, (portal.id, "rest", portal.rest, "rest", len(rows))]
        )
        db.executemany(
            "INSERT OR IGNORE INTO tile_situation VALUES (?, ?, ?)",
            (
                (portal.id, tile.id, situation)
                for tile, _ in tiles
                for situation in tile.situations
                if knowledge.situation(situation)
            ),
        )
    return findings
