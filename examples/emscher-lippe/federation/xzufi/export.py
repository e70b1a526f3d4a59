"""The event log in the manner of the PVOG Bereitstelldienst.

An OAuth2 token opens it, it comes in pages, and the next day continues where the last page ended.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from federation.content import DAYS, Content
from federation.http import Request, Response, json_response, not_found
from federation.xzufi import message as xml

STEP = 1000
"""Each page covers so many events of the log. Only our region's are delivered, so a page may be empty."""
EMPTY_PAGE = 2
"""The page in which nothing concerns our region."""
PER_PAGE = 20
CLIENT = {"DEMO_CLIENT_ID": "emscher-lippe-demo", "DEMO_CLIENT_SECRET": "kein-geheimnis"}
"""The client the sample knows; the environment overrides it."""


class ExportLog:
    """Token endpoint and paged log."""

    def __init__(self, content: Content) -> None:
        self._content = content
        first = list(_first_day(content))
        pages = [first[start : start + PER_PAGE] for start in range(0, len(first), PER_PAGE)]
        pages.insert(EMPTY_PAGE, [])
        self._pages = {1: pages, 2: [*pages, list(_second_day(content))]}

    def answer(self, request: Request, day: int) -> Response:
        """POST for a token, GET with it for a page."""
        if request.path == self._content.setting("token_path"):
            return _token(request)
        if request.path != self._content.endpoint.path:
            return not_found(request.path)
        if request.headers.get("authorization") != f"Bearer {_access_token()}":
            refusal = json_response({"error": "invalid_token"}, 401)
            return refusal.with_headers(WWW_Authenticate='Bearer error="invalid_token"')
        index = request.query.get("index", "0")
        if not index.isdigit():
            return json_response({"error": "index must be a number"}, 400)
        return json_response(self._page(int(index) // STEP, day))

    def _page(self, number: int, day: int) -> dict[str, Any]:
        pages = self._pages[day]
        objects = pages[number] if number < len(pages) else []
        following = min(number + 1, len(pages)) * STEP
        moment = DAYS[1 if number < len(self._pages[1]) else 2]
        root = xml.message(xml.dialect(self._content), objects, f"{self._content.id}/{number}", moment)
        endpoint = self._content.endpoint
        return {
            "xzufiObjekte": xml.encoded(root, "utf-8").decode(),
            "vollstaendig": number + 1 >= len(pages),
            "naechsterIndex": following,
            "naechsteAnfrageUrl": f"{endpoint.scheme}://{endpoint.netloc}{endpoint.path}?index={following}&ars=%25",
            "anzahlObjekte": len(objects),
        }


def _first_day(content: Content) -> Iterable[xml.Write]:
    yield from (xml.office(content, office) for office in content.organisations)
    for item in content.services(1):
        yield from xml.service(content, item)


def _second_day(content: Content) -> Iterable[xml.Write]:
    """What happened since: services changed, created or sent again; deletions, known and unknown."""
    events = content.day2
    created = [entry["id"] for entry in events.get("create", [])]
    touched = {*events.get("change", {}), *events.get("resend", []), *created}
    for item in content.services(2):
        if item.id in touched:
            yield from xml.service(content, item)
    yield from (xml.deletion("Leistung", gone) for gone in events.get("remove", []))
    yield from (xml.deletion(kind, value) for kind, value in events.get("delete_unknown", []))


def _client() -> tuple[str, str]:
    name, secret = (os.environ.get(variable, default) for variable, default in CLIENT.items())
    return name, secret


def _access_token() -> str:
    return base64.urlsafe_b64encode(":".join(("token", *_client())).encode()).decode().rstrip("=")


def _token(request: Request) -> Response:
    """OAuth2 client credentials (RFC 6749, 4.4), the client in the form or in the Authorization header."""
    if request.method != "POST":
        return json_response({"error": "invalid_request"}, 405).with_headers(Allow="POST")
    form = dict(parse_qsl(request.body.decode()))
    client = (form.get("client_id", ""), form.get("client_secret", ""))
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        name, _, secret = base64.b64decode(given).decode().partition(":")
        client = (unquote_plus(name), unquote_plus(secret))
    if form.get("grant_type") != "client_credentials":
        return json_response({"error": "unsupported_grant_type"}, 400)
    if client != _client():
        return json_response({"error": "invalid_client"}, 401)
    return json_response({"access_token": _access_token(), "token_type": "Bearer", "expires_in": 300})
