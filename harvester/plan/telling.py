"""The plan's sentences, for terminal and page."""

from __future__ import annotations

from harvester.plan.document import Plan, SourcePlan
from harvester.words import Words

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def headline(plan: Plan, words: Words) -> str:
    """The one sentence that matters: whether all fits, and what bounds it."""
    if not plan.hosts:
        return words("head.empty")
    busiest = plan.hosts[0]
    if over := plan.overloaded:
        name = "head.over.one" if len(over) == 1 else "head.over.some"
        return words(name, n=words.number(len(over)), host=busiest.domain, share=words.number(busiest.share * 100))
    left = sum(host.left for host in plan.hosts)
    share = words.number(busiest.share * 100, 1)
    if left:
        return words("head.left", n=words.number(left), host=busiest.domain, share=share)
    return words("head.fits", host=busiest.domain, share=share)


def basis_of(source: SourcePlan, words: Words) -> str:
    """What a figure of a source rests on."""
    if source.basis == "estimate":
        return words("basis.estimate")
    return words("basis.one" if source.measured == 1 else "basis.some", n=source.measured)


def advice_lines(plan: Plan, words: Words) -> list[str]:
    """Each advice as a sentence."""
    return [
        words(
            f"advice.{one.kind}",
            host=one.domain,
            source=one.source,
            requests=words.number(one.requests),
            length=length(one.seconds or 0, words),
        )
        for one in plan.advice
    ]


def length(seconds: float, words: Words) -> str:
    """A length of time in the unit that tells it best."""
    if seconds < 10:
        return f"{words.number(seconds, 1)} s"
    if seconds < 2 * _MINUTE:
        return f"{words.number(seconds)} s"
    if seconds < 2 * _HOUR:
        return f"{words.number(seconds / _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"{words.number(seconds / _HOUR, 1)} h"
    return words("days", n=words.number(seconds / _DAY, 1))
