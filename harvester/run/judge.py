"""Judge a run: what may be believed of it. A pure function of the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from harvester.model import Coverage, Lost, Proof
from harvester.registry.source import Expectations
from harvester.run.learn import UNKNOWN, Learned

_DRIFT = 0.25
"""Share of records a field may lose from one run to the next; editors do not rewrite a quarter of their pages in a night."""

_DRIFT_AT_FIRST = 0.5
"""Share of pages that may be unreadable where no earlier run tells what is usual."""

_FEW_PAGES = 3


class Verdict(StrEnum):
    """What a run may do to the catalogue.

    ``complete``: everything was seen, so what is absent is absent. ``partial``: what was seen counts, absence means nothing.
    ``failed``: nothing counts. ``held``: complete, but not plausible; nothing counts until a person approves it.
    """

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Sight:
    """On how many records a run found a field, of how many; and the same of the last good run (None: there is none)."""

    field: str
    found: int
    of: int
    before: int | None = None
    before_of: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened in a run.

    ``services`` were read, ``unread`` records could not be, ``unnamed`` of them without even an id (``unnamed_before`` in
    the last complete run). ``before`` is how many services of the source are published, ``remaining`` how many would be
    if the run counted, ``absent`` how many of them it did not see. ``fill`` is the share of services that have each of
    the fields the source promises; empty where the run saw only a part of them (an event log). ``drift`` are fields that
    tell whether the source still has the shape its reader knows.
    """

    coverage: Coverage | None
    documents: int
    services: int
    before: int
    remaining: int
    unread: int = 0
    unnamed: int = 0
    absent: int = 0
    unnamed_before: int = 0
    lost: tuple[Lost, ...] = ()
    broken: tuple[str, ...] = ()
    crawl_errors: tuple[str, ...] = ()
    fill: Mapping[str, float] = field(default_factory=dict)
    drift: tuple[Sight, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and, unless it is complete, the reason: a whole sentence."""

    verdict: Verdict
    reason: str = ""


def judge(facts: Facts, expectations: Expectations, learned: Learned = UNKNOWN) -> Judgement:
    """Say what a run is worth: first whether it failed, then what it missed, then whether it is plausible."""
    if reason := _failure(facts):
        return Judgement(Verdict.FAILED, reason)
    if reason := _gap(facts):
        return Judgement(Verdict.PARTIAL, reason)
    if reason := _breach(facts, expectations, learned):
        return Judgement(Verdict.HELD, reason)
    return Judgement(Verdict.COMPLETE)


def _failure(facts: Facts) -> str:
    if facts.broken:
        return _first("A document cannot be read: ", facts.broken)
    if facts.crawl_errors:
        return _first("The crawl failed: ", facts.crawl_errors)
    if facts.documents == 0:
        return _lost(facts.lost) if facts.lost else "The source gave no document."
    if facts.unread and not facts.services:
        return f"None of {facts.unread} records could be read."
    return ""


def _gap(facts: Facts) -> str:
    if reason := _changed(facts):
        return reason
    if facts.lost:
        return _lost(facts.lost)
    if facts.coverage is None or facts.coverage.how is Proof.UNKNOWN:
        return "The source does not tell how many records it has, so nothing proves that all were seen."
    expected, unit, seen = facts.coverage.expected, facts.coverage.unit, facts.documents
    if unit == "records":
        seen = facts.services + facts.unread
    if expected is not None and seen < expected:
        return f"Only {seen} of {expected} {unit} were seen ({facts.coverage.how})."
    if facts.unnamed > facts.unnamed_before and facts.absent:
        return (
            f"{facts.absent} services are absent, and {facts.unnamed} records have no readable id"
            f" ({facts.unnamed_before} before): the absent ones may be among them."
        )
    return ""


def _changed(facts: Facts) -> str:
    """Tell that a source has another shape than its reader knows: a field that was on its pages is on few of them now."""
    for sight in facts.drift:
        if sight.of == 0:
            continue
        usual = sight.before / sight.before_of if sight.before is not None and sight.before_of else None
        if usual is None and sight.field != "title":
            continue
        missing = (usual if usual is not None else 1.0) - sight.found / sight.of
        if missing > (_DRIFT if usual is not None else _DRIFT_AT_FIRST) and missing * sight.of > _FEW_PAGES:
            before = f", before {sight.before}" if sight.before is not None else ""
            return f"The site has changed: field {sight.field} found on {sight.found} of {sight.of} pages{before}."
    return ""


def _breach(facts: Facts, expectations: Expectations, learned: Learned) -> str:
    stated = expectations.services
    if stated.max == 0 and not facts.remaining:
        return ""  # the source says itself that it is empty
    least, most = stated.min, stated.max
    if facts.remaining < least:
        return f"{facts.remaining} services would remain, but at least {least} are expected."
    if most is not None and facts.remaining > most:
        return f"{facts.remaining} services would remain, but at most {most} are expected."
    return (
        _drop(facts, expectations) or _unusual(facts, expectations, learned) or _unfilled(facts, expectations, learned)
    )


def _drop(facts: Facts, expectations: Expectations) -> str:
    gone = facts.before - facts.remaining
    if facts.before and not facts.remaining:
        return f"All {facts.before} services would vanish, which no source may do unasked."
    if facts.before and gone / facts.before > expectations.max_drop:
        allowed = f"{expectations.max_drop:.0%}"
        return f"{gone} of {facts.before} services would vanish, more than the {allowed} allowed at once."
    return ""


def _unusual(facts: Facts, expectations: Expectations, learned: Learned) -> str:
    """Compare with the good runs so far where the source's file says nothing itself."""
    stated = expectations.services.model_fields_set
    if learned.least is not None and "min" not in stated and facts.remaining < learned.least:
        return f"{facts.remaining} services would remain; the good runs so far make at least {learned.least} plausible."
    if learned.most is not None and "max" not in stated and facts.remaining > learned.most:
        return f"{facts.remaining} services would remain; the last good runs make at most {learned.most} plausible."
    return ""


def _unfilled(facts: Facts, expectations: Expectations, learned: Learned) -> str:
    for name, share in {**learned.fields, **expectations.fields}.items():
        if facts.fill.get(name, 1.0) < share:
            return f"Only {facts.fill[name]:.0%} of services have {name}, but at least {share:.0%} are expected to."
    return ""


def _lost(lost: tuple[Lost, ...]) -> str:
    return _first("A document did not arrive: ", tuple(f"{document.url}: {document.reason}" for document in lost))


def _first(what: str, told: tuple[str, ...]) -> str:
    """The first of several troubles, and how many more there are."""
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    return f"{what}{told[0].rstrip(' .')}{more}."
