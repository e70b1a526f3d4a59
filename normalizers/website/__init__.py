"""Municipal websites: from a page to a service, by the profile of the site's product.

Sitemaps and pages that only lead on hold no records; the spider reads them (``normalizers.website.sitemap``, ``.listing``).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

from harvester.model import Context, Document, DocumentError, Reading
from harvester.sites import Site
from normalizers.notes import Notes
from normalizers.website.disguise import disguise_of
from normalizers.website.links import remove_idle
from normalizers.website.page import PageError, blank, read_page
from normalizers.website.people import remove_people
from normalizers.website.service import PageReader
from normalizers.website.structured import read_structured

_LEADING_ON = frozenset({"sitemap", "listing"})


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Read a page. One that is no service is an error with the service's identifier, which protects what is known of it."""
    if document.role in _LEADING_ON:
        return
    if document.role != "page":
        raise DocumentError(
            f"A website has no documents of the role {document.role!r}; there are page, sitemap, listing."
        )
    site = Site.of(context.endpoint, context.options)
    notes = Notes("website")
    address = site.address(document.url)
    remote_id = site.identify(address) or address[:300] or "?"
    yield from _read(document, context, site, remote_id, notes)
    yield from notes.take()


def _read(document: Document, context: Context, site: Site, remote_id: str, notes: Notes) -> Iterator[Reading]:
    moved = parse_qs(document.note).get("moved", [""])[0]
    if moved:
        notes.error("moved", "", f"The page leads on to {moved}, which is no page of this service.", remote_id)
        return
    try:
        page = read_page(document)
    except PageError as error:
        notes.error("no-page", "", str(error), remote_id)
        return
    structured = read_structured(page)
    remove_people(page)
    remove_idle(page)
    for place in site.profile.drop:
        for element in page.all(place):
            if element.tag not in {"html", "body", "main"} and next(element.iter("h1"), None) is None:
                blank(element)
    main = page.first(site.profile.main)
    trouble = disguise_of(page, main, context.options.language)
    if trouble is not None:
        notes.error(trouble[0], "", trouble[1], remote_id)
        return
    if main is None:
        looked = ", ".join(site.profile.main)
        notes.error(
            "other-markup", "", f"None of the places for the service's text is on the page ({looked}).", remote_id
        )
        return
    for place, reason in structured.broken:
        notes.warning("json-ld", place, f"A block of JSON-LD cannot be read: {reason}.", remote_id)
    found = PageReader(page, main, structured, site, remote_id, notes).read(context, document.note)
    if found:
        yield found
