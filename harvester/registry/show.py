"""Sources on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.registry.registry import Registry
from harvester.registry.source import Source
from harvester.registry.yaml_lines import read_yaml


def describe(source: Source, file: Path) -> dict[str, Any]:
    """All fields of a source as plain data.

    An option that is filled from the environment is told as it is written (``${NAME}``), secret or not.
    """
    told = source.model_dump(mode="json")
    written, _ = read_yaml(file.read_text(encoding="utf-8"))
    options = written.get("options", {})
    told["options"] |= {name: value for name, value in options.items() if "${" in str(value)}
    return told


def print_sources(console: Console, registry: Registry) -> None:
    """One line per source. Ids stay whole, for people copy them; titles fold."""
    table = Table(header_style="bold")
    table.add_column("source", no_wrap=True, min_width=max(map(len, registry.sources), default=0))
    for name in ("level", "region", "interface"):
        table.add_column(name, no_wrap=True, min_width=12 if name == "region" else None)
    table.add_column("title", overflow="fold")
    for source in registry.sources.values():
        style = "" if source.enabled else "dim"
        title = source.title if source.enabled else f"{source.title} (disabled)"
        table.add_row(source.id, source.level, source.region, source.interface, Text(title), style=style)
    console.print(table)


def print_source(console: Console, told: dict[str, Any]) -> None:
    """A described source as YAML."""
    text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=120)
    console.print(text, markup=False, highlight=False, soft_wrap=True, end="")
