"""Lists of a DLDB service: ``{name, description, link}`` for documents, requirements, forms, laws and further links."""

from __future__ import annotations

import html
from dataclasses import dataclass

from harvester.model import LinkRole, Module, clean_line, clean_text
from normalizers.link_list import LinkList
from normalizers.loose_json import items, text
from normalizers.notes import Notes
from normalizers.text_list import TextList

_ENTRY = frozenset({"name", "description", "link"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a list goes: its words to a text module, its addresses to links of a role.

    ``prose`` lists are texts in which a link is a help; the others are links, and only entries that say more than a
    link can hold (a description, or no usable address) make a text.
    """

    module: Module
    role: LinkRole
    prose: bool


SHELVES: dict[str, Shelf] = {
    "requirements": Shelf(Module.DOCUMENTS, LinkRole.INFORMATION, prose=True),
    "prerequisites": Shelf(Module.REQUIREMENTS, LinkRole.INFORMATION, prose=True),
    "legal": Shelf(Module.LEGAL_BASIS, LinkRole.LEGAL, prose=False),
    "forms": Shelf(Module.FORMS, LinkRole.FORM, prose=False),
    "links": Shelf(Module.FURTHER_INFORMATION, LinkRole.INFORMATION, prose=False),
    "publications": Shelf(Module.FURTHER_INFORMATION, LinkRole.INFORMATION, prose=False),
}


def prose(value: object) -> str:
    """A text of an export as HTML: texts without markup keep their line breaks."""
    found = text(value).strip()
    if "<" in found:
        return found
    return "<br>".join(line.strip() for line in found.splitlines() if line.strip())


def read_entries(value: object, field: str, texts: TextList, links: LinkList, notes: Notes) -> None:
    """Read one of the lists; entries may be bare texts."""
    shelf = SHELVES[field]
    listed: list[str] = []
    for place, found in items(value, field):
        entry = found if isinstance(found, dict) else {"name": found}
        notes.unknown(f"an entry of {field!r}", entry, _ENTRY, links.place(place))
        name = clean_line(text(entry.get("name")))
        words = clean_text(prose(entry.get("description"))).html
        raw = text(entry.get("link"))
        link = links.add(raw, shelf.role, f"{place}/link", "dldb.link", label=name)
        if shelf.prose or words or link is None:
            url = link.url if link and not link.template else ""
            listed.append(_item(name, words, url))
    body = "".join(item for item in listed if item)
    if body:
        texts.add(shelf.module, f"<ul>{body}</ul>", field, f"dldb.{field}")


def _item(name: str, words: str, url: str) -> str:
    title = html.escape(name, quote=False)
    if url:
        title = f'<a href="{html.escape(url)}">{title or html.escape(url, quote=False)}</a>'
    both = f"{title}: {words}" if title and words else title or words
    return f"<li>{both}</li>" if both else ""
