"""Make the plan of a workspace. Only reads: no state is made, none is changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

from sqlite_utils import Database

from harvester.errors import HarvesterError
from harvester.links.host_rules import read_host_rules
from harvester.plan.document import Plan
from harvester.plan.history import History, read_history
from harvester.plan.plan import make_plan
from harvester.registry import Source
from harvester.schedule.due import Due, find_due
from harvester.schedule.slots import last_slot, trigger_of
from harvester.workspace import Workspace


class OldStateError(HarvesterError):
    """The state was written by an older program and has not got what a plan is made of."""


def plan_workspace(workspace: Workspace, sources: Sequence[Source], now: datetime, days: float) -> Plan:
    """Plan these sources and the links that the state knows, from now on.

    Raises:
        OldStateError: the state must be brought up to date first.
    """
    history, due = _remembered(workspace, sources, now)
    return make_plan(sources, history, due, workspace.settings, read_host_rules(), begins=now, days=days)


def _remembered(workspace: Workspace, sources: Sequence[Source], now: datetime) -> tuple[History, list[Due]]:
    if not workspace.state_file.exists():
        slots = ((source, last_slot(trigger_of(source), now)) for source in sources)
        return History(), [Due(source, slot, fresh=True) for source, slot in slots if slot is not None]
    try:
        with closing(sqlite3.connect(f"{workspace.state_file.resolve().as_uri()}?mode=ro", uri=True)) as conn:
            conn.row_factory = sqlite3.Row
            return read_history(conn, [one.id for one in sources], now), find_due(Database(conn), sources, now)
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        raise OldStateError(
            f"{workspace.state_file} was written by an older program ({error}); the next harvester run brings it up to date"
        ) from error
