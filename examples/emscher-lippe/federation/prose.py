"""Prose from content/ as HTML, and as the text modules that XZuFi and PVOG share."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from federation.leistung import Leistung, Prose

EMPTY = "nicht angegeben"
"""What editors leave behind where they had nothing to say."""


@dataclass(frozen=True)
class Module:
    """A text module: code of urn:de:xzufi:codeliste:leistungstextmodulleika, heading, HTML."""

    code: str
    heading: str
    html: str
    links: tuple[tuple[str, str], ...] = ()


def html(prose: Prose, items: str = "ul") -> str:
    """Paragraphs for a sentence, a list for several; HTML and the word for `nothing` pass unchanged."""
    if isinstance(prose, list):
        return f"<{items}>" + "".join(f"<li>{escape(item, quote=False)}</li>" for item in prose) + f"</{items}>"
    if not prose or prose.startswith("<") or prose == EMPTY:
        return prose
    return "".join(f"<p>{escape(part.strip(), quote=False)}</p>" for part in prose.strip().split("\n\n"))


def plain(prose: Prose) -> str:
    """One line of text; lists are joined with semicolons."""
    return "; ".join(prose) if isinstance(prose, list) else " ".join(prose.split())


def modules(service: Leistung) -> list[Module]:
    """The text modules a service fills, in the order PVOG shows them.

    Costs, deadlines and durations have modules of their own kind.
    """
    filled = [
        Module("24", "Kurzinfo", html(service.short)),
        Module("06", "Beschreibung", html(service.text)),
        Module("09", "Voraussetzungen", html(service.requirements)),
        Module("08", "Erforderliche Unterlagen", html(service.documents)),
        Module("16", "Hinweise (Besonderheiten)", html(service.notes)),
        Module("15", "weiterführende Informationen", "", service.links),
        Module("07", "Rechtsgrundlage(n)", html(service.legal)),
        Module("22", "Zuständige Stelle", html(service.office)),
        Module("02", "Leistungsbezeichnung", service.name),
        Module("03", "Leistungsbezeichnung II (Leistungsname)", service.title),
        Module("11", "Verfahrensablauf", html(service.procedure, "ol")),
    ]
    hidden = {"02", "03"} if "title" in service.omit else set()
    return [module for module in filled if (module.html or module.links) and module.code not in hidden]
