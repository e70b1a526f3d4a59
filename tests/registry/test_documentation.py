"""docs/sources.md describes every field and option there is, and what it shows passes the lint."""

import re
from inspect import isclass
from pathlib import Path
from textwrap import dedent
from typing import get_args

import pytest
from pydantic import BaseModel

from harvester.registry import INTERFACES, Source, read_source

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
TABLES = [
    [cell.strip(" `") for cell in row.strip("|").split("|")] for row in PAGE.splitlines() if row.startswith("| `")
]
ROWS = {name: cells for name, *cells in TABLES}


def fields_of(model, above=""):
    """All fields below a model, dotted, with their definitions."""
    for name, field in model.model_fields.items():
        yield above + name, field
        for annotation in (field.annotation, *get_args(field.annotation)):
            if isclass(annotation) and issubclass(annotation, BaseModel):
                yield from fields_of(annotation, f"{above}{name}.")


REQUIRED = [(name, field.is_required()) for name, field in fields_of(Source)]


def section(name):
    """The part of the page on one interface."""
    return PAGE.split(f"\n### `{name}`\n")[1].split("\n## ")[0].split("\n### ")[0]


@pytest.mark.parametrize(("name", "required"), REQUIRED)
def test_every_field_has_a_row_with_its_default(name, required):
    assert name in ROWS
    _, default, meaning = ROWS[name]
    assert meaning
    assert (default == "") is required


def test_every_row_is_a_field():
    options = {name for interface in INTERFACES.values() for name in interface.options.model_fields}
    assert set(ROWS) - options <= {name for name, _ in fields_of(Source)}


@pytest.mark.parametrize(
    "interface",
    [i for i in INTERFACES.values() if i.spider.startswith("spiders.")],
    ids=lambda interface: interface.name,
)
def test_every_option_of_an_interface_has_a_row(interface):
    assert interface.name in ROWS["interface"][0].replace("`", "").split()
    rows = set(re.findall(r"^\| `([a-z_]+)` \|", section(interface.name), re.MULTILINE))
    assert rows == set(interface.options.model_fields)


def test_the_example_passes_the_lint_and_shows_every_field(tmp_path):
    example = dedent(PAGE.split("\n\n")[2])
    file = tmp_path / "dldb-musterstadt.yml"
    file.write_text(example, encoding="utf-8")
    source = read_source(file, {})
    assert isinstance(source, Source), source
    shown = set(re.findall(r"\b([a-z_]+):", example))
    assert {name.rpartition(".")[2] for name, _ in fields_of(Source)} <= shown
