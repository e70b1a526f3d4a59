"""A portal's tiles: which situations lie behind which tile, and how many services of a region each holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harvester.errors import ConfigurationError
from harvester.situations.finding import Finding
from harvester.situations.knowledge import Knowledge


class Tile(BaseModel):
    """A tile or a drawer: its name in this portal, and the situations behind it with all below them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str = Field(min_length=1)
    situations: tuple[str, ...] = Field(min_length=1)


class Portal(BaseModel):
    """A portal: ``tiles`` on its first page, ``drawers`` beside them, and ``rest`` for what is in none of them.

    ``regions`` are the regional keys (ARS) that it serves, with everything below them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    regions: tuple[str, ...]
    rest: str
    tiles: tuple[Tile, ...]
    drawers: tuple[Tile, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many services a tile or situation holds, each counted once, and the same for what lies below it."""

    id: str
    title: str
    services: int
    below: tuple[Count, ...] = ()


def read_portal(file: Path) -> Portal:
    """Read a portal's YAML file.

    Raises:
        ConfigurationError: it is not one; each problem names file and field.
    """
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Portal.model_validate(content)
    except yaml.YAMLError as error:
        raise ConfigurationError([f"{file}: {error}"]) from error
    except ValidationError as error:
        problems = [f"{file}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ConfigurationError(problems) from error


def check_portal(portal: Portal, knowledge: Knowledge) -> list[Finding]:
    """A finding for every tile that names an unknown or retired situation; the tile then simply holds less."""
    findings: list[Finding] = []
    for tile in (*portal.tiles, *portal.drawers):
        for sid in tile.situations:
            situation = knowledge.situation(sid)
            if situation is None or situation.retired:
                what = "die es nicht gibt" if situation is None else f"die seit {situation.retired} nicht mehr gilt"
                message = f"Portal {portal.id}, Kachel „{tile.title}“: nennt {sid}, {what}."
                rule = "situations.unknown-code" if situation is None else "situations.retired"
                hint = f"data/portals/{portal.id}.yml berichtigen."
                findings.append(Finding("warning", rule, "portal", f"{portal.id}/{tile.id}", message, hint))
    return findings


def count_tiles(
    portal: Portal,
    services: Iterable[tuple[Collection[str], Collection[str]]],
    knowledge: Knowledge,
    regions: Collection[str],
) -> tuple[Count, ...]:
    """Counts of all tiles and drawers, nested by situation, and of the rest, for some regions.

    ``services``: for each service its situations and the regions where it holds; it counts when it holds in one of ``regions``
    (give the region with its ancestors, as ``region_ancestor`` has them). Every service counts once per tile.
    """
    wanted = set(regions)
    there = [frozenset(_with_ancestors(sids, knowledge)) for sids, holds in services if not wanted.isdisjoint(holds)]
    tiles = (*portal.tiles, *portal.drawers)
    counts = [
        Count(
            tile.id,
            tile.title,
            sum(not found.isdisjoint(tile.situations) for found in there),
            tuple(c for sid in tile.situations for c in _below(sid, there, knowledge)),
        )
        for tile in tiles
    ]
    shown = {sid for tile in tiles for sid in tile.situations}
    counts.append(Count("rest", portal.rest, sum(found.isdisjoint(shown) for found in there)))
    return tuple(counts)


def _below(sid: str, there: Iterable[frozenset[str]], knowledge: Knowledge) -> Iterable[Count]:
    children = _children(knowledge).get(sid, ())
    every = tuple(there)
    for child in children:
        number = sum(child in found for found in every)
        if number:
            situation = knowledge.situation(child)
            name = situation.name if situation else child
            yield Count(child, name, number, tuple(_below(child, every, knowledge)))


def _children(knowledge: Knowledge) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for taxonomy in knowledge.taxonomies.values():
        for situation in taxonomy.situations.values():
            if situation.parent:
                found.setdefault(situation.parent, []).append(situation.id)
    return found


def _with_ancestors(sids: Iterable[str], knowledge: Knowledge) -> Iterable[str]:
    for sid in sids:
        taxonomy = knowledge.taxonomies.get(sid.partition(":")[0])
        for situation in taxonomy.ancestors(sid) if taxonomy else ():
            yield situation.id
