"""What the text step is told about a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from harvester.model import LinkRole, Module, Service
from harvester.situations.features import key_features, law_features, read_laws, type_features

_SYNONYMS = 5
_LAWS = "gesetze-im-internet"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Text (titles and synonyms) and the features that key, type and law give."""

    text: str
    features: tuple[str, ...] = ()


class Clues(NamedTuple):
    """What evidence is made of, as the service has it."""

    text: str
    key: str
    types: tuple[str, ...]
    laws: tuple[str, ...]


def clues_of(service: Service) -> Clues:
    """Both titles and the first five synonyms, the first key, the types, and the laws that the legal basis links to."""
    texts = dict.fromkeys((service.title, service.official_title, *service.synonyms[:_SYNONYMS]))
    key = service.leika_keys[0] if service.leika_keys else ""
    legal = " ".join([text.html for text in service.texts if text.module is Module.LEGAL_BASIS])
    links = " ".join([link.url for link in service.links if link.role is LinkRole.LEGAL])
    laws = read_laws(f"{legal} {links} ") if _LAWS in legal or _LAWS in links else ()
    return Clues(" ".join(filter(None, texts)), key, service.leika_types, laws)


def evidence_of(service: Service, clues: Clues | None = None) -> Evidence:
    """What the text step may look at; ``clues`` are the service's own, of whom has them already."""
    text, key, types, laws = clues or clues_of(service)
    return Evidence(text, (*key_features(key, text), *type_features(types), *law_features(laws)))
