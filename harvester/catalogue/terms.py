"""Words under which a service is found although nobody wrote them so: both foldings of umlauts, and word stems.

SQLite's tokenizer knows neither German umlauts spelled out (``Reisepaesse``) nor plurals; both are added as terms.
"""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W\d_]{2,}")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_DROPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_STEMMER = snowballstemmer.stemmer("german")


def search_terms(*texts: str) -> str:
    """All terms of some texts, each once, sorted, blank between.

    Lower case and not case folding: the tokenizer leaves „ß“ as it is, so „ss“ is another spelling.
    """
    words = {word for text in texts for word in _WORD.findall(text.lower())}
    return " ".join(sorted({form for word in words for form in word_forms(word)} - words))


@lru_cache(maxsize=100_000)
def word_forms(word: str) -> tuple[str, ...]:
    """Spellings and stems of one word in lower case."""
    stem = _STEMMER.stemWord(word)
    return tuple(
        {spelling for form in (word, stem) for spelling in (form.translate(_SPELLED), form.translate(_DROPPED))}
    )
