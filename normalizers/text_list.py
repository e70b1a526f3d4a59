"""Collect the texts of one record."""

from __future__ import annotations

import html
import re

from harvester.model import Module, Text, clean_line, clean_text
from harvester.model.provenance import Trace, origin

_BLOCK = re.compile(r"<(?:p|h[1-6]|ul|ol)>")


class TextList:
    """The texts of a record in one language, one per module.

    Where a source fills a module twice (Kurztext and Teaser are both summaries), both stay, one after the other; such a
    text comes from the place that ``together`` names, or from that of its first part. The same words twice stay once.
    """

    def __init__(self, language: str, together: str = "") -> None:
        """Begin empty."""
        self._language = language
        self._together = together
        self._parts: dict[Module, dict[str, tuple[str, str]]] = {}

    def add(self, module: Module, raw: str, locator: str, rule: str, heading: str = "") -> bool:
        """Add a text, cleaned; says whether there was one behind markup and placeholders."""
        clean = clean_text(raw)
        if clean.text:
            title = clean_line(heading)
            part = f"<h4>{html.escape(title, quote=False)}</h4>{_block(clean.html)}" if title else clean.html
            self._parts.setdefault(module, {}).setdefault(part, (locator, rule))
        return bool(clean.text)

    def finish(self, trace: Trace) -> tuple[Text, ...]:
        """The texts, and their origins into the record's trace."""
        texts: list[Text] = []
        for module, parts in self._parts.items():
            clean = clean_text(next(iter(parts)) if len(parts) == 1 else "".join(map(_block, parts)))
            texts.append(Text(language=self._language, module=module, html=clean.html, text=clean.text))
            locator, rule = next(iter(parts.values()))
            place = locator if len(parts) == 1 else self._together or locator
            trace[f"texts/{module}/{self._language}"] = origin(place, rule)
        return tuple(texts)


def _block(part: str) -> str:
    """A part that can stand beside another without running into it."""
    return part if _BLOCK.match(part) else f"<p>{part}</p>"
