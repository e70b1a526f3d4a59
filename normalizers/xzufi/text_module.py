"""The modules of a service that hold texts."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from html import escape

from harvester.model import Clean
from normalizers.xzufi.draft import Draft
from normalizers.xzufi.element import NAMES, Element, child_of, children, code_of, line_of, markup_of, name_of, text_of
from normalizers.xzufi.language import MAIN, UNKNOWN, read_language
from normalizers.xzufi.module import APPROVAL, DOCUMENTS, OFFICIAL_TITLE, OTHER, SLOTS, TITLE, Slot
from normalizers.xzufi.text import line_as_text


def read_standard(draft: Draft, element: Element, step: str) -> None:
    """``modulText``: a text whose meaning the code list of modules tells."""
    code, heading = "", None
    contents: list[Element] = []
    links: list[Element] = []
    for child in element:
        name = NAMES[child.tag]
        if name == "inhalt":
            contents.append(child)
        elif name == "leikaTextmodul":
            code = code_of(child)
        elif name == "weiterfuehrenderLink":
            links.append(child)
        elif name == "leikaTextmodulAbweichendeBezeichnung" and heading is None:
            heading = child
    slot = SLOTS.get(code)
    if slot is None:
        slot = OTHER
        message = f"The text module {code!r} is not known; its texts were kept as 'other'"
        draft.count("unknown-module", code, step, message)
    _read_contents(draft, slot, contents, step)
    if links:
        _read_links(draft, slot, links, step)
    if heading is not None and (slot is TITLE or slot is OFFICIAL_TITLE) and (line := line_of(heading)):
        language = read_language(heading.get("languageCode"))
        draft.headings.setdefault(language, (line, f"{step}/leikaTextmodulAbweichendeBezeichnung[1]"))


def read_individual(draft: Draft, element: Element, step: str) -> None:
    """``modulTextIndividuell``: a module of the editors' own; the name they gave it becomes its heading."""
    name = ""
    contents: list[Element] = []
    links: list[Element] = []
    for child in element:
        match NAMES[child.tag]:
            case "individuellesTextmodultyp":
                name = name_of(child)
            case "inhalt":
                contents.append(child)
            case "weiterfuehrenderLink":
                links.append(child)
    _read_contents(draft, OTHER, contents, step, name)
    _read_links(draft, OTHER, links, step)


def read_documents(draft: Draft, element: Element, step: str) -> None:
    """``modulDokument``: what to bring. Its texts, and the names of the incoming documents as a list.

    Outgoing documents are what the authority hands out; they belong to no module of the common model.
    """
    names: dict[str, list[str]] = {}
    for name, number, child in children(element):
        locator = f"{step}/{name}[{number}]"
        match name:
            case "beschreibung" | "beschreibungEingehend":
                draft.texts.read(DOCUMENTS, language_of(draft, child, locator), markup_of(child), locator)
            case "weiterfuehrenderLink":
                draft.links.read(child, locator, DOCUMENTS.role)
            case "dokumentEingehend":
                # 2.3 wraps the document once more: dokumentEingehend/dokument
                wrapped = child_of(child, "dokument")
                for label in child if wrapped is None else wrapped:
                    if NAMES[label.tag] == "bezeichnung" and (line := line_of(label)):
                        names.setdefault(language_of(draft, label, locator), []).append(line)
    for language, lines in names.items():
        listed = "".join(f"<li>{escape(line, quote=False)}</li>" for line in lines)
        draft.texts.add(DOCUMENTS, language, Clean(f"<ul>{listed}</ul>", "\n".join(lines)), step)


def read_approval(draft: Draft, element: Element, step: str) -> None:
    """``modulFachlicheFreigabe``: the day of the approval. By whom is left out: it may name a person."""
    for name, number, child in children(element):
        if name != "fachlichFreigegebenAm" or not (value := text_of(child)):
            continue
        locator = f"{step}/{name}[{number}]"
        said = _say_approval(value[:10])
        if said is None:
            draft.warn("bad-time", locator, f"{value!r} is no date.")
        else:
            draft.texts.add(APPROVAL, MAIN, said, locator)


@lru_cache(maxsize=4096)  # editors approve many services on a day
def _say_approval(value: str) -> Clean | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return line_as_text(f"Fachlich freigegeben am {day:%d.%m.%Y}")


def language_of(draft: Draft, element: Element, locator: str) -> str:
    """The language of a text; one that cannot be read is told."""
    code = element.get("languageCode")
    language = read_language(code)
    if language == UNKNOWN:
        draft.count("unknown-language", str(code), locator, f"{code!r} is no language")
    return language


def _read_contents(draft: Draft, slot: Slot, contents: list[Element], step: str, heading: str = "") -> None:
    for number, content in enumerate(contents, 1):
        if raw := markup_of(content):
            locator = f"{step}/inhalt[{number}]"
            draft.texts.read(slot, language_of(draft, content, locator), raw, locator, heading)


def _read_links(draft: Draft, slot: Slot, links: list[Element], step: str) -> None:
    for number, link in enumerate(links, 1):
        draft.links.read(link, f"{step}/weiterfuehrenderLink[{number}]", slot.role)
