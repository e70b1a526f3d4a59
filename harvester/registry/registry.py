"""The registry: all sources of a workspace, read from ``sources/**/*.yml``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harvester.errors import UsageError
from harvester.model import Ars, Level
from harvester.registry.interfaces import INTERFACES
from harvester.registry.source import Source
from harvester.registry.yaml_lines import Lines, Place, YamlError, line_of, read_yaml

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file of the registry. ``field`` is dotted (``options.details``); empty for the whole file."""

    file: Path
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """One line, as compilers write it."""
        return f"{self.file}:{self.line}: {self.field + ': ' if self.field else ''}{self.message}"


@dataclass(frozen=True)
class Registry:
    """What the workspace's files say: sources by id, and what is wrong.

    ``unreadable`` are the ids (file names) of files that could not be read: such a source is neither harvested nor
    forgotten.
    """

    sources: dict[str, Source]
    files: dict[str, Path]
    problems: list[Problem] = field(default_factory=list)
    unreadable: frozenset[str] = frozenset()

    @property
    def known(self) -> frozenset[str]:
        """Ids of all sources that have a file, readable or not."""
        return self.unreadable | self.sources.keys()

    def pick(self, ids: Iterable[str] = (), *, level: Level | None = None, region: Ars | None = None) -> list[Source]:
        """Choose sources: those named (disabled ones too), else all enabled, narrowed by level and region.

        ``region`` takes in the regions inside it.

        Raises:
            UsageError: an id that the registry does not have.
        """
        named = list(dict.fromkeys(ids))
        if unknown := [i for i in named if i not in self.sources]:
            broken = [i for i in unknown if i in self.unreadable]
            hint = "its file has errors: harvester sources lint" if broken else "harvester sources list shows them all"
            raise UsageError(f"no source {', '.join(unknown)}; {hint}")
        chosen = [self.sources[i] for i in named] or [s for s in self.sources.values() if s.enabled]
        return [
            s
            for s in chosen
            if (level is None or s.level is level) and (region is None or region in (s.region, *s.region.parents))
        ]


def read_registry(directory: Path, environment: Mapping[str, str] = os.environ) -> Registry:
    """Read all files below ``directory``. Problems are collected, never raised."""
    sources: dict[str, Source] = {}
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    unreadable: set[str] = set()
    for file in sorted([*directory.rglob("*.yml"), *directory.rglob("*.yaml")]):
        if file.stem in files:
            problems.append(Problem(file, 1, "id", f"{files[file.stem]} has the same name"))
            continue
        files[file.stem] = file
        found = read_source(file, environment)
        if isinstance(found, Source):
            sources[found.id] = found
        else:
            problems += found
            unreadable.add(file.stem)
    return Registry(sources, files, problems, frozenset(unreadable))


def read_source(file: Path, environment: Mapping[str, str] = os.environ) -> Source | list[Problem]:
    """Read one file: the source, or everything that is wrong with it."""
    try:
        data, lines = read_yaml(file.read_text(encoding="utf-8"))
    except YamlError as error:
        return [Problem(file, error.line, "", f"not readable as YAML: {error}")]
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(file, 1, "", f"not readable: {error}")]
    if not isinstance(data, dict):
        return [Problem(file, 1, "", "a source is a mapping of fields; see docs/sources.md")]
    problems: list[Problem] = []
    options = _fill(data.get("options"), ("options",), environment, lambda *p: problems.append(_missing(file, lines, *p)))
    problems += _check_options(file, lines, data.get("interface"), options)
    try:
        source = Source.model_validate({**data, "options": {} if problems else options})
    except ValidationError as error:
        # an error of the options stands in the list already, with its own place
        return problems + [_problem(file, lines, e["loc"], e["msg"]) for e in error.errors() if e["loc"] or not problems]
    if source.id != file.stem:
        problems.append(_problem(file, lines, ("id",), f"the file must be called {source.id}.yml"))
    return problems or source


def _check_options(file: Path, lines: Lines, interface: Any, options: Any) -> list[Problem]:
    if interface not in INTERFACES:
        return []
    try:
        INTERFACES[interface].options.model_validate(options or {})
    except ValidationError as error:
        return [_problem(file, lines, ("options", *e["loc"]), e["msg"]) for e in error.errors()]
    return []


def _problem(file: Path, lines: Lines, place: Place, message: str) -> Problem:
    return Problem(file, line_of(lines, place), ".".join(map(str, place)), message.removeprefix("Value error, "))


def _missing(file: Path, lines: Lines, place: Place, name: str) -> Problem:
    return _problem(file, lines, place, f"the environment has no variable {name}, which this option names")


def _fill(value: Any, place: Place, environment: Mapping[str, str], missing: Any) -> Any:
    """Replace ``${NAME}`` in all texts below ``value``."""
    if isinstance(value, dict):
        return {key: _fill(below, (*place, key), environment, missing) for key, below in value.items()}
    if isinstance(value, list):
        return [_fill(below, (*place, index), environment, missing) for index, below in enumerate(value)]
    if not isinstance(value, str):
        return value
    for name in dict.fromkeys(_VARIABLE.findall(value)):
        if name not in environment:
            missing(place, name)
    return _VARIABLE.sub(lambda match: environment.get(match.group(1), ""), value)
