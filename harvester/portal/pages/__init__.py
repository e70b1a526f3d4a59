"""The portal's pages."""

from fastapi import APIRouter

from harvester.portal.pages.errors import error_page

__all__ = ["error_page", "router"]

router = APIRouter(include_in_schema=False)
