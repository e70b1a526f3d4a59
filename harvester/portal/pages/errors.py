"""The page for what went wrong: what, and where to go on."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from harvester.portal.pages.render import render_bare
from harvester.portal.pages.where import language_of
from harvester.view.service import WithdrawnServiceError
from harvester.words import Words

_TOLD = frozenset({400, 404, 405, 410, 414, 503})


def error_page(request: Request, status: int, error: Exception | None = None) -> Response:
    """Say what is wrong in the reader's language."""
    words = Words(language_of(request), "portal")
    name = f"error.{status if status in _TOLD else 500}"
    told = words(f"{name}.text")
    if isinstance(error, WithdrawnServiceError):
        told = f"{words('error.410.titled', title=error.title, at=words.date(error.at))} {told}"
    return render_bare("error", status, w=words, status=status, title=words(name), told=told)
