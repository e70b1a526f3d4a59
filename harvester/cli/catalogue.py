"""``harvester catalogue``: the file that portals read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harvester.cli.call import Call, print_lines
from harvester.errors import ConfigurationError, Exit, UsageError

app = typer.Typer(help="The catalogue that portals read.", no_args_is_help=True)


@app.command("build")
def build(context: typer.Context) -> int:
    """Build and publish the catalogue from what is in the state, without fetching anything."""
    from contextlib import closing

    from harvester.run.run import refresh, utc_now
    from harvester.run.table import print_levels
    from harvester.state import open_state

    call: Call = context.obj
    workspace = call.workspace
    if not workspace.state_file.exists():
        raise ConfigurationError([f"{workspace.state_file} does not exist: nothing was harvested yet (harvester run)"])
    with closing(open_state(workspace.state_file)) as state:
        refreshed = refresh(workspace, state, call.read_registry(), utc_now)
    told = {"services": refreshed.services, "rebuilt": refreshed.rebuilt}
    call.answer(told, lambda console: print_levels(console, workspace.catalogue_file))
    return int(Exit.DONE)


@app.command("check")
def check(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A catalogue file; the published one without.")] = None,
) -> int:
    """Check a catalogue: integrity, references, smoke queries."""
    from harvester.catalogue.check import check_catalogue

    call: Call = context.obj
    problems = check_catalogue(file or call.workspace.catalogue_file)
    call.answer({"problems": problems}, lambda console: print_lines(console, problems or ["nothing wrong"]))
    return int(Exit.FAILED if problems else Exit.DONE)


@app.command("publish")
def publish(
    context: typer.Context,
    because: Annotated[str, typer.Option(help="Why the loss against the published catalogue is right; recorded.")],
) -> int:
    """Build and publish although the new catalogue lost more than `[catalogue] max_drop` allows.

    The file itself has to pass its checks all the same.
    """
    from contextlib import closing

    from harvester.run.held import decide
    from harvester.run.run import refresh, utc_now
    from harvester.run.table import print_levels
    from harvester.state import open_state

    call: Call = context.obj
    if not because.strip():
        raise UsageError('say why: --because "…"')
    with closing(open_state(call.workspace.state_file)) as state:
        refreshed = refresh(call.workspace, state, call.read_registry(), utc_now, force=True)
        decide(state, "publish", "catalogue", because, call.person, utc_now())
    told = {"services": refreshed.services, "because": because}
    call.answer(told, lambda console: print_levels(console, call.workspace.catalogue_file))
    return int(Exit.DONE)


@app.command("rollback")
def rollback(
    context: typer.Context,
    build: Annotated[str | None, typer.Argument(help="A build id; the build before the published one without.")] = None,
) -> int:
    """Put an earlier build in the place of the published catalogue; the next run builds anew."""
    from contextlib import closing

    from harvester.catalogue.rollback import roll_back
    from harvester.run.held import decide
    from harvester.run.run import utc_now
    from harvester.state import open_state
    from harvester.state.lease import holding

    call: Call = context.obj
    workspace = call.workspace
    with closing(open_state(workspace.state_file)) as state, holding(state, workspace.state_file, "catalogue", utc_now):
        keep = workspace.settings.catalogue.keep
        published = roll_back(state, workspace.catalogue_file, workspace.builds, build, keep=keep, at=utc_now())
        decide(state, "rollback", published, "", call.person, utc_now())
    call.answer({"published": published}, lambda console: print_lines(console, [f"published again: {published}"]))
    return int(Exit.DONE)


@app.command("merges")
def merges(
    context: typer.Context,
    service: Annotated[
        str | None,
        typer.Argument(help="A service: its id, slug, or one of its records as source:remote-id; all without."),
    ] = None,
) -> int:
    """List which records were merged into one service, why, where they contradict each other, and the rule that undoes it."""
    from harvester.view.merges import read_merges, show_merges
    from harvester.view.open import open_catalogue

    call: Call = context.obj
    with open_catalogue(call.workspace.catalogue_file) as db:
        found = read_merges(db, service)
    call.answer({"merges": [merge.model_dump() for merge in found]}, lambda console: show_merges(console, found))
    return int(Exit.DONE)


@app.command("export")
def export(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    wanted: Annotated[
        str,
        typer.Option("--format", help="json, ndjson, csv, jsonld, turtle, schemaorg, atom, changes or sitemap."),
    ],
    out: Annotated[Path, typer.Option(help="File to write; a directory for json, csv, atom and sitemap.")],
    region: Annotated[
        str | None, typer.Option(help="Only what holds in this region: key (ARS, AGS), name or postal code.")
    ] = None,
    since: Annotated[str, typer.Option(help="Only what changed after this event (its number) or time.")] = "0",
    service: Annotated[str | None, typer.Option(help="Only this service: its id or slug.")] = None,
    page: Annotated[
        str | None, typer.Option(help="The portal's address of a service, with {slug} or {id} in it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export.")] = False,
) -> int:
    """Export from the published catalogue; the same catalogue gives the same bytes."""
    from dataclasses import asdict

    from harvester.exports import Export, run_export

    call: Call = context.obj
    wish = Export(wanted, out, region=region, since=since, service=service, page=page, force=force)
    done = run_export(call.workspace.catalogue_file, wish)
    told = f"{done.out}: {done.items} items of build {done.build_id}, up to event {done.seq}"
    call.answer(asdict(done), lambda console: print_lines(console, [told]))
    return int(Exit.DONE)
