"""The application: pages and read API over the published catalogue."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope

from harvester import __version__
from harvester.errors import HarvesterError
from harvester.log import log_of
from harvester.portal import api, pages
from harvester.portal.headers import Guarded
from harvester.portal.problem import problem
from harvester.portal.published import Published
from harvester.portal.settings import Settings
from harvester.portal.static import router as static
from harvester.view.place import UnknownRegionError
from harvester.view.service import UnknownServiceError, WithdrawnServiceError

_THREADS = 4
"""Requests that are worked on at the same time. More would only wait for each other."""
_DESCRIPTION = """\
What the published catalogue knows: services, life situations, regions, links and what changed. Read only; every answer is of one
build, and its ETag changes with the next one. Errors are problems as RFC 9457 describes them.
"""
_STATUS: dict[type[Exception], int] = {
    WithdrawnServiceError: 410,
    UnknownServiceError: 404,
    UnknownRegionError: 404,
}


def make_app(settings: Settings) -> FastAPI:
    """The application over one catalogue file; the file may appear or be replaced at any time."""
    published = Published(settings.file)

    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        del app
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        yield
        published.close()

    app = FastAPI(
        title="E-Government-Katalog",
        description=_DESCRIPTION,
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=alive,
    )
    app.state.published, app.state.settings = published, settings
    app.include_router(api.router)
    app.include_router(static)
    app.include_router(pages.router)
    app.add_exception_handler(HarvesterError, _harvester_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(sqlite3.DatabaseError, _database_error)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guarded, build_id=lambda: _build_id(published), failed=_failed)
    return app


def _build_id(published: Published) -> str:
    with suppress(HarvesterError, sqlite3.DatabaseError):
        return published.build_id()
    return ""


def _failed(scope: Scope) -> Response:
    return _answer(Request(scope), 500, "This is our fault. It was written down; please try again later.", {})


def _harvester_error(request: Request, error: Exception) -> Response:
    status = _STATUS.get(type(error), 503)
    detail = str(error).replace(f"{_folder(request)}/", "")  # nobody outside needs to know where the file lies
    return _answer(request, status, detail, {"retry-after": "60"} if status == 503 else {}, error)


def _database_error(request: Request, error: Exception) -> Response:
    if isinstance(error, sqlite3.OperationalError) and str(error) == "interrupted":
        return _answer(request, 503, "the question takes too long; narrow it, by a region for instance", {})
    log_of("portal").error("the catalogue cannot be read", told=str(error))
    detail = "the catalogue cannot be read now; harvester doctor tells what to do"
    return _answer(request, 503, detail, {"retry-after": "60"})


def _folder(request: Request) -> Path:
    settings: Settings = request.app.state.settings
    return settings.file.parent


def _http_error(request: Request, error: Exception) -> Response:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return _answer(request, status, str(detail), {})


def _validation_error(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    told = "; ".join(f"{wrong['loc'][-1]}: {wrong['msg']}" for wrong in found)
    return _answer(request, 400, told, {})


def _answer(
    request: Request, status: int, detail: str, headers: dict[str, str], error: Exception | None = None
) -> Response:
    if request.url.path.startswith("/api/"):
        return problem(status, detail, headers=headers)
    page = pages.error_page(request, status, error)
    page.headers.update(headers)
    return page
