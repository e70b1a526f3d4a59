"""The verb that tells what needs a person."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Literal

import typer

from harvester.cli.call import Call
from harvester.errors import Exit, UsageError


def report(  # noqa: PLR0913, PLR0917 - the options of the verb
    context: typer.Context,
    run: Annotated[str | None, typer.Argument(metavar="RUN", help="A run, as its table names it.")] = None,
    run_id: Annotated[str | None, typer.Option("--run", metavar="RUN", help="The same.", hidden=True)] = None,
    day: Annotated[str | None, typer.Option(help="A day, such as 2026-11-23; today without.")] = None,
    lang: Annotated[str | None, typer.Option(help="de or en.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown, for mail.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a report and end.")] = False,
    show: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    done: Annotated[
        str | None, typer.Option(metavar="KEY", help="This point is dealt with: it waits for others for 14 days.")
    ] = None,
    because: Annotated[str, typer.Option(help="What was done; recorded.")] = "",
) -> int:
    """Tell what needs a person, what changed and how the sources are; written to `reports/` as HTML, JSON and Markdown."""
    from harvester.reports.make import deal_with, make_report, period_of_run
    from harvester.reports.markdown import render_markdown
    from harvester.reports.period import read_day, today
    from harvester.reports.report import report_schema
    from harvester.reports.store import write_report
    from harvester.reports.terminal import print_report
    from harvester.run.run import utc_now
    from harvester.state import open_state

    call: Call = context.obj
    if schema:
        call.print_json(report_schema())
        return int(Exit.DONE)
    workspace, now, chosen = call.workspace, utc_now(), run or run_id
    if chosen and day:
        raise UsageError("a run or a day, not both")
    language = read_language(lang) or workspace.settings.reports.language
    registry = call.read_registry()
    with closing(open_state(workspace.state_file)) as state:
        period = period_of_run(state, chosen) if chosen else read_day(day) if day else today(now)
        made = make_report(workspace, state, registry, period, now, language)
        if done:
            deal_with(state, made, done, because, call.person, now)
            made = make_report(workspace, state, registry, period, now, language)
    page = write_report(made, workspace.reports)
    if markdown:
        call.out.print(render_markdown(made), markup=False, highlight=False, soft_wrap=True)
    else:
        call.answer(made.model_dump(mode="json"), lambda console: print_report(console, made))
        call.remark(str(page))
    if show:
        typer.launch(str(page))
    return int(Exit.DONE)


def read_language(text: str | None) -> Literal["de", "en"] | None:
    """The language an option names; None where it names none.

    Raises:
        UsageError: there is no such language.
    """
    match text:
        case None:
            return None
        case "de" | "en":
            return "de" if text == "de" else "en"
    raise UsageError(f"--lang: {text} is neither de nor en")
