"""Verbs that ask the published catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import Exit

if TYPE_CHECKING:
    from rich.console import Console

    from harvester.view.diff import Differences
    from harvester.view.gaps import Gaps
    from harvester.view.region import RegionView


def region(
    context: typer.Context,
    regions: Annotated[list[str], typer.Argument(metavar="REGION…", help="Keys (ARS, AGS), names or postal codes.")],
    within: Annotated[bool, typer.Option("--within", help="Also every region inside them.")] = False,
) -> int:
    """Show what holds in a region, or in several for an umbrella portal: services, links with their state, offices."""
    from harvester.view.open import open_catalogue
    from harvester.view.place import inside, pick_place
    from harvester.view.region import view_regions

    call: Call = context.obj
    with open_catalogue(call.workspace.catalogue_file) as db:
        places = list(dict.fromkeys(pick_place(db, told) for told in regions))
        if within:
            places = list(dict.fromkeys(place for outer in places for place in inside(db, outer)))
        view = view_regions(db, places)
    call.answer(view.model_dump(mode="json"), lambda console: _show_region(console, view))
    return int(Exit.DONE)


def gaps(
    context: typer.Context,
    region: Annotated[str, typer.Argument(help="Key (ARS, AGS), name or postal code.")],
    beside: Annotated[
        list[str] | None,
        typer.Option("--beside", help="Compare with this region; repeat it. Without: those beside it."),
    ] = None,
) -> int:
    """Show what a region has of the OZG list, and what its neighbours offer that it does not."""
    from harvester.view.gaps import find_gaps, siblings
    from harvester.view.open import open_catalogue
    from harvester.view.ozg import read_ozg
    from harvester.view.place import pick_place

    call: Call = context.obj
    with open_catalogue(call.workspace.catalogue_file) as db:
        place = pick_place(db, region)
        neighbours = [pick_place(db, told) for told in beside] if beside else siblings(db, place)
        found = find_gaps(db, place, neighbours, read_ozg())
    call.answer(found.model_dump(mode="json"), lambda console: _show_gaps(console, found))
    return int(Exit.DONE)


def diff(
    context: typer.Context,
    old: Annotated[
        str | None, typer.Argument(help="A build id or file; the build before the published one without.")
    ] = None,
    new: Annotated[str | None, typer.Argument(help="A build id or file; the published catalogue without.")] = None,
    region: Annotated[str | None, typer.Option(help="Only what holds in this region.")] = None,
    since: Annotated[
        str | None, typer.Option(help="What the change feed says after this event or time instead.")
    ] = None,
) -> int:
    """Show what changed between two builds, or since an event or time: services, fields, texts by module."""
    from harvester.errors import UsageError
    from harvester.view.changes import events_since, read_since
    from harvester.view.diff import compare, find_build
    from harvester.view.open import open_catalogue
    from harvester.view.place import pick_place

    call: Call = context.obj
    published, builds = call.workspace.catalogue_file, call.workspace.builds
    if since is None:
        found = compare(
            find_build(old, published, builds), find_build(new, published, builds) if new else published, region
        )
        call.answer(found.model_dump(mode="json"), lambda console: _show_diff(console, found))
        return int(Exit.DONE)
    if old or new:
        raise UsageError("--since asks the published catalogue; leave OLD and NEW out")
    with open_catalogue(published) as db:
        ars = pick_place(db, region).ars if region else None
        events = list(events_since(db, read_since(db, since), ars=ars))
    told = [(e.kind, e.title, e.field, e.old, e.new) for e in events]
    call.answer([e.model_dump(mode="json") for e in events], lambda console: _show_changes(console, told))
    return int(Exit.DONE)


def _show_gaps(console: Console, found: Gaps) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{found.name} and the OZG list", title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    for name in (
        "type",
        "executed by",
        "of",
        "described",
        "bund/land/kreis/kommune",
        "linked",
        "checked",
        "works",
        "online",
    ):
        table.add_column(name, justify="left" if name in ("type", "executed by") else "right")
    for duty in (*found.duties, found.all):
        levels = "/".join(str(count) for count in duty.by_level.values())
        counts = (duty.of, duty.described, levels, duty.linked, duty.checked, duty.works, duty.online)
        table.add_row(duty.type, ", ".join(duty.executed_by), *map(str, counts))
    console.print(table)
    console.print(
        f"{found.services} services hold here; {found.unkeyed} of them have no LeiKa key, {found.unlisted} a key that is on no"
        f" list. {found.no_key} OZG services have no key and cannot be recognised.",
        highlight=False,
    )
    offers = Table(
        title=f"What the {len(found.neighbours)} of {found.neighbours_of} neighbours that describe anything offer and this region lacks",
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
    )
    for name in ("LeiKa key", "service", "OZG", "neighbours"):
        offers.add_column(name, overflow="fold")
    for offer in found.offered:
        offers.add_row(offer.leika_key, Text(offer.title), offer.ozg_id or "", f"{len(offer.neighbours)} of {offer.of}")
    console.print(offers)


def _show_diff(console: Console, found: Differences) -> None:
    from rich.text import Text

    console.print(f"{found.old} → {found.new}", highlight=False)
    _show_changes(
        console, [(c.kind, c.title, c.field, c.old, c.new) for c in found.changes if not (c.module and c.words)]
    )
    styles = {"same": "", "gone": "red strike", "new": "green"}
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    for change in found.changes:
        if change.module and change.words:
            console.print(Text(f"{change.title} · {change.field}", style="bold"), soft_wrap=True)
            line = Text("  ")
            for piece in change.words:
                line.append(marks[piece.kind].format(piece.text), style=styles[piece.kind])
            console.print(line, soft_wrap=True)


def _show_changes(console: Console, changes: list[tuple[str, str, str, str | None, str | None]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold", box=SIMPLE_HEAD)
    for name in ("event", "service", "field", "before", "after"):
        table.add_column(name, overflow="fold")
    for kind, title, field, old, new in changes:
        told = ("", "") if kind in ("created", "removed") else (old or "", new or "")
        table.add_row(kind, *map(Text, (title, field, *told)))
    if changes:
        console.print(table)


def _show_region(console: Console, view: RegionView) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    names = ", ".join(f"{place.name} ({place.ars})" for place in view.regions)
    console.print(Text(names, style="bold"))
    console.print(Text("above: " + ", ".join(f"{place.name}" for place in view.above), style="dim"))
    table = Table(header_style="bold", box=SIMPLE_HEAD)
    for name in ("service", "level", "holds", "competent", "link", "state"):
        table.add_column(name, overflow="fold")
    for service in view.services:
        holding = service.regions[0]
        office = holding.office
        link = min(service.links, key=lambda link: (not link.usable, link.role != "apply"), default=None)
        where = (
            holding.precision if len(view.regions) == 1 else f"{len(service.regions)} of {len(view.regions)} regions"
        )
        cells = (
            service.title,
            service.level,
            where,
            f"{office.name} ({office.precision})" if office else "",
            (link.url if link.usable or not link.substitute else f"{link.substitute.url} (instead)") if link else "",
            link.state if link else "",
        )
        table.add_row(*map(Text, cells))
    console.print(table)
    linked = sum(any(link.usable for link in service.links) for service in view.services)
    console.print(f"{len(view.services)} services, {linked} of them with a usable link", highlight=False)
