"""What is to be told now: only what is another than last time, one message per source and day. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from harvester.registry.schedule import ZONE
from harvester.reports.need import Need, Urgency
from harvester.telling.message import Message, about_source, summary
from harvester.words import Words


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel was told before: needs that are open there (key to subject and title), who had a message today, the last summary."""

    open: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    today: frozenset[str] = frozenset()
    summary_day: str = ""
    summary_keys: frozenset[str] = frozenset()


def decide_messages(
    needs: Iterable[Need], told: Told, now: datetime, words: Words, headline: str, digest: int | None
) -> list[Message]:  # fmt: skip
    """Messages for a channel.

    What is urgent is told as it happens (with a summary only the most urgent), and so is its end. Whoever had a message
    today waits for tomorrow: then all that is open and new is one message.
    """
    needs, local = list(needs), now.astimezone(ZONE)
    at_once = Urgency.TODAY if digest is None else Urgency.NOW
    open_now = {need.key for need in needs}
    began: defaultdict[str, list[Need]] = defaultdict(list)
    ended: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for need in needs:
        if need.urgency <= at_once and need.key not in told.open:
            began[need.subject or need.kind].append(need)
    for key, (subject, title) in told.open.items():
        if key not in open_now:
            ended[subject].append((key, title))
    about = sorted((began.keys() | ended.keys()) - told.today)
    messages = [about_source(words, subject, began[subject], ended[subject]) for subject in about]
    due = digest is not None and local.hour >= digest and told.summary_day < local.date().isoformat()
    if due and open_now != told.summary_keys:
        messages.append(summary(words, headline, needs))
    return messages
