"""The page for what went wrong."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response


def error_page(request: Request, status: int, detail: str) -> Response:
    """Say what is wrong and where to go on."""
    del request
    return PlainTextResponse(f"{status} {detail}", status)
