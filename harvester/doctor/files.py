"""Files of a workspace: half-written ones, room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from harvester.doctor.diagnosis import Diagnosis, Health
from harvester.fetch import SnapshotStore
from harvester.workspace import Workspace

_RESERVE = 500_000_000
"""Bytes that should stay free beside what a build needs."""


def check_leftovers(
    workspace: Workspace, kept: set[str], working: Callable[[], bool], *, mend: bool
) -> Iterator[Diagnosis]:
    """Files of runs and builds that ended without cleaning up.

    ``kept`` are the runs whose shards wait for a decision. While somebody is ``working`` nothing is removed: the files may be
    theirs. That is asked after looking for files: whoever made one that was found held a lease before and holds it still.
    """
    leftovers = [file for file in sorted(workspace.runs.glob("*.shard*")) if file.name.partition(".")[0] not in kept]
    leftovers += sorted(workspace.builds.glob("catalogue.new*")) + sorted(workspace.builds.glob("*.half"))
    leftovers += SnapshotStore(workspace.snapshots).unfinished()
    if not leftovers:
        yield Diagnosis("files", Health.OK, "no half-written files")
    elif working():
        yield Diagnosis("files", Health.OK, f"{len(leftovers)} unfinished files; a run is under way")
    elif mend:
        for file in leftovers:
            file.unlink(missing_ok=True)
        yield Diagnosis(
            "files", Health.MENDED, f"{len(leftovers)} half-written files removed, such as {leftovers[0].name}"
        )
    else:
        yield Diagnosis(
            "files", Health.ILL, f"{len(leftovers)} half-written files, such as {leftovers[0].name}", "harvester doctor"
        )


def check_disk(workspace: Workspace) -> Iterator[Diagnosis]:
    """Room for one more build of the catalogue, and some."""
    free = shutil.disk_usage(workspace.root).free
    needed = 2 * _size(workspace.catalogue_file) + _size(workspace.state_file) + _RESERVE
    told = f"{free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB needed for the next run"
    if free >= needed:
        yield Diagnosis("disk", Health.OK, told)
    else:
        remedy = "make room, or keep fewer builds ([catalogue] keep in harvester.toml)"
        yield Diagnosis("disk", Health.ILL, told, remedy)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
