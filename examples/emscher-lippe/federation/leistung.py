"""One service description as written in content/, before any format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

FORMS = "http://127.0.10.9:8642/antrag/"
"""Where the sample's application forms live."""

Prose = str | list[str]
"""A plain sentence, HTML when it starts with `<`, or a list of sentences."""


@dataclass(frozen=True)
class Onlinedienst:
    """An online service: number, title, address, and the trust level it asks for (10, 15, 20, 30, 40)."""

    id: str
    title: str
    url: str
    trust: str = "10"
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leistung:
    """A service. `name` is the catalogue's name, `title` the one for citizens.

    `omit` (fields left out), `single` (lists written as their only member) and `raw` (values as they are) spoil the
    record on purpose.
    """

    id: str
    keys: tuple[str, ...] = ()
    name: str = ""
    title: str = ""
    language: str = "de"
    short: str = ""
    text: str = ""
    requirements: Prose = ""
    documents: Prose = ""
    procedure: Prose = ""
    legal: Prose = ""
    notes: str = ""
    fee: Prose = ""
    deadline: Prose = ""
    duration: str = ""
    office: str = ""
    english: Mapping[str, str] | None = None
    links: tuple[tuple[str, str], ...] = ()
    online: tuple[Onlinedienst, ...] = ()
    synonyms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    type: str = ""
    business: bool = False
    edited: str = ""
    org: str = ""
    omit: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    raw: Mapping[str, Any] | None = None


def leistung(written: Mapping[str, Any], edited: str, org: str) -> Leistung:
    """Read one entry of content/.

    `apply: hundesteuer` is short for an online service on the sample's forms host.

    Raises:
        ValueError: a field that a service does not have.
    """
    value: dict[str, Any] = {"edited": edited, "org": org, **written}
    form = value.pop("apply", None)
    services = [form] if isinstance(form, str) else value.get("online", [])
    value["online"] = tuple(_online(service, value) for service in services)
    value["links"] = tuple((title, url) for title, url in value.get("links", []))
    for name in ("keys", "synonyms", "topics", "omit", "single"):
        value[name] = tuple(value.get(name, ()))
    known = {f.name for f in fields(Leistung)}
    if unknown := value.keys() - known:
        raise ValueError(f"service {value.get('id')}: unknown fields {sorted(unknown)}")
    return Leistung(**value)


def _online(service: str | Mapping[str, Any], of: Mapping[str, Any]) -> Onlinedienst:
    if isinstance(service, str):
        return Onlinedienst(id=f"9{of['id']}", title=f"{of.get('title', '')} (Online-Antrag)", url=FORMS + service)
    return Onlinedienst(**{**service, "parameters": tuple(service.get("parameters", ()))})
