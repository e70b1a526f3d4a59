"""What the text step is told about a service."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.model import Module, Service
from harvester.situations.features import key_features, law_features, read_laws, type_features

_SYNONYMS = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """Text (titles and synonyms) and the features that key, type and law give."""

    text: str
    features: tuple[str, ...] = ()


def evidence_of(service: Service) -> Evidence:
    """Both titles, the first five synonyms, the first key, the types, and the laws that the legal basis links to."""
    texts = dict.fromkeys((service.title, service.official_title, *service.synonyms[:_SYNONYMS]))
    key = service.leika_keys[0] if service.leika_keys else ""
    legal = " ".join(text.html for text in service.texts if text.module == Module.LEGAL_BASIS)
    links = " ".join(link.url for link in service.links if link.role == "legal")
    laws = read_laws(f"{legal} {links} ") if legal or links else ()
    text = " ".join(filter(None, texts))
    return Evidence(text, (*key_features(key, text), *type_features(service.leika_types), *law_features(laws)))
