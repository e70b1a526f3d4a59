"""One run of the harvester: the chosen sources, then the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from harvester.catalogue.refresh import Refreshed, refresh_catalogue
from harvester.errors import ConfigurationError, Exit
from harvester.links.check import OnSeen
from harvester.registry import Problem, Registry, Source
from harvester.run.execute import Executor, Inline, Limits, Processes, Result
from harvester.run.harvest import Clock
from harvester.run.judge import Verdict
from harvester.run.links import LinkCheck, check_after_harvest
from harvester.run.outcome import Busy, Outcome
from harvester.run.recover import recover
from harvester.state import open_state
from harvester.state.lease import holding, reap
from harvester.workspace import Workspace

_PATIENCE = 600
"""Seconds to wait for another build."""


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run came to. ``busy`` are sources that another run is at; ``catalogue`` is None for a dry run.

    ``links`` tells of the links that were due, once the catalogue was published.
    """

    outcomes: tuple[Outcome, ...]
    busy: tuple[Busy, ...]
    problems: tuple[Problem, ...]
    catalogue: Refreshed | None
    links: LinkCheck = LinkCheck()  # noqa: RUF009 -- immutable
    due: bool = False

    @property
    def exit(self) -> Exit:
        """The exit code the run ends with."""
        if self.problems:
            return Exit.WRONG_USE
        if self.links.exit is Exit.VOID:
            return Exit.VOID
        if any(outcome.verdict in {Verdict.FAILED, Verdict.HELD} for outcome in self.outcomes):
            return Exit.FAILED
        # whoever asks for what is due only wants it done, by whomever
        if self.due:
            return Exit.DONE if self.links.exit is Exit.BUSY else self.links.exit
        return Exit.BUSY if self.busy else self.links.exit

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON document."""
        return {
            "sources": [outcome.as_json() for outcome in self.outcomes],
            "busy": [asdict(busy) for busy in self.busy],
            "problems": [str(problem) for problem in self.problems],
            "catalogue": asdict(self.catalogue) if self.catalogue else None,
            "links": self.links.as_json(),
            "exit": int(self.exit),
        }


def run_sources(  # noqa: PLR0913 - what a run may be told
    workspace: Workspace,
    registry: Registry,
    sources: Sequence[Source],
    *,
    dry: bool = False,
    due: bool = False,
    links: bool = True,
    clock: Clock = utc_now,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
    on_link: OnSeen | None = None,
) -> RunReport:
    """Harvest sources, bring the catalogue up to date and publish it; then check the links that are due, and publish that.

    Files of the registry that cannot be read are reported and leave the other sources alone. With ``due`` sources that
    another run was quicker with are left out. Interrupted, it hands back what it holds: its runs are closed and do not count.

    Raises:
        ConfigurationError: there is nothing that could be run.
        NotPublishableError: the new catalogue did not pass its checks; the published one stays.
    """
    if not registry.sources:
        told = [str(problem) for problem in registry.problems]
        raise ConfigurationError(told or [f"{workspace.sources}: no source here; write one (docs/sources.md)"])
    with closing(open_state(workspace.state_file)) as state:
        recover(state, workspace.runs, clock())
        results: list[Result] = []

        def take(result: Result) -> None:
            results.append(result)
            if isinstance(result, Outcome):
                on_outcome(result)

        try:
            _executor(workspace, clock, dry=dry, due=due).execute(sources, take)
        except KeyboardInterrupt:
            reap(state.conn, clock())
            recover(state, workspace.runs, clock())
            raise
        catalogue = None if dry else refresh(workspace, state, registry, clock)
        checked = check_after_harvest(workspace, state, clock, on_link) if links and not dry else LinkCheck()
        if checked.tells:
            refresh(workspace, state, registry, clock, amend=True)
    order = {source.id: position for position, source in enumerate(sources)}
    results.sort(key=lambda result: order[result.source_id])
    outcomes = tuple(result for result in results if isinstance(result, Outcome))
    busy = tuple(result for result in results if isinstance(result, Busy))
    return RunReport(outcomes, busy, tuple(registry.problems), catalogue, checked, due)


def _executor(workspace: Workspace, clock: Clock, *, dry: bool, due: bool) -> Executor:
    settings = workspace.settings.run
    if settings.workers == 0:
        return Inline(workspace, clock, dry, due)
    limits = Limits(settings.workers, settings.seconds, settings.megabytes)
    return Processes(workspace, clock, limits, dry, due)


def refresh(
    workspace: Workspace,
    state: Database,
    registry: Registry,
    clock: Clock,
    *,
    force: bool = False,
    amend: bool = False,
) -> Refreshed:
    """Build and publish the catalogue of all sources the registry knows. Builds wait for each other.

    With ``force`` a loss is accepted; with ``amend`` new states of links make no build of their own (``refresh_catalogue``).

    Raises:
        NotPublishableError: the new one is not fit to be published; the published one stays.
        BusyError: another build goes on for too long.
    """
    with holding(state, workspace.state_file, "catalogue", clock, patience=_PATIENCE):
        return refresh_catalogue(
            state,
            workspace.state_file,
            known_sources(state, registry),
            workspace.catalogue_file,
            workspace.builds,
            keep=workspace.settings.catalogue.keep,
            max_drop=workspace.settings.catalogue.max_drop,
            at=clock(),
            force=force,
            amend=amend,
            data=workspace.data,
        )


def known_sources(state: Database, registry: Registry) -> dict[str, Source]:
    """All sources whose records count, as the registry describes them.

    A source whose file cannot be read counts as it was described last: an error in a file withdraws nothing. One whose file
    is gone withdraws its own statements.
    """
    sources = dict(registry.sources)
    for source_id in registry.unreadable:
        row = state.conn.execute("SELECT description FROM source WHERE id = ?", (source_id,)).fetchone()
        if row:
            sources[source_id] = Source.model_validate_json(row[0])
    return dict(sorted(sources.items()))
