"""Read language codes: ``de``, ``de_DE`` and ``en-GB`` name the languages ``de``, ``de`` and ``en``."""

from __future__ import annotations

import re

_PRIMARY = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_][\w-]*)?\s*")


def read_language(value: str, default: str) -> str:
    """The primary language of a code in lower case (BCP 47), ``default`` where there is no code."""
    found = _PRIMARY.fullmatch(value)
    return found[1].lower() if found else default
