"""From one address to the next, without carrying secrets to strangers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import httpx

from harvester.fetch.ask import Headers
from harvester.fetch.errors import AddressRefused, FetchError
from harvester.fetch.guard import check_url

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_FOR_ANYBODY = frozenset({"accept", "accept-language"})


@dataclass(frozen=True, slots=True)
class Step:
    """The request of one hop."""

    url: httpx.URL
    method: str
    headers: Headers
    body: bytes


def next_step(step: Step, status: int, location: str) -> Step:
    """The request that follows a redirect (RFC 9110, 15.4).

    To another origin only harmless headers go along: the key of one service is none of another's business. A body
    never does, for it may hold a password.

    Raises:
        InvalidAddress, SchemeRefused, AddressRefused: the target cannot be followed.
    """
    try:
        url = check_url(str(step.url.join(location)))
    except FetchError as error:
        error.what = f"it redirects to {location!r}: {error.what}"
        raise error.at(str(step.url)) from error
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(str(step.url), f"it redirects to {location!r}, which is no address") from error
    if (status == 303 and step.method != "HEAD") or (status in {301, 302} and step.method == "POST"):
        kept = tuple((name, value) for name, value in step.headers if not name.lower().startswith("content-"))
        step = replace(step, method="GET", body=b"", headers=kept)
    if not _same_origin(step.url, url):
        if step.body:
            raise AddressRefused(str(step.url), f"it redirects a request with data to another host ({url})")
        step = replace(step, headers=tuple(pair for pair in step.headers if pair[0].lower() in _FOR_ANYBODY))
    return replace(step, url=url)


def _same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.raw_host, one.port) == (other.scheme, other.raw_host, other.port)
