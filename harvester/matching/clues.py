"""What speaks for each object a page may be about. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from harvester.matching.page import Page
from harvester.matching.table import Likeness, Table

_CANDIDATES = 8
_BY_PROFILE = 10
_KEYWORD = 0.7
_HEADS = re.compile(r"\s+[–-]\s+|[(:/]|,\s")
_NOTHING = Likeness(0.0, 0.0, None)


class Clues(NamedTuple):
    """What speaks for one object, each 0 to 1 unless said otherwise.

    ``title``: likeness of the title, squared; ``named``: that times the share of the name that stands in the title; ``keyword``: the
    best keyword, squared; ``keywords``: all of them; ``text``: how completely the texts name it; ``known``: logarithm
    of the number of names it has; ``said``: citizens' words in the title that mean it; ``profile``: cosine of title and
    keywords with all its names; ``action``: the title has an action that the object has; ``today``: seen in today's
    Portalverbund; ``superseded``: today other objects have its place; ``law``: shared legal basis; ``lead``: as ``text``, of the
    beginning; ``head``: likeness of the title or its best part before a dash or bracket.
    """

    title: float
    named: float
    keyword: float
    keywords: float
    text: float
    known: float
    said: float
    profile: float
    action: float
    today: float
    superseded: float
    law: float
    lead: float
    head: float


def find_clues(page: Page, table: Table) -> dict[str, Clues]:
    """The objects a page may be about, with what speaks for each; their order says nothing."""
    units = table.vocabulary.units
    in_title = units(page.title)
    title = table.liken(page.title)
    said = [table.liken(word) for word in table.words.expand(page.title)]
    keywords = [table.liken(word) for word in page.keywords]
    heads = [table.liken(part) for part in _parts(page.title)]
    profile = table.compare([(1.0, in_title), *((_KEYWORD, units(word)) for word in page.keywords)])
    lead, text = units(page.lead), units(page.text)
    actions = in_title.keys() & table.action_units
    found: dict[str, Clues] = {}
    for code in sorted(_candidates((title, *said, *keywords, *heads[:1]), profile)):
        own = title.get(code, _NOTHING)
        liked = sorted((k[code].score for k in keywords if code in k), reverse=True)
        head = max([h[code].score for h in heads if code in h], default=0.0)
        found[code] = Clues(
            title=own.score**2,
            named=own.of_name * own.score,
            keyword=liked[0] ** 2 if liked else 0.0,
            keywords=sum(score * score for score in liked) / max(2, len(keywords)),
            text=table.mentions(text, code),
            known=math.log(len(table.by_object[code])),
            said=max((s[code].score for s in said if code in s), default=0.0),
            profile=profile.get(code, 0.0),
            action=float(bool(actions & table.actions_of[code])),
            today=float(code in table.seen),
            superseded=float(code in table.superseded),
            law=table.lawful(page.laws, code),
            lead=table.mentions(lead, code),
            head=max(own.score**2, 0.9 * head**2),
        )
    return found


def _candidates(likings: Sequence[Mapping[str, Likeness]], profile: Mapping[str, float]) -> set[str]:
    """The best few by every wording, and by the profile. Equal ones in the order of their codes."""
    found: set[str] = set()
    for liking in likings:
        found.update(sorted(liking, key=lambda code: (-liking[code].score, code))[:_CANDIDATES])
    found.update(sorted(profile, key=lambda code: (-profile[code], code))[:_BY_PROFILE])
    return found


def _parts(title: str) -> list[str]:
    """The parts of a title between dashes, brackets and commas; none where there is only one."""
    parts = [part.strip(" )") for part in _HEADS.split(title)]
    parts = [part for part in parts if part]
    return parts[:4] if len(parts) > 1 else []
