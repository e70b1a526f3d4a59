"""One service of a DLDB export."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from harvester.model import Found, LeikaKey, LinkRole, Module, Service, clean_line
from harvester.model.provenance import Trace, origin
from normalizers.address import clean_address
from normalizers.dldb.authorities import authority_ids
from normalizers.dldb.entries import SHELVES, prose, read_entries
from normalizers.keys import read_keys
from normalizers.language import read_language
from normalizers.link_list import LinkList
from normalizers.loose_json import Object, items, text, texts
from normalizers.moment import BERLIN, read_iso
from normalizers.notes import Notes
from normalizers.record import make
from normalizers.text_list import TextList

# relation.root_topic is a topic of a list the export does not have; maxQuantity, duration, combinable and
# showOnStartPage steer Munich's appointment software (duration is the length of an appointment, not of the procedure).
# So does public: Jagdschein and Sterbeurkunde have public: false, they are services like all others of the directory.
_SERVICE = frozenset(
    {
        "id",
        "name",
        "description",
        "fees",
        "process_time",
        "responsibility",
        "responsibility_all",
        "requirements",
        "prerequisites",
        "forms",
        "authorities",
        "locations",
        "legal",
        "links",
        "publications",
        "onlineprocessing",
        "appointment",
        "relation",
        "meta",
        "leika",
        "public",
        "maxQuantity",
        "showOnStartPage",
        "duration",
        "combinable",
    }
)
_META = frozenset({"lastupdate", "url", "locale", "keywords", "id", "hash", "translated"})
_TEXTS: dict[str, Module] = {
    "description": Module.DESCRIPTION,
    "fees": Module.FEES,
    "process_time": Module.DURATION,
    "responsibility": Module.COMPETENT_OFFICE,
}


def read_service(found: Object, remote_id: str, base: str, locale: str, notes: Notes) -> Found | None:
    """Read a service at the place ``base``; None, and an error, where it has no name."""
    notes.unknown("a service", found, _SERVICE, base)
    meta = found.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    notes.unknown("a service's meta", meta, _META, f"{base}/meta")
    title = clean_line(text(found.get("name")))
    if not title:
        notes.error("no-title", f"{base}/name", "The service has no name and was not read.", remote_id)
        return None
    trace: Trace = {"remote_id": origin("id", "dldb.id"), "title": origin("name", "dldb.title")}
    language = _language(meta, locale, trace)
    text_list = TextList(language)
    links = LinkList(notes, trace, remote_id, language, base)
    notes.flat(found, _TEXTS, base, remote_id)
    for field, module in _TEXTS.items():
        text_list.add(module, prose(found.get(field)), field, f"dldb.{field}")
    _add_action(found, "onlineprocessing", LinkRole.APPLY, links)
    _add_action(found, "appointment", LinkRole.APPOINTMENT, links)
    online = found.get("onlineprocessing")
    if isinstance(online, dict):
        text_list.add(Module.PROCEDURE, prose(online.get("description")), "onlineprocessing/description", "dldb.online")
    for field in SHELVES:
        read_entries(found.get(field), field, text_list, links, notes)
    fields: dict[str, Any] = {
        "remote_id": remote_id,
        "title": title,
        "language": language,
        "leika_keys": _keys(found, remote_id, base, trace, notes),
        "texts": text_list.finish(trace),
        "links": links.links,
        "synonyms": _synonyms(meta, trace),
        "organisations": authority_ids(found.get("authorities")),
        "page": _page(meta, remote_id, base, trace, notes),
        "modified_at": _modified_at(meta, remote_id, base, trace, notes),
        "provenance": trace,
    }
    if fields["organisations"]:
        trace["organisations"] = origin("authorities", "dldb.authorities")
    return make(notes, Service, base, fields)


def _language(meta: Object, locale: str, trace: Trace) -> str:
    """The language of the record. ``translated: false`` in a foreign export means that the texts are still German."""
    own = text(meta.get("locale"))
    language = read_language(own, read_language(locale, "de"))
    if language != "de" and meta.get("translated") in (False, "false"):
        trace["language"] = origin("meta/translated", "dldb.untranslated")
        return "de"
    if own:
        trace["language"] = origin("meta/locale", "dldb.language")
    return language


def _add_action(found: Object, field: str, role: LinkRole, links: LinkList) -> None:
    """Add the link of ``onlineprocessing`` or ``appointment``: an object with ``link``, or a bare address."""
    for place, value in items(found.get(field), field):
        if isinstance(value, dict):
            links.add(text(value.get("link")), role, f"{place}/link", f"dldb.{field}")
        else:
            links.add(text(value), role, place, f"dldb.{field}")


def _keys(found: Object, remote_id: str, base: str, trace: Trace, notes: Notes) -> tuple[LeikaKey, ...]:
    keys = read_keys(key for _, key in texts(found.get("leika"), ""))
    for broken in keys.broken:
        message = f"{broken!r} is no LeiKa key (14 digits beginning with 99)."
        notes.warning("key", f"{base}/leika", message, remote_id)
    if keys.good:
        trace["leika_keys"] = origin("leika", "dldb.leika")
    return keys.good


def _synonyms(meta: Object, trace: Trace) -> tuple[str, ...]:
    words = (clean_line(word) for _, line in texts(meta.get("keywords"), "") for word in line.split(","))
    synonyms = tuple(dict.fromkeys(word for word in words if word))
    if synonyms:
        trace["synonyms"] = origin("meta/keywords", "dldb.keywords")
    return synonyms


def _page(meta: Object, remote_id: str, base: str, trace: Trace, notes: Notes) -> str:
    """The page for people; an address with gaps is none."""
    address = clean_address(text(meta.get("url")))
    if address.problem:
        notes.warning("address", f"{base}/meta/url", address.problem, remote_id)
    if not address.url or address.template:
        return ""
    trace["page"] = origin("meta/url", "dldb.page")
    return address.url


def _modified_at(meta: Object, remote_id: str, base: str, trace: Trace, notes: Notes) -> datetime | None:
    written = text(meta.get("lastupdate")).strip()
    moment = read_iso(written, BERLIN)
    if moment:
        trace["modified_at"] = origin("meta/lastupdate", "dldb.lastupdate")
    elif written:
        notes.warning("time", f"{base}/meta/lastupdate", f"{written!r} is no time (ISO 8601).", remote_id)
    return moment
