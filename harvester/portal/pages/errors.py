"""The page for what went wrong: what, and where to go on."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from harvester.portal.pages.render import render_bare
from harvester.portal.pages.where import language_of
from harvester.words import Words

_TOLD = frozenset({400, 404, 405, 410, 414, 503})


def error_page(request: Request, status: int, detail: str) -> Response:
    """Say what is wrong in the reader's language; ``detail`` is shown where it is made for readers."""
    language = language_of(request)
    words = Words(language, "portal")
    name = str(status) if status in _TOLD else "500"
    del detail
    return render_bare("error", status, w=words, language=language, status=status, name=name, told="")
