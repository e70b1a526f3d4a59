"""The verb by which an editor puts a better address in the place of one that sources state."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.call import Call, print_lines
from harvester.errors import Exit, UsageError

if TYPE_CHECKING:
    from sqlite_utils import Database

    from harvester.links.take_over import Wish


def accept(
    context: typer.Context,
    link: Annotated[str, typer.Argument(metavar="[LINK]", help="The address as a source writes it.")] = "",
    target: Annotated[
        str, typer.Argument(metavar="[NEW]", help="The address to lead to; else the surest proposal.")
    ] = "",
    because: Annotated[str, typer.Option(help="Why, in at least ten letters; else the proposal's reason.")] = "",
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="All of a table that `links suggest --csv` wrote.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Lead to what the source states again.")] = False,
) -> int:
    """Accept a better address: the catalogue leads there from now on, after every harvest, and keeps what the source states beside it."""
    from harvester.links.take_over import Wish, read_wishes

    call: Call = context.obj
    if bool(link) == bool(csv) or (undo and (csv or target)):
        raise UsageError("name an address, or a table with --csv; --undo takes one address")
    if not call.workspace.catalogue_file.exists():
        raise UsageError("there is no catalogue yet: harvester run")
    if undo:
        return _undo(call, link)
    wishes = list(read_wishes(csv)) if csv else [Wish(link, target, because)]
    return _accept(call, wishes)


def _accept(call: Call, wishes: list[Wish]) -> int:
    from harvester.fetch import SnapshotStore
    from harvester.links.accepted import write_accepted
    from harvester.links.proposals import propose
    from harvester.links.take_over import decide
    from harvester.run.run import utc_now
    from harvester.run.site_pages import site_pages
    from harvester.state import open_state

    workspace, now = call.workspace, utc_now()
    with closing(open_state(workspace.state_file)) as state:
        places = site_pages(state.conn, SnapshotStore(workspace.snapshots))
        proposals = [p.suggestion for p in propose(state.conn, workspace.catalogue_file, places)]
        decisions = [decide(wish, proposals, state.conn, call.person, now.date()) for wish in wishes]
        unnamed = [d.link for d in decisions if not _is_named(call, state, d.link)]
        if unnamed:
            raise UsageError(f"no service names {unnamed[0]}; harvester links list shows all addresses")
        file = write_accepted(workspace.data / "links", decisions)
        _publish(call, state)
    told = [{**d.model_dump(mode="json"), "file": str(file)} for d in decisions]
    lines = [f"{d.link} → {d.target} ({file})" for d in decisions]
    call.answer(told if len(told) != 1 else told[0], lambda console: print_lines(console, lines))
    return int(Exit.DONE)


def _undo(call: Call, link: str) -> int:
    from harvester.links.accepted import take_back
    from harvester.state import open_state

    workspace = call.workspace
    if not take_back(workspace.data / "links", link):
        raise UsageError(f"nothing was accepted for {link} in {workspace.data / 'links'}")
    with closing(open_state(workspace.state_file)) as state:
        _publish(call, state)
    call.answer({"link": link, "undone": True}, lambda console: print_lines(console, [f"{link}: as its sources state"]))
    return int(Exit.DONE)


def _is_named(call: Call, state: Database, link: str) -> bool:
    """Whether a source names it; where something was accepted for it before, only the catalogue still tells."""
    import sqlite3

    from harvester.links.accepted import same_address

    url = same_address(link)
    query = "SELECT 1 FROM link_text t JOIN link l ON l.id = t.link_id WHERE (t.text = ? OR l.url = ?) AND l.removed_at IS NULL"
    if state.conn.execute(query, (link, url)).fetchone() is not None:
        return True
    with closing(sqlite3.connect(f"file:{call.workspace.catalogue_file}?mode=ro", uri=True)) as db:
        if "replaces" not in {row[1] for row in db.execute("PRAGMA table_info(service_link)")}:
            return False  # written by an earlier version
        replaced = db.execute("SELECT DISTINCT replaces FROM service_link WHERE replaces <> ''").fetchall()
    return any(same_address(text) == url for (text,) in replaced)


def _publish(call: Call, state: Database) -> None:
    """Build anew, let link checking know what is named now, and show what it knows of that."""
    from harvester.links.commands import catalogue_texts
    from harvester.links.store import sync_links
    from harvester.run.run import refresh, utc_now
    from harvester.state.transaction import writing

    workspace, registry = call.workspace, call.read_registry()
    refresh(workspace, state, registry, utc_now)
    with writing(state.conn):
        sync_links(state.conn, catalogue_texts(workspace.catalogue_file), utc_now())
    refresh(workspace, state, registry, utc_now, amend=True)
