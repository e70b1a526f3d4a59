"""Sources on a terminal."""

from __future__ import annotations

import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harvester.registry.registry import Registry
from harvester.registry.source import Source


def print_sources(console: Console, registry: Registry) -> None:
    """One line per source, and one per problem."""
    table = Table(header_style="bold")
    for name in ("source", "level", "region", "interface", "title"):
        table.add_column(name, overflow="fold")
    for source in registry.sources.values():
        style = None if source.enabled else "dim"
        table.add_row(source.id, source.level, source.region, source.interface, escape(source.title), style=style)
    console.print(table)
    for problem in registry.problems:
        console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)


def print_source(console: Console, source: Source) -> None:
    """All fields of a source as YAML, secrets covered."""
    text = yaml.safe_dump(source.model_dump(mode="json"), allow_unicode=True, sort_keys=False, width=120)
    console.print(text, markup=False, highlight=False, soft_wrap=True)
