"""What editors decide about merging: ``data/merge.yml``. It counts before every rule and survives every harvest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from harvester.data import data_file
from harvester.merge.card import Ref
from harvester.merge.rules import Rules, make_rules
from harvester.registry.yaml_lines import YamlError, line_of, read_yaml

FIX = "Den Eintrag berichtigen; die Form zeigt docs/merge.md."


class MergeRule(BaseModel):
    """One rule: records (``source:remote id``) that do not belong together, or that do. ``reason`` is for those who come after."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep_apart: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    reason: str = Field(min_length=5)
    by: str = ""
    date: str = ""

    @field_validator("keep_apart", "join")
    @classmethod
    def _named(cls, records: tuple[str, ...]) -> tuple[str, ...]:
        for record in records:
            source, colon, remote = record.partition(":")
            if not (source and colon and remote):
                message = f"{record!r} nennt keinen Datensatz: gebraucht wird quelle:kennung"
                raise ValueError(message)
        if records and len(set(records)) < 2:
            message = "gebraucht werden mindestens zwei verschiedene Datensätze"
            raise ValueError(message)
        return records

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if bool(self.keep_apart) == bool(self.join):
            message = "gebraucht wird genau eines von beiden: keep_apart oder join"
            raise ValueError(message)
        return self

    @property
    def records(self) -> tuple[Ref, ...]:
        """The records it is about."""
        return tuple(Ref(*name.split(":", 1)) for name in self.keep_apart or self.join)


@dataclass(frozen=True, slots=True)
class Misruled:
    """What is wrong with a rule or a file: where, what, and what to do; sentences in German."""

    file: str
    line: int
    problem: str
    advice: str = FIX

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        """One line."""
        return f"{self.place}: {self.problem} {self.advice}"


@dataclass(frozen=True, slots=True)
class Decided:
    """The rules of some files, what follows from them, and what is wrong. ``places`` has the file and line of each rule."""

    rules: Rules
    read: tuple[MergeRule, ...]
    places: tuple[str, ...]
    wrong: tuple[Misruled, ...]


def merge_files(beside: Path | None = None) -> tuple[Path, ...]:
    """The project's own file, and that of another ``data`` directory, as a workspace may have one."""
    found = [data_file("merge.yml")] + ([beside / "merge.yml"] if beside else [])
    return tuple({file.resolve(): file for file in found if file.exists()}.values())


def read_decided(files: Iterable[Path]) -> Decided:
    """All rules. A wrong one is told and left out, the others count; of two that contradict each other the records stay apart."""
    read: list[MergeRule] = []
    places: list[str] = []
    wrong: list[Misruled] = []
    for file in files:
        try:
            content, lines = read_yaml(file.read_text(encoding="utf-8"))
        except (YamlError, UnicodeDecodeError) as error:
            line = getattr(error, "line", 1)
            wrong.append(Misruled(str(file), line, f"Kein lesbares YAML: {error}. Keine Regel der Datei zählt."))
            continue
        if content is not None and not isinstance(content, list):
            wrong.append(Misruled(str(file), 1, "Gebraucht wird eine Liste von Regeln."))
            continue
        for number, entry in enumerate(content or ()):
            try:
                read.append(MergeRule.model_validate(entry))
                places.append(f"{file}:{line_of(lines, (number,))}")
            except ValidationError as error:
                found = error.errors(include_url=False)[0]
                where = ".".join(str(part) for part in found["loc"])
                line = line_of(lines, (number, *found["loc"]))
                told = found["msg"].removeprefix("Value error, ")
                field = f"Feld „{where}“: " if where else ""
                wrong.append(Misruled(str(file), line, f"{field}{told}."))
    rules, torn = make_rules(
        ((rule.records, rule.reason) for rule in read if rule.join), (rule.records for rule in read if rule.keep_apart)
    )
    wrong += [
        Misruled(
            places[0].rpartition(":")[0],
            1,
            f"Eine Regel führt {one} und {other} zusammen, eine andere trennt sie; sie bleiben getrennt.",
            "Eine der beiden Regeln entfernen.",
        )
        for one, other in torn
    ]
    return Decided(rules, tuple(read), tuple(places), tuple(wrong))
