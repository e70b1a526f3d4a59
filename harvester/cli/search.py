"""``harvester search``: what a person who types this finds."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import Exit

if TYPE_CHECKING:
    from rich.console import Console


def search(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(help="What a person would type.")],
    region: Annotated[
        str | None, typer.Option(help="Only what holds in this region: key (ARS, AGS), name or postal code.")
    ] = None,
    situation: Annotated[str | None, typer.Option(help="Only what lies in this situation or below.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many services.")] = 5,
) -> int:
    """Search the catalogue as a portal does."""
    from rich.text import Text

    from harvester.catalogue.named import find_situation
    from harvester.catalogue.search import search as search_catalogue
    from harvester.catalogue.search import suggest
    from harvester.view.open import open_catalogue
    from harvester.view.place import pick_place

    call: Call = context.obj
    asked = " ".join(text)
    with open_catalogue(call.workspace.catalogue_file) as catalogue:
        ars = pick_place(catalogue, region).ars if region else None
        within = find_situation(catalogue, situation) if situation else None
        hits = search_catalogue(catalogue, asked, ars, within, limit)
        meant = suggest(catalogue, asked)

    def show(console: Console) -> None:
        if meant:
            console.print(Text(f"Meinten Sie: {meant}?", style="italic"))
        for hit in hits:
            console.print(Text.assemble((hit.title, "bold"), f"  {hit.level}  {hit.leika_key or ''}  {hit.service_id}"))
            if hit.summary:
                console.print(Text(f"  {hit.summary}"), no_wrap=True, overflow="ellipsis", crop=True)
        if not hits:
            console.print("nothing found")

    call.answer({"meant": meant, "hits": [asdict(hit) for hit in hits]}, show)
    return int(Exit.DONE if hits else Exit.FAILED)
