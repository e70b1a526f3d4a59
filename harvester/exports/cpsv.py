"""A service as linked data by CPSV-AP 3.2.0 (SEMIC). Pure.

What the profile demands is always there: a service has title, description, identifier and a competent authority, an authority
has a name and a region. Where nobody states an authority, the publisher of the description stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harvester.exports.document import InSituation, Office, Publisher, ServiceDocument, ServiceLink
from harvester.exports.naming import LEIKA, Naming, as_iri
from harvester.exports.triples import Iri, Node, Text, text, value

_LANGUAGES = {
    "ar": "ARA", "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST",
    "fi": "FIN", "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV", "mt": "MLT",
    "nl": "NLD", "pl": "POL", "pt": "POR", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV", "sv": "SWE", "tr": "TUR",
    "uk": "UKR",
}  # fmt: skip
"""Languages in the authority table of the Publications Office of the EU."""
_EU_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
_CHANNELS = ("apply", "form", "appointment", "payment")
_RULES = {
    "procedure": ("Verfahrensablauf", "Procedure"),
    "deadlines": ("Fristen", "Deadlines"),
    "duration": ("Bearbeitungsdauer", "Processing time"),
    "legal_remedy": ("Rechtsbehelf", "Legal remedy"),
}
_NAMES = {
    "requirements": ("Voraussetzungen", "Requirements"),
    "documents": ("Erforderliche Unterlagen", "Required documents"),
    **_RULES,
}
_AUDIENCES = {"citizen": "Bürgerinnen und Bürger", "business": "Unternehmen", "administration": "Verwaltung"}
_ROLES = {
    "apply": "Onlinedienst",
    "form": "Formular",
    "appointment": "Terminvereinbarung",
    "payment": "Bezahlung",
}


class Graph:
    """Turns services into nodes. Nodes that several services share come once, with the first of them.

    ``regions`` are the names of regions by key. What is remembered grows with offices, keys and regions, not with services.
    """

    def __init__(self, naming: Naming, regions: Mapping[str, str]) -> None:
        """Take the names to use."""
        self._naming = naming
        self._regions = regions
        self._written: set[str] = set()

    def nodes(self, service: ServiceDocument) -> Iterator[Node]:
        """The service, then what belongs to it, then what it shares with others and was not there before."""
        s = service
        iri = self._naming.service(s.id, s.slug)
        node = Node(iri, ("cpsv:PublicService",))
        node.add("dct:identifier", value(s.id))
        titles = {t.language: t.text for t in s.texts if t.module == "title"} | {s.language: s.title}
        node.add("dct:title", *(text(told, language) for language, told in titles.items()))
        node.add("dct:description", *_description(s))
        node.add("dct:modified", value(s.changed_at, "xsd:dateTime"))
        parts: list[Node] = []
        self._add_shared(node, s, parts)
        self._add_parts(node, s, parts)
        yield node
        yield from parts

    def _add_shared(self, node: Node, s: ServiceDocument, parts: list[Node]) -> None:
        authorities = {c.organisation.id: c.organisation for c in s.competences if c.role == "responsible"}
        if s.organisation is not None:
            authorities.setdefault(s.organisation.id, s.organisation)
        for office in authorities.values():
            node.add("cv:hasCompetentAuthority", Iri(self._office(office, s, parts)))
        if not authorities:
            node.add("cv:hasCompetentAuthority", Iri(self._publisher(s.source, s.language, parts)))
        for key in s.leika_keys:
            concept = self._concept(LEIKA + key.leika_key, parts, notation=key.leika_key)
            node.add("cv:isClassifiedBy", concept)
        for region in s.regions:
            node.add("dct:spatial", self._location(region.ars, parts))
        for language in sorted({s.language} | {t.language for t in s.texts}):
            node.add("dct:language", self._language(language, parts))
        for audience in s.audience:
            told = _AUDIENCES.get(audience, audience)
            concept = self._concept(self._naming.thing("audience", audience), parts, notation=audience, label=told)
            node.add("dct:audience", concept)
        for situation in s.situations:
            node.add("cv:isGroupedBy", Iri(self._event(situation, parts)))

    def _add_parts(self, node: Node, s: ServiceDocument, parts: list[Node]) -> None:
        texts: dict[str, list[Text]] = {}
        for told in s.texts:
            if (found := text(told.text, told.language)) is not None:
                texts.setdefault(told.module, []).append(found)
        for predicate, kind, module in (
            ("cv:hasCost", "cv:Cost", "fees"),
            ("cv:holdsRequirement", "cv:Requirement", "requirements"),
            ("cpsv:hasInput", "cv:Evidence", "documents"),
            *(("cpsv:follows", "cpsv:Rule", module) for module in _RULES),
        ):
            if module in texts:
                part = Node(f"{node.iri}#{module}", (kind,))
                part.add("dct:identifier", value(f"{s.id}-{module}"))
                if names := _NAMES.get(module):
                    part.add("dct:title", Text(names[0], "de"), Text(names[1], "en"))
                part.add("dct:description", *texts[module])
                node.add(predicate, Iri(part.iri))
                parts.append(part)
        if "legal_basis" in texts:
            law = Node(f"{node.iri}#legal_basis", ("eli:LegalResource",))
            law.add("dct:description", *texts["legal_basis"])
            node.add("cv:hasLegalResource", Iri(law.iri))
            parts.append(law)
        for position, link in enumerate(s.links):
            self._add_link(node, s, position, link, parts)

    def _add_link(self, node: Node, s: ServiceDocument, position: int, link: ServiceLink, parts: list[Node]) -> None:
        address = as_iri(link.button or "")
        if address is None:
            return
        document = self._document(address, parts)
        if link.role in _CHANNELS:
            channel = Node(f"{node.iri}#channel-{position}", ("cv:Channel",))
            channel.add("dct:identifier", value(f"{s.id}-channel-{position}"))
            kind = self._naming.thing("channel", link.role)
            channel.add("dct:type", self._concept(kind, parts, notation=link.role, label=_ROLES[link.role]))
            channel.add("dct:description", text(link.label, link.language))
            channel.add("foaf:page", document)
            channel.add("dct:spatial", self._location(link.ars, parts) if link.ars else None)
            node.add("cv:hasChannel", Iri(channel.iri))
            parts.append(channel)
        elif link.role == "contact":
            contact = Node(f"{node.iri}#contact-{position}", ("cv:ContactPoint",))
            contact.add("cv:contactPage", document)
            node.add("cv:contactPoint", Iri(contact.iri))
            parts.append(contact)
        else:
            node.add("foaf:page", document)

    def _new(self, iri: str, *types: str) -> Node | None:
        """A shared node, if it was not written before."""
        if iri in self._written:
            return None
        self._written.add(iri)
        return Node(iri, types)

    def _office(self, office: Office, s: ServiceDocument, parts: list[Node]) -> str:
        iri = self._naming.thing("organisation", office.id)
        if (node := self._new(iri, "cv:PublicOrganisation")) is not None:
            parts.append(node)
            node.add("skos:prefLabel", text(office.name, "de"))
            node.add("dct:identifier", value(office.id))
            node.add("dct:spatial", self._location(office.region or s.source.region, parts))
            homepage = as_iri(office.homepage or "")
            node.add("foaf:homepage", self._document(homepage, parts) if homepage else None)
            if office.phone or office.email:
                contact = Node(self._naming.thing("contact", office.id), ("cv:ContactPoint",))
                contact.add("cv:telephone", value(office.phone))
                contact.add("cv:email", value(office.email))
                node.add("cv:contactPoint", Iri(contact.iri))
                parts.append(contact)
            if office.address:
                address = Node(self._naming.thing("address", office.id), ("locn:Address",))
                address.add("locn:fullAddress", text(office.address, "de"))
                node.add("locn:address", Iri(address.iri))
                parts.append(address)
        return iri

    def _publisher(self, source: Publisher, language: str, parts: list[Node]) -> str:
        iri = self._naming.thing("publisher", source.id)
        if (node := self._new(iri, "cv:PublicOrganisation")) is not None:
            parts.append(node)
            node.add("skos:prefLabel", text(source.name or source.title, language))
            node.add("dct:spatial", self._location(source.region, parts))
        return iri

    def _location(self, ars: str, parts: list[Node]) -> Iri:
        iri = self._naming.region(ars)
        if (node := self._new(iri, "dct:Location")) is not None:
            node.add("dct:identifier", value(ars))
            node.add("skos:prefLabel", text(self._regions.get(ars), "de"))
            parts.append(node)
        return Iri(iri)

    def _language(self, language: str, parts: list[Node]) -> Iri | None:
        code = _LANGUAGES.get(language.partition("-")[0].lower())
        if code is None:
            return None
        if (node := self._new(_EU_LANGUAGE + code, "dct:LinguisticSystem")) is not None:
            node.add("dct:identifier", value(code))
            parts.append(node)
        return Iri(_EU_LANGUAGE + code)

    def _concept(self, iri: str, parts: list[Node], *, notation: str, label: str = "") -> Iri:
        if (node := self._new(iri, "skos:Concept")) is not None:
            node.add("skos:notation", value(notation))
            node.add("skos:prefLabel", text(label, "de"))
            parts.append(node)
        return Iri(iri)

    @staticmethod
    def _document(address: str, parts: list[Node]) -> Iri:
        """A page. Not remembered, for there are as many as services: saying it twice says nothing new."""
        document = Node(address, ("foaf:Document",))
        if document not in parts:
            parts.append(document)
        return Iri(address)

    def _event(self, situation: InSituation, parts: list[Node]) -> str:
        iri = self._naming.thing("situation", situation.id)
        if (node := self._new(iri, "cv:Event")) is not None:
            node.add("dct:identifier", value(situation.id))
            node.add("dct:title", text(situation.name, "de"))
            parts.append(node)
        return iri


def _description(s: ServiceDocument) -> Iterator[Text | None]:
    """The description in every language there is one in; else the summary, else the title."""
    told = {t.language: t.text for t in s.texts if t.module == "summary"}
    told |= {t.language: t.text for t in s.texts if t.module == "description" and t.text}
    told.setdefault(s.language, s.summary or s.title)
    if not any(told.values()):
        told[s.language] = s.title
    return (text(words, language) for language, words in told.items())
