"""Verbs that ask the published catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import Exit

if TYPE_CHECKING:
    from rich.console import Console

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
