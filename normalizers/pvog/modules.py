"""The text modules of a PVOG detail: ``details[]``, with structures for fees, deadlines and durations."""

from __future__ import annotations

import html

from harvester.model import LinkRole, Module, clean_line, clean_text
from normalizers.link_list import LinkList
from normalizers.loose_json import Object, items, kind, text
from normalizers.notes import Notes
from normalizers.pvog.text_modules import CATEGORIES, LINK_ROLES, MODULES
from normalizers.text_list import TextList

_MODULE = frozenset(
    {
        "@type",
        "additionalInformation",
        "code",
        "details",
        "filled",
        "links",
        "placeholder",
        "replace",
        "text",
        "title",
        "xZufiCategory",
    }
)
_LINK = frozenset({"uri", "title", "description", "replace", "dynamicParameters", "languageCode"})
_DEEPEST = 5  # modules within modules; the real ones have a single level
_NAMES = frozenset({Module.TITLE, Module.OFFICIAL_TITLE})


class Modules:
    """Reads the modules of one service into its texts and links.

    ``names`` are the first title and official title met, each with its place.
    """

    def __init__(self, notes: Notes, texts: TextList, links: LinkList, remote_id: str) -> None:
        """Take where to put what is read."""
        self._notes = notes
        self._texts = texts
        self._links = links
        self._remote_id = remote_id
        self.names: dict[Module, tuple[str, str]] = {}

    def read(self, value: object, pointer: str) -> None:
        """Read all modules that are filled and no placeholders."""
        for place, found in items(value, pointer):
            if not isinstance(found, dict):
                message = f"There is {kind(found)} where a text module belongs."
                self._notes.warning("module", place, message, self._remote_id)
            elif _is_filled(found):
                self._read(found, place)

    def _read(self, found: Object, place: str) -> None:
        self._look(found, place)
        module = self._module(found, place)
        title = text(found.get("title"))
        heading = title if module is Module.OTHER else ""
        body = self._compose(found, place, LINK_ROLES.get(module, LinkRole.INFORMATION), 0)
        where = place if _is_composed(found) else f"{place}/text"
        if self._texts.add(module, body, where, f"pvog.module.{module}", heading) and module in _NAMES:
            self.names.setdefault(module, (clean_line(clean_text(body).html), where))

    def _look(self, found: Object, place: str) -> None:
        self._notes.unknown("a text module", found, _MODULE, place)
        self._notes.flat(found, ("title", "text", "code"), place, self._remote_id)

    def _module(self, found: Object, place: str) -> Module:
        code = text(found.get("code")).strip()
        category = text(found.get("xZufiCategory")).strip()
        module = MODULES.get(code.zfill(2)) or CATEGORIES.get(category)
        if module is None:
            message = f"The text module {code!r} is unknown; its text was kept under its title."
            self._notes.info("unknown-module", f"{place}/code", message, self._remote_id)
        return module or Module.OTHER

    def _compose(self, found: Object, place: str, role: LinkRole, depth: int) -> str:
        """The module's own text, then what stands beside it, as a list of „title: text“. Links are taken out."""
        self._take_links(found.get("links"), f"{place}/links", role)
        entries: list[str] = []
        for field in ("additionalInformation", "details"):
            for inner_place, inner in items(found.get(field), f"{place}/{field}"):
                if not isinstance(inner, dict):
                    entries.append(_entry("", text(inner)))
                elif depth == _DEEPEST:
                    message = "Text modules stand too deep inside each other; this one was not read."
                    self._notes.warning("module", inner_place, message, self._remote_id)
                elif _is_filled(inner):
                    self._look(inner, inner_place)
                    body = self._compose(inner, inner_place, role, depth + 1)
                    entries.append(_entry(text(inner.get("title")), body))
        listed = "".join(entry for entry in entries if entry)
        return clean_text(text(found.get("text"))).html + (f"<ul>{listed}</ul>" if listed else "")

    def _take_links(self, value: object, pointer: str, role: LinkRole) -> None:
        for place, link in items(value, pointer):
            read_link(link, place, role, self._links, self._notes)


def read_link(link: object, place: str, role: LinkRole, links: LinkList, notes: Notes) -> None:
    """Read a link: an object with ``uri`` and ``title``, or a bare address. ``place`` is relative to the record."""
    if not isinstance(link, dict):
        links.add(text(link), role, place, "pvog.link")
        return
    notes.unknown("a link", link, _LINK, links.place(place))
    links.add(
        text(link.get("uri")),
        role,
        f"{place}/uri",
        "pvog.link",
        label=text(link.get("title")) or text(link.get("description")),
        gaps=bool(link.get("dynamicParameters")),
    )


def _is_composed(found: Object) -> bool:
    """Tell whether a module's text is made of several values."""
    return bool(found.get("details") or found.get("additionalInformation"))


def _is_filled(found: Object) -> bool:
    return found.get("filled") not in (False, "false") and found.get("placeholder") not in (True, "true")


def _entry(title: str, body: str) -> str:
    """A list item „title: text“, or what there is of the two."""
    name = html.escape(clean_line(title), quote=False)
    words = clean_text(body).html
    both = f"{name}: {words}" if name and words else name or words
    return f"<li>{both}</li>" if both else ""
