"""Part a page's text at its headings, so that fees are fees and documents are documents."""

from __future__ import annotations

import html as entities
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import html

from harvester.model import clean_line
from harvester.sites.headings import is_about_people, module_of
from normalizers.website.page import Element, Page, outer, words

_RANK = {f"h{rank}": rank for rank in range(1, 7)}
_ALWAYS = ("dt", "summary")
_OTHER_RANK = {"dt": 7, "summary": 3}
_SKIPPED = frozenset(
    {"script", "style", "template", "noscript", "iframe", "svg", "button", "input", "select", "textarea"}
)


@dataclass
class Section:
    """A heading (empty before the first one) and what stands below it: elements and bare words.

    ``closes`` marks what follows a box: it belongs to no heading.
    """

    heading: str = ""
    rank: int = 1
    element: Element | None = None
    pieces: list[Element | str] = field(default_factory=list)
    closes: bool = False

    @property
    def html(self) -> str:
        """What stands below the heading, as HTML."""
        return "".join(entities.escape(p, quote=False) if isinstance(p, str) else outer(p) for p in self.pieces)

    def links(self) -> Iterator[Element]:
        """The anchors below the heading."""
        for piece in self.pieces:
            if not isinstance(piece, str):
                yield from piece.iter("a")


def sections(page: Page, main: Element, headings: Sequence[str]) -> list[Section]:
    """The sections of a part of a page, without those that are about people.

    A heading that names nothing known and is deeper than the one before belongs to that one's text.
    """
    marks = {element: _RANK[element.tag] for element in main.iter(*_RANK)}
    for selector in (*_ALWAYS, *headings):
        for element in page.all(selector, main):
            marks.setdefault(element, _OTHER_RANK.get(element.tag, 3))
    above = {parent for element in marks for parent in element.iterancestors()}
    found = [Section()]
    _walk(main, marks, above, found)
    return list(_without_people(_fold(found)))


def _walk(parent: Element, marks: dict[Element, int], above: set[Element], found: list[Section]) -> None:
    """Go down only where there are headings; the parser keeps pages from being deeper than 255 elements.

    A box that holds a heading and its text ends that text; one that holds nothing but the heading does not.
    """
    _add_words(parent.text, found)
    for child in parent:
        if child in marks:
            found.append(Section(clean_line(words(child)), marks[child], child))
        elif child in above:
            before = len(found)
            _walk(child, marks, above, found)
            if len(found) > before and found[-1].pieces and found[-1].heading:
                found.append(Section(closes=True))
        elif child.tag not in _SKIPPED:
            found[-1].pieces.append(child)
        _add_words(child.tail, found)


def _add_words(text: str | None, found: list[Section]) -> None:
    if text and text.strip():
        found[-1].pieces.append(text)


def _fold(found: Iterable[Section]) -> Iterator[Section]:
    """Let unknown headings below a known one stay in its text."""
    current: Section | None = None
    for section in found:
        if section.closes and not section.pieces:
            continue
        known = module_of(section.heading) is not None or is_about_people(section.heading)
        if current is not None and section.heading and not known and section.rank > current.rank and current.heading:
            title = clean_line(section.heading)
            current.pieces += [_strong(title), *section.pieces]
            continue
        if current is not None:
            yield current
        current = section
    if current is not None:
        yield current


def _strong(title: str) -> Element:
    made = html.Element("h4")
    made.text = title
    return made


def _without_people(found: Iterator[Section]) -> Iterator[Section]:
    skipped = 0
    for section in found:
        if is_about_people(section.heading):
            skipped = section.rank
        elif not skipped or section.closes or section.rank <= skipped or module_of(section.heading) is not None:
            skipped = 0
            yield section
