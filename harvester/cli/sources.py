"""``harvester sources``: the registry."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import Exit

app = typer.Typer(help="The registry of sources.", no_args_is_help=True)


@app.command("list")
def list_sources(context: typer.Context) -> int:
    """List all sources."""
    from harvester.registry.show import describe, print_sources

    call: Call = context.obj
    registry = call.read_registry()
    told = [describe(source, registry.files[source.id]) for source in registry.sources.values()]
    call.answer(told, lambda console: print_sources(console, registry))
    call.complain(*registry.problems)
    return int(Exit.WRONG_USE if registry.problems else Exit.DONE)


@app.command("show")
def show_source(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="The source's id.")],
) -> int:
    """Show one source with all defaults filled in. What comes from the environment is shown by its variable's name."""
    from harvester.registry.show import describe, print_source

    call: Call = context.obj
    registry = call.read_registry()
    (found,) = registry.pick([source])
    told = describe(found, registry.files[found.id])
    call.answer(told, lambda console: print_source(console, told))
    return int(Exit.DONE)


@app.command("new")
def new_source(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Where the site, or its part with the services, begins.")],
    name: Annotated[
        str | None, typer.Option("--id", help="The source's id; else it is made of the region or host.")
    ] = None,
) -> int:
    """Look at a municipal site and write the source file for it, with what was found and what could not be told."""
    from harvester.survey.draft import show_draft, write_draft
    from harvester.survey.look import look_at

    call: Call = context.obj
    survey = look_at(call.workspace, url)
    file = write_draft(survey, call.workspace.sources, name)
    call.answer({**survey.as_json(), "file": str(file)}, lambda console: show_draft(console, survey, file))
    return int(Exit.DONE)


@app.command("lint")
def lint_sources(
    context: typer.Context,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a source file instead.")] = False,
) -> int:
    """Check all source files, and the rules of `data/merge.yml`; each problem names file, line and field."""
    from harvester.merge.decided import merge_files, read_decided
    from harvester.registry.schema import source_schema

    call: Call = context.obj
    if schema:
        call.print_json(source_schema())
        return int(Exit.DONE)
    registry = call.read_registry()
    problems = [
        {"file": str(problem.file), "line": problem.line, "field": problem.field, "message": problem.message}
        for problem in registry.problems
    ]
    misruled = read_decided(merge_files(call.workspace.data)).wrong
    problems += [{"file": wrong.file, "line": wrong.line, "field": "", "message": wrong.problem} for wrong in misruled]
    count = len(registry.sources)
    fine = f"{count} source{'' if count == 1 else 's'}, nothing wrong" if registry.files and not problems else ""
    call.answer(
        {"sources": count, "problems": problems},
        lambda console: console.print(fine, highlight=False) if fine else None,
    )
    call.complain(*registry.problems, *misruled)
    if not registry.files:
        call.complain(f"{call.workspace.sources}: no source here; write one (docs/sources.md)")
    return int(Exit.DONE if fine else Exit.WRONG_USE)
