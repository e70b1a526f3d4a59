"""Files with editors' decisions: YAML lists in a folder of ``data/``, the project's own and those of a workspace."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from harvester.data import data_file

Entry = TypeVar("Entry", bound=BaseModel)

Wrong = tuple[str, str]
"""What cannot be read: the place, and the problem in German."""


def editorial_files(kind: str, beside: Path | None = None) -> tuple[Path, ...]:
    """The YAML files of ``data/<kind>``: the project's own, and those of another ``data`` directory, as a workspace may have one."""
    places = [data_file(kind)] + ([beside / kind] if beside else [])
    return tuple({file.resolve(): file for place in places for file in sorted(place.glob("*.yml"))})


def read_entries(files: Iterable[Path], model: type[Entry], wrong: list[Wrong]) -> Iterator[tuple[str, Entry]]:
    """All entries with their places (file and number); what is none is told in ``wrong``, and the others count."""
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
                yield place, model.model_validate(entry)
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(str(part) for part in problem["loc"])
                wrong.append((place, f"{place}: Feld „{where}“: {problem['msg']}."))


def rewrite_entries(file: Path, names: str, gone: Iterable[object], new: Sequence[dict[str, Any]]) -> None:
    """Take the entries out whose field ``names`` is one of ``gone``, and add new ones; in one step.

    Comments in the file do not stay, those in other files of the folder do.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    entries = (yaml.safe_load(file.read_text(encoding="utf-8")) or []) if file.exists() else []
    away = set(gone)
    kept = [entry for entry in entries if entry.get(names) not in away]
    half = file.with_name(f"{file.name}.{os.getpid()}.half")
    half.write_text(yaml.safe_dump([*kept, *new], allow_unicode=True, sort_keys=False), encoding="utf-8")
    half.replace(file)
