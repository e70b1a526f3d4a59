"""The portal's pages, each in two languages under ``/de`` and ``/en``."""

from fastapi import APIRouter

from harvester.portal.pages import home, interface, news, place, search, service, situation
from harvester.portal.pages.errors import error_page
from harvester.portal.pages.where import LANGUAGES

__all__ = ["error_page", "router"]

router = APIRouter(include_in_schema=False)
router.include_router(home.entrance)
for language in LANGUAGES:
    for part in (
        home.lobby,
        place.router,
        interface.router,
        home.router,
        situation.router,
        service.router,
        search.router,
        news.router,
    ):
        router.include_router(part, prefix=f"/{language}")
