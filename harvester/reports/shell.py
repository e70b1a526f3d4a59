"""Parts of command lines that a person copies into a shell."""

from __future__ import annotations

import shlex

from harvester.plain import plain


def quoted(text: str) -> str | None:
    """The text as one word of a shell; None where it holds what nobody sees, for nobody should copy that."""
    return shlex.quote(text) if text and plain(text, 4000) == text else None
