"""Pages that answer with success and say "not found": a score with reasons, never a verdict of death."""

from __future__ import annotations

from harvester.links.observation import Observation, Page
from harvester.links.places import is_home
from harvester.links.signs import Signs

SUSPICIOUS = 1.0
"""From this score on a page is suspicious."""

_TINY = 512
"""Bytes. A page below it holds no service description."""

_NEAR = 0.05
"""Two pages whose sizes differ by at most this share may be the same page with another time of day in it."""


def score_page(
    seen: Observation, page: Page, signs: Signs | None, sibling: Observation | None
) -> tuple[float, tuple[str, ...]]:
    """How much a page looks like "not found", and why.

    ``signs`` is None where none of them shows. The sibling is what the host shows for a random address that cannot
    exist: where it shows the very page we look at, the page says nothing. Title and first heading count, the body does
    not: service descriptions may speak of anything.
    """
    if not page.title and not page.heading and sibling is None and page.size >= _TINY:
        return 0.0, ()
    parts: list[tuple[float, str]] = []
    if signs and page.title and signs.not_found.search(page.title.lower()):
        parts.append((1.0, "title-says-not-found"))
    if signs and page.heading and signs.not_found.search(page.heading.lower()):
        parts.append((0.8, "heading-says-not-found"))
    if 0 < page.size < _TINY and page.whole:
        parts.append((0.2, "tiny-page"))
    if sibling is not None and sibling.page is not None and sibling.status is not None and sibling.status < 300:
        parts += _compare(seen, page, sibling, sibling.page)
    if not parts:
        return 0.0, ()
    return round(sum(points for points, _ in parts), 2), tuple(reason for _, reason in parts)


def _compare(seen: Observation, page: Page, sibling: Observation, other: Page) -> list[tuple[float, str]]:
    parts: list[tuple[float, str]] = []
    if is_home(seen.url):
        return parts
    if seen.hops and sibling.hops and seen.final_url == sibling.final_url:
        parts.append((1.0, "redirected-like-a-random-address"))
    if page.digest and page.digest == other.digest and page.size > 0:
        # An application that draws its pages in the browser sends one shell for all of them: nothing can be told.
        parts.append(
            (1.0, "same-page-as-a-random-address") if page.heading else (0.4, "same-shell-as-a-random-address")
        )
    elif page.heading and page.title == other.title and page.heading == other.heading:
        near = abs(page.size - other.size) <= _NEAR * max(page.size, other.size, 1)
        parts.append(
            (1.0, "same-title-and-size-as-a-random-address") if near else (0.4, "same-title-as-a-random-address")
        )
    return parts
