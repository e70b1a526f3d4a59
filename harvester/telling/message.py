"""A message: what changed for one source, or the summary of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harvester.plain import plain
from harvester.reports.markdown import safe
from harvester.reports.need import Need
from harvester.words import Words

_LISTED = 25


@dataclass(frozen=True, slots=True)
class Message:
    """``subject`` is one line; ``text`` is Markdown that reads well as it stands. ``about`` is the source, empty for a summary."""

    about: str
    subject: str
    text: str
    keys: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


def about_source(words: Words, about: str, began: Iterable[Need], ended: Iterable[tuple[str, str]]) -> Message:
    """What began and what ended with one source (or host, or publisher)."""
    needs, over = list(began), list(ended)
    head = needs[0].title if needs else words("tell.over", title=over[0][1])
    lines = [line for need in needs for line in (f"**{safe(need.title)}**", safe(need.cause), *_commands(need), "")]
    lines += [words("tell.over", title=safe(title)) for _, title in over]
    return Message(
        about, plain(head, 150), "\n".join(lines) + "\n", tuple(n.key for n in needs), tuple(k for k, _ in over)
    )


def summary(words: Words, headline: str, needs: Iterable[Need]) -> Message:
    """The day's summary."""
    all_needs = list(needs)
    lines = [f"**{headline}**", ""]
    lines += [f"- {words(f'urgency.{int(need.urgency)}')}: {safe(need.title)}" for need in all_needs[:_LISTED]]
    if len(all_needs) > _LISTED:
        lines.append(words("label.more", n=len(all_needs) - _LISTED, file="reports/index.html"))
    return Message("", plain(headline, 150), "\n".join(lines) + "\n", tuple(need.key for need in all_needs))


def _commands(need: Need) -> list[str]:
    return [f"    {command}" for command in need.commands[:3]]
