"""Situations and tiles as pages walk through them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of a portal: the situations behind it, or none where it is the rest."""

    id: str
    title: str
    kind: str
    situations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Situation:
    """An entry of a taxonomy, with those directly below it in their order."""

    id: str
    name: str
    taxonomy: str
    parent: str | None
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situations:
    """All situations by their id, the portal's tiles by theirs, in their order."""

    by_id: Mapping[str, Situation]
    tiles: Mapping[str, Tile]
    _known: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def tiles_of(self, situations: frozenset[str]) -> frozenset[str]:
        """The tiles that a service in these situations (with all above them) lies behind; behind the rest if behind no other."""
        known = self._known.get(situations)
        if known is None:
            found = {tile.id for tile in self.tiles.values() if not tile.situations.isdisjoint(situations)}
            known = frozenset(found or {tile.id for tile in self.tiles.values() if tile.kind == "rest"})
            self._known[situations] = known
        return known

    def path(self, situation: str) -> list[Situation]:
        """A situation with those above it, the highest first."""
        found: list[Situation] = []
        step: str | None = situation
        while step is not None:
            found.append(self.by_id[step])
            step = self.by_id[step].parent
        return found[::-1]

    def tile_of(self, situation: str) -> Tile | None:
        """The tile behind which a situation is found, directly or through one above it."""
        above = {step.id for step in self.path(situation)}
        return next((tile for tile in self.tiles.values() if not tile.situations.isdisjoint(above)), None)


def read_situations(db: sqlite3.Connection, portal: str) -> Situations:
    """Read them; a portal the catalogue does not know has no tiles."""
    rows = db.execute(
        "SELECT id, name, taxonomy_id, parent_id FROM situation ORDER BY taxonomy_id, position, id"
    ).fetchall()
    below: dict[str, list[str]] = {}
    for row in rows:
        if row["parent_id"]:
            below.setdefault(row["parent_id"], []).append(row["id"])
    by_id = {
        row["id"]: Situation(
            row["id"], row["name"], row["taxonomy_id"], row["parent_id"], tuple(below.get(row["id"], ()))
        )
        for row in rows
    }
    lies: dict[str, set[str]] = {}
    for tile, situation in db.execute(
        "SELECT tile_id, situation_id FROM tile_situation WHERE portal_id = ?", (portal,)
    ):
        lies.setdefault(tile, set()).add(situation)
    found = db.execute("SELECT id, title, kind FROM tile WHERE portal_id = ? ORDER BY position", (portal,))
    tiles = {row["id"]: Tile(row["id"], row["title"], row["kind"], frozenset(lies.get(row["id"], ()))) for row in found}
    return Situations(by_id, tiles)
