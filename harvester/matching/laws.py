"""Legal bases in a text: ``§ 17 Bundesmeldegesetz (BMG)`` and links to gesetze-im-internet.de as ``law:section``. Pure.

The names are those of gesetze-im-internet.de without years, as in ``data/ozg_leika.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.situations.features import read_laws as read_links

_SECTION = re.compile(
    r"§§?\s*(?P<section>\d+)\s?[a-z]?\b(?P<between>[^§\n;]{0,60}?)\b(?P<law>SGB\s?[IVX]+|[A-ZÄÖÜ][A-Za-zÄÖÜäöü]*(?:G|V|O|GB)"
    r"|(?:[A-ZÄÖÜ][a-zäöüß]+)+(?:gesetz|verordnung|ordnung)(?:es|s)?)\b"
)
_ALONE = re.compile(r"\b(?P<law>[A-ZÄÖÜ][A-Za-zÄÖÜäöü]*[a-zäöü][A-Za-zÄÖÜäöü]*(?:G|V|O)|[A-ZÄÖÜ]{2,}(?:G|V|O|GB))\b")
_BOOKS = {
    "I": "1",
    "II": "2",
    "III": "3",
    "IV": "4",
    "V": "5",
    "VI": "6",
    "VII": "7",
    "VIII": "8",
    "IX": "9",
    "X": "10",
}
_BOOKS |= {"XI": "11", "XII": "12", "XIV": "14"}
_NAMES = {
    "bundesmeldegesetz": "bmg",
    "personalausweisgesetz": "pauswg",
    "passgesetz": "pa_g",
    "passg": "pa_g",
    "personenstandsgesetz": "pstg",
    "aufenthaltsgesetz": "aufenthg",
    "gewerbeordnung": "gewo",
    "gaststaettengesetz": "gastg",
    "waffengesetz": "waffg",
    "infektionsschutzgesetz": "ifsg",
    "staatsangehoerigkeitsgesetz": "rustag",
    "stag": "rustag",
    "strassenverkehrsordnung": "stvo",
    "strassenverkehrsgesetz": "stvg",
    "fahrzeugzulassungsverordnung": "fzv",
    "fahrerlaubnisverordnung": "fev",
    "personenbefoerderungsgesetz": "pbefg",
    "wohngeldgesetz": "wogg",
    "tierschutzgesetz": "tierschg",
    "bundeskindergeldgesetz": "bkgg",
    "unterhaltsvorschussgesetz": "uhvorschg",
    "bafoeg": "baf_g",
    "baugb": "bbaug",
    "baugesetzbuch": "bbaug",
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SHORT = 2


def read_laws(text: str) -> Iterator[str]:
    """Laws that a text names: by section, by abbreviation alone, or by a link. Laws of the Länder come by their abbreviations too."""
    yield from read_links(text)
    for found in _SECTION.finditer(text):
        if name := _name(found["law"]):
            yield f"{name}:{found['section']}"
            yield name
    for found in _ALONE.finditer(text):
        if (name := _name(found["law"])) and len(name) > _SHORT:
            yield name


def _name(law: str) -> str:
    """The name of a law as the list writes it; empty for what is none."""
    if law.startswith("SGB"):
        book = _BOOKS.get(law[3:].strip())
        return f"sgb_{book}" if book else ""
    folded = law.casefold().translate(_UMLAUTS)
    for ending in ("gesetzes", "verordnungs", "ordnungs"):
        if folded.endswith(ending):
            folded = folded.removesuffix("es" if ending == "gesetzes" else "s")
    return _NAMES.get(folded, folded)
