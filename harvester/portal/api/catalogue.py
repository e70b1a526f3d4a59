"""The catalogue itself: which build this is, and what it holds."""

from __future__ import annotations

from fastapi import APIRouter

from harvester.model import Model
from harvester.portal.here import Here

router = APIRouter(tags=["catalogue"])


class PortalItem(Model):
    """A portal with the regional keys (ARS) that it serves."""

    id: str
    title: str
    regions: tuple[str, ...]


class Catalogue(Model):
    """A build. ``built_at`` is UTC ISO 8601, ``last_event`` the number to ask for events after."""

    build_id: str
    built_at: str
    services: int
    links: int
    regions: int
    last_event: int
    portals: tuple[PortalItem, ...]


@router.get("/", operation_id="getCatalogue", summary="Which build this is, and what it holds")
def get_catalogue(here: Here) -> Catalogue:
    """The build that every answer is of until the next one is published."""
    count = {
        name: here.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("service", "link", "region")
    }
    (last,) = here.db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    regions: dict[str, list[str]] = {}
    for portal, ars in here.db.execute("SELECT portal_id, ars FROM portal_region ORDER BY ars"):
        regions.setdefault(portal, []).append(ars)
    portals = here.db.execute("SELECT id, title FROM portal ORDER BY id")
    return Catalogue(
        build_id=here.build_id,
        built_at=here.built_at,
        services=count["service"],
        links=count["link"],
        regions=count["region"],
        last_event=last,
        portals=tuple(
            PortalItem(id=p["id"], title=p["title"], regions=tuple(regions.get(p["id"], ()))) for p in portals
        ),
    )
