"""XZuFi messages for tests, short to write."""

from harvester.registry.options import XzufiOptions
from normalizers.xzufi import normalize
from tests.normalizers.reading import context, document

OPEN = '<x:n xmlns:x="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0">'
RS = "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs"


def message(*records: str) -> str:
    return OPEN + "".join(f"<x:schreibe>{record}</x:schreibe>" for record in records) + "</x:n>"


def service(inside: str = "", number: int | str = 1, title: str = "Titel") -> str:
    return f'<x:leistung><x:id schemeAgencyID="L1">{number}</x:id>{module("03", title)}{inside}</x:leistung>'


def module(code: str, text: str, language: str = "de") -> str:
    content = f'<x:inhalt languageCode="{language}">{text}</x:inhalt>'
    return f"<x:modulText><x:leikaTextmodul><code>{code}</code></x:leikaTextmodul>{content}</x:modulText>"


def region(key: str) -> str:
    return f'<x:gueltigkeitGebietID schemeID="{RS}">{key}</x:gueltigkeitGebietID>'


def read(body: bytes | str, role: str = "message", **options):
    return list(normalize(document(body, role), context(XzufiOptions(**options))))


def read_one(inside: str, **options):
    """The one service of a message and the issues with it."""
    found, *issues = read(message(service(inside)), **options)
    return found.record, issues
