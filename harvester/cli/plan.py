"""The verb that looks ahead."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harvester.cli.call import Call
from harvester.cli.report import read_language
from harvester.errors import Exit


def plan(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these; all enabled ones without.")
    ] = None,
    days: Annotated[float, typer.Option(min=0.1, max=60, help="How far to look ahead.")] = 7,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the page with the picture.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="de or en.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 if a host has more work than time, or links are left.")
    ] = False,
) -> int:
    """Tell when each source and each host's links will be done, which hosts bound the week, and what to change.

    Nothing is asked and nothing is written but FILE: the plan is made of the sources' files, `harvester.toml` and what the
    state remembers of earlier runs (docs/operations.md).
    """
    from harvester.plan.read import plan_workspace
    from harvester.plan.terminal import print_plan
    from harvester.run.run import utc_now
    from harvester.words import Words

    call: Call = context.obj
    workspace = call.workspace
    sources = call.read_registry().pick(ids or ())
    made = plan_workspace(workspace, sources, utc_now(), days)
    words = Words(read_language(lang) or workspace.settings.reports.language, "plan")
    call.answer(made.model_dump(mode="json"), lambda console: print_plan(console, made, words))
    if html is not None:
        from harvester.plan.page import render_plan

        html.write_text(render_plan(made, words), encoding="utf-8")
        call.remark(str(html))
    return int(Exit.FAILED if strict and (made.overloaded or any(host.left for host in made.hosts)) else Exit.DONE)
