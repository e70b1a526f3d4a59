"""docs/operations.md says what the program does: verdicts, exit codes, settings, commands and what the doctor looks at."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from harvester.cli import app
from harvester.errors import Exit
from harvester.registry.source import Expectations
from harvester.run.judge import Verdict
from harvester.workspace import Settings, Workspace

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def section(title):
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(text):
    """Cells of the tables of a section, without heads and rules."""
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [row for row in cells if not set("".join(row)) <= set("-:")]


def test_every_verdict_has_a_row_and_says_what_it_means_what_the_catalogue_does_and_what_to_do():
    told = {row[0].strip("`"): row[1:] for row in rows(section("What a verdict means, and what to do"))[1:]}
    assert list(told) == [*Verdict]
    assert all(len(cells) == 3 and all(cells) for cells in told.values())


def test_every_exit_code_has_a_row():
    assert [int(row[0]) for row in rows(section("Exit codes"))[1:]] == [*Exit]


ELSEWHERE = {"links": "links.md", "schedule": "scheduler.md"}
"""Settings with a page of their own."""

WHOLE = ("politeness", "run", "catalogue")
"""Tables of which the page tells every setting."""


def told(value):
    """A default as the page writes it; numbers of more than three digits with commas."""
    return (
        "none" if value in (None, ()) else f"{value:,}".removesuffix(".0") if isinstance(value, int | float) else value
    )


def test_settings_have_the_defaults_that_the_page_states():
    stated, table = {}, ""
    for row in rows(section("Settings (`harvester.toml`)"))[1:]:
        table = row[0].strip("`[]") or table
        stated[table, row[1].strip("`")] = row[2]
    for (table, key), default in stated.items():
        if table in ELSEWHERE:
            continue
        value = getattr(getattr(Settings(), table), key)
        assert default.strip("`").removesuffix(".0") == told(value)
    assert {table for table, _ in stated} == set(Settings.model_fields)
    for table in WHOLE:
        keys = {key for place, key in stated if place == table}
        assert keys == set(type(getattr(Settings(), table)).model_fields)


@pytest.mark.parametrize(
    ("page", "key"),
    [(page, key) for table, page in ELSEWHERE.items() for key in type(getattr(Settings(), table)).model_fields],
)
def test_settings_with_a_page_of_their_own_are_on_it(page, key):
    assert re.search(rf"\b{key}\b", (ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert f"({page})" in PAGE


COMMANDS = sorted(set(re.findall(r"`harvester ([a-z]+(?: [a-z]+)?)(?=[ `])", PAGE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_the_page_names_is_there(command):
    at = get_command(app)
    for word in command.split():
        if not hasattr(at, "commands"):
            break
        assert word in at.commands
        at = at.commands[word]


def test_the_page_states_the_days_a_withdrawn_record_is_kept():
    assert f"`keep_days`, {Expectations().keep_days} by default" in PAGE


def test_every_file_of_a_workspace_is_explained():
    told = " ".join(row[0] for row in rows(section("Files of a workspace")))
    workspace = Workspace(Path())
    for file in (
        workspace.config_file,
        workspace.sources,
        workspace.data,
        workspace.state_file,
        workspace.catalogue_file,
        workspace.snapshots,
        workspace.builds,
        workspace.runs,
    ):
        assert f"`{file.name}" in told


def test_the_verdicts_and_what_to_do_about_them_fit_on_a_page():
    titles = ("What a verdict means, and what to do", "A run is held", "The new catalogue is refused")
    assert sum(len(section(title).splitlines()) for title in titles) <= 60
