"""The way in: from the bare address to a place, and the place's tiles."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from harvester.portal.evidence import read_health
from harvester.portal.here import Here, Told
from harvester.portal.pages.render import render
from harvester.portal.pages.where import ALL, LANGUAGES, At, Language, Where, language_of
from harvester.portal.remembered import remembered
from harvester.portal.shelf import Item
from harvester.portal.shelves import shelf_of
from harvester.portal.situations import Tile

entrance = APIRouter()
lobby = APIRouter()
router = APIRouter(prefix="/{place}")
_NEWEST = 5


@entrance.get("/")
def enter(request: Request) -> Response:
    """Send readers to the language they read best."""
    return RedirectResponse(f"/{_preferred(request.headers.get('accept-language', ''))}/", 303)


@lobby.get("/")
def begin(request: Request, here: Here, told: Told) -> Response:
    """Send readers to the portal's region, or to all of them where it has several."""
    rows = here.db.execute("SELECT ars FROM portal_region WHERE portal_id = ?", (told.portal,)).fetchall()
    place = rows[0]["ars"] if len(rows) == 1 else ALL
    return RedirectResponse(f"/{language_of(request)}/{place}/", 303)


@router.get("/")
def show_tiles(at: At) -> Response:
    """The tiles of the portal, with the number of services behind each."""
    items = at.shelf.pick(None, at.audience)
    behind_each = Counter(tile for item in items for tile in at.situations.tiles_of(item.situations))
    counts = [(tile, behind_each[tile.id]) for tile in at.situations.tiles.values()]
    newest = sorted(items, key=lambda item: item.shown.changed_at, reverse=True)[:_NEWEST]
    bodies = (
        () if at.region else [(body, len(shelf_of(at.here, (body.ars,)).pick(None, at.audience))) for body in at.bodies]
    )
    health = remembered(at.here.build_id, "health", lambda: read_health(at.here.db)) if at.editor else None
    return render(
        "home",
        at,
        tiles=counts,
        services=len(items),
        newest=newest,
        bodies=bodies,
        health=health,
    )


def behind(at: Where, tile: Tile) -> list[Item]:
    """The services behind a tile; behind the rest is what lies behind no other."""
    return [item for item in at.shelf.pick(None, at.audience) if tile.id in at.situations.tiles_of(item.situations)]


def _preferred(accepted: str) -> Language:
    """The language a browser asks for first (RFC 9110, 12.5.4), German where it takes none of ours."""
    wanted = [part.partition(";") for part in accepted.lower().split(",")[:20]]
    weights = {name.strip().partition("-")[0]: more.strip().removeprefix("q=") for name, _, more in reversed(wanted)}
    liked = [language for language in LANGUAGES if weights.get(language, "0") not in {"0", "0.0"}]
    return max(liked, key=lambda language: weights[language] or "1", default="de")
