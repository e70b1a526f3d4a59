"""One spelling for all: titles come with umlauts, with ``ue`` for ``ü``, with gender signs, hyphens and brackets."""

from __future__ import annotations

import re
from functools import lru_cache

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_GENDER = re.compile(r"(?<=[a-zäöüß])[*:_·/(]-?(?=in(?:nen)?\b)")
_ACCENTS = str.maketrans("áàâéèêíìîóòôúùûñç", "aaaeeeiiiooouuunc")
_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """Lower case, umlauts spelled out, „Bürger*innen“ as „buergerinnen“, anything else than letters and digits a blank.

    The text step folds the same title several times, hence the small memory.
    """
    lower = _GENDER.sub("", text.casefold())
    return _OTHER.sub(" ", lower.translate(_UMLAUTS).translate(_ACCENTS)).strip()
