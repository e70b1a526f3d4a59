"""The command line: verbs only. Each parses, calls, and ends with an exit code."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from harvester import __version__
from harvester.arguments import Common, take_common
from harvester.cli import (
    accept,
    assign,
    codelists,
    explain,
    plan,
    report,
    run,
    safety,
    schedule,
    search,
    serve,
    situations,
    sources,
    view,
)
from harvester.cli import catalogue as catalogue_verbs
from harvester.cli import keys as keys_verbs
from harvester.cli import links as links_verbs
from harvester.cli.call import Call
from harvester.errors import Exit, HarvesterError

app = typer.Typer(
    name="harvester",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.add_typer(sources.app, name="sources")
app.command("try")(explain.try_url)
app.command("explain")(explain.explain)
app.add_typer(catalogue_verbs.app, name="catalogue")
app.command("region")(view.region)
app.command("gaps")(view.gaps)
app.command("diff")(view.diff)
app.add_typer(links_verbs.app, name="links")
links_verbs.app.command("accept")(accept.accept)
app.command("assign")(assign.assign)
app.command("search")(search.search)
app.add_typer(situations.app, name="situations")
app.add_typer(keys_verbs.app, name="keys")
app.command("approve")(safety.approve)
app.command("report")(report.report)
app.command("serve")(serve.serve)
app.command("schedule")(schedule.schedule)
app.command("plan")(plan.plan)
app.command("codelists")(codelists.codelists)
app.command("doctor")(safety.doctor)
app.command("demo")(run.demo)

_INTERRUPTED = 130  # how the option parser reports Ctrl-C; our codes end at 4


def _print_version(context: typer.Context, asked: bool) -> None:
    if asked:
        call: Call = context.obj
        told = f"harvester {__version__}"
        call.answer({"version": __version__}, lambda console: console.print(told, highlight=False))
        raise typer.Exit


@app.callback()
def everything(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Harvests service descriptions of Bund, Land and Kommune into one catalogue.

    Everywhere on the line: `-w/--workspace DIR` (default `.`), `--json` (one JSON document on standard output),
    `--debug` (show where an error comes from).
    """
    del version  # told and done before any verb


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Errors speak to people; ``--debug`` shows where they come from."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    call = Call(Common(json="--json" in given, debug="--debug" in given))
    try:
        common, rest = take_common(given)
        call = Call(common)
        code = int(app(rest, standalone_mode=False, prog_name="harvester", obj=call) or Exit.DONE)
        if code == _INTERRUPTED:
            raise KeyboardInterrupt  # noqa: TRY301 - Ctrl-C, as it would have arrived without the option parser
    except BrokenPipeError:
        # who reads standard output has seen enough; Python must not try to flush the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.FAILED)
    except (Exception, KeyboardInterrupt) as error:
        if call.common.debug:
            raise
        message, code = _explain(error)
        call.complain(message)
        if call.common.json:
            call.print_json({"error": message, "exit": int(code)})
        return int(code)
    return code


def _explain(error: BaseException) -> tuple[str, Exit]:
    """What went wrong, for a person, and the code to end with."""
    match error:
        case HarvesterError():
            return str(error), error.exit
        case KeyboardInterrupt() | typer.Abort():
            return "stopped; nothing half-done is kept", Exit.FAILED
        case OSError() | sqlite3.OperationalError():
            return f"this machine is at fault, nothing was judged: {error}", Exit.VOID
        case sqlite3.DatabaseError():
            return (
                f"a database of the workspace is damaged ({error}); harvester doctor tells which, and what to do",
                Exit.VOID,
            )
    # usage errors of the option parser have no common public base
    if (format_message := getattr(error, "format_message", None)) is not None:
        told = str(format_message()).replace("Value error, ", "")
        return f"{told}\nharvester --help shows what there is", Exit.WRONG_USE
    told = f"a fault in the program: {type(error).__name__}: {error}"
    return f"{told}\nPlease report it; --debug shows where it is.", Exit.VOID
