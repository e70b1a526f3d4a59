"""What one attempt to open an address showed: facts only, no judgement."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Fault(StrEnum):
    """Why there was no answer, or no usable one. The values stand in ``state.db`` and are never renamed."""

    NO_NAME = "dns-no-name"
    NO_ADDRESS = "dns-no-address"
    DNS_FAILURE = "dns-failure"
    DNS_TIMEOUT = "dns-timeout"
    REFUSED = "connect-refused"
    UNREACHABLE = "connect-unreachable"
    CONNECT_TIMEOUT = "connect-timeout"
    TLS_EXPIRED = "tls-expired"
    TLS_WRONG_HOST = "tls-wrong-host"
    TLS_UNTRUSTED = "tls-untrusted"
    TLS_INCOMPLETE = "tls-incomplete-chain"
    TLS_HANDSHAKE = "tls-handshake"
    RESET = "reset"
    EMPTY = "empty-reply"
    NOT_HTTP = "not-http"
    HEAD_TOO_LONG = "head-too-long"
    HEAD_TIMEOUT = "head-timeout"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_LIMIT = "redirect-limit"
    REDIRECT_UNUSABLE = "redirect-unusable"
    REDIRECT_REFUSED = "redirect-refused"
    REDIRECT_ROBOTS = "redirect-robots"
    ADDRESS_REFUSED = "address-refused"
    ROBOTS = "robots"
    ROBOTS_UNREADABLE = "robots-unreadable"
    HOST_RULE = "host-rule"


class BodyFault(StrEnum):
    """What was wrong with the body of an answer whose head arrived. It never decides about a link alone."""

    NONE = ""
    CUT_OFF = "cut-off"
    SLOW = "slow"
    BAD_CHUNK = "bad-chunk"
    BAD_CODING = "bad-coding"
    BOMB = "bomb"


class Hop(NamedTuple):
    """One redirect that was followed. ``status`` is 0 for a meta refresh."""

    status: int
    target: str


class Page(NamedTuple):
    """What the first 64 kB of a page say about it. Bodies themselves are not kept.

    ``digest`` (16 hex digits) is that of the bytes taken, ``size`` their number after decoding; ``whole`` tells whether
    that was all. ``heading`` is the first h1. ``login`` is true where the page has a password field. ``refresh`` is the
    target of a meta refresh of at most ten seconds, as written.
    """

    title: str = ""
    heading: str = ""
    digest: str = ""
    size: int = 0
    whole: bool = True
    login: bool = False
    refresh: str = ""


class Observation(NamedTuple):
    """One attempt, from the first request to the last hop. Immutable; later rules judge the same facts again.

    ``url`` is the address asked for, ``final_url`` the one that answered last. ``status`` is that of the last answer,
    None where there was none; then ``fault`` says why. ``tls`` is set where the certificate was not acceptable and
    the page was looked at unverified. ``retry_after`` and ``elapsed`` are seconds. ``wall`` names the sign of a bot
    wall in the answer's head. ``etag`` holds the validators of the answer (ETag, else Last-Modified).
    """

    url: str
    at: datetime
    method: str
    status: int | None
    final_url: str
    fault: Fault | None = None
    detail: str = ""
    hops: tuple[Hop, ...] = ()
    tls: Fault | None = None
    retry_after: float | None = None
    media_type: str = ""
    etag: str = ""
    wall: str = ""
    body_fault: BodyFault = BodyFault.NONE
    page: Page | None = None
    address: str = ""
    elapsed: float = 0.0
