"""One run of the harvester: the chosen sources, then the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from harvester.catalogue.refresh import Refreshed, refresh_catalogue
from harvester.errors import ConfigurationError, Exit, HarvesterError
from harvester.registry import Problem, Registry, Source
from harvester.run.execute import Executor, Inline, Limits, Processes
from harvester.run.harvest import Clock
from harvester.run.judge import Verdict
from harvester.run.links import LinkCheck, check_after_harvest
from harvester.run.outcome import Busy, Outcome
from harvester.run.progress import Nobody, Progress, Result, Watcher
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
    """What a run came to.

    ``busy`` are sources that another run is at. ``catalogue`` is None for a dry run, and where no new one could be
    published; ``refused`` says why. What was harvested counts all the same: the next build takes it along.
    ``links`` tells of the links that were due.
    """

    outcomes: tuple[Outcome, ...]
    busy: tuple[Busy, ...]
    problems: tuple[Problem, ...]
    catalogue: Refreshed | None
    links: LinkCheck = LinkCheck()  # noqa: RUF009 -- immutable
    due: bool = False
    refused: HarvesterError | None = None

    @property
    def exit(self) -> Exit:
        """The exit code the run ends with."""
        if self.refused and self.refused.exit is not Exit.BUSY:
            return self.refused.exit
        if self.problems:
            return Exit.WRONG_USE
        if self.links.exit is Exit.VOID:
            return Exit.VOID
        if any(outcome.verdict in {Verdict.FAILED, Verdict.HELD} for outcome in self.outcomes):
            return Exit.FAILED
        # whoever asks for what is due only wants it done, by whomever; but nobody knows what another build took along
        busy = (self.busy or self.links.exit is Exit.BUSY) and not self.due
        return Exit.BUSY if busy or self.refused else Exit.DONE

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON document; ``error`` is in it only where the catalogue was refused."""
        return {
            "sources": [outcome.as_json() for outcome in self.outcomes],
            "busy": [asdict(busy) for busy in self.busy],
            "problems": [str(problem) for problem in self.problems],
            "catalogue": asdict(self.catalogue) if self.catalogue else None,
            "links": self.links.as_json(),
            **({"error": str(self.refused)} if self.refused else {}),
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
    watcher: Watcher | None = None,
) -> RunReport:
    """Harvest sources, bring the catalogue up to date and publish it; then check the links that are due, and publish that.

    Files of the registry that cannot be read are reported and leave the other sources alone. A new catalogue that does not
    pass its checks is reported, too, and the published one stays. With ``due`` sources that another run was quicker with are
    left out. Interrupted, it hands back what it holds: its runs are closed and do not count.

    Raises:
        ConfigurationError: there is nothing that could be run.
    """
    if not registry.sources:
        told = [str(problem) for problem in registry.problems]
        raise ConfigurationError(told or [f"{workspace.sources}: no source here; write one (docs/sources.md)"])
    with closing(open_state(workspace.state_file)) as state:
        recover(state, workspace.runs, clock())
        book = _Book(watcher or Nobody())
        try:
            _executor(workspace, clock, dry=dry, due=due).execute(sources, book)
        except KeyboardInterrupt:
            reap(state.conn, clock())
            recover(state, workspace.runs, clock())
            raise
        catalogue, checked, refused = None, LinkCheck(), None
        if not dry:
            book.building()
            try:
                catalogue = refresh(workspace, state, registry, clock)
            except HarvesterError as error:
                refused = error
        if links and not dry:
            checked = check_after_harvest(workspace, state, clock, lambda *_: book.link())
        if checked.tells and refused is None:
            book.building()
            try:
                refresh(workspace, state, registry, clock, amend=True)
            except HarvesterError as error:
                refused = error
    order = {source.id: position for position, source in enumerate(sources)}
    results = sorted(book.results, key=lambda result: order[result.source_id])
    outcomes = tuple(result for result in results if isinstance(result, Outcome))
    busy = tuple(result for result in results if isinstance(result, Busy))
    return RunReport(outcomes, busy, tuple(registry.problems), catalogue, checked, due, refused)


@dataclass(frozen=True)
class _Book:
    """Keeps all results, and passes everything on to who looks on."""

    watcher: Watcher
    results: list[Result] = field(default_factory=list)

    def progress(self, progress: Progress) -> None:
        self.watcher.progress(progress)

    def result(self, result: Result) -> None:
        self.results.append(result)
        self.watcher.result(result)

    def building(self) -> None:
        self.watcher.building()

    def link(self) -> None:
        self.watcher.link()


def _executor(workspace: Workspace, clock: Clock, *, dry: bool, due: bool) -> Executor:
    if workspace.settings.cluster.scheduler:
        from harvester.cluster.cluster import Cluster  # noqa: PLC0415 - comes with the extra [cluster]

        return Cluster(workspace, clock, dry, due)
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
            sources[source_id] = Source.remembered(row[0])
    return dict(sorted(sources.items()))
