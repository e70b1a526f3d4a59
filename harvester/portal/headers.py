"""What every answer says and every request has to keep to, before anything looks at its content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harvester import __version__
from harvester.log import log_of
from harvester.portal.problem import problem

_LONGEST = 4096
"""Bytes of path and query together."""
_ALLOW = "GET, HEAD, OPTIONS"
_METHODS = frozenset(_ALLOW.split(", "))
_SAID = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
_WITH_ETAG = (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
_VARY = "Accept, Accept-Language, Accept-Encoding"


class Guarded:
    """ASGI middleware: refuses what is no plain question, answers what has not changed, and adds the headers.

    ``build_id`` names the build that is published; an answer's ETag is made of it, because content changes with builds only.
    """

    def __init__(self, app: ASGIApp, build_id: Callable[[], str], failed: Callable[[Scope], Response]) -> None:
        """Stand before ``app``; ``failed`` is the answer where the program has a fault."""
        self._app = app
        self._build_id = build_id
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        etag = self._etag(scope, headers) if scope["method"] in _METHODS else None
        told = headers.get("if-none-match", "")
        say = _Saying(send, etag, open_to_all=scope["path"].startswith("/api/"), has_any=told.strip() == "*")
        if refusal := _refuse(scope, headers):
            await refusal(scope, receive, say)
        elif scope["method"] == "OPTIONS":
            allowed = {"allow": _ALLOW, "access-control-allow-methods": _ALLOW, "access-control-max-age": "86400"}
            allowed["access-control-allow-headers"] = "Accept, Accept-Language, If-None-Match"
            await Response(status_code=204, headers=allowed)(scope, receive, say)
        elif etag and etag in _tags(told):
            await Response(status_code=HTTPStatus.NOT_MODIFIED)(scope, receive, say)
        else:
            await self._try(scope, receive, say)

    async def _try(self, scope: Scope, receive: Receive, say: _Saying) -> None:
        try:
            await self._answer(scope, receive, say)
        except Exception:  # whatever it is, the reader gets an answer, and whoever keeps the server hears of it
            log_of("portal").exception("a fault in the program; please report it", path=scope["path"])
            if say.begun:
                raise
            await self._failed(scope)(scope, receive, say)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """HEAD is a GET without its body (RFC 9110, 9.3.2)."""
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, bare)

    def _etag(self, scope: Scope, headers: Headers) -> str | None:
        build = self._build_id()
        if not build:
            return None
        wanted = [headers.get(name, "") for name in ("accept", "accept-language")]
        told = [__version__, build, scope["path"], scope["query_string"], *wanted]
        return f'W/"{hashlib.blake2b(repr(told).encode(), digest_size=12).hexdigest()}"'


class _Saying:
    """Sends an answer with the headers that every answer has; with ``has_any`` one that went well says that nothing is new."""

    def __init__(self, send: Send, etag: str | None, *, open_to_all: bool, has_any: bool) -> None:
        self._send, self._etag = send, etag
        self._open_to_all, self._has_any = open_to_all, has_any
        self._bare = False
        self.begun = False

    async def __call__(self, message: Message) -> None:
        """Send a piece."""
        if message["type"] == "http.response.start":
            self.begun = True
            if self._has_any and message["status"] == HTTPStatus.OK:
                message, self._bare = {**message, "status": int(HTTPStatus.NOT_MODIFIED)}, True
            self._add_headers(message)
        elif self._bare:
            message = {**message, "body": b""}
        await self._send(message)

    def _add_headers(self, message: Message) -> None:
        said = MutableHeaders(scope=message)
        for name, value in _SAID.items():
            said.setdefault(name, value)
        if self._open_to_all:
            said["access-control-allow-origin"] = "*"
            said["access-control-expose-headers"] = "ETag"
        said.setdefault("cache-control", "no-cache")
        said.setdefault("vary", _VARY)
        if self._etag and message["status"] in _WITH_ETAG and "immutable" not in said["cache-control"]:
            said.setdefault("etag", self._etag)
        if self._bare and "content-length" in said:
            del said["content-length"]


def _tags(told: str) -> list[str]:
    return [tag.strip() for tag in told.split(",")]


def _refuse(scope: Scope, headers: Headers) -> ASGIApp | None:
    """The answer to what is no question for us; None where it is one."""
    if scope["method"] not in _METHODS:
        return problem(405, "Everything here can only be read: ask with GET.", headers={"allow": _ALLOW})
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(path) + len(scope["query_string"]) > _LONGEST:
        return problem(414, f"The address is longer than {_LONGEST} bytes.")
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        return problem(413, "A question has no body.")
    for part in (path, scope["query_string"]):
        try:
            text = unquote_to_bytes(part.replace(b"+", b" ")).decode()
        except UnicodeDecodeError:
            return problem(400, "The address is not UTF-8.")
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in text):
            return problem(400, "The address has control characters.")
    return None
