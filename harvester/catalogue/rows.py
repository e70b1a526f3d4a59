"""The rows of a service: from the merged model to the catalogue's columns. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from harvester.catalogue.bases import Bases
from harvester.catalogue.batch import Batch
from harvester.catalogue.german import stems_of
from harvester.catalogue.terms import search_terms
from harvester.merge import Combined, Member
from harvester.model import Link, Module, Service

_EDITORIAL = re.compile(r"[BLS]\d{6}\.(?:OE|OD)\.\S+")
_SUMMARY = 400
_SHORT = (Module.SUMMARY, Module.DESCRIPTION)
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#]|\Z)")
"""Most addresses: what stands there is the host as ``urlsplit`` would give it, after five times as long."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Times and whereabouts of a service, from the state. Times are UTC ISO 8601.

    ``scopes`` are its members' regions, blank between; of one that states none, the region of its source.
    """

    service_id: str
    slug: str
    status: str
    first_seen_at: str
    last_seen_at: str
    changed_at: str
    source_modified_at: str | None
    content_hash: str
    scopes: tuple[str, ...]


def add_service(batch: Batch, combined: Combined, members: tuple[Member, ...], seen: Seen, known: Known) -> None:
    """Add all rows of one service."""
    service, sid = combined.service, seen.service_id
    lead = combined.voices[0]
    source = lead.member.ref.source_id
    offices = (
        global_id(voice.member.ref.source_id, o) for voice in combined.voices for o in voice.record.organisations
    )
    organisation = next((office for office in offices if office in known.organisations), None)
    keys = [str(key) for key in service.leika_keys]
    summary = _summary(service)
    regions = sorted({ars for scope in seen.scopes for ars in scope.split()})
    base, texts = known.bases.place(service, sid, seen.changed_at, regions)
    batch.add(
        "service",
        (
            sid,
            seen.slug,
            keys[0] if keys else None,
            service.title,
            service.official_title or None,
            summary,
            str(lead.level),
            " ".join(service.audience),
            seen.status,
            source,
            organisation,
            service.language,
            seen.source_modified_at,
            seen.first_seen_at,
            seen.last_seen_at,
            seen.changed_at,
            seen.content_hash,
            base,
        ),
    )
    for leika_key in keys:
        batch.add("service_key", (sid, leika_key, "source", 1.0))
    for member in members:
        voice = next(v for v in combined.voices if v.member.ref == member.ref)
        batch.add("service_source", (sid, *member.ref, voice.record.page, member.reason, member.evidence))
    batch.rows["text_module"] += [
        (sid, language, module, None, None, same_as) if same_as else (sid, language, module, text.html, text.text, None)
        for language, module, text, same_as in texts
    ]
    stated = frozenset(service.regions)
    for ars in regions:
        batch.add("service_region", (sid, ars, "exact" if ars in stated else "assumed"))
    addresses = [(index, link) for index, link in enumerate(service.links) if not link.template]
    for position, (index, link) in enumerate(addresses):
        teller, _ = combined.taken.get(f"links/{index}", (0, ""))
        _add_link(batch, sid, position, link, combined.voices[teller].member.ref.source_id)
    synonyms = " ".join(service.synonyms)
    terms = search_terms(service.title, service.official_title, *service.synonyms)
    stems = " ".join(stems_of(service.title))
    batch.add(
        "service_search",
        (sid, service.title, service.official_title, synonyms, summary or "", terms, " ".join(regions), stems),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What other tables hold, so that no row refers to nothing, and none repeats what stands in another."""

    organisations: frozenset[str]
    bases: Bases = field(default_factory=Bases)


def _add_link(batch: Batch, sid: str, position: int, link: Link, source: str) -> None:
    link_id, host = name_link(link.url)
    batch.add("link", (link_id, link.url, host))
    online = global_id(source, link.online_service) if link.online_service else None  # those nobody describes go later
    batch.add("service_link", (sid, link_id, online, str(link.role), link.label, link.language, position, None))


@lru_cache(maxsize=10_000)  # most links of a source lead to a few addresses
def name_link(url: str) -> tuple[str, str]:
    """Identifier and host of an address; an address that cannot be read has no host."""
    link_id = hashlib.blake2b(url.encode(), digest_size=8).hexdigest()
    if plain := _PLAIN_HOST.match(url):
        return link_id, plain[1]
    try:
        return link_id, urlsplit(url).hostname or ""
    except ValueError:
        return link_id, ""


def global_id(source_id: str, remote_id: str) -> str:
    """Identifier of an office or online service in the catalogue: the editorial system's own, else with its source."""
    return remote_id if _EDITORIAL.fullmatch(remote_id) else f"{source_id}:{remote_id}"


def _summary(service: Service) -> str | None:
    """The short text, else the beginning of the description, cut at a word."""
    own = [t for t in service.texts if t.module in _SHORT and t.language == service.language]
    texts = {t.module: t.text for t in own}
    text = (texts.get(Module.SUMMARY) or texts.get(Module.DESCRIPTION) or "").replace("\n", " ")
    if len(text) <= _SUMMARY:
        return text or None
    return text[:_SUMMARY].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def slug_of(title: str, service_id: str) -> str:
    """A readable part of an address: words of the title, and the id's own end so that it is unique for ever."""
    folded = title.casefold()
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        folded = folded.replace(letter, pair)
    words = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60].rstrip("-")
    return f"{words or 'leistung'}-{service_id[1:]}"
