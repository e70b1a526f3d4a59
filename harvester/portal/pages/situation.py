"""A situation, or a tile of the portal: what lies below it, and its services."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from harvester.portal.pages.home import behind
from harvester.portal.pages.listing import list_items, page_number
from harvester.portal.pages.render import render
from harvester.portal.pages.where import At, Where
from harvester.portal.shelf import Item
from harvester.portal.situations import Tile

router = APIRouter(prefix="/{place}")


@dataclass(frozen=True, slots=True)
class Step:
    """Somewhere to go on: ``count`` services are there."""

    name: str
    path: str
    count: int = 0


@router.get("/lage/{named}")
def show_situation(at: At, named: str, seite: str | None = None) -> Response:
    """The services of a tile or situation, as pages, with the situations below it."""
    tile = at.situations.tiles.get(named)
    if tile is not None:
        return _show(at, tile.title, (), behind(at, tile), _below(at, tile), seite)
    if named not in at.situations.by_id:
        raise HTTPException(404, at.words("error.situation"))
    *above, situation = at.situations.path(named)
    first = at.situations.tile_of(named)
    steps = [Step(first.title, f"lage/{first.id}")] if first else []
    hidden = first.situations if first else frozenset[str]()
    steps += [Step(step.name, f"lage/{step.id}") for step in above if step.id not in hidden and step.parent is not None]
    below = [
        Step(at.situations.by_id[child].name, f"lage/{child}", len(at.shelf.pick([child], at.audience)))
        for child in situation.children
    ]
    return _show(at, situation.name, tuple(steps), at.shelf.pick([named], at.audience), below, seite)


def _show(
    at: Where, name: str, steps: tuple[Step, ...], items: list[Item], below: list[Step], seite: str | None
) -> Response:
    listing = list_items(at, items, page_number(seite))
    return render(
        "situation", at, title=name, steps=steps, below=[step for step in below if step.count], listing=listing
    )


def _below(at: Where, tile: Tile) -> list[Step]:
    """The situations directly below those of a tile; of a tile with several, these themselves."""
    found = [at.situations.by_id[name] for name in sorted(tile.situations) if name in at.situations.by_id]
    children = found[0].children if len(found) == 1 else tuple(situation.id for situation in found)
    return [
        Step(at.situations.by_id[child].name, f"lage/{child}", len(at.shelf.pick([child], at.audience)))
        for child in children
    ]
