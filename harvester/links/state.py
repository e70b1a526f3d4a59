"""The state of a link: a pure reducer over outcomes in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from harvester.links.outcome import Outcome, Verdict
from harvester.links.rules import Weight, weigh
from harvester.links.schedule import next_look

OVERRIDE_HOLDS = timedelta(days=90)
"""How long a maintainer's word stands against the same evidence."""

LEAST_GAP = timedelta(minutes=30)
"""Failures closer together are one failure: three commands in a row prove nothing."""


class State(StrEnum):
    """What a link is taken for. The values are a contract: they stand in the catalogue's column ``state``."""

    UNCHECKED = "unchecked"
    OK = "ok"
    SUSPECT = "suspect"
    DEAD = "dead"


class Word(StrEnum):
    """What a maintainer says after opening a link by hand."""

    ALIVE = "alive"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Damping:
    """How much evidence makes a link dead: ``failures`` over at least ``hours``; less where the evidence is sure.

    Sure is an answer 404 or 410 and a host name that does not exist.
    """

    failures: int = 3
    hours: float = 48
    sure_failures: int = 2
    sure_hours: float = 24


DAMPING = Damping()
"""The damping where an operator sets none."""


@dataclass(frozen=True, slots=True)
class Override:
    """A maintainer's word: it holds while the code stays the one it was said about, for 90 days at most."""

    word: Word
    code: str
    until: datetime


class LinkState(NamedTuple):
    """What is remembered of a link.

    ``since`` is when ``state`` was entered. ``failures`` counts failures since the last success; the first was at
    ``failing_since``, the last one counted at ``failed_at``. ``sure`` of them, from ``sure_since`` on, were sure.
    ``streak`` counts successes in a row. ``permanent_url`` is the target of a permanent redirect, first seen at
    ``permanent_since``, last at ``permanent_seen``.
    """

    state: State = State.UNCHECKED
    outcome: Outcome = Outcome.UNCHECKED
    code: str = ""
    since: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    sure: int = 0
    sure_since: datetime | None = None
    streak: int = 0
    checked_at: datetime | None = None
    ok_at: datetime | None = None
    permanent_url: str = ""
    permanent_since: datetime | None = None
    permanent_seen: datetime | None = None
    next_at: datetime | None = None
    override: Override | None = None


def reduce(
    before: LinkState,
    verdict: Verdict,
    at: datetime,
    key: str,
    damping: Damping = DAMPING,
    retry_after: float | None = None,
) -> LinkState:
    """The state after a verdict at time ``at``. ``key`` (the address) spreads the next look; it is always the same for it.

    Verdicts that say nothing either way leave the state as it is: a bot wall neither kills a link nor clears it.
    """
    weight = weigh(verdict.code)
    if weight is Weight.ALIVE:
        then = next_look(State.OK, verdict, 0, before.streak + 1, at, key, retry_after)
        after = _succeed(before, verdict, at, then)
        if after.override is None:
            return after
    else:
        after = before._replace(outcome=verdict.outcome, code=verdict.code, checked_at=at, since=before.since or at)
        if weight is not Weight.SILENT:
            after = _fail(after, at, damping, sure=weight is Weight.SURE)
    if after.override is not None:
        after = _obey(after, at)
    return after._replace(next_at=next_look(after.state, verdict, after.failures, after.streak, at, key, retry_after))


def confirm(before: LinkState, word: Word, at: datetime, key: str) -> LinkState:
    """The state after a maintainer's word."""
    said = before._replace(override=Override(word, before.code, at + OVERRIDE_HOLDS))
    after = _obey(said, at)
    if word is Word.ALIVE:
        after = after._replace(failures=0, failing_since=None, failed_at=None, sure=0, sure_since=None, ok_at=at)
    verdict = Verdict(before.outcome, before.code)
    return after._replace(next_at=next_look(after.state, verdict, after.failures, after.streak, at, key, None))


def _succeed(before: LinkState, verdict: Verdict, at: datetime, next_at: datetime) -> LinkState:
    known = verdict.permanent_url and verdict.permanent_url == before.permanent_url
    return LinkState(
        state=State.OK,
        outcome=verdict.outcome,
        code=verdict.code,
        since=before.since if before.state is State.OK else at,
        streak=before.streak + 1,
        checked_at=at,
        ok_at=at,
        permanent_url=verdict.permanent_url,
        permanent_since=before.permanent_since if known else (at if verdict.permanent_url else None),
        permanent_seen=at if verdict.permanent_url else None,
        next_at=next_at,
        override=before.override,
    )


def _fail(state: LinkState, at: datetime, damping: Damping, *, sure: bool) -> LinkState:
    last = state.failed_at
    if last is not None and at < last:
        # A clock that went back: what was counted by a wrong clock is no evidence.
        state, last = state._replace(failures=0, failing_since=None, sure=0, sure_since=None), None
    fresh = last is None or at - last >= LEAST_GAP
    failed = state._replace(
        failures=state.failures + fresh,
        failing_since=state.failing_since or at,
        failed_at=at if fresh else last,
        sure=state.sure + (sure and (fresh or state.sure == 0)),
        sure_since=(state.sure_since or at) if sure else state.sure_since,
        streak=0,
    )
    if _enough(failed, damping, at):
        return _enter(failed, State.DEAD, at)
    return failed if failed.state is State.DEAD else _enter(failed, State.SUSPECT, at)


def _enough(state: LinkState, damping: Damping, at: datetime) -> bool:
    if state.failures >= damping.failures and at - (state.failing_since or at) >= timedelta(hours=damping.hours):
        return True
    return state.sure >= damping.sure_failures and at - (state.sure_since or at) >= timedelta(hours=damping.sure_hours)


def _obey(state: LinkState, at: datetime) -> LinkState:
    """Let a maintainer's word stand while the evidence is the one it was said about."""
    said = state.override
    if said is None:
        return state
    if said.code != state.code or at >= said.until:
        return state._replace(override=None)
    return _enter(state, State.OK if said.word is Word.ALIVE else State.DEAD, at)


def _enter(state: LinkState, entered: State, at: datetime) -> LinkState:
    return state if state.state is entered else state._replace(state=entered, since=at)
