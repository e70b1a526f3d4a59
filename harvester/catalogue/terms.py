"""Words under which a service is found although nobody wrote them so: other spellings, word stems, parts of compounds.

SQLite's tokenizer knows neither German umlauts spelled out (``Reisepaesse``) nor plurals nor what is inside
``Hundesteuermarke``; all are added as terms.
"""

from __future__ import annotations

from harvester.catalogue.german import WORD, forms_of


def search_terms(*texts: str) -> str:
    """All terms of some texts, each once, sorted, blank between.

    Lower case and not case folding: the tokenizer leaves „ß“ as it is, so „ss“ is another spelling.
    """
    words = set(WORD.findall(" ".join(texts).lower()))
    return " ".join(sorted(set().union(*map(forms_of, words))))
