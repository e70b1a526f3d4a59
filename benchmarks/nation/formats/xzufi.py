"""XZuFi 2.2.0 by an index, as editorial systems offer it: one file per region, made piece by piece while it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from benchmarks.nation.links import Way, ways_of
from benchmarks.nation.message import MISSING, Answer
from benchmarks.nation.nation import Nation
from benchmarks.nation.prose import texts_of
from benchmarks.nation.shelf import Offer, Shelf, offers, stamp

_MODULES = "urn:de:xzufi:codeliste:leistungstextmodulleika"
_REGIONS = "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs"
_BATCH = 50
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<xzufi:transfer.schreibe.loesche.020301 xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xzufiVersion="2.2.0" produktbezeichnung="Nation" '
    'produkthersteller="Nation">\n<xzufi:nachrichtenkopf>'
    "<xzufi:nachrichtUUID>00000000-0000-4000-8000-{stamp:0>12.12}</xzufi:nachrichtUUID>"
    "<xzufi:erstelltDatumZeit>2026-01-15T04:00:00Z</xzufi:erstelltDatumZeit></xzufi:nachrichtenkopf>\n"
)
_TAIL = "</xzufi:transfer.schreibe.loesche.020301>\n"


def answer(nation: Nation, shelves: dict[str, Shelf], name: str, day: int) -> Answer:
    """The index of a folder, or one of its files. ``shelves`` are the folder's, by the names of their files."""
    if name == "index.txt":
        listed = "".join(f"{file}\r\n" for file in shelves).encode("ascii")
        return Answer(listed, "text/plain", etag=nation.dice.digest(*shelves, size=8).hex())
    if name not in shelves:
        return MISSING
    shelf = shelves[name]
    return Answer(message(nation, shelf, day), "application/xml", etag=stamp(nation.dice, shelf, day))


def file_of(shelf: Shelf) -> str:
    """The name of a region's file."""
    return f"XZUFI{shelf.ars}{shelf.base:012}.xml"


def message(nation: Nation, shelf: Shelf, day: int) -> Iterator[bytes]:
    """A region's file."""
    yield (_HEAD.format(stamp=stamp(nation.dice, shelf, day)) + _office(shelf)).encode()
    batch: list[str] = []
    for offer in offers(nation.dice, shelf, day):
        batch.append(_service(nation, offer))
        if len(batch) == _BATCH:
            yield "".join(batch).encode()
            batch.clear()
    yield ("".join(batch) + _TAIL).encode()


def _office(shelf: Shelf) -> str:
    agency, number = shelf.agency, shelf.base
    return (
        "<xzufi:schreibe><xzufi:organisationseinheit>"
        f'<xzufi:id schemeAgencyID="{agency}" schemeID="Organisationseinheit">{number}</xzufi:id>'
        f'<xzufi:name><xzufi:name languageCode="de">Verwaltung {shelf.ars}</xzufi:name></xzufi:name>'
        "<xzufi:anschrift><xzufi:strasse>Rathausplatz 1</xzufi:strasse><xzufi:ort>Ort</xzufi:ort>"
        f'<xzufi:verwaltungspolitischeKodierung><xzufi:regionalschluessel listURI="{_REGIONS}" listVersionID="1">'
        f"<code>{shelf.ars}</code></xzufi:regionalschluessel></xzufi:verwaltungspolitischeKodierung></xzufi:anschrift>"
        "</xzufi:organisationseinheit></xzufi:schreibe>\n"
    )


def _service(nation: Nation, offer: Offer) -> str:
    texts, ways = texts_of(nation.dice, offer), ways_of(nation, offer)
    online = next((way for way in ways if way.purpose == "apply"), None)
    further = {"06": [way for way in ways if way.purpose in {"information", "leaflet"}]}
    further["07"] = [way for way in ways if way.purpose == "law"]
    modules = {"02": offer.name, "03": offer.name, "05": texts.summary, **texts.modules}
    if "07" not in modules:
        further["06"] += further.pop("07")
    shelf = offer.shelf
    told = "".join(_module(code, text, further.get(code, ())) for code, text in modules.items())
    terms = "".join(
        f'<xzufi:begriffImKontext><xzufi:begriff languageCode="de">{escape(word)}</xzufi:begriff><xzufi:typ '
        'listURI="urn:xoev-de:xzufi:codeliste:begriffimkontexttyp" listVersionID="1"><code>001</code></xzufi:typ>'
        "</xzufi:begriffImKontext>"
        for word in texts.synonyms
    )
    return (
        "<xzufi:schreibe><xzufi:leistung>"
        f'<xzufi:id schemeAgencyID="{shelf.agency}" schemeID="Leistung">{offer.number}</xzufi:id>'
        f"{_key(offer.key)}{told}"
        f"{_prose('modulFrist', texts.deadline)}{_prose('modulKosten', texts.fees)}"
        f"{_prose('modulBearbeitungsdauer', texts.duration)}"
        f"<xzufi:modulBegriffImKontext>{terms}</xzufi:modulBegriffImKontext>"
        f'<xzufi:gueltigkeitGebietID schemeID="{_REGIONS}">{shelf.ars}</xzufi:gueltigkeitGebietID>'
        "<xzufi:versionsinformation><xzufi:geaendertDatumZeit>"
        f"2025-{offer.version % 12 + 1:02}-1{offer.slot % 10}T08:00:00Z</xzufi:geaendertDatumZeit></xzufi:versionsinformation>"
        "<xzufi:sprachversion><xzufi:languageCode>de</xzufi:languageCode></xzufi:sprachversion>"
        f"</xzufi:leistung></xzufi:schreibe>\n{_competence(offer, shelf.base, 'Organisationseinheit')}"
        f"{_online(offer, online) if online else ''}"
    )


def _key(key: str) -> str:
    if not key:
        return ""
    return (
        '<xzufi:struktur xsi:type="xzufi:LeistungsstrukturObjektMitVerrichtung"><xzufi:leistungsobjektID '
        f'schemeID="LeiKa" schemeName="Leistungsobjekt">{key[:8]}000000</xzufi:leistungsobjektID></xzufi:struktur>'
        f'<xzufi:referenzLeiKa listURI="urn:de:fim:leika:leistung" listVersionID="1"><code>{key}</code></xzufi:referenzLeiKa>'
    )


def _module(code: str, text: str, ways: list[Way] | tuple[()]) -> str:
    links = "".join(
        f'<xzufi:weiterfuehrenderLink languageCode="de"><xzufi:uri>{escape(way.url)}</xzufi:uri><xzufi:titel>{way.label}'
        f"</xzufi:titel><xzufi:positionDarstellung>{place}</xzufi:positionDarstellung></xzufi:weiterfuehrenderLink>"
        for place, way in enumerate(ways, 1)
    )
    return (
        f'<xzufi:modulText><xzufi:leikaTextmodul listURI="{_MODULES}" listVersionID="20240216"><code>{code}</code>'
        f'</xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">{escape(text, quote=False)}</xzufi:inhalt>{links}'
        "</xzufi:modulText>"
    )


def _prose(tag: str, text: str) -> str:
    told = escape(text, quote=False)
    return f'<xzufi:{tag}><xzufi:beschreibung languageCode="de">{told}</xzufi:beschreibung></xzufi:{tag}>'


def _online(offer: Offer, way: Way) -> str:
    agency, number = offer.shelf.agency, offer.number
    return (
        '<xzufi:schreibe><xzufi:onlinedienst xsi:type="xzufi:OnlinedienstErweitert">'
        f'<xzufi:id schemeAgencyID="{agency}" schemeID="Onlinedienst">{number}</xzufi:id>'
        f'<xzufi:bezeichnung languageCode="de">{escape(offer.name)}</xzufi:bezeichnung>'
        '<xzufi:link languageCode="de"><xzufi:typ listURI="urn:xoev-de:fim:codeliste:onlinedienstlinktyp" '
        f'listVersionID="1"><code>01</code></xzufi:typ><xzufi:link>{escape(way.url)}</xzufi:link>'
        f"<xzufi:titel>{way.label}</xzufi:titel></xzufi:link></xzufi:onlinedienst></xzufi:schreibe>\n"
        f"{_competence(offer, number, 'Onlinedienst')}"
    )


def _competence(offer: Offer, superior: int, kind: str) -> str:
    agency, number = offer.shelf.agency, offer.number
    role = (
        '<xzufi:rolle listURI="urn:de:fim:codeliste:rolle" listVersionID="1"><code>01</code></xzufi:rolle>'
        if kind == "Organisationseinheit"
        else ""
    )
    return (
        "<xzufi:schreibe><xzufi:zustaendigkeitTransferObjekt>"
        f'<xzufi:uebergeordnetesObjektID schemeAgencyID="{agency}">{superior}</xzufi:uebergeordnetesObjektID>'
        f'<xzufi:zustaendigkeit><xzufi:id schemeAgencyID="{agency}" schemeID="Zustaendigkeit{kind}">{number}-{kind[0]}'
        f'</xzufi:id><xzufi:leistungID schemeAgencyID="{agency}">{number}</xzufi:leistungID>'
        f'<xzufi:gebietID schemeID="{_REGIONS}">{offer.shelf.ars}</xzufi:gebietID>{role}'
        "</xzufi:zustaendigkeit></xzufi:zustaendigkeitTransferObjekt></xzufi:schreibe>\n"
    )
