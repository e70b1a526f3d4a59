"""Texts in XML."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(text: str | None) -> str:
    """A text as it may stand in an element or attribute: escaped, without characters that XML 1.0 does not have."""
    return escape(_FORBIDDEN.sub("", text or ""), {'"': "&quot;"})
