"""The portal's pages, each in two languages under ``/de`` and ``/en``."""

from fastapi import APIRouter

from harvester.portal.pages import home, news, place, search, service, situation
from harvester.portal.pages.errors import error_page
from harvester.portal.pages.where import LANGUAGES

__all__ = ["error_page", "router"]

router = APIRouter(include_in_schema=False)
router.include_router(home.entrance)
for language in LANGUAGES:
    for part in (place, home, situation, service, search, news):
        router.include_router(part.router, prefix=f"/{language}")
