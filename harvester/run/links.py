"""Link checking as part of a run: what is due, within the budget, and the catalogue that then tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from harvester.errors import Exit
from harvester.fetch.clock import Clock
from harvester.links.check import OnSeen
from harvester.links.checker import RunReport
from harvester.links.commands import catalogue_texts, check_due, make_setup
from harvester.links.run_row import RunBusyError
from harvester.links.store import Selection
from harvester.state.lease import BusyError, holding
from harvester.workspace import Workspace

LEASE = "links"


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What became of the links: a report, or why there is none (``busy``)."""

    report: RunReport | None = None
    busy: str = ""

    @property
    def exit(self) -> Exit:
        """The exit code this alone would end with."""
        if self.report is None:
            return Exit.BUSY if self.busy else Exit.DONE
        return Exit.VOID if self.report.void is not None else Exit.DONE

    @property
    def tells(self) -> bool:
        """Whether the catalogue has something to take over."""
        return self.report is not None and self.report.void is None and self.report.checked > 0

    def as_json(self) -> dict[str, Any]:
        """The check as one JSON document."""
        return {"busy": self.busy} if self.report is None else self.report.as_json()


def check_workspace(
    workspace: Workspace,
    state: Database,
    clock: Callable[[], datetime],
    selection: Selection | None = None,
    on_seen: OnSeen | None = None,
) -> RunReport:
    """Check links of a workspace under the lease of link checking; without a selection, what is due.

    All addresses the published catalogue names are made known first, and those it names no more rest.

    Raises:
        BusyError, RunBusyError: another check is under way.
    """
    settings = workspace.settings
    setup = make_setup(settings.fetch, settings.politeness, settings.links, workspace.snapshots, Clock(now=clock))
    file = workspace.catalogue_file
    with holding(state, workspace.state_file, LEASE, clock):
        known = catalogue_texts(file) if file.exists() else None
        return check_due(state.conn, setup, known=known, selection=selection, on_seen=on_seen)


def check_after_harvest(
    workspace: Workspace, state: Database, clock: Callable[[], datetime], on_seen: OnSeen | None = None
) -> LinkCheck:
    """Check what is due after a harvest; a check that is under way elsewhere is no error of this run."""
    if workspace.settings.links.budget == 0:
        return LinkCheck()
    try:
        return LinkCheck(check_workspace(workspace, state, clock, on_seen=on_seen))
    except (BusyError, RunBusyError) as error:
        return LinkCheck(busy=str(error))
