"""Overrides: what an editor decides about one service. They beat every rule and survive every harvest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harvester.situations.finding import Finding
from harvester.situations.taxonomy import Situation


class Override(BaseModel):
    """One decision. ``service`` is the catalogue's id of the service, its LeiKa key, or ``source:remote id``.

    ``situations`` in the order in which they are to be shown; an empty list says: in no drawer at all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str = Field(min_length=1)
    situations: tuple[str, ...]
    because: str = Field(min_length=10)
    by: str = Field(min_length=1)
    date: dt.date


def read_overrides(
    files: Iterable[Path], situations: Mapping[str, Situation]
) -> tuple[dict[str, Override], list[Finding]]:
    """Overrides of some YAML files (each a list), by service.

    Wrong entries are findings and the others count: an unknown situation is left out of its override, an override of which none is left
    is dropped, of two for one service the first counts, a retired situation is replaced by its successor or left out.
    """
    found: dict[str, Override] = {}
    findings: list[Finding] = []
    for file in files:
        for number, entry in enumerate(_entries(file, findings), start=1):
            place = f"{file.name}#{number}"
            try:
                override = Override.model_validate(entry)
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(str(part) for part in problem["loc"])
                findings.append(_finding("override-invalid", place, f"{place}: Feld „{where}“: {problem['msg']}."))
                continue
            if override.service in found:
                message = f"{place}: Für {override.service} gibt es schon eine Entscheidung; diese zweite zählt nicht."
                findings.append(_finding("override-twice", place, message))
                continue
            kept = tuple(_known(override, place, situations, findings))
            if kept or not override.situations:
                found[override.service] = override.model_copy(update={"situations": kept})
    return found, findings


def unused_overrides(overrides: Mapping[str, Override], services: Collection[str]) -> list[Finding]:
    """A finding for every override whose service is gone. ``services``: all names a service can be called by in an override."""
    return [
        _finding(
            "override-gone",
            override.service,
            f"Die Leistung {override.service} gibt es nicht mehr; die Entscheidung von {override.by} vom {override.date} ruht.",
            "Den Eintrag entfernen oder auf die Nachfolgerin umschreiben.",
        )
        for override in overrides.values()
        if override.service not in services
    ]


def _entries(file: Path, findings: list[Finding]) -> list[object]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        findings.append(_finding("override-invalid", file.name, f"{file.name} ist kein lesbares YAML: {error}."))
        return []
    if content is None:
        return []
    if not isinstance(content, list):
        findings.append(_finding("override-invalid", file.name, f"{file.name} enthält keine Liste von Entscheidungen."))
        return []
    return content


def _known(
    override: Override, place: str, situations: Mapping[str, Situation], findings: list[Finding]
) -> Iterator[str]:
    for sid in override.situations:
        situation = situations.get(sid)
        if situation is None:
            findings.append(_finding("unknown-code", place, f"{place}: Die Lage {sid} gibt es nicht."))
        elif not situation.retired:
            yield sid
        else:
            successor = f"{situation.taxonomy}:{situation.successor}" if situation.successor else ""
            heir = successor if successor in situations else ""
            what = f"statt ihrer gilt {heir}" if heir else "eine Nachfolgerin ist nicht bekannt"
            message = f"{place}: Die Lage {sid} ({situation.name}) gilt seit {situation.retired} nicht mehr; {what}."
            findings.append(_finding("retired", place, message))
            if heir:
                yield heir


def _finding(
    rule: str, entity_id: str, message: str, hint: str = "Den Eintrag in data/overrides/ berichtigen."
) -> Finding:
    return Finding("warning", f"situations.{rule}", "override", entity_id, message, hint)
