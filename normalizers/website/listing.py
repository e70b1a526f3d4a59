"""Pages that lead to services: their links."""

from __future__ import annotations

from harvester.model import Document
from normalizers.website.page import PageError, read_page

MOST_LINKS = 5_000


def read_links(document: Document) -> tuple[str, ...]:
    """All addresses a page links to, each once, as written but absolute.

    Raises:
        PageError: the document is no page one could read.
    """
    page = read_page(document)
    found = dict.fromkeys(anchor.get("href", "").strip() for anchor in page.all("a[href], area[href]"))
    following = dict.fromkeys(link.get("href", "") for link in page.all('link[rel="next"][href]'))
    return tuple(url for url in (found | following) if url)[:MOST_LINKS]


__all__ = ["MOST_LINKS", "PageError", "read_links"]
