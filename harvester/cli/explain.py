"""Verbs that show where values come from."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import Exit


def try_url(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="An address of the source: its endpoint, a page, a message.")],
    source: Annotated[str | None, typer.Option(help="The source to read it for, if the address fits several.")] = None,
    role: Annotated[str | None, typer.Option(help="What the document is to the interface, such as `detail`.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many records to show.")] = 5,
) -> int:
    """Fetch one address and show the records it gives, field by field. Nothing is stored in the catalogue."""
    from harvester.explain.trial import try_address

    call: Call = context.obj
    found = try_address(call.workspace, call.read_registry(), url, source_id=source, role=role, limit=limit)
    call.answer(found.as_json(), found.show)
    return int(Exit.DONE if found.records else Exit.FAILED)


def explain(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="A service: its id, its slug, or an id of a source.")],
    field: Annotated[str | None, typer.Argument(help="A field: `title`, `texts/fees/de`; all without.")] = None,
) -> int:
    """Show where the values of a service come from: rule, snapshot, place, and the bytes around it."""
    from harvester.explain.answer import explain_service

    call: Call = context.obj
    answer = explain_service(call.workspace, call.read_registry(), service, field)
    call.answer(answer.as_json(), answer.show)
    return int(Exit.DONE)
