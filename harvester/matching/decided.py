"""Keys that editors decide: ``data/keys/*.yml``. They count before every rule and survive every harvest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harvester.data import data_file
from harvester.model import LeikaKey


class Decided(BaseModel):
    """One decision. ``service`` is the catalogue's id of the service or ``source:remote id``; no keys says: this has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str = Field(min_length=1)
    leika_keys: tuple[LeikaKey, ...]
    because: str = Field(min_length=10)
    by: str = Field(min_length=1)
    date: dt.date


def decision_files(beside: Path | None = None) -> tuple[Path, ...]:
    """The files with decisions: the project's own, and those of another ``data`` directory, as a workspace may have one."""
    places = [data_file("keys")] + ([beside / "keys"] if beside else [])
    return tuple({file.resolve(): file for place in places for file in sorted(place.glob("*.yml"))})


def read_decided(files: Iterable[Path]) -> tuple[dict[str, Decided], list[tuple[str, str]]]:
    """Decisions by service, and what is wrong in the files as (place, problem in German). Of two for one service the first counts."""
    found: dict[str, Decided] = {}
    wrong: list[tuple[str, str]] = []
    for file in files:
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            wrong.append((file.name, f"{file.name} ist kein lesbares YAML: {error}."))
            continue
        entries = content if isinstance(content, list) else [] if content is None else [content]
        for number, entry in enumerate(entries, start=1):
            place = f"{file.name}#{number}"
            try:
                decided = Decided.model_validate(entry)
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(str(part) for part in problem["loc"])
                wrong.append((place, f"{place}: Feld „{where}“: {problem['msg']}."))
                continue
            if decided.service in found:
                wrong.append(
                    (
                        place,
                        f"{place}: Für {decided.service} gibt es schon eine Entscheidung; diese zweite zählt nicht.",
                    )
                )
            else:
                found[decided.service] = decided
    return found, wrong
