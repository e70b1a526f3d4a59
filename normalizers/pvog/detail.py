"""A PVOG detail (Suchdienst API, ``/v5/…/detail`` and ``/v6/…/detail``): everything about one service.

``externalLastUpdate`` is when the editors last changed it; ``timestamp`` and ``lastUpdate`` are times of import and say
nothing. ``suggest`` holds word stems for a search box, no synonyms. Validity is not judged here.
"""

from __future__ import annotations

from collections.abc import Iterator

from harvester.model import Context, Document, LinkRole, Module, Reading, Service, Text, clean_line
from harvester.model.provenance import Trace, origin
from normalizers.language import read_language
from normalizers.link_list import LinkList
from normalizers.loose_json import Object, items, load_object, text
from normalizers.notes import Notes
from normalizers.pvog.facts import Facts
from normalizers.pvog.modules import Modules, read_link
from normalizers.pvog.online import read_online_services
from normalizers.record import make
from normalizers.text_list import TextList

_KNOWN = frozenset(
    {
        "id",
        "name",
        "description",
        "leikakeys",
        "sdgInformation",
        "languageCode",
        "timestamp",
        "ars",
        "sourcePortals",
        "languageComplete",
        "availableLanguages",
        "organisationIds",
        "lastUpdate",
        "externalLastUpdate",
        "addressees",
        "arsFederalstate",
        "validFrom",
        "validTo",
        "validityPeriods",
        "synonyms",
        "details",
        "typing",
        "onlineServiceLinks",
        "personalMatters",
        "forms",
        "suggest",
    }
)


def read_detail(document: Document, context: Context) -> Iterator[Reading]:
    """Read the service, then its online services, then what was odd about them."""
    found = load_object(document)
    notes = Notes("pvog")
    notes.unknown("a detail", found, _KNOWN, "")
    notes.flat(found, ("name", "description", "languageCode", "externalLastUpdate"), "")
    remote_id = clean_line(text(found.get("id")))
    if not remote_id:
        notes.error("no-id", "/id", "The detail names no service and was not read.")
    else:
        if document.note and document.note != remote_id:
            notes.warning("other-id", "/id", f"{document.note!r} was asked for, and {remote_id!r} came.", remote_id)
        yield from _read(found, remote_id, context, notes)
    yield from notes.take()


def _read(found: Object, remote_id: str, context: Context, notes: Notes) -> Iterator[Reading]:
    language = read_language(text(found.get("languageCode")), context.options.language)
    trace: Trace = {"remote_id": origin("/id", "pvog.id")}
    if found.get("languageCode"):
        trace["language"] = origin("/languageCode", "pvog.language")
    links = LinkList(notes, trace, remote_id, language)
    online = list(read_online_services(found.get("onlineServiceLinks"), "/onlineServiceLinks", links, notes, language))
    texts = TextList(language, "/details")
    modules = Modules(notes, texts, links, remote_id)
    modules.read(found.get("details"), "/details")
    for place, form in items(found.get("forms"), "/forms"):
        read_link(form, place, LinkRole.FORM, links, notes)
    title, official = _names(found, modules)
    if not title[0]:
        notes.error("no-title", "/name", "The service has no name and was not read.", remote_id)
        return
    trace["title"] = origin(title[1], "pvog.title")
    if official[0]:
        trace["official_title"] = origin(official[1], "pvog.official-title")
    fields = {
        "remote_id": remote_id,
        "title": title[0],
        "official_title": official[0],
        "language": language,
        "texts": _with_summary(texts.finish(trace), found, language, trace),
        "links": links.links,
        **Facts(found, remote_id, trace, notes).read(),
        "provenance": trace,
    }
    service = make(notes, Service, "", fields)
    if service:
        yield service
        yield from online


def _names(found: Object, modules: Modules) -> tuple[tuple[str, str], tuple[str, str]]:
    """Title and official title with their places: modules 03 and 02; the field ``name`` helps out, then the other."""
    official = modules.names.get(Module.OFFICIAL_TITLE, ("", ""))
    if Module.TITLE in modules.names:
        return modules.names[Module.TITLE], official
    name = clean_line(text(found.get("name")))
    return (name, "/name") if name else official, official


def _with_summary(texts: tuple[Text, ...], found: Object, language: str, trace: Trace) -> tuple[Text, ...]:
    """The field ``description`` repeats the short text; it counts where there is no module for it."""
    if any(entry.module is Module.SUMMARY for entry in texts):
        return texts
    summary = TextList(language)
    summary.add(Module.SUMMARY, text(found.get("description")), "/description", "pvog.description")
    return texts + summary.finish(trace)
