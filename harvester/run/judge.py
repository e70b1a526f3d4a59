"""Judge a run: what may be believed of it. A pure function of the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from harvester.model import Coverage, Lost, Proof
from harvester.registry.source import Expectations


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
class Facts:
    """What happened in a run.

    ``services`` were read, ``errors`` records could not be, ``unnamed`` of them without even an id. ``before`` is how many
    services of the source are live, ``remaining`` how many would be live if the run counted.
    ``unnamed_before`` is ``unnamed`` of the last accepted run. ``fill`` is the share of services read now that have each of
    the fields the source promises; empty when nothing was read anew.
    """

    coverage: Coverage | None
    documents: int
    services: int
    errors: int
    unnamed: int
    before: int
    remaining: int
    unnamed_before: int = 0
    lost: tuple[Lost, ...] = ()
    broken: tuple[str, ...] = ()
    crawl_errors: tuple[str, ...] = ()
    fill: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and, unless it is complete, the reason in a sentence."""

    verdict: Verdict
    reason: str = ""


def judge(facts: Facts, expectations: Expectations) -> Judgement:
    """Say what a run is worth: first whether it failed, then what it missed, then whether it is plausible."""
    if reason := _failure(facts):
        return Judgement(Verdict.FAILED, reason)
    if reason := _gap(facts):
        return Judgement(Verdict.PARTIAL, reason)
    if reason := _breach(facts, expectations):
        return Judgement(Verdict.HELD, reason)
    return Judgement(Verdict.COMPLETE)


def _failure(facts: Facts) -> str:
    if facts.broken:
        return facts.broken[0] + _more(len(facts.broken))
    if facts.crawl_errors:
        return facts.crawl_errors[0] + _more(len(facts.crawl_errors))
    if facts.documents == 0:
        return _lost(facts.lost) if facts.lost else "the source gave no document"
    if facts.errors and not facts.services:
        return f"none of {facts.errors} records could be read"
    return ""


def _gap(facts: Facts) -> str:
    if facts.lost:
        return _lost(facts.lost)
    if facts.coverage is None or facts.coverage.how is Proof.UNKNOWN:
        return "the source does not tell how many records it has, so nothing proves that all were seen"
    expected, seen = facts.coverage.expected, facts.documents
    if facts.coverage.unit == "records":
        seen = facts.services + facts.errors
    if expected is not None and seen < expected:
        return f"{seen} of {expected} {facts.coverage.unit} seen ({facts.coverage.how})"
    if facts.unnamed > facts.unnamed_before and facts.before:
        return f"{facts.unnamed} records without a readable id ({facts.unnamed_before} before): any known one may be among them"
    return ""


def _breach(facts: Facts, expectations: Expectations) -> str:
    least, most = expectations.services.min, expectations.services.max
    if facts.remaining < least:
        return f"{facts.remaining} services, expected at least {least}"
    if most is not None and facts.remaining > most:
        return f"{facts.remaining} services, expected at most {most}"
    gone = facts.before - facts.remaining
    if facts.before and gone / facts.before > expectations.max_drop:
        return f"{gone} of {facts.before} services would vanish, more than the {expectations.max_drop:.0%} allowed at once"
    for name, share in expectations.fields.items():
        if facts.fill.get(name, 1.0) < share:
            return f"{facts.fill[name]:.0%} of services have {name}, expected at least {share:.0%}"
    return ""


def _lost(lost: tuple[Lost, ...]) -> str:
    return f"{lost[0].url}: {lost[0].reason}{_more(len(lost))}"


def _more(count: int) -> str:
    return f" (and {count - 1} more)" if count > 1 else ""
