"""``harvester links``: which links work, which do not, and why."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.call import Call, print_lines
from harvester.errors import ConfigurationError, Exit, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from harvester.links.checker import RunReport
    from harvester.links.store import Selection

app = typer.Typer(help="Link checking.", no_args_is_help=True)


@app.command("check")
def check(
    context: typer.Context,
    urls: Annotated[list[str] | None, typer.Argument(metavar="URL…", help="These addresses, known or not.")] = None,
    due: Annotated[bool, typer.Option("--due", help="What is due, within `[links] budget` (the default).")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All links the catalogue names.")] = False,
    source: Annotated[str | None, typer.Option(help="All links of one source.")] = None,
    host: Annotated[str | None, typer.Option(help="All links of one host or registrable domain.")] = None,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Addresses line by line; needs no catalogue and keeps nothing.")
    ] = False,
) -> int:
    """Check links and take the result into their states; the catalogue is published anew where a state changed.

    With `--stdin` one line per address is printed as soon as it is known; with `--json` that line is a JSON object.
    """
    call: Call = context.obj
    if sum(map(bool, (urls, due, everything, source, host, stdin))) > 1:
        raise UsageError("choose one of --due, --all, --source, --host, --stdin or addresses")
    if stdin:
        return _check_standard_input(call)
    from harvester.links.screens import show_check
    from harvester.links.store import Selection

    if urls:
        selection = Selection(texts=tuple(urls))
    elif source:
        selection = Selection(texts=tuple(_texts_of(call, source)))
    else:
        selection = Selection(due=not (everything or host), host=host)
    report = _check(call, selection)
    call.answer(report.as_json(), lambda console: show_check(console, report))
    return int(Exit.DONE if report.void is None else Exit.VOID)


def _check(call: Call, selection: Selection) -> RunReport:
    from harvester.cli.progress import counting
    from harvester.cli.signals import stopped_by_signal
    from harvester.run.links import check_workspace
    from harvester.run.run import refresh, utc_now
    from harvester.state import open_state

    workspace = call.workspace
    with closing(open_state(workspace.state_file)) as state, stopped_by_signal():
        with counting(call.err, "links looked at") as count:
            report = check_workspace(workspace, state, utc_now, selection, lambda *_: count())
        if report.changes and workspace.catalogue_file.exists():
            refresh(workspace, state, call.read_registry(), utc_now, amend=True)
    return report


def _check_standard_input(call: Call) -> int:
    import json
    import sys

    from harvester.links.check import Setup
    from harvester.links.loop import run
    from harvester.links.stdin import check_lines

    settings = call.workspace.settings
    setup = Setup(settings.fetch, settings.politeness, settings.links, call.workspace.snapshots)

    def write(line: str) -> None:
        if not call.common.json:
            told = json.loads(line)
            line = f"{told['outcome']:<11} {told['url']}  {told['reason_de']}"
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    report = run(check_lines(sys.stdin, setup, write))
    if report.void is not None:
        call.complain(f"void: {report.void}")
    return int(Exit.DONE if report.void is None else Exit.VOID)


def _texts_of(call: Call, source: str) -> list[str]:
    import sqlite3

    file = call.workspace.catalogue_file
    if not file.exists():
        raise UsageError(f"{file} does not exist: run the harvester first (harvester run)")
    query = (
        "SELECT DISTINCT l.url FROM service_source p JOIN service_link sl USING (service_id)"
        " JOIN link l ON l.id = sl.link_id WHERE p.source_id = ? ORDER BY 1"
    )
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        found = [row[0] for row in db.execute(query, (source,))]
    if not found:
        raise UsageError(f"the catalogue has no link of a source {source}; harvester sources list shows all sources")
    return found


@app.command("list")
def list_links(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="ok, suspect, dead or unchecked.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Such as gone, moved, blocked, tls_problem.")] = None,
    host: Annotated[str | None, typer.Option(help="Of one host.")] = None,
) -> int:
    """List links with state, reason and what to do."""
    from harvester.links.confirm import measure_precision
    from harvester.links.lists import list_links
    from harvester.links.outcome import Outcome
    from harvester.links.screens import show_list
    from harvester.links.state import State

    call: Call = context.obj
    _one_of("--state", state, list(State))
    _one_of("--outcome", outcome, list(Outcome))
    with _state(call) as db:
        found = list_links(db.conn, state=state, outcome=outcome, host=host)
        precision = measure_precision(db.conn)
        call.answer(found, lambda console: show_list(console, found, precision))
    return int(Exit.DONE)


@app.command("explain")
def explain(context: typer.Context, url: Annotated[str, typer.Argument(help="As a source writes it.")]) -> int:
    """Show what is behind the state of a link: every observation, its outcome by the rules of then and of now, the state."""
    from harvester.links.lists import explain_link
    from harvester.links.screens import show_link

    call: Call = context.obj
    with _state(call) as db:
        told = explain_link(db.conn, url)
        call.answer(told, lambda console: show_link(console, told))
    return int(Exit.DONE)


@app.command("suggest")
def suggest(
    context: typer.Context,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write a table for editors; it names the services too.")
    ] = None,
) -> int:
    """Propose repairs: where a page has moved to, what bears its title now, who else offers the service. Nothing is applied."""
    from harvester.fetch import SnapshotStore
    from harvester.links.proposals import propose, write_csv
    from harvester.links.screens import show_proposals
    from harvester.run.site_pages import site_pages

    call: Call = context.obj
    with _state(call) as db:
        places = site_pages(db.conn, SnapshotStore(call.workspace.snapshots))
        found = propose(db.conn, call.workspace.catalogue_file, places)
        if csv is not None:
            write_csv(found, csv)
            call.remark(f"{csv}: {len(found)} proposals")
        if csv is None or call.common.json:
            call.answer([p.as_json() for p in found], lambda console: show_proposals(console, found))
    return int(Exit.DONE)


@app.command("confirm")
def confirm(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="As a source writes it.")],
    word: Annotated[str, typer.Argument(metavar="alive|dead", help="What you saw when you opened it.")],
    because: Annotated[str, typer.Option(help="Why; recorded.")] = "",
) -> int:
    """Say by hand whether a link is alive or dead. That stands while the evidence stays the same, for 90 days at most."""
    from harvester.links.commands import confirm
    from harvester.links.state import Word
    from harvester.run.run import utc_now

    call: Call = context.obj
    _one_of("the word", word, list(Word))
    with _state(call) as db:
        told = confirm(db.conn, url, word, utc_now(), because)
        lines = [f"{url} is {told['state']}; portals see it after the next run, or now: harvester catalogue build"]
        call.answer(told, lambda console: print_lines(console, lines))
    return int(Exit.DONE)


def _one_of(name: str, value: str | None, known: list[str]) -> None:
    if value is not None and value not in known:
        raise UsageError(f"{name}: {value!r} is not one of {', '.join(known)}")


@contextmanager
def _state(call: Call) -> Iterator[Database]:
    """The state, open."""
    from harvester.state import open_state

    file = call.workspace.state_file
    if not file.exists():
        raise ConfigurationError([f"{file} does not exist: nothing was harvested yet (harvester run)"])
    with closing(open_state(file)) as db:
        yield db
