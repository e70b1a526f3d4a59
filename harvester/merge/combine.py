"""One service from the records of a cluster: which record speaks first, and what the others add. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harvester.merge.card import Member, Ref
from harvester.model import Level, Link, Service, Text


@dataclass(frozen=True, slots=True)
class Voice:
    """A record with what decides about its precedence."""

    member: Member
    level: Level
    record: Service
    contributes: bool = False


@dataclass(frozen=True, slots=True)
class Combined:
    """A service and where its values come from.

    ``taken`` tells for every field path the voice (an index into ``voices``) and the path under which the voice's own
    record knows the value.
    """

    service: Service
    voices: tuple[Voice, ...]
    taken: dict[str, tuple[int, str]]


def combine(voices: Sequence[Voice]) -> Combined:
    """Merge records field by field.

    Precedence: the record nearest to the citizen (Kommune before Bund), then the one changed last, then the fuller one,
    then the source's name. Titles come from the first; texts from the first that has the module in the language; links,
    synonyms, situations and offices are all kept, the first ones first. Contributors come last and give no title, keys
    or regions.
    """
    order = sorted(voices, key=_precedence)
    first = order[0].record
    if len(order) == 1:
        return Combined(first, tuple(order), {path: (0, path) for path in ("", *first.provenance)})
    taken: dict[str, tuple[int, str]] = {"": (0, ""), "title": (0, "title"), "official_title": (0, "official_title")}
    update = {
        "official_title": _first(order, "official_title", taken),
        "page": _first(order, "page", taken),
        "modified_at": _first(order, "modified_at", taken),
        "texts": _texts(order, taken),
        "links": _links(order, taken),
        "leika_keys": _all(order, "leika_keys", taken, contributors=False),
        "regions": _all(order, "regions", taken, contributors=False),
        "audience": _all(order, "audience", taken),
        "leika_types": _all(order, "leika_types", taken),
        "synonyms": _all(order, "synonyms", taken),
        "situations": _all(order, "situations", taken),
        "organisations": _all(order, "organisations", taken),
    }
    return Combined(first.model_copy(update=update), tuple(order), taken)


def _precedence(voice: Voice) -> tuple[bool, int, float, int, Ref]:
    record = voice.record
    changed = record.modified_at.timestamp() if record.modified_at else 0.0
    fullness = len(record.texts) + len(record.links)
    return voice.contributes, -voice.level.rank, -changed, -fullness, voice.member.ref


def _first(order: Sequence[Voice], field: str, taken: dict[str, tuple[int, str]]) -> object:
    for index, voice in enumerate(order):
        if value := getattr(voice.record, field):
            taken[field] = index, field
            return value
    return getattr(order[0].record, field)


def _all(
    order: Sequence[Voice], field: str, taken: dict[str, tuple[int, str]], *, contributors: bool = True
) -> tuple[object, ...]:
    found: dict[object, None] = {}
    for index, voice in enumerate(order):
        values = getattr(voice.record, field)
        if values and (contributors or not voice.contributes):
            taken.setdefault(field, (index, field))
            found.update(dict.fromkeys(values))
    return tuple(found)


def _texts(order: Sequence[Voice], taken: dict[str, tuple[int, str]]) -> tuple[Text, ...]:
    found: dict[tuple[str, str], Text] = {}
    for index, voice in enumerate(order):
        for text in voice.record.texts:
            if (text.module, text.language) not in found:
                found[text.module, text.language] = text
                path = f"texts/{text.module}/{text.language}"
                taken[path] = index, path
    return tuple(found.values())


def _links(order: Sequence[Voice], taken: dict[str, tuple[int, str]]) -> tuple[Link, ...]:
    found: dict[tuple[str, str, str], Link] = {}
    for index, voice in enumerate(order):
        for position, link in enumerate(voice.record.links):
            key = link.url, link.role, link.language
            if key not in found:
                taken[f"links/{len(found)}"] = index, f"links/{position}"
                found[key] = link
    return tuple(found.values())
