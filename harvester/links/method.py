"""HEAD or GET: the cheapest question whose answer can be trusted."""

from __future__ import annotations

import re

from harvester.links.observation import Fault, Observation
from harvester.links.page import is_page

_FILE = re.compile(
    r"\.(?:pdf|docx?|odt|xlsx?|ods|pptx?|odp|rtf|zip|csv|txt|xml|json|ics|jpe?g|png|svg|mp[34]|epub)$", re.IGNORECASE
)
_NO_USE = frozenset(
    {Fault.HEAD_TIMEOUT, Fault.RESET, Fault.EMPTY, Fault.NOT_HTTP, Fault.HEAD_TOO_LONG, Fault.REDIRECT_LOOP}
)


def first_method(url: str, *, etag: str | None, healthy: bool, head_lies: bool) -> str:
    """The method to begin with.

    A page must be read to tell whether it says "not found", so GET comes first where HEAD would only be a second request.
    HEAD comes first for files, which have no title, and for healthy pages whose validator is known: where it is still the
    same, so is the page.
    """
    if head_lies:
        return "GET"
    path = url.partition("?")[0]
    # The pattern wants a dot near the end: looking for one is quicker than trying it at each of the letters.
    if "." in path[-5:] and _FILE.search(path):
        return "HEAD"
    return "HEAD" if healthy and etag else "GET"


def needs_get(seen: Observation, *, etag: str | None) -> bool:
    """Whether an answer to HEAD must be followed by a GET. A negative answer to HEAD proves nothing."""
    if seen.status is None:
        return seen.fault in _NO_USE
    if seen.fault is not None or seen.status >= 300:
        return seen.status != 429
    unchanged = bool(etag) and seen.etag == etag
    return is_page(seen.media_type) and not unchanged


def head_lied(head: Observation, get: Observation) -> bool:
    """Whether HEAD was answered worse than GET."""
    failed = head.status is None or head.status >= 400
    return failed and get.status is not None and get.fault is None and get.status < 400
