"""One page of a site, read as a service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from harvester.model import Context, Found, LeikaKey, LinkRole, Module, Service, Text, clean_line
from harvester.model.provenance import Trace, origin
from harvester.sites import Site
from harvester.sites.headings import module_of
from normalizers.address import clean_address
from normalizers.keys import read_keys
from normalizers.language import read_language
from normalizers.link_list import LinkList
from normalizers.moment import BERLIN, read_iso
from normalizers.notes import Notes
from normalizers.record import make
from normalizers.text_list import TextList
from normalizers.website.links import PageLinks, anchors_in
from normalizers.website.page import Element, Page, Value
from normalizers.website.people import is_contact, names_person, without_contact
from normalizers.website.sections import Section, sections
from normalizers.website.structured import Structured

_MOST_KEYWORDS = 40
_LONGEST_KEYWORD = 80
_SECTION_ROLES = {
    Module.FORMS: LinkRole.FORM,
    Module.LEGAL_BASIS: LinkRole.LEGAL,
}


class PageReader:
    """Reads one page: structured data first, then the profile's places, then title, headings and main text."""

    def __init__(
        self, page: Page, main: Element, structured: Structured, site: Site, remote_id: str, notes: Notes
    ) -> None:
        """Take the page without its people, and what it says for programs."""
        self._page, self._main, self._said, self._site = page, main, structured, site
        self._remote_id, self._notes = remote_id, notes
        self._trace: Trace = {}

    def read(self, context: Context, note: str) -> Found | None:
        """The service; None, and an error, where the page names none."""
        language = read_language(self._page.language, context.options.language)
        trace = self._trace
        trace["remote_id"] = origin(str(self._page.root.tag), "website.address")
        if self._page.language:
            trace["language"] = origin(str(self._page.root.tag), "website.language")
        title = next(iter(self._values("title")), None)
        if title is None:
            self._notes.error("no-title", "", "The page names no service and was not read.", self._remote_id)
            return None
        trace["title"] = origin(title.locator, title.rule)
        parts = sections(self._page, self._main, self._site.profile.headings)
        fields: dict[str, Any] = {
            "remote_id": self._remote_id,
            "title": _without_site(title),
            "language": language,
            "leika_keys": self._keys(),
            "texts": self._texts(parts, language, title.text),
            "links": self._links(parts, language),
            "synonyms": self._keywords(),
            "page": self._address(),
            "modified_at": self._modified(note),
            "provenance": trace,
        }
        return make(self._notes, Service, "", fields)

    def _values(self, name: str) -> list[Value]:
        """Values of a field in the order they are believed, each once."""
        found: dict[str, Value] = {}
        placed = self._page.values(self._site.profile.fields.get(name, ()), f"website.css.{name}")
        for value in (*self._said.fields.get(name, []), *placed):
            found.setdefault(value.text, value)
        return list(found.values())

    def _keys(self) -> tuple[LeikaKey, ...]:
        found: dict[LeikaKey, None] = {}
        for value in self._values("key"):
            keys = read_keys([value.text])
            for broken in keys.broken:
                message = f"{broken!r} is no LeiKa key (14 digits beginning with 99)."
                self._notes.warning("key", value.locator, message, self._remote_id)
            if keys.good and not found:
                self._trace["leika_keys"] = origin(value.locator, value.rule)
            found.update(dict.fromkeys(keys.good))
        return tuple(found)

    def _texts(self, parts: Sequence[Section], language: str, title: str) -> tuple[Text, ...]:
        texts = TextList(language, self._page.locate(self._main))
        for module, value in self._said.texts.items():
            texts.add(module, without_contact(value.text) or "", value.locator, value.rule)
        for section in parts:
            self._add_section(section, texts, title)
        summary = next((v for v in self._values("summary") if not names_person(v.text) and v.text != title), None)
        if summary is not None:
            texts.add(Module.SUMMARY, without_contact(summary.text) or "", summary.locator, summary.rule)
        if any(module_of(section.heading) is Module.COMPETENT_OFFICE for section in parts):
            return texts.finish(self._trace)
        office = next((v for v in self._values("office") if not names_person(v.text) and not is_contact(v.text)), None)
        if office is not None:
            texts.add(Module.COMPETENT_OFFICE, office.text, office.locator, office.rule)
        return texts.finish(self._trace)

    def _add_section(self, section: Section, texts: TextList, title: str) -> None:
        """Put a section where its heading says; one that structured data has told already is left out."""
        module = module_of(section.heading)
        if module is not None and module in self._said.texts:
            return
        place = self._page.locate(section.element if section.element is not None else self._main)
        top = section.element is not None and section.element.tag == "h1"
        named = section.heading if module is None and section.heading != title and not top else ""
        told = "heading" if module is not None else "main"
        texts.add(module or Module.DESCRIPTION, section.html, place, f"website.{told}", heading=named)

    def _links(self, parts: Iterable[Section], language: str) -> tuple[Any, ...]:
        links = LinkList(self._notes, self._trace, self._remote_id, language)
        taken = PageLinks(self._page, self._site, links)
        for value in self._said.fields.get("apply", []):
            taken.add(value.text, LinkRole.APPLY, value.locator, value.rule)
        for place in self._site.profile.actions:
            taken.take(anchors_in(self._page.all(place)))
        for section in parts:
            module = module_of(section.heading)
            taken.take(section.links(), _SECTION_ROLES.get(module) if module else None)
        return links.links

    def _keywords(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for value in self._values("keywords"):
            words = [clean_line(word) for word in value.text.replace(";", ",").split(",")]
            kept = [w for w in words if w and len(w) <= _LONGEST_KEYWORD and not is_contact(w) and not names_person(w)]
            if kept and not found:
                self._trace["synonyms"] = origin(value.locator, value.rule)
            found.update(dict.fromkeys(kept))
        return tuple(found)[:_MOST_KEYWORDS]

    def _address(self) -> str:
        """The page for people: its canonical address where that is on the same site, else where it was found."""
        canonical = self._page.all('link[rel="canonical"][href]')
        url = self._site.address(canonical[0].get("href", ""), self._page.url) if canonical else ""
        if url and self._site.identify(url) == self._remote_id:
            self._trace["page"] = origin(self._page.locate(canonical[0]), "website.canonical")
        else:
            url = clean_address(self._page.url).url
            self._trace["page"] = origin(str(self._page.root.tag), "website.address")
        return url

    def _modified(self, note: str) -> datetime | None:
        for value in self._values("modified"):
            if moment := _moment(value.text):
                self._trace["modified_at"] = origin(value.locator, value.rule)
                return moment
        if moment := _moment(parse_qs(note).get("lastmod", [""])[0]):
            self._trace["modified_at"] = origin("", "website.sitemap.lastmod")
        return moment


def _without_site(title: Value) -> str:
    """A window's title ends in the name of the site; a heading does not."""
    if title.locator.endswith(("title", "meta")) or "meta" in title.locator:
        for mark in (" | ", " – ", " - ", " :: ", " » "):
            if mark in title.text:
                return title.text.partition(mark)[0].strip() or title.text
    return title.text


def _moment(written: str) -> datetime | None:
    """A time as pages write it: ISO 8601, or a German date."""
    day, _, rest = written.strip().partition(".")
    month, _, year = rest.partition(".")
    if day.isdigit() and month.isdigit() and year[:4].isdigit():
        written = f"{year[:4]}-{month:0>2}-{day:0>2}"
    moment = read_iso(written.strip(), BERLIN) if written.strip() else None
    return moment if moment and moment.year > 1990 else None
