"""The `leistung` element."""

from __future__ import annotations

from federation.leistung import Leistung
from federation.prose import Module, html, modules
from federation.xzufi.tree import ARS_LIST, XSI, Dialect, Element

MODULE_LIST = "urn:de:xzufi:codeliste:leistungstextmodulleika"


def add_service(dialect: Dialect, parent: Element, service: Leistung, ars: str) -> None:
    """Append one `leistung` in the order of the standard."""
    d, leistung = dialect, dialect.add(parent, "leistung")
    if "id" not in service.omit:
        d.identifier(leistung, "id", service.id, "Leistung")
    if service.keys:
        _structure(d, leistung, service.keys[0])
    for key in service.keys:
        _reference(d, leistung, key)
    if d.newest:
        _addressee(d, leistung, service)
    _modules(d, leistung, service)
    if service.type:
        d.code(leistung, "typisierung", service.type, "urn:de:fim:leika:typisierung")
    if not d.newest:
        _addressee(d, leistung, service)
    for topic in service.topics:
        d.code(leistung, "klassifizierung", topic, "urn:xoev-de:fim:codeliste:pvlagen")
    _validity(d, leistung, service, ars)


def _modules(d: Dialect, leistung: Element, service: Leistung) -> None:
    for position, module in enumerate(modules(service), 1):
        _text(d, leistung, module, position, service)
    _prose(d, leistung, "modulFrist", service.deadline, service.language)
    _prose(d, leistung, "modulKosten", service.fee, service.language)
    _prose(d, leistung, "modulBearbeitungsdauer", service.duration, service.language)
    _synonyms(d, leistung, service)
    approval = d.add(leistung, "modulFachlicheFreigabe")
    d.add(approval, "fachlichFreigegebenAm", service.edited[:10])
    if url := (service.raw or {}).get("ursprungsportal"):
        origin = d.add(leistung, "modulUrsprungsportal", languageCode=service.language)
        d.add(origin, "uri", str(url))
        d.add(origin, "titel", service.title)


def _validity(d: Dialect, leistung: Element, service: Leistung, ars: str) -> None:
    d.add(leistung, "gueltigkeitGebietID", ars, schemeID=ARS_LIST)
    version = d.add(leistung, "versionsinformationen" if d.newest else "versionsinformation")
    d.add(version, "geaendertDatumZeit", service.edited)
    for language in ("de", "en"):
        if language == service.language or (language == "en" and service.english):
            d.add(d.add(leistung, "sprachversion"), "languageCode", language)


def _structure(d: Dialect, leistung: Element, key: str) -> None:
    structure = d.add(leistung, "struktur")
    detail = "UndDetail" if key[-3:] != "000" else ""
    structure.set(f"{{{XSI}}}type", f"xzufi:LeistungsstrukturObjektMitVerrichtung{detail}")
    d.add(structure, "leistungsobjektID", f"{key[:8]}000000", schemeID="LeiKa", schemeName="Leistungsobjekt")


def _reference(d: Dialect, leistung: Element, key: str) -> None:
    if d.newest:
        d.add(leistung, "referenzLeistungsschluessel", key, schemeID="urn:de:fim:leika:leistung")
    else:
        d.code(leistung, "referenzLeiKa", key, "urn:de:fim:leika:leistung")


def _addressee(d: Dialect, leistung: Element, service: Leistung) -> None:
    code, name = ("002", "Unternehmen") if service.business else ("001", "Bürger")
    d.code(leistung, "leistungsadressat", code, "urn:xoev-de:fim:codeliste:leistungsadressat", name)


def _text(d: Dialect, leistung: Element, module: Module, position: int, service: Leistung) -> None:
    element = d.add(leistung, "modulText")
    d.add(element, "positionDarstellung", str(position))
    d.code(element, "leikaTextmodul", module.code, MODULE_LIST)
    if module.html:
        d.add(element, "inhalt", module.html, languageCode=service.language)
    if english := (service.english or {}).get(module.code):
        d.add(element, "inhalt", english if module.code in ("02", "03") else html(english), languageCode="en")
    for place, (title, url) in enumerate(module.links, 1):
        link = d.add(element, "weiterfuehrenderLink", languageCode=service.language)
        d.add(link, "uri", url)
        d.add(link, "titel", title)
        d.add(link, "positionDarstellung", str(place))


def _prose(d: Dialect, leistung: Element, tag: str, prose: str | list[str], language: str) -> None:
    """2.3 repeats the module, older versions have one module with one description."""
    separate = prose if isinstance(prose, list) and d.newest else [prose]
    for part in separate:
        if part:
            d.add(d.add(leistung, tag), "beschreibung", html(part), languageCode=language)


def _synonyms(d: Dialect, leistung: Element, service: Leistung) -> None:
    if not service.synonyms:
        return
    module = d.add(leistung, "modulBegriffImKontext")
    for synonym in service.synonyms:
        term = d.add(module, "begriffImKontext")
        d.add(term, "begriff", synonym, languageCode=service.language)
        d.code(term, "typ", "001", "urn:xoev-de:fim:codeliste:begriffimkontexttyp")
