"""Languages of texts: what stands in ``languageCode``, as a short BCP 47 tag."""

from __future__ import annotations

import re
from functools import lru_cache

MAIN = "de"
"""What a message is written in where it does not say."""

UNKNOWN = "und"
"""BCP 47: undetermined."""

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_REGION = re.compile(r"[a-z]{2}|[0-9]{3}")
_SPELLED = {
    "deu": "de",
    "ger": "de",
    "deutsch": "de",
    "german": "de",
    "eng": "en",
    "englisch": "en",
    "english": "en",
}


@lru_cache(maxsize=512)
def read_language(code: str | None) -> str:
    """Read a language code: ``de-DE`` and ``de_DE`` are ``de``, a missing one is the main language.

    The region goes, since it says nothing here; everything else stays, so that ``de-x-leicht`` (easy German) is never
    mixed with standard German. What is no language tag is ``und``.
    """
    tag = (code or "").strip().lower().replace("_", "-")
    if not tag:
        return MAIN
    if tag in _SPELLED:
        return _SPELLED[tag]
    if not _TAG.fullmatch(tag):
        return UNKNOWN
    first, *others = tag.split("-")
    if others and _REGION.fullmatch(others[0]):
        del others[0]
    return "-".join([_SPELLED.get(first, first), *others])


def preferred(languages: list[str]) -> str:
    """The language to show first: the main one if it is there, else the one that came first."""
    return MAIN if MAIN in languages else languages[0]
