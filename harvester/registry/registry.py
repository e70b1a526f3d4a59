"""The registry: all sources of a workspace, read from ``sources/**/*.yml``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from inspect import isclass
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError

from harvester.errors import UsageError
from harvester.model import Ars, Level
from harvester.registry.interfaces import INTERFACES, Interface
from harvester.registry.source import Source
from harvester.registry.yaml_lines import Lines, Place, YamlError, line_of, read_yaml

_M = TypeVar("_M", bound=BaseModel)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file of the registry.

    ``line`` counts from 1. ``field`` is dotted (``options.details``); empty for the whole file.
    """

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
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return [Problem(file, line, "", "not readable: the file must be UTF-8")]
    except OSError as error:
        return [Problem(file, 1, "", f"not readable: {error.strerror}")]
    if not isinstance(data, dict):
        return [Problem(file, 1, "", "a source is a mapping of fields; see docs/sources.md")]
    page = _Page(file, lines, data)
    options = page.fill(data.get("options", {}), ("options",), environment)
    page.check_options(options)
    source = page.check({key: value for key, value in data.items() if key != "options"}, options)
    if source is not None and source.id != file.stem:
        page.add(("id",), f"the file must be called {source.id}.yml")
    return page.problems if source is None or page.problems else source


@dataclass(frozen=True)
class _Page:
    """A file under examination: where its keys stand, and what was found."""

    file: Path
    lines: Lines
    data: Mapping[str, object]
    problems: list[Problem] = field(default_factory=list)

    @property
    def interface(self) -> Interface | None:
        return INTERFACES.get(str(self.data.get("interface")))

    def add(self, place: Place, message: str) -> None:
        self.problems.append(Problem(self.file, line_of(self.lines, place), ".".join(map(str, place)), message))

    def fill(self, value: object, place: Place, environment: Mapping[str, str]) -> object:
        """Replace ``${NAME}`` in all texts below ``value``."""
        if isinstance(value, dict):
            return {key: self.fill(below, (*place, key), environment) for key, below in value.items()}
        if isinstance(value, list):
            return [self.fill(below, (*place, index), environment) for index, below in enumerate(value)]
        if not isinstance(value, str):
            return value
        for name in dict.fromkeys(_VARIABLE.findall(value)):
            if name not in environment:
                self.add(place, f"the environment has no variable {name}, which this option names")
        return _VARIABLE.sub(lambda match: environment.get(match.group(1), ""), value)

    def check_options(self, options: object) -> None:
        """Hold the options against the interface's model, and see that no secret is written down."""
        if self.interface is None or self.problems:
            return
        if not isinstance(options, dict):
            self.add(("options",), "options are a mapping of names to values")
            return
        written = self.data.get("options")
        for name in self.interface.options.secrets():
            value = written.get(name) if isinstance(written, dict) else None
            if isinstance(value, str) and not _VARIABLE.fullmatch(value):
                self.add(("options", name), "secrets never stand in YAML: write ${NAME} and set that variable")
        self.take(self.interface.options, options, ("options",))

    def check(self, data: dict[str, object], options: object) -> Source | None:
        """Hold the other fields against the model."""
        return self.take(Source, {**data, "options": {} if self.problems else options}, ())

    def take(self, model: type[_M], data: dict[str, object], above: Place) -> _M | None:
        """Validate, and add what is wrong. Values are not repeated in messages: they may be secrets."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for wrong in error.errors(include_url=False, include_input=False):
                self.add((*above, *wrong["loc"]), self._say(wrong["type"], wrong["msg"], (*above, *wrong["loc"])))
        return None

    def _say(self, kind: str, message: str, place: Place) -> str:
        if kind == "missing":
            return "this field is required"
        if kind == "extra_forbidden":
            known = self._known(place)
            near = get_close_matches(str(place[-1]), known, n=1)
            return f"unknown field; did you mean {near[0]}?" if near else f"unknown field; there are {', '.join(known)}"
        return message.removeprefix("Value error, ")

    def _known(self, place: Place) -> list[str]:
        """Fields that may stand where an unknown one does."""
        model: type[BaseModel] = Source
        for step in place[:-1]:
            if step == "options" and self.interface is not None:
                model = self.interface.options
            else:
                annotation = model.model_fields[str(step)].annotation
                model = next(a for a in (annotation, *get_args(annotation)) if isclass(a) and issubclass(a, BaseModel))
        return list(model.model_fields)
