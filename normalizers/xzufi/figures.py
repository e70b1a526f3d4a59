"""Modules that hold figures besides texts: fees, deadlines, processing times.

A text in words wins. Where a language has none, the figures are put into a sentence; an entry with an explanation
of its own always gets both, since „für Kinder“ means nothing without its amount.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from harvester.model import Clean, Module, clean_text
from normalizers.xzufi.amount import say_fee
from normalizers.xzufi.draft import Draft
from normalizers.xzufi.element import Element, children, markup_of
from normalizers.xzufi.language import MAIN
from normalizers.xzufi.module import Slot
from normalizers.xzufi.period import say_period
from normalizers.xzufi.text_module import language_of

_ENTRIES = frozenset({"kosten", "frist", "bearbeitungsdauer"})
_ENGLISH = "en"


def reader(slot: Slot) -> Callable[[Draft, Element, str], None]:
    """The reader of such a module: its texts and links now, its figures at the end of the record."""

    def read(draft: Draft, element: Element, step: str) -> None:
        for name, number, child in children(element):
            locator = f"{step}/{name}[{number}]"
            if name == "beschreibung":
                draft.texts.read(slot, language_of(draft, child, locator), markup_of(child), locator)
            elif name == "weiterfuehrenderLink":
                draft.links.read(child, locator, slot.role)
            elif name in _ENTRIES:
                draft.figures.append((slot, locator, child))

    return read


def put_into_words(draft: Draft) -> None:
    """Say the figures that were kept, in German, and in English where the service has English texts."""
    if not draft.figures:
        return
    texts = draft.texts
    spoken = [MAIN, _ENGLISH] if _ENGLISH in texts.languages else [MAIN]
    silent = {(slot, language) for slot, _, _ in draft.figures for language in spoken if not texts.has(slot, language)}
    for slot, locator, entry in draft.figures:
        _say(draft, slot, locator, entry, [language for language in spoken if (slot, language) in silent])


def _say(draft: Draft, slot: Slot, locator: str, entry: Element, silent: list[str]) -> None:
    own: dict[str, list[tuple[Clean, str]]] = {language: [] for language in silent}
    for name, number, child in children(entry):
        place = f"{locator}/{name}[{number}]"
        if name == "linkKostenbildung":
            draft.links.read(child, place, slot.role)
        elif name == "beschreibung" and (cleaned := clean_text(markup_of(child))).text:
            own.setdefault(language_of(draft, child, place), []).append((cleaned, place))
    for language, explanations in own.items():
        sentence = _sentence(slot, entry, language)
        if sentence:
            said = Clean(f"<p>{escape(sentence, quote=False)}</p>", sentence)
            draft.texts.add(slot, language, said, locator)
        for cleaned, place in explanations:
            draft.texts.add(slot, language, cleaned, place)


def _sentence(slot: Slot, entry: Element, language: str) -> str:
    if language not in {MAIN, _ENGLISH}:
        return ""
    if slot.module is Module.FEES:
        return say_fee(entry, language)
    return say_period(entry, language, slot.module)
