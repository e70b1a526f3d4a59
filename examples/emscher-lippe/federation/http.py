"""Requests and responses, as far as the sample needs them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

WRITTEN_PORT = 8642
"""The port in every address of content/ and sources/; replaced by the real one when a body is sent."""


@dataclass(frozen=True)
class Request:
    """One request: path without query, query as a mapping (last value wins), header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """One answer, body before the port is replaced."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, **headers: str) -> Response:
        """The same answer with more headers; underscores in names become hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    def on_port(self, port: int) -> Response:
        """The same answer with every address in its body pointing at `port`."""
        return replace(self, body=self.body.replace(f":{WRITTEN_PORT}".encode(), f":{port}".encode()))


def json_response(value: object, status: int = 200, *, bom: bool = False) -> Response:
    """A JSON answer in UTF-8, written the same way every time."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return Response(text.encode("utf-8-sig" if bom else "utf-8"), "application/json", status)


def not_found(what: str) -> Response:
    """404 in the manner of a web server."""
    return Response(f"<h1>404</h1><p>{what}</p>".encode(), status=404)


def etag(body: bytes) -> str:
    """A strong validator made from the content."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def unless_known(request: Request, response: Response) -> Response:
    """304 without a body when the request names the validator of this answer (RFC 9110, 13.1)."""
    if response.status != 200:
        return response
    known = request.headers.get("if-none-match")
    if known is not None:
        same = response.headers.get("ETag") in [tag.strip() for tag in known.split(",")]
    else:
        since = request.headers.get("if-modified-since")
        same = since is not None and since == response.headers.get("Last-Modified")
    return Response(status=304, content_type="", headers=response.headers) if same else response
