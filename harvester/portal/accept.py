"""Content negotiation (RFC 9110, 12.5.1): what a reader takes, against what there is."""

from __future__ import annotations

from collections.abc import Sequence


def choose(accept: str | None, there: Sequence[str]) -> str | None:
    """The media type to answer with; of those a reader likes equally the first. None where it takes none of them."""
    if not accept:
        return there[0]
    wanted = [_range(part) for part in accept.split(",")[:50]]
    liked = [(_weight(wanted, form), -n, form) for n, form in enumerate(there)]
    weight, _, form = max(liked)
    return form if weight > 0 else None


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    told = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
    try:
        return name, min(max(float(told), 0.0), 1.0)
    except ValueError:
        return name, 0.0


def _weight(wanted: Sequence[tuple[str, float]], form: str) -> float:
    """The weight of the most specific range that has the media type."""
    kind = form.partition("/")[0]
    for name in (form, f"{kind}/*", "*/*"):
        if found := [weight for range_, weight in wanted if range_ == name]:
            return max(found)
    return 0.0
