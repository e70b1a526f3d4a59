"""A portal's tiles: which situations lie behind which tile. ``harvester.view.tiles`` and readers count them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from harvester.errors import ConfigurationError
from harvester.situations.finding import Finding
from harvester.situations.knowledge import Knowledge


class Tile(BaseModel):
    """A tile or a drawer: its name in this portal, and the situations behind it with all below them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str = Field(min_length=1)
    situations: tuple[str, ...] = Field(min_length=1)


class Portal(BaseModel):
    """A portal: ``tiles`` on its first page, ``drawers`` beside them, and ``rest`` for what is in none of them.

    ``regions`` are the regional keys (ARS) that it serves, with everything below them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    regions: tuple[str, ...]
    rest: str
    tiles: tuple[Tile, ...]
    drawers: tuple[Tile, ...] = ()

    @model_validator(mode="after")
    def _tiles_differ(self) -> Self:
        ids = [tile.id for tile in (*self.tiles, *self.drawers)]
        if len({*ids, "rest"}) <= len(ids):
            raise ValueError("two tiles have the same id, or one is called rest")
        return self


def read_portals(files: Iterable[Path]) -> tuple[tuple[Portal, ...], list[Finding]]:
    """All portals that can be read; a file that is none, or that takes another's id, is a finding and the others count."""
    found: dict[str, Portal] = {}
    findings: list[Finding] = []
    for file in files:
        try:
            portal = read_portal(file)
        except ConfigurationError as error:
            findings.append(_invalid(file, f"{file.name} ist keine lesbare Portaldatei: {error}"))
            continue
        if portal.id in found:
            findings.append(
                _invalid(file, f"{file.name}: Das Portal {portal.id} gibt es schon; diese Datei zählt nicht.")
            )
        else:
            found[portal.id] = portal
    return tuple(found.values()), findings


def _invalid(file: Path, message: str) -> Finding:
    return Finding("error", "situations.portal-invalid", "portal", file.stem, message, "Die Datei berichtigen.")


def read_portal(file: Path) -> Portal:
    """Read a portal's YAML file.

    Raises:
        ConfigurationError: it is not one; each problem names file and field.
    """
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Portal.model_validate(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{file}: {error}"]) from error
    except ValidationError as error:
        problems = [f"{file}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ConfigurationError(problems) from error


def check_portal(portal: Portal, knowledge: Knowledge) -> list[Finding]:
    """A finding for every tile that names an unknown or retired situation; the tile then simply holds less."""
    findings: list[Finding] = []
    for tile in (*portal.tiles, *portal.drawers):
        for sid in tile.situations:
            situation = knowledge.situation(sid)
            if situation is None or situation.retired:
                what = "die es nicht gibt" if situation is None else f"die seit {situation.retired} nicht mehr gilt"
                message = f"Portal {portal.id}, Kachel „{tile.title}“: nennt {sid}, {what}."
                rule = "situations.unknown-code" if situation is None else "situations.retired"
                hint = f"data/portals/{portal.id}.yml berichtigen."
                findings.append(Finding("warning", rule, "portal", f"{portal.id}/{tile.id}", message, hint))
    return findings
