"""What other programs can ask, for people."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harvester.portal.pages.render import render
from harvester.portal.pages.where import Nowhere

router = APIRouter()


@router.get("/schnittstelle")
def show_interface(at: Nowhere, request: Request) -> Response:
    """The questions of the read API, as its OpenAPI document has them."""
    paths: dict[str, dict[str, dict[str, object]]] = request.app.openapi()["paths"]
    questions = [(path, methods["get"]["summary"]) for path, methods in paths.items() if "get" in methods]
    return render("interface", at, questions=questions, address=str(request.base_url).rstrip("/"))
