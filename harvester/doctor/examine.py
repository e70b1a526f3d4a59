"""Examine a workspace from the outside in: settings, sources, disk, state, files, catalogue."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from sqlite_utils import Database

from harvester.catalogue.check import check_catalogue
from harvester.doctor.diagnosis import Diagnosis, Health
from harvester.doctor.files import check_disk, check_leftovers
from harvester.doctor.schedule import check_schedule
from harvester.doctor.snapshots import check_snapshots
from harvester.doctor.state import check_clock, check_integrity, check_leases, check_runs, damaged
from harvester.errors import ConfigurationError
from harvester.merge.decided import merge_files, read_decided
from harvester.registry import Registry
from harvester.run.held import held_runs
from harvester.schedule.lease import SCHEDULER
from harvester.state import StateTooNewError, open_state
from harvester.state.lease import all_leases
from harvester.workspace import Workspace


def examine(
    workspace: Workspace, registry: Registry, now: datetime, *, mend: bool, thorough: bool = False
) -> Iterator[Diagnosis]:
    """All diagnoses, each as it is made. With ``mend`` what can be mended is; ``thorough`` reads all snapshots through."""
    yield from _check_settings(workspace)
    yield from _check_sources(registry)
    yield from _check_rules(workspace)
    yield from check_disk(workspace)
    yield from _check_state(workspace, registry, now, mend=mend, thorough=thorough)
    yield from _check_catalogue(workspace)


def _check_settings(workspace: Workspace) -> Iterator[Diagnosis]:
    try:
        settings = workspace.settings
    except ConfigurationError as error:
        for problem in error.problems:
            yield Diagnosis("settings", Health.ILL, problem, "correct harvester.toml")
        return
    where = str(workspace.config_file) if workspace.config_file.exists() else "defaults, there is no harvester.toml"
    yield Diagnosis("settings", Health.OK, where)
    if not settings.fetch.contact:
        remedy = 'set contact = "https://…" under [fetch] in harvester.toml'
        yield Diagnosis("contact", Health.ILL, "operators of sources cannot see who is asking", remedy)


def _check_sources(registry: Registry) -> Iterator[Diagnosis]:
    for problem in registry.problems:
        yield Diagnosis(
            "sources", Health.ILL, str(problem), "correct the file; its records stay as they are until then"
        )
    if not registry.problems:
        enabled = sum(source.enabled for source in registry.sources.values())
        yield Diagnosis("sources", Health.OK, f"{len(registry.sources)} sources, {enabled} of them enabled")


def _check_rules(workspace: Workspace) -> Iterator[Diagnosis]:
    decided = read_decided(merge_files(workspace.data))
    for wrong in decided.wrong:
        yield Diagnosis("merge rules", Health.ILL, f"{wrong.place}: {wrong.problem}", wrong.advice)
    if not decided.wrong:
        yield Diagnosis("merge rules", Health.OK, f"{len(decided.read)} rules in data/merge.yml")


def _check_state(
    workspace: Workspace, registry: Registry, now: datetime, *, mend: bool, thorough: bool
) -> Iterator[Diagnosis]:
    if not workspace.state_file.exists():
        yield Diagnosis("state", Health.OK, "no state.db yet: nothing was harvested")
        return
    try:
        with closing(open_state(workspace.state_file)) as state:
            integrity = check_integrity(state)
            yield integrity
            if integrity.health is Health.OK:
                yield from _check_memory(state, workspace, registry, now, mend=mend, thorough=thorough)
    except StateTooNewError as error:
        yield Diagnosis("state", Health.ILL, str(error), "install the newer harvester")
    except sqlite3.OperationalError:
        raise  # the disk or a lock: that says nothing about the file
    except sqlite3.DatabaseError as error:
        yield damaged(str(error))


def _check_memory(
    state: Database, workspace: Workspace, registry: Registry, now: datetime, *, mend: bool, thorough: bool
) -> Iterator[Diagnosis]:
    yield from check_clock(state, now)
    yield from check_leases(state, now, mend=mend)
    yield from check_runs(state, workspace, now, mend=mend)
    yield from check_snapshots(state, workspace, now, mend=mend, thorough=thorough)
    yield from check_schedule(state, registry, now)
    held = held_runs(state)
    for run in held:
        remedy = f'harvester approve {run.run_id} --because "…"'
        yield Diagnosis("held", Health.ILL, f"{run.source_id}: {run.reason}", remedy)
    kept = {run.run_id for run in held}
    yield from check_leftovers(workspace, kept, lambda: _somebody_works(state), mend=mend)


def _somebody_works(state: Database) -> bool:
    """Whether anybody may be writing files; a scheduler only waits."""
    return any(lease.name != SCHEDULER for lease in all_leases(state.conn))


def _check_catalogue(workspace: Workspace) -> Iterator[Diagnosis]:
    if not workspace.catalogue_file.exists():
        yield Diagnosis("catalogue", Health.OK, "no catalogue.db yet")
        return
    problems = check_catalogue(workspace.catalogue_file)
    for problem in problems:
        yield Diagnosis("catalogue", Health.ILL, problem, "harvester catalogue rollback, or harvester catalogue build")
    if not problems:
        yield Diagnosis("catalogue", Health.OK, "catalogue.db passes all its checks")
