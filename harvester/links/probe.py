"""One look at an address: from hop to hop, and what was seen on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from harvester.fetch.clock import Clock
from harvester.fetch.retry import retry_after
from harvester.links.address import Address, Refusal, read_address
from harvester.links.body import WINDOW, decode_window
from harvester.links.connection import ExchangeError
from harvester.links.observation import BodyFault, Fault, Hop, Observation, Page
from harvester.links.page import is_page, read_page
from harvester.links.wire import Answer, Wire

MOST_HOPS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WALL_HEADERS = ((b"cf-mitigated", b"challenge"), (b"x-sucuri-block", b""), (b"x-datadome", b""))
_RETRY_PAGES = frozenset({200, 201, 202, 203, 206, 403, 404, 410, 429, 503})

Gate: TypeAlias = Callable[[Address], Awaitable[Fault | None]]
"""Asked before each hop to another host; a fault ends the way there (robots.txt, a rule of our own)."""

Turn: TypeAlias = Callable[[Address], AbstractAsyncContextManager[None]]
"""Held while a request is under way: politeness."""


class Probe(Protocol):
    """The seam: whoever can look at an address. ``method`` is HEAD or GET; redirects are followed one by one."""

    async def observe(self, to: Address, method: str, gate: Gate | None = None) -> Observation:
        """Look once. Never raises for anything a server does."""
        ...


@dataclass(slots=True)
class _Walk:
    """The way so far."""

    hops: list[Hop]
    cookies: dict[str, dict[str, str]]
    seen: set[tuple[str, str]]
    tls: Fault | None = None


class HttpProbe:
    """Looks over HTTP/1.1. ``user_agent`` names project and contact; ``turn`` is awaited for every single request."""

    def __init__(self, wire: Wire, user_agent: str, clock: Clock, turn: Turn | None = None) -> None:
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
        started, at = self._clock.seconds(), self._clock.now()
        walk: _Walk | None = None
        here = to
        while True:
            try:
                answer = await self._ask(here, method, walk)
            except ExchangeError as error:
                return self._failed(to, here, method, error, walk, at, started)
            head = answer.reply.head
            page: Page | None = None
            body_fault = answer.reply.fault
            if head.status in _REDIRECTS and b"location" in head.headers:
                target = head.get(b"location")
                hop = head.status
            else:
                page, body_fault = _look(answer, method)
                if page is None or not page.refresh:
                    return self._seen(to, here, method, answer, page, body_fault, walk, at, started)
                target, hop = page.refresh, 0
            if walk is None:
                walk = _Walk([], {}, set())
            following = await self._follow(walk, here, answer, hop, target, gate)
            if isinstance(following, Fault):
                if hop == 0:
                    # A page that only wants to be refreshed is a page.
                    return self._seen(to, here, method, answer, page, body_fault, walk, at, started)
                stop = ExchangeError(following, target[:200])
                return self._failed(to, here, method, stop, walk, at, started, head.status)
            here = following

    async def _ask(self, here: Address, method: str, walk: _Walk | None) -> Answer:
        answer = await self._exchange(self._request(here, method, method, walk), method, here)
        if method == "GET" and answer.reply.head.status == 416:
            answer = await self._exchange(self._request(here, "GET", "PLAIN", walk), "GET", here)
        return answer

    async def _exchange(self, request: bytes, method: str, here: Address) -> Answer:
        if self._turn is None:
            return await self._wire.exchange(request, method, here)
        async with self._turn(here):
            return await self._wire.exchange(request, method, here)

    def _request(self, here: Address, method: str, tail: str, walk: _Walk | None) -> bytes:
        start = here.url.index("/", 8)
        authority = here.url[here.url.index("//") + 2 : start]
        text = f"{method} {here.url[start:]} HTTP/1.1\r\nHost: {authority}\r\n{self._tails[tail]}"
        if walk is not None and (jar := walk.cookies.get(here.host)):
            text += "Cookie: " + "; ".join(f"{name}={value}" for name, value in jar.items()) + "\r\n"
        return (text + "\r\n").encode("ascii")

    async def _follow(
        self, walk: _Walk, here: Address, answer: Answer, hop: int, target: str, gate: Gate | None
    ) -> Address | Fault:
        _keep_cookies(walk, here.host, answer.reply.head.cookies)
        walk.tls = walk.tls or answer.tls
        following = read_address(target, here)
        if isinstance(following, Refusal):
            return Fault.REDIRECT_UNUSABLE
        if hop == 0 and following.url == here.url:
            return Fault.REDIRECT_LOOP
        state = (here.url, repr(walk.cookies.get(here.host, "")))
        if state in walk.seen:
            return Fault.REDIRECT_LOOP
        walk.seen.add(state)
        if len(walk.hops) >= MOST_HOPS:
            return Fault.REDIRECT_LIMIT
        walk.hops.append(Hop(hop, following.url))
        if gate is not None and following.host != here.host:
            refused = await gate(following)
            if refused is not None:
                return refused
        return following

    def _seen(
        self, to: Address, here: Address, method: str, answer: Answer, page: Page | None, body_fault: BodyFault,
        walk: _Walk | None, at: datetime, started: float,
    ) -> Observation:  # fmt: skip
        head = answer.reply.head
        headers = head.headers
        waits = retry_after(head.get(b"retry-after"), at) if b"retry-after" in headers else None
        return Observation(
            to.url,
            at,
            method,
            head.status,
            here.url,
            hops=tuple(walk.hops) if walk is not None else (),
            tls=answer.tls if walk is None else walk.tls or answer.tls,
            retry_after=waits,
            media_type=head.get(b"content-type").partition(";")[0].strip().lower(),
            etag=head.get(b"etag") or head.get(b"last-modified"),
            wall=_wall(headers),
            body_fault=body_fault,
            page=page,
            address=answer.address,
            elapsed=self._clock.seconds() - started,
        )

    def _failed(
        self, to: Address, here: Address, method: str, error: ExchangeError, walk: _Walk | None, at: datetime, started: float,
        status: int | None = None,
    ) -> Observation:  # fmt: skip
        fault = error.fault
        if fault is Fault.ADDRESS_REFUSED and walk is not None:
            fault = Fault.REDIRECT_REFUSED
        return Observation(
            to.url,
            at,
            method,
            status,
            here.url,
            fault,
            error.detail[:200],
            tuple(walk.hops) if walk is not None else (),
            elapsed=self._clock.seconds() - started,
        )


def _look(answer: Answer, method: str) -> tuple[Page | None, BodyFault]:
    reply = answer.reply
    head = reply.head
    kind = head.get(b"content-type")
    if method == "HEAD" or head.status not in _RETRY_PAGES or not reply.body or not is_page(kind.lower()):
        return None, reply.fault
    whole = reply.whole and (head.status != 206 or len(reply.body) < WINDOW)
    body, whole, fault = decode_window(reply.body, head.get(b"content-encoding").lower(), whole=whole)
    return read_page(body, kind, whole=whole), fault or reply.fault


def _keep_cookies(walk: _Walk, host: str, cookies: list[bytes]) -> None:
    """Keep what the host sets for the next hop to it, of this walk alone: some servers redirect to see it again."""
    for raw in cookies[:50]:
        name, equals, value = raw.partition(b";")[0].partition(b"=")
        pair = (name.strip().decode("latin-1"), value.strip().decode("latin-1"))
        if equals and pair[0] and all(part.isascii() and part.isprintable() and len(part) < 4_096 for part in pair):
            walk.cookies.setdefault(host, {})[pair[0]] = pair[1]


def _wall(headers: dict[bytes, bytes]) -> str:
    for name, value in _WALL_HEADERS:
        if name in headers and value in headers[name].lower():
            return name.decode("ascii")
    return ""
