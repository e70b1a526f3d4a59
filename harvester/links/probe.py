"""One look at an address: from hop to hop, and what was seen on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from harvester.fetch.clock import Clock
from harvester.fetch.retry import retry_after
from harvester.links.address import Address, Refusal, read_address
from harvester.links.body import WINDOW, decode_window
from harvester.links.connection import ExchangeError
from harvester.links.observation import BodyFault, Fault, Hop, Observation, Page
from harvester.links.page import is_page, read_page
from harvester.links.reply import text_of
from harvester.links.wire import Answer

MOST_HOPS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WALL_HEADERS = ((b"cf-mitigated", b"challenge"), (b"x-sucuri-block", b""), (b"x-datadome", b""))
_SHORT = 128
_RETRY_PAGES = frozenset({200, 201, 202, 203, 206, 403, 404, 410, 429, 503})

Gate: TypeAlias = Callable[[Address], Awaitable[Fault | None]]
"""Asked before each hop to another host; a fault ends the way there (robots.txt, a rule of our own)."""

Turn: TypeAlias = Callable[[Address], AbstractAsyncContextManager[None]]
"""Held while a request is under way: politeness."""


class Exchanger(Protocol):
    """The seam below: whoever can send one request and take one answer (``Wire``, ``HttpxWire``)."""

    def exchange(self, request: bytes, method: str, to: Address) -> Coroutine[Any, Any, Answer]:
        """Ask once; ExchangeError where there was no answer."""
        ...


class Probe(Protocol):
    """The seam: whoever can look at an address. ``method`` is HEAD or GET; redirects are followed one by one."""

    async def observe(self, to: Address, method: str, gate: Gate | None = None) -> Observation:
        """Look once. Never raises for anything a server does."""
        ...


@dataclass(slots=True)
class _Walk:
    """One look: what was asked for, and the way so far."""

    to: Address
    here: Address
    method: str
    at: datetime
    started: float
    hops: tuple[Hop, ...] = ()
    cookies: dict[str, dict[str, str]] | None = None
    seen: frozenset[tuple[str, str]] = frozenset()
    tls: Fault | None = None


class HttpProbe:
    """Looks over HTTP/1.1. ``user_agent`` names project and contact; ``turn`` is awaited for every single request."""

    def __init__(self, wire: Exchanger, user_agent: str, clock: Clock, turn: Turn | None = None) -> None:
        self._wire = wire
        self._clock = clock
        self._turn = turn
        common = (
            f"User-Agent: {user_agent}\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
            "Accept-Language: de,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
        )
        self._tails = {"HEAD": common, "GET": common + f"Range: bytes=0-{WINDOW - 1}\r\n", "PLAIN": common}

    async def observe(self, to: Address, method: str, gate: Gate | None = None) -> Observation:
        """Look once, over at most ten hops."""
        walk = _Walk(to, to, method, self._clock.now(), self._clock.seconds())
        while True:
            try:
                answer = await self._exchange(walk, method)
                if answer.reply.head.status == 416 and method == "GET":
                    answer = await self._exchange(walk, "PLAIN")
            except ExchangeError as error:
                return self._failed(walk, error)
            walk.tls = walk.tls or answer.tls
            head = answer.reply.head
            if head.status in _REDIRECTS and b"location" in head.headers:
                target = head.get(b"location")
                stopped = await self._follow(walk, answer, head.status, target, gate)
                if stopped is not None:
                    return self._failed(walk, ExchangeError(stopped, target[:200]), head.status)
                continue
            page, body_fault = _look(answer, method)
            if page is not None and page.refresh and await self._follow(walk, answer, 0, page.refresh, gate) is None:
                continue
            # A page that cannot be refreshed is a page all the same.
            return self._seen(walk, answer, page, body_fault)

    def _exchange(self, walk: _Walk, kind: str) -> Coroutine[Any, Any, Answer]:
        request = self._request(walk, kind)
        if self._turn is None:
            return self._wire.exchange(request, walk.method, walk.here)
        return self._exchange_in_turn(self._turn, request, walk)

    async def _exchange_in_turn(self, turn: Turn, request: bytes, walk: _Walk) -> Answer:
        async with turn(walk.here):
            return await self._wire.exchange(request, walk.method, walk.here)

    def _request(self, walk: _Walk, kind: str) -> bytes:
        url = walk.here.url
        start = url.index("/", 8)
        authority = url[url.index("//") + 2 : start]
        text = f"{walk.method} {url[start:]} HTTP/1.1\r\nHost: {authority}\r\n{self._tails[kind]}"
        if walk.cookies and (jar := walk.cookies.get(walk.here.host)):
            text += "Cookie: " + "; ".join(f"{name}={value}" for name, value in jar.items()) + "\r\n"
        return (text + "\r\n").encode("ascii")

    async def _follow(self, walk: _Walk, answer: Answer, status: int, target: str, gate: Gate | None) -> Fault | None:
        """Go one hop on; the fault that ends the way, if one does."""
        here = walk.here
        _keep_cookies(walk, here.host, answer.reply.head.cookies)
        following = read_address(target, here)
        if isinstance(following, Refusal):
            return Fault.REDIRECT_UNUSABLE
        # The same place with other cookies is another question.
        state = (here.url, repr((walk.cookies or {}).get(here.host, "")))
        if state in walk.seen or (status == 0 and following.url == here.url):
            return Fault.REDIRECT_LOOP
        if len(walk.hops) >= MOST_HOPS:
            return Fault.REDIRECT_LIMIT
        walk.seen |= {state}
        if gate is not None and following.host != here.host and (refused := await gate(following)) is not None:
            return refused
        walk.hops += (Hop(status, following.url),)
        walk.here = following
        return None

    def _seen(self, walk: _Walk, answer: Answer, page: Page | None, body_fault: BodyFault) -> Observation:
        head = answer.reply.head
        headers = head.headers
        return Observation(
            walk.to.url,
            walk.at,
            walk.method,
            head.status,
            walk.here.url,
            hops=walk.hops,
            tls=walk.tls,
            retry_after=retry_after(head.get(b"retry-after"), walk.at) if b"retry-after" in headers else None,
            media_type=_media_type(headers.get(b"content-type", b"")),
            etag=head.get(b"etag") or head.get(b"last-modified"),
            wall=_wall(headers),
            body_fault=body_fault,
            page=page,
            address=answer.address,
            elapsed=self._clock.seconds() - walk.started,
        )

    def _failed(self, walk: _Walk, error: ExchangeError, status: int | None = None) -> Observation:
        fault = error.fault
        if fault is Fault.ADDRESS_REFUSED and walk.hops:
            fault = Fault.REDIRECT_REFUSED
        return Observation(
            walk.to.url,
            walk.at,
            walk.method,
            status,
            walk.here.url,
            fault,
            error.detail[:200],
            walk.hops,
            elapsed=self._clock.seconds() - walk.started,
        )


def _look(answer: Answer, method: str) -> tuple[Page | None, BodyFault]:
    reply = answer.reply
    head = reply.head
    if method == "HEAD" or head.status not in _RETRY_PAGES or not reply.body:
        return None, reply.fault
    kind = head.get(b"content-type")
    if not is_page(kind.lower()):
        return None, reply.fault
    whole = reply.whole and (head.status != 206 or len(reply.body) < WINDOW)
    body, whole, fault = decode_window(reply.body, head.get(b"content-encoding").lower(), whole=whole)
    return read_page(body, kind, whole=whole), fault or reply.fault


def _media_type(raw: bytes) -> str:
    """The type without its parameters; there are few of them, and one comes with nearly every answer."""
    return _read_media_type(raw) if len(raw) <= _SHORT else _read_media_type.__wrapped__(raw)


@lru_cache(256)
def _read_media_type(raw: bytes) -> str:
    return text_of(raw).partition(";")[0].strip().lower()


def _keep_cookies(walk: _Walk, host: str, cookies: list[bytes]) -> None:
    """Keep what the host sets for the next hop to it, of this walk alone: some servers redirect to see it again."""
    for raw in cookies[:50]:
        name, equals, value = raw.partition(b";")[0].partition(b"=")
        pair = (name.strip().decode("latin-1"), value.strip().decode("latin-1"))
        if equals and pair[0] and all(part.isascii() and part.isprintable() and len(part) < 4_096 for part in pair):
            if walk.cookies is None:
                walk.cookies = {}
            walk.cookies.setdefault(host, {})[pair[0]] = pair[1]


def _wall(headers: dict[bytes, bytes]) -> str:
    for name, value in _WALL_HEADERS:
        if name in headers and value in headers[name].lower():
            return name.decode("ascii")
    return ""
