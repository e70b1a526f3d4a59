"""Which records cannot end up in one service, so that they may be clustered apart: one part of a country after the other. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from harvester.merge.bundles import is_editorial
from harvester.merge.card import Ref, reach_of
from harvester.merge.rules import NO_RULES, Rules


def tie_scopes(records: Iterable[tuple[Ref, str]], rules: Rules = NO_RULES) -> list[list[str]]:
    """Group the scopes of records: ``cluster`` makes the same of the records of each group as of all of them.

    Records meet where they hold in the same places, under the same editorial identifier, or because a person joined them;
    what ties two records ties all that hold where they do. Groups and their scopes are sorted.
    """
    home: dict[str, str] = {}
    scopes: dict[str, set[str]] = defaultdict(set)
    reached: dict[str | Ref, str] = {}
    joined = {ref for one, other, _ in rules.together for ref in (one, other)}
    for ref, scope in records:
        reach = reach_of(scope)
        home.setdefault(reach, reach)
        scopes[reach].add(scope)
        if is_editorial(ref.remote_id):
            _tie(home, reach, reached.setdefault(ref.remote_id, reach))
        if ref in joined:
            reached[ref] = reach
    for one, other, _ in rules.together:
        if one in reached and other in reached:
            _tie(home, reached[one], reached[other])
    groups: dict[str, list[str]] = defaultdict(list)
    for reach in home:
        groups[_find(home, reach)] += scopes[reach]
    return sorted(sorted(group) for group in groups.values())


def _tie(home: dict[str, str], one: str, other: str) -> None:
    first, second = sorted((_find(home, one), _find(home, other)))
    home[second] = first


def _find(home: dict[str, str], reach: str) -> str:
    while home[reach] != reach:
        home[reach] = reach = home[home[reach]]
    return reach
