"""The command line: verbs only. Each parses, calls, and ends with an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from harvester import __version__
from harvester.arguments import Common, take_common
from harvester.errors import ConfigurationError, Exit, HarvesterError
from harvester.model import Ars, Level
from harvester.registry import read_registry
from harvester.workspace import Workspace

app = typer.Typer(name="harvester", no_args_is_help=True, add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False)
sources_app = typer.Typer(help="The registry of sources.", no_args_is_help=True)
catalogue_app = typer.Typer(help="The catalogue that portals read.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
app.add_typer(catalogue_app, name="catalogue")

_common = Common()
_OUT = Console()
_ERR = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Errors speak to people; ``--debug`` shows where they come from."""
    global _common  # noqa: PLW0603 - the options that every verb shares are taken from anywhere on the line
    _common, rest = take_common(list(sys.argv[1:] if arguments is None else arguments))
    try:
        code = app(rest, standalone_mode=False, prog_name="harvester")
    except HarvesterError as error:
        if _common.debug:
            raise
        _ERR.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return int(error.exit)
    except typer.Exit as stop:
        return stop.exit_code
    except KeyboardInterrupt:
        _ERR.print("stopped; nothing half-done is kept", markup=False)
        return int(Exit.FAILED)
    except typer.Abort:
        return int(Exit.FAILED)
    except Exception as error:  # usage errors of the option parser have no common public base
        show = getattr(error, "show", None)
        if show is None or _common.debug:
            raise
        show(file=sys.stderr)
        return int(Exit.WRONG_USE)
    return int(code or Exit.DONE)


@app.callback()
def everything(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Harvests service descriptions of Bund, Land and Kommune into one catalogue.

    Everywhere on the line: `-w/--workspace DIR` (default `.`), `--json` (one JSON document on standard output),
    `--debug` (show where an error comes from).
    """
    if version:
        print(f"harvester {__version__}")  # noqa: T201 - the answer, on standard output
        raise typer.Exit


@app.command()
def run(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources by id; all enabled ones without.")] = None,
    level: Annotated[Level | None, typer.Option(help="Only sources of this level.")] = None,
    region: Annotated[str | None, typer.Option(help="Only sources of this region (ARS) and those inside it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch, read and judge, but change nothing.")] = False,
) -> int:
    """Fetch, judge, merge, build and publish."""
    from harvester.run.run import run_sources
    from harvester.run.table import print_levels, print_outcomes

    workspace = Workspace(_common.workspace)
    registry = read_registry(workspace.sources)
    chosen = registry.pick(sources or (), level=level, region=_region(region))
    console = _ERR if _common.json else _OUT
    for problem in registry.problems:
        _ERR.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)

    def say(outcome: Any) -> None:
        _ERR.print(f"{outcome.source_id}: {outcome.fetched} fetched, {outcome.verdict}", markup=False, highlight=False)

    report = run_sources(workspace, registry, chosen, dry=dry_run, on_outcome=say)
    if _common.json:
        _print_json(report.as_json())
    else:
        print_outcomes(console, report.outcomes)
        if report.catalogue is not None:
            print_levels(console, workspace.catalogue_file)
    return int(report.exit)


@app.command("try")
def try_url(
    url: Annotated[str, typer.Argument(help="An address of the source: its endpoint, a page, a message.")],
    source: Annotated[str | None, typer.Option(help="The source to read it for, where the address fits several.")] = None,
    role: Annotated[str | None, typer.Option(help="What the document is to the interface, such as `detail`.")] = None,
    limit: Annotated[int, typer.Option(help="How many records to show.")] = 5,
) -> int:
    """Fetch one address and show the records it gives, field by field. Nothing is stored in the catalogue."""
    from harvester.explain.trial import try_address

    workspace = Workspace(_common.workspace)
    found = try_address(workspace, read_registry(workspace.sources), url, source_id=source, role=role, limit=limit)
    _print_json(found.as_json()) if _common.json else found.show(_OUT)
    return int(Exit.DONE if found.records else Exit.FAILED)


@app.command()
def explain(
    service: Annotated[str, typer.Argument(help="A service: its id, its slug, or an id of a source.")],
    field: Annotated[str | None, typer.Argument(help="A field, such as `title` or `texts/fees/de`; all without.")] = None,
) -> int:
    """Show where the values of a service come from: rule, snapshot, place, and the bytes around it."""
    from harvester.explain.answer import explain_service

    workspace = Workspace(_common.workspace)
    answer = explain_service(workspace, read_registry(workspace.sources), service, field)
    _print_json(answer.as_json()) if _common.json else answer.show(_OUT)
    return int(Exit.DONE)


@app.command()
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the workspace behind and print where it is.")] = False,
) -> int:
    """Serve the sample federation on loopback, harvest two days of it, and print what changed."""
    from harvester.demo import run_demo

    return int(run_demo(_OUT, keep=keep))


@sources_app.command("list")
def sources_list() -> int:
    """List all sources."""
    from harvester.registry.show import print_sources

    registry = read_registry(Workspace(_common.workspace).sources)
    if _common.json:
        _print_json([source.model_dump(mode="json") for source in registry.sources.values()])
    else:
        print_sources(_OUT, registry)
    return int(Exit.WRONG_USE if registry.problems else Exit.DONE)


@sources_app.command("show")
def sources_show(source: Annotated[str, typer.Argument(help="The source's id.")]) -> int:
    """Show one source with all defaults filled in."""
    from harvester.registry.show import print_source

    (found,) = read_registry(Workspace(_common.workspace).sources).pick([source])
    _print_json(found.model_dump(mode="json")) if _common.json else print_source(_OUT, found)
    return int(Exit.DONE)


@sources_app.command("lint")
def sources_lint(
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a source file instead.")] = False,
) -> int:
    """Check all source files; each problem names file, line and field."""
    from harvester.registry.schema import source_schema

    if schema:
        _print_json(source_schema())
        return int(Exit.DONE)
    registry = read_registry(Workspace(_common.workspace).sources)
    if _common.json:
        told = [{"file": str(p.file), "line": p.line, "field": p.field, "message": p.message} for p in registry.problems]
        _print_json({"sources": len(registry.sources), "problems": told})
    for problem in registry.problems:
        _ERR.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
    if not registry.problems and not _common.json:
        _OUT.print(f"{len(registry.sources)} sources, nothing wrong", highlight=False)
    return int(Exit.WRONG_USE if registry.problems or not registry.files else Exit.DONE)


@catalogue_app.command("build")
def catalogue_build() -> int:
    """Build and publish the catalogue from what is in the state, without fetching anything."""
    from contextlib import closing

    from harvester.run.run import refresh, utc_now
    from harvester.run.table import print_levels
    from harvester.state import open_state

    workspace = Workspace(_common.workspace)
    if not workspace.state_file.exists():
        raise ConfigurationError([f"{workspace.state_file} does not exist: nothing was harvested yet (harvester run)"])
    with closing(open_state(workspace.state_file)) as state:
        refreshed = refresh(workspace, state, read_registry(workspace.sources), utc_now())
    if _common.json:
        _print_json({"services": refreshed.services, "rebuilt": refreshed.rebuilt})
    else:
        print_levels(_OUT, workspace.catalogue_file)
    return int(Exit.DONE)


@catalogue_app.command("check")
def catalogue_check(
    file: Annotated[Path | None, typer.Argument(help="A catalogue file; the published one without.")] = None,
) -> int:
    """Check a catalogue: integrity, references, smoke queries."""
    from harvester.catalogue.check import check_catalogue

    problems = check_catalogue(file or Workspace(_common.workspace).catalogue_file)
    if _common.json:
        _print_json({"problems": problems})
    else:
        for problem in problems or ["nothing wrong"]:
            _OUT.print(problem, markup=False, highlight=False, soft_wrap=True)
    return int(Exit.FAILED if problems else Exit.DONE)


def _region(text: str | None) -> Ars | None:
    try:
        return None if text is None else Ars.padded(text)
    except ValueError as error:
        raise ConfigurationError([str(error)]) from error


def _print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
