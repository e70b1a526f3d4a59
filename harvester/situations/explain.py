"""Explain: what each step of the cascade says about a service or a free title, and what the text step saw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harvester.model import Service
from harvester.situations.assignment import Assigned
from harvester.situations.cascade import assign
from harvester.situations.evidence import evidence_of
from harvester.situations.knowledge import Knowledge
from harvester.situations.text import Guess

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Explanation:
    """The result, the record of each key (key, level of knowledge, name), the text's guess, and per Themenfeld its reasons.

    A reason is a part of a word or another feature with its part of the score.
    """

    assigned: Assigned
    keys: tuple[tuple[str, str, str], ...]
    official_words: tuple[str, ...]
    guess: Guess | None
    reasons: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]


def explain(service: Service, knowledge: Knowledge, names: Iterable[str] = ()) -> Explanation:
    """Everything that speaks for and against, whether or not the step got to decide."""
    assigned = assign(service, knowledge, names)
    keys: list[tuple[str, str, str]] = []
    for key in service.leika_keys:
        if entry := knowledge.leika.by_key(key):
            keys.append((key, "key.14", entry.name))
        elif known := knowledge.leika.by_prefix(key):
            keys.append((key, f"prefix.{known[0]}", ", ".join(vote.code for vote in known[1])))
        elif group := knowledge.leika.by_group(key):
            keys.append((key, "group", group.code))
        else:
            keys.append((key, "unknown", ""))
    if knowledge.model is None:
        return Explanation(assigned, tuple(keys), (), None, ())
    evidence = evidence_of(service)
    guess = knowledge.model.classify(evidence)
    reasons = tuple((code, tuple(knowledge.model.reasons(evidence, code))) for code, _ in guess.fields[:_SHOWN])
    return Explanation(assigned, tuple(keys), knowledge.model.official_words(evidence.text), guess, reasons)


def explain_title(title: str, knowledge: Knowledge) -> Explanation:
    """The same for a title that nobody has published."""
    return explain(Service(remote_id="title", title=title), knowledge)
