"""Links of a record."""

from __future__ import annotations

import re
from functools import lru_cache

from harvester.model import Link, LinkRole, Origin, is_placeholder
from normalizers.address import Address, clean_address
from normalizers.notes import Notes
from normalizers.xzufi.element import NAMES, Element, text_of, tidy
from normalizers.xzufi.language import read_language
from normalizers.xzufi.origins import place

# A plain address, which most are: nothing in it to clean. Whatever else occurs takes the long way.
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[a-zA-Z0-9._~/-]*)?")


@lru_cache(maxsize=8192)
def read_address(raw: str) -> Address:
    """Read an address; legal texts and state portals are linked from everywhere, so the last ones are remembered."""
    return Address(raw, template=False, problem="") if _PLAIN.fullmatch(raw) else clean_address(raw)


class Links:
    """The links of one record, each once, in the order of the document."""

    __slots__ = ("_notes", "_provenance", "_record", "_remote_id", "found")

    def __init__(self, record: str, remote_id: str, notes: Notes, provenance: dict[str, Origin]) -> None:
        """Take the record's locator and identifier, and where issues and origins go."""
        self._remote_id = remote_id
        self._record = record
        self._notes = notes
        self._provenance = provenance
        self.found: dict[tuple[str, LinkRole, str], Link] = {}

    def read(self, element: Element, locator: str, role: LinkRole, online_service: str | None = None) -> None:
        """Read a hyperlink: ``uri`` (or ``link``), ``titel``, ``beschreibung``; or an element that holds the address.

        An address that needs parameters of the portal (``dynamischeParameter``) is a template.
        """
        raw, own, label, explanation, dynamic = element.text or "", "", "", "", False
        for child in element:
            match NAMES[child.tag]:
                case "uri" | "link":
                    raw, own = child.text or "", f"{locator}/{NAMES[child.tag]}"
                case "titel":
                    label = child.text or ""
                case "beschreibung":
                    explanation = child.text or ""
                case "dynamischeParameter" | "dynamischerParameter":
                    dynamic = True
        url, template = self.address(raw, own or locator)
        if url:
            self.add(
                Link(
                    url=url,
                    role=role,
                    label=tidy(label if label.strip() else explanation),
                    language=read_language(element.get("languageCode")),
                    online_service=online_service,
                    template=template or dynamic,
                ),
                own or locator,
            )

    def address(self, raw: str, locator: str) -> tuple[str, bool]:
        """Read an address and whether it is a template; empty, with a warning, where it is none."""
        url, template, problem = read_address(raw)
        if problem and not is_placeholder(raw):
            self._notes.warning(
                "bad-address", f"{self._record}/{locator}", f"{problem} It was left out.", self._remote_id
            )
        elif url and "://" not in raw[:20]:
            message = f"The address {raw.strip()!r} has no scheme; https was assumed."
            self._notes.warning("no-scheme", f"{self._record}/{locator}", message, self._remote_id)
        return url, template

    def add(self, link: Link, locator: str) -> None:
        """Keep a link unless the record has it already."""
        key = (link.url, link.role, link.language)
        if key not in self.found:
            self._provenance[f"links/{len(self.found)}"] = place(locator, "xzufi.link")
            self.found[key] = link


def page_of(element: Element, links: Links, locator: str) -> str:
    """The address of an origin portal's page; empty where it is none or has gaps."""
    for child in element:
        if NAMES[child.tag] == "uri":
            url, template = links.address(text_of(child), f"{locator}/uri")
            return "" if template else url
    return ""
