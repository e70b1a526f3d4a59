"""What the text step looks at: parts of words, words, and what the key and the law tell. Pure, and the same in training and use.

Parts of words (character n-grams) beat word stems because German builds compounds: „Hundesteuermarke“ shares most of
its parts with „Hundesteuer“ though they are different words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from harvester.situations.fold import fold

_SHORTEST, _LONGEST = 2, 5
STOP_WORDS = frozenset(
    [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einer",
        "einen",
        "einem",
        "eines",
        "und",
        "oder",
        "von",
        "vom",
        "zu",
        "zum",
        "zur",
        "im",
        "in",
        "am",
        "an",
        "auf",
        "aus",
        "bei",
        "beim",
        "mit",
        "nach",
        "fuer",
        "ueber",
        "unter",
        "um",
        "als",
        "ist",
        "sind",
        "war",
        "was",
        "wie",
        "wer",
        "wo",
        "ich",
        "wir",
        "mein",
        "meine",
        "meinen",
        "sie",
        "ihr",
        "ihre",
        "durch",
        "bzw",
        "sowie",
    ]
)
_LAW = re.compile(r"gesetze-im-internet\.de/([a-z0-9_-]+?)(?:_(?:19|20)\d\d)?(?:/__?(\d+))?(?=[/.\]\s]|$)")


@lru_cache(maxsize=100)  # the text step asks several times for those of one title
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that mean something, folded, each once, in their order."""
    return tuple(word for word in dict.fromkeys(fold(text).split()) if word not in STOP_WORDS)


@lru_cache(maxsize=2_000)  # five kilobytes each
def word_features(word: str) -> tuple[str, ...]:
    """All parts of a word, two to five characters with a blank at either end of it, and the word itself marked with ``=``."""
    padded = f" {word} "
    length = len(padded)
    parts = {padded[i : i + n] for n in range(_SHORTEST, _LONGEST + 1) for i in range(length - n + 1)}
    return (*sorted(parts), f"={word}")


def key_features(key: str, text: str) -> tuple[str, ...]:
    """What a LeiKa key (14 digits) tells beside a title; nothing for an empty key.

    Group, place within the group (neighbours in a group belong together), action, and the beginnings and ends of the title's words
    within the group: „Anerkennung“ means one thing in a group about schools and another in one about vehicles.
    """
    if not key:
        return ()
    group, number = key[2:5], int(key[5:8])
    found = {
        f"#g{group}": None,
        f"#n{group}.{number // 10}": None,
        f"#m{group}.{number // 25}": None,
        f"#v{key[8:11]}": None,
    }
    for word in words_of(text):
        if len(word) > 2:
            found[f"#p{group}.{word[:5]}"] = None
            found[f"#p{group}.{word[-5:]}"] = None
    return tuple(found)


def type_features(types: Iterable[str]) -> tuple[str, ...]:
    """LeiKa types (Typisierung): who regulates and who carries out."""
    return tuple(f"#t{kind}" for kind in types)


def law_features(laws: Iterable[str]) -> tuple[str, ...]:
    """Laws as ``name`` or ``name:section``; neighbouring sections of one law count as near."""
    found: dict[str, None] = {}
    for law in laws:
        name, _, section = law.partition(":")
        found[f"#l{name}"] = None
        if section:
            number = int(section)
            for size in (5, 20, 100):
                found[f"#l{name}.{size}.{number // size}"] = None
    return tuple(found)


def read_laws(text: str) -> tuple[str, ...]:
    """Laws that a legal basis links to at gesetze-im-internet.de, as ``name:section``; sorted, each once."""
    return tuple(sorted({f"{name}:{section}" if section else name for name, section in _LAW.findall(text.casefold())}))
