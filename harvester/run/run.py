"""One run of the harvester: the chosen sources, then the catalogue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from harvester.catalogue.refresh import Refreshed, refresh_catalogue
from harvester.errors import ConfigurationError, Exit
from harvester.fetch import Fetcher, SnapshotStore
from harvester.registry import Problem, Registry, Source
from harvester.run.harvest import Clock, Outcome, harvest
from harvester.run.judge import Verdict
from harvester.state import open_state
from harvester.state.validators import StateValidators
from harvester.workspace import Workspace


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run came to. ``catalogue`` is None for a dry run."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    catalogue: Refreshed | None

    @property
    def exit(self) -> Exit:
        """The exit code the run ends with."""
        if self.problems:
            return Exit.WRONG_USE
        bad = {Verdict.FAILED, Verdict.HELD}
        return Exit.FAILED if any(outcome.verdict in bad for outcome in self.outcomes) else Exit.DONE

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON document."""
        return {
            "sources": [outcome.as_json() for outcome in self.outcomes],
            "problems": [str(problem) for problem in self.problems],
            "catalogue": asdict(self.catalogue) if self.catalogue else None,
            "exit": int(self.exit),
        }


def run_sources(
    workspace: Workspace,
    registry: Registry,
    sources: Sequence[Source],
    *,
    dry: bool = False,
    clock: Clock = utc_now,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> RunReport:
    """Harvest sources one after another, then bring the catalogue up to date and publish it.

    Files of the registry that cannot be read are reported and leave the other sources alone.

    Raises:
        ConfigurationError: there is nothing that could be run.
        NotPublishableError: the new catalogue did not pass its checks; the published one stays.
    """
    if not registry.sources:
        told = [str(problem) for problem in registry.problems]
        raise ConfigurationError(told or [f"{workspace.sources}: no source here; write one (docs/sources.md)"])
    with closing(open_state(workspace.state_file)) as state:
        outcomes = asyncio.run(_harvest_all(workspace, state, sources, dry=dry, clock=clock, on_outcome=on_outcome))
        catalogue = None
        if not dry:
            catalogue = refresh(workspace, state, registry, clock())
    return RunReport(tuple(outcomes), tuple(registry.problems), catalogue)


def refresh(workspace: Workspace, state: Database, registry: Registry, at: datetime) -> Refreshed:
    """Build and publish the catalogue of all sources the registry knows."""
    return refresh_catalogue(
        state,
        workspace.state_file,
        known_sources(state, registry),
        workspace.catalogue_file,
        workspace.builds,
        keep=workspace.settings.catalogue.keep,
        at=at,
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


async def _harvest_all(
    workspace: Workspace,
    state: Database,
    sources: Sequence[Source],
    *,
    dry: bool,
    clock: Clock,
    on_outcome: Callable[[Outcome], None],
) -> list[Outcome]:
    settings = workspace.settings
    outcomes: list[Outcome] = []
    async with Fetcher(
        settings.fetch, settings.politeness, SnapshotStore(workspace.snapshots), StateValidators(state, clock)
    ) as fetcher:
        for source in sources:
            outcome = await harvest(source, state=state, fetcher=fetcher, runs=workspace.runs, clock=clock, dry=dry)
            outcomes.append(outcome)
            on_outcome(outcome)
    return outcomes
