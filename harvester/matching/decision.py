"""What matching says about a service without a key, in the terms of an editor."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from harvester.model import LeikaKey
from harvester.model.base import Model

Share = Annotated[float, Field(ge=0, le=1)]
Rule = Literal["matching/text", "matching/link", "matching/editor"]


class Evidence(Model):
    """One thing that speaks for a key, as a sentence. ``share`` is how strongly, 0 to 1."""

    kind: Literal["link", "title", "keyword", "text", "words", "law", "action", "editor"]
    share: Share
    told_de: str
    told_en: str


class Alternative(Model):
    """Another Leistungsobjekt the service may be about; ``share`` among all that were considered."""

    leika_key: LeikaKey
    name: str
    share: Share


class Match(Model):
    """Keys that are assigned, because the evidence is enough.

    ``digits`` is how far down the hierarchy the evidence reaches: 8 the Leistungsobjekt, 11 its action, 14 its detail; what lies below is
    ``000`` in the key. ``score`` is the probability that the first eight digits are right, as measured on held-out services.
    """

    leika_keys: tuple[LeikaKey, ...] = Field(min_length=1)
    digits: Literal[8, 11, 14]
    score: Share
    rule: Rule
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Alternative, ...] = ()


class Review(Model):
    """A key that is only proposed; ``reason_de`` and ``reason_en`` say why a person has to decide."""

    proposals: tuple[LeikaKey, ...]
    score: Share
    rule: Rule
    reason_de: str
    reason_en: str
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Alternative, ...] = ()


Decision: TypeAlias = Match | Review | None
"""None: nothing is known that is worth a person's look."""
