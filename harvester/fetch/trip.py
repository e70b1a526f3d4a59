"""One attempt to fetch something: from hop to hop until an answer is no redirect."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial

import httpx

from harvester.fetch.ask import IN_MEMORY, Ask, Fetched, Hop
from harvester.fetch.budget import HostBudget
from harvester.fetch.clock import Clock
from harvester.fetch.content import content_type
from harvester.fetch.errors import BrokenBody, FetchError, TimedOut, TooManyRedirects
from harvester.fetch.exchange import build_request, drain, send, variant
from harvester.fetch.guard import check_url
from harvester.fetch.names import Names
from harvester.fetch.receive import Received, receive, receive_error_page, receive_secret
from harvester.fetch.redirect import REDIRECTS, Step, next_step
from harvester.fetch.settings import FetchSettings
from harvester.fetch.snapshots import SnapshotStore
from harvester.fetch.validators import Validator, ValidatorStore
from harvester.model import Document


@dataclass(frozen=True, slots=True)
class Gear:
    """What all trips of a fetcher share."""

    settings: FetchSettings
    transport: httpx.AsyncBaseTransport
    names: Names
    budget: HostBudget
    snapshots: SnapshotStore
    validators: ValidatorStore
    clock: Clock


@dataclass(slots=True)
class Trip:
    """The way to one answer."""

    gear: Gear
    ask: Ask
    step: Step = field(init=False)
    hops: list[Hop] = field(default_factory=list)
    # Of this trip alone: some servers set a cookie and redirect to see it again.
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def __post_init__(self) -> None:
        self.step = Step(check_url(self.ask.url), self.ask.method.upper(), self.ask.headers, self.ask.body)

    async def run(self) -> Fetched:
        """Make the trip; FetchError where it ends without an answer."""
        while True:
            if self.ask.gate is not None:
                await self.ask.gate(str(self.step.url))
            fetched = await self._hop()
            if fetched is not None:
                return fetched
            if len(self.hops) > self.gear.settings.max_redirects:
                raise TooManyRedirects(self.ask.url, f"more than {self.gear.settings.max_redirects} redirects")

    async def _hop(self) -> Fetched | None:
        """Send one request in its turn; None if the trip goes on."""
        url = self.step.url
        async with self.gear.budget.slot(url.host, await self._first_address(url), self.ask.pace):
            try:
                async with asyncio.timeout(self.gear.settings.total_timeout):
                    return await self._exchange()
            except TimeoutError as error:
                what = f"no whole answer within {self.gear.settings.total_timeout:g} s"
                raise TimedOut(str(url), what) from error

    async def _first_address(self, url: httpx.URL) -> list[str]:
        """The address that counts in the budget. Without politeness nobody needs it before the connection."""
        if not self.gear.budget.active:
            return []
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = await self.gear.names.addresses(host, port, self.gear.settings.timeout)
        except FetchError as error:
            raise error.at(str(url)) from error.__cause__
        return [str(addresses[0])]

    async def _exchange(self) -> Fetched | None:
        known = self._validator()
        request = build_request(self.step, self.gear.settings, known)
        if self.cookies:
            self.cookies.set_cookie_header(request)
        response = await send(self.gear.transport, request, self.gear.settings)
        try:
            location = response.headers.get("location")
            if response.status_code in REDIRECTS and location:
                await self._redirect(response, location)
                return None
            if response.status_code == 304 and known is not None:
                await drain(response)
                return self._unchanged(response, known)
            return await self._answer(response)
        finally:
            await response.aclose()

    async def _redirect(self, response: httpx.Response, location: str) -> None:
        await drain(response)
        self.cookies.extract_cookies(response)
        following = next_step(self.step, response.status_code, location)
        self.hops.append(Hop(str(self.step.url), response.status_code, str(following.url)))
        self.step = following

    def _validator(self) -> Validator | None:
        """What to ask "has it changed?" with: only where the body it stands for is at hand."""
        if not (self.ask.conditional and self.ask.store and self._repeatable()):
            return None
        known = self.gear.validators.get(str(self.step.url))
        if known is None or known.variant != variant(self.step.headers):
            return None
        return known if self.gear.snapshots.has(known.sha256) else None

    def _repeatable(self) -> bool:
        return self.step.method == "GET" and not self.step.body

    def _unchanged(self, response: httpx.Response, known: Validator) -> Fetched | None:
        snapshots = self.gear.snapshots
        body = snapshots.recall(known.sha256) if known.size <= IN_MEMORY else None
        if not snapshots.has(known.sha256):
            # Somebody cleaned up between question and answer, or the body is damaged: ask for the whole of it.
            self.ask = replace(self.ask, conditional=False)
            return None
        document = self._document(known.sha256, known.size, known.media_type, known.charset)
        return self._fetched(response, document, body, not_modified=True)

    async def _answer(self, response: httpx.Response) -> Fetched:
        url, settings, clock = str(self.step.url), self.gear.settings, self.gear.clock
        if not 200 <= response.status_code < 300:
            return self._fetched(response, None, await receive_error_page(response, url, settings, clock))
        if self.step.method == "HEAD":
            return self._fetched(response, None, b"")
        if not self.ask.store:
            return self._fetched(response, None, await receive_secret(response, url, settings, clock))
        if response.status_code == 206:
            raise BrokenBody(url, "the server sent only a part, though all of it was asked for")
        if self.ask.max_bytes is not None and self.ask.max_bytes < settings.max_bytes:
            settings = settings.model_copy(update={"max_bytes": self.ask.max_bytes})
        got = await receive(response, url, self.gear.snapshots, settings, clock)
        media_type, charset = content_type(response.headers.get("content-type"))
        self._remember(response, got, media_type, charset)
        return self._fetched(response, self._document(got.sha256, got.size, media_type, charset), got.body)

    def _remember(self, response: httpx.Response, got: Received, media_type: str, charset: str | None) -> None:
        etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
        if response.status_code == 200 and self._repeatable() and (etag or modified):
            chosen = variant(self.step.headers)
            validator = Validator(etag, modified, got.sha256, got.size, media_type, charset, chosen)
            self.gear.validators.put(str(self.step.url), validator)

    def _document(self, sha256: str, size: int, media_type: str, charset: str | None) -> Document:
        return Document(
            url=self.ask.url,
            role="",
            sha256=sha256,
            size=size,
            media_type=media_type,
            charset=charset,
            fetched_at=self.gear.clock.now(),
            open=partial(self.gear.snapshots.open, sha256),
        )

    def _fetched(
        self, response: httpx.Response, document: Document | None, body: bytes | None, *, not_modified: bool = False
    ) -> Fetched:
        return Fetched(
            url=self.ask.url,
            final_url=str(self.step.url),
            status=response.status_code,
            headers=tuple(response.headers.multi_items()),
            hops=tuple(self.hops),
            document=document,
            body=body,
            not_modified=not_modified,
            fetched_at=document.fetched_at if document else self.gear.clock.now(),
        )
