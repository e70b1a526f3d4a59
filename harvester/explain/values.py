"""The values of a service by field path, as texts. Pure."""

from __future__ import annotations

from harvester.model import Entity, Service


def values_of(record: Entity) -> dict[str, str]:
    """Every filled field of a record, such as ``title``, ``texts/fees/de``, ``links/0`` and ``leika_keys``."""
    values: dict[str, str] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in ("provenance", "kind", "texts", "links") or value in ("", None, ()):
            continue
        values[name] = ", ".join(map(_told, value)) if isinstance(value, tuple) else _told(value)
    for text in getattr(record, "texts", ()):
        values[f"texts/{text.module}/{text.language}"] = text.html
    for index, link in enumerate(getattr(record, "links", ())):
        template = " (template, no address)" if link.template else ""
        values[f"links/{index}"] = f"{link.role}: {link.url}{template}" + (f" „{link.label}“" if link.label else "")
    return values


def paths_for(field: str, values: dict[str, str], service: Service) -> list[str]:
    """Field paths that a person means by a word: the path itself, its beginning, a text module, or a catalogue column."""
    columns = {
        "leika_key": "leika_keys",
        "source_modified_at": "modified_at",
        "organisation_id": "organisations",
        "ars": "regions",
        "region": "regions",
        "url": "links",
        "link": "links",
        "situation": "situations",
    }
    field = columns.get(field, field)
    if field == "summary":
        field = "summary" if any(text.module == "summary" for text in service.texts) else "description"
    exact = [path for path in values if path == field or path.startswith(f"{field}/")]
    return exact or [path for path in values if path.startswith(f"texts/{field}/")]


def _told(value: object) -> str:
    code, name = getattr(value, "code", None), getattr(value, "name", None)
    if code is not None:
        return f"{code} {name}" if name else str(code)
    return str(value)
