"""What matching reads of a service or page: title, keywords, texts, laws and addresses. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harvester.matching.laws import read_laws
from harvester.model import LinkRole, Module, Service

_KEYWORDS = 15
_LEAD = 400
_TEXT = 3000
_SPLIT = re.compile(r"\s*[,;|•]\s*")
_READ = (Module.SUMMARY, Module.DESCRIPTION, Module.REQUIREMENTS, Module.PROCEDURE, Module.DOCUMENTS, Module.FORMS)
_LAWFUL = (Module.LEGAL_BASIS, Module.DESCRIPTION, Module.SUMMARY, Module.REQUIREMENTS)


@dataclass(frozen=True, slots=True)
class Page:
    """A service as matching sees it.

    ``keywords`` are what the source lists as synonyms; ``lead`` is the beginning of the first text and ``text`` all of them with the
    labels of links; ``laws`` as ``law`` or ``law:section``; ``addresses`` are those that are the page's own or lead to an application.
    """

    title: str
    keywords: tuple[str, ...] = ()
    lead: str = ""
    text: str = ""
    laws: frozenset[str] = frozenset()
    own_address: str = ""
    addresses: tuple[str, ...] = ()


def page_of(service: Service) -> Page:
    """The page of a service, read in its own language."""
    texts = {text.module: text.text for text in reversed(service.texts) if text.language == service.language}
    told = [texts[module] for module in _READ if module in texts]
    labels = [link.label for link in service.links if link.label]
    keywords = dict.fromkeys(word for entry in service.synonyms for word in _SPLIT.split(entry) if word)
    legal = [text.html for text in service.texts if text.module in _LAWFUL]
    legal += [f"{link.label} {link.url}" for link in service.links if link.role == LinkRole.LEGAL]
    title = service.title
    if service.official_title and service.official_title not in title:
        keywords = {service.official_title: None, **keywords}
    return Page(
        title=title,
        keywords=tuple(keywords)[:_KEYWORDS],
        lead=(told[0] if told else "")[:_LEAD],
        text=" ".join((*told, *labels))[:_TEXT],
        laws=frozenset(read_laws(" ".join((title, *legal)))),
        own_address=service.page,
        addresses=tuple(
            link.url for link in service.links if not link.template and link.role in (LinkRole.APPLY, LinkRole.FORM)
        ),
    )
