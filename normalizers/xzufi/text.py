"""Texts of a service: one per module and language."""

from __future__ import annotations

import re
from html import escape

from harvester.model import Clean, Origin, clean_line, clean_text, is_placeholder
from normalizers.xzufi.module import OFFICIAL_TITLE, TITLE, Slot
from normalizers.xzufi.origins import place

_BLOCK = re.compile(r"<(?:p|h[1-6]|ul|ol)>")


class Texts:
    """The texts of one record under construction; what comes twice in a module is joined in its order."""

    __slots__ = ("_parts", "_provenance")

    def __init__(self, provenance: dict[str, Origin]) -> None:
        """Take where origins go."""
        self._provenance = provenance
        self._parts: dict[str, tuple[Slot, str, list[Clean]]] = {}

    def read(self, slot: Slot, language: str, raw: str, locator: str, heading: str = "") -> None:
        """Clean a text and keep it, below its heading if it has one, unless it is empty or a placeholder."""
        if slot is TITLE or slot is OFFICIAL_TITLE:
            line = clean_line(raw)
            cleaned = Clean("", "") if is_placeholder(line) else line_as_text(line)
        else:
            cleaned = clean_text(raw)
        if not cleaned.text:
            return
        if heading:
            html = f"<h4>{escape(heading, quote=False)}</h4>{_block(cleaned.html)}"
            cleaned = Clean(html, f"{heading}\n{cleaned.text}")
        self.add(slot, language, cleaned, locator)

    def add(self, slot: Slot, language: str, cleaned: Clean, locator: str) -> None:
        """Keep a clean text; word for word the same in one module is kept once."""
        key = slot.path + language
        known = self._parts.get(key)
        if known is None:
            self._parts[key] = (slot, language, [cleaned])
            self._provenance[key] = place(locator, slot.rule)
        elif cleaned not in known[2]:
            self._provenance[f"{key}/{len(known[2])}"] = place(locator, slot.rule)
            known[2].append(cleaned)

    def has(self, slot: Slot, language: str) -> bool:
        """Tell whether a module has a text in a language."""
        return slot.path + language in self._parts

    def lines(self, slot: Slot) -> dict[str, str]:
        """The first line of a module in each language: titles."""
        return {language: parts[0].text for known, language, parts in self._parts.values() if known is slot}

    @property
    def languages(self) -> set[str]:
        """All languages that a text is in."""
        return {language for _, language, _ in self._parts.values()}

    def finish(self) -> list[dict[str, str]]:
        """The fields of the texts, in the order of their first parts.

        Validated together with the record they take half the time that they take one by one.
        """
        found: list[dict[str, str]] = []
        for slot, language, parts in self._parts.values():
            html, text = parts[0] if len(parts) == 1 else _join(parts)
            found.append({"language": language, "module": slot.module, "html": html, "text": text})
        return found


def line_as_text(line: str) -> Clean:
    """A plain line in both forms."""
    return Clean(escape(line, quote=False), line)


def _block(html: str) -> str:
    """A text that can stand beside another without running into it."""
    return html if _BLOCK.match(html) else f"<p>{html}</p>"


def _join(parts: list[Clean]) -> Clean:
    return Clean("".join(_block(part.html) for part in parts), "\n".join(part.text for part in parts))
