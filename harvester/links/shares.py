"""Share a run's budget among hosts."""

from __future__ import annotations

from collections.abc import Iterable


def fair_share(counts: Iterable[int], budget: int | None) -> int:
    """How many links each lane may check at most, so that all together keep within the budget (at least one each).

    Lanes with few links are served whole; what they leave goes to the others, so that no large host starves the rest.
    """
    ordered = sorted(counts)
    most = ordered[-1] if ordered else 0
    if budget is None:
        return most
    left = budget
    for position, count in enumerate(ordered):
        share = left // (len(ordered) - position)
        if count > share:
            return max(share, 1)
        left -= count
    return most
