"""``harvester situations``: in which drawers services lie, and why."""

from __future__ import annotations

import datetime as dt
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import Exit, UsageError

app = typer.Typer(help="Life situations: where services lie, and why.", no_args_is_help=True)


class Split(StrEnum):
    """What stays together on one side of the evaluation."""

    VARIANT = "variant"
    LEISTUNG = "leistung"
    BUNDLE = "bundle"


@app.command("evaluate")
def evaluate(
    context: typer.Context,
    csv: Annotated[
        Path | None, typer.Option(help="A CSV file with titles and the Themenfelder that are right.")
    ] = None,
    column: Annotated[str, typer.Option(help="The column with the titles.")] = "title",
    label: Annotated[str, typer.Option(help="The column with codes or names, separated by `|`.")] = "fields",
    split: Annotated[
        list[Split] | None, typer.Option(help="Which five-fold evaluation; all three without. Needs the extra `train`.")
    ] = None,
) -> int:
    """Measure the classification: on titles of a file, or in five folds over the official labels."""
    from harvester.situations.evaluate import evaluate_file
    from harvester.situations.knowledge import read_knowledge
    from harvester.situations.show import show_figures
    from harvester.situations.text import read_model

    call: Call = context.obj
    if csv is not None:
        if not csv.is_file():
            raise UsageError(f"{csv} does not exist")
        figures = evaluate_file(csv, column, label, read_model(), read_knowledge(()).taxonomies["ozg"])
        call.answer(figures.as_json(), lambda console: show_figures(console, {csv.name: figures}))
        return int(Exit.DONE)
    try:
        from harvester.situations.train import fitter
    except ModuleNotFoundError as error:
        raise UsageError(f'folds are trained anew and need {error.name}: pip install -e ".[train]"') from error
    from harvester.situations.evaluate import evaluate_folds
    from harvester.situations.samples import read_samples
    from harvester.situations.words import read_words

    fit, samples = fitter(read_words(), read_model().calibration), read_samples()
    folds = {str(part): evaluate_folds(samples, part, fit) for part in split or Split}
    told = {part: {which: f.as_json() for which, f in some.items()} for part, some in folds.items()}
    flat = {f"{part} {which}": f for part, some in folds.items() for which, f in some.items()}
    call.answer(told, lambda console: show_figures(console, flat))
    return int(Exit.DONE)


@app.command("explain")
def explain(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="A service (its id, its slug, an id of a source), or any title.")],
) -> int:
    """Show where a service lies, who or what decided, how sure that is, and the evidence. A text with blanks is a title."""
    from harvester.catalogue.drawers import names_of
    from harvester.editorial import editorial_files
    from harvester.explain.answer import combine_service
    from harvester.situations.explain import explain as explain_service
    from harvester.situations.explain import explain_title
    from harvester.situations.knowledge import read_knowledge
    from harvester.situations.show import explanation_as_json, show_explanation

    call: Call = context.obj
    knowledge = read_knowledge(editorial_files("overrides", call.workspace.data))
    known = call.workspace.catalogue_file.exists() and " " not in service.strip()
    try:
        sid, parts, combined = (
            combine_service(call.workspace, call.read_registry(), service) if known else ("", (), None)
        )
    except UsageError:
        if any(mark.isdigit() or mark in ":_" for mark in service):
            raise  # it was meant as an id
        combined = None
    if combined is None:
        title, told = service, explain_title(service, knowledge)
    else:
        title, told = combined.service.title, explain_service(combined.service, knowledge, names_of(sid, parts))
    call.answer(
        explanation_as_json(title, told, knowledge), lambda console: show_explanation(console, title, told, knowledge)
    )
    return int(Exit.DONE)


@app.command("review")
def review(
    context: typer.Context,
    csv: Annotated[bool, typer.Option("--csv", help="Print all as CSV, with the line for `data/overrides`.")] = False,
) -> int:
    """List the services that need a person, most used first: in no drawer, in doubt, or source and key disagree."""
    from harvester.situations.knowledge import read_knowledge
    from harvester.situations.review import decision_of, read_assigned, write_cases
    from harvester.situations.review import review as review_all
    from harvester.situations.show import show_cases
    from harvester.view.open import open_catalogue

    call: Call = context.obj
    today = dt.datetime.now(tz=dt.UTC).date()
    with open_catalogue(call.workspace.catalogue_file) as catalogue:
        cases = review_all(read_assigned(catalogue))
    if csv and not call.common.json:
        write_cases(cases, sys.stdout, today)
        return int(Exit.DONE)
    told = [{**case._asdict(), "decision": decision_of(case, today)} for case in cases]
    call.answer(told, lambda console: show_cases(console, cases, read_knowledge(())))
    return int(Exit.DONE)
