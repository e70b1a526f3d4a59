"""Sample data: an XZuFi 2.2.0 source of any size, about 10 KB per service, the same bytes for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.cities import CITIES
from benchmarks.german import ACTIONS, OBJECTS, SUBJECTS, make_pieces

MESSAGE = "XZUFI20260115040000000000000001.xml"
_NAMESPACE = "http://xoev.de/schemata/xzufi/2_2_0"
_MODULES = "urn:de:xzufi:codeliste:leistungstextmodulleika"
_REGIONS = "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs"
_BATCH = 200

_ACTION_CODES = ("001", "104", "020", "011", "017", "022", "080", "012")

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<xzufi:benchmark.uebertragung xmlns:xzufi="{_NAMESPACE}" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xzufiVersion="2.2.0" '
    'produktbezeichnung="Benchmark" produkthersteller="Benchmark">\n'
    "<xzufi:nachrichtenkopf><xzufi:nachrichtUUID>00000000-0000-4000-8000-000000000001</xzufi:nachrichtUUID>"
    "<xzufi:erstelltDatumZeit>2026-01-15T04:00:00Z</xzufi:erstelltDatumZeit></xzufi:nachrichtenkopf>\n"
)
_TAIL = "</xzufi:benchmark.uebertragung>\n"


@dataclass(frozen=True)
class XzufiStream:
    """``services`` service descriptions, in one message.

    Every service is made from the seed and its own number alone, so that service 17 is the same in every size. No two
    have the same region and LeiKa key, which together name a service.
    """

    services: int
    seed: int = 1

    @cached_property
    def _pieces(self) -> list[str]:
        return make_pieces(Random(self.seed), 30_000)

    def write(self, directory: Path) -> int:
        """Write ``index.txt`` and the message into ``directory``; gives the size of the message in bytes."""
        (directory / "index.txt").write_text(f"{MESSAGE}\r\n", encoding="ascii", newline="")
        with (directory / MESSAGE).open("wb") as message:
            return sum(message.write(part) for part in self.parts())

    def parts(self) -> Iterator[bytes]:
        """The message, in pieces of about 2 MB."""
        yield _HEAD.encode()
        numbers = iter(range(self.services))
        while batch := list(islice(numbers, _BATCH)):
            yield "".join(map(self.service, batch)).encode()
        yield _TAIL.encode()

    def service(self, number: int) -> str:
        """One ``schreibe`` with its ``leistung``, from number 0 on."""
        rng = Random(self.seed << 32 | number)
        kind, city = divmod(number, len(CITIES))
        thing, action = divmod(kind, len(ACTIONS))
        thing, subject = divmod(thing, len(SUBJECTS))
        series, thing = divmod(thing, len(OBJECTS))
        name = SUBJECTS[subject] + OBJECTS[thing] + (f" Stufe {series + 1}" if series else "")
        key = f"99{100 + subject:03}{thing + len(OBJECTS) * series:03}{_ACTION_CODES[action]}{series % 1000:03}"
        writer = _Writer(rng, self._pieces, f"https://stadt{city}.example/{number}")
        return writer.service(number, f"{name} {ACTIONS[action]}", f"{name}, {CITIES[city]}", key, CITIES[city])


class _Writer:
    """Writes one service. Texts are HTML, escaped as XZuFi carries it."""

    def __init__(self, rng: Random, pieces: list[str], site: str) -> None:
        self._random = rng.random
        self._pieces = pieces
        self._count = len(pieces)
        self._site = site

    def service(self, number: int, title: str, official: str, key: str, region: str) -> str:
        site, below = self._site, self._below
        return (
            "<xzufi:schreibe><xzufi:leistung>"
            f'<xzufi:id schemeAgencyID="L100002" schemeID="Leistung">{1_000_000 + number}</xzufi:id>'
            '<xzufi:struktur xsi:type="xzufi:LeistungsstrukturObjektMitVerrichtung"><xzufi:leistungsobjektID '
            f'schemeID="LeiKa" schemeName="Leistungsobjekt">{key[:8]}000000</xzufi:leistungsobjektID>'
            '<xzufi:verrichtung><xzufi:verrichtungLeiKa listURI="urn:de:fim:leika:verrichtung" listVersionID="1">'
            f"<code>{key[8:11]}</code></xzufi:verrichtungLeiKa></xzufi:verrichtung></xzufi:struktur>"
            '<xzufi:referenzLeiKa listURI="urn:de:fim:leika:leistung" listVersionID="1">'
            f"<code>{key}</code></xzufi:referenzLeiKa>"
            f"{self._module('02', official)}{self._module('03', title)}"
            f"{self._module('05', self._sentences(2))}"
            f"{self._module('06', self._paragraphs(2), self._link('satzung', 'Satzung'))}"
            f"{self._module('07', self._laws())}{self._module('08', self._list(3))}"
            f"{self._module('09', self._list(3))}{self._module('11', self._list(4))}"
            f"{self._module('15', self._paragraphs(1), self._link('merkblatt', 'Merkblatt'))}"
            f"{self._module('22', self._sentences(2))}{self._module('23', self._contact())}"
            f"{self._module('24', self._sentences(1))}"
            f"<xzufi:modulFrist>{self._description(f'{below(12) + 1} Wochen. {self._sentences(1)}')}</xzufi:modulFrist>"
            f"<xzufi:modulKosten>{self._description(self._fees())}"
            f"{self._link('gebuehren', 'Gebührenordnung') if below(2) else ''}</xzufi:modulKosten>"
            "<xzufi:modulBearbeitungsdauer>"
            f"{self._description(f'{below(30) + 1} Arbeitstage')}</xzufi:modulBearbeitungsdauer>"
            f"{self._synonyms(title)}"
            "<xzufi:modulFachlicheFreigabe><xzufi:fachlichFreigegebenAm>"
            f"202{below(6)}-0{below(9) + 1}-1{below(10)}</xzufi:fachlichFreigegebenAm></xzufi:modulFachlicheFreigabe>"
            f'<xzufi:modulUrsprungsportal languageCode="de"><xzufi:uri>{site}</xzufi:uri>'
            f"<xzufi:titel>{title}</xzufi:titel></xzufi:modulUrsprungsportal>"
            '<xzufi:typisierung listURI="urn:de:fim:leika:typisierung" listVersionID="20210831">'
            f"<code>{below(5) + 1}</code></xzufi:typisierung>"
            f'<xzufi:gueltigkeitGebietID schemeID="{_REGIONS}">{region}</xzufi:gueltigkeitGebietID>'
            "<xzufi:versionsinformation><xzufi:erstelltDatumZeit>2022-02-01T08:00:00Z</xzufi:erstelltDatumZeit>"
            f"<xzufi:geaendertDatumZeit>2025-0{below(9) + 1}-1{below(10)}T08:{below(50) + 10}:00Z"
            f"</xzufi:geaendertDatumZeit><xzufi:version>{below(9) + 1}</xzufi:version></xzufi:versionsinformation>"
            "<xzufi:sprachversion><xzufi:languageCode>de</xzufi:languageCode></xzufi:sprachversion>"
            "</xzufi:leistung></xzufi:schreibe>\n"
        )

    def _below(self, limit: int) -> int:
        return int(self._random() * limit)

    def _sentences(self, count: int) -> str:
        random, pieces, size = self._random, self._pieces, self._count
        return " ".join(
            " ".join([pieces[int(random() * size)] for _ in range(5)]) + f" {int(random() * 900)}."
            for _ in range(count)
        )

    def _paragraphs(self, count: int) -> str:
        return "".join(
            f"&lt;p&gt;{self._sentences(2)} &lt;b&gt;Gültig ab {self._below(28) + 1}.{self._below(12) + 1}.&lt;/b&gt;"
            f"&amp;nbsp;{self._sentences(1)}&lt;/p&gt;"
            for _ in range(count)
        )

    def _list(self, count: int) -> str:
        items = "".join(f"&lt;li&gt;{self._sentences(1)}&lt;/li&gt;" for _ in range(count))
        return f"&lt;p&gt;{self._sentences(1)}&lt;/p&gt;&lt;ul&gt;{items}&lt;/ul&gt;"

    def _laws(self) -> str:
        items = "".join(
            f'&lt;li&gt;&lt;a href="{self._site}/recht/{self._below(10**6)}" target="_blank"&gt;&amp;sect; '
            f"{self._below(90) + 1} Abs.&amp;nbsp;{self._below(5) + 1} Gebührensatzung&lt;/a&gt;&lt;/li&gt;"
            for _ in range(2)
        )
        return f"&lt;ul&gt;{items}&lt;/ul&gt;"

    def _fees(self) -> str:
        return (
            f"&lt;p&gt;Verwaltungsgebühr: &lt;b&gt;{self._below(200) + 5},{self._below(90) + 10}&amp;nbsp;&amp;euro;"
            f"&lt;/b&gt; &amp;ndash; {self._sentences(1)}&lt;/p&gt;"
        )

    def _contact(self) -> str:
        return (
            f"&lt;p&gt;Dienststelle {self._below(900) + 100}&lt;br /&gt;Rathausplatz {self._below(200) + 1}&lt;br /&gt;"
            f"&lt;a href=&quot;{self._site}/kontakt&quot;&gt;Kontakt &amp;amp; Anfahrt&lt;/a&gt;&lt;/p&gt;"
        )

    def _module(self, code: str, content: str, link: str = "") -> str:
        return (
            f'<xzufi:modulText><xzufi:leikaTextmodul listURI="{_MODULES}" listVersionID="20240216"><code>{code}</code>'
            f'</xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">{content}</xzufi:inhalt>{link}</xzufi:modulText>'
        )

    def _description(self, text: str) -> str:
        return f'<xzufi:beschreibung languageCode="de">{text}</xzufi:beschreibung>'

    def _link(self, path: str, title: str) -> str:
        return (
            f'<xzufi:weiterfuehrenderLink languageCode="de"><xzufi:uri>{self._site}/{path}</xzufi:uri>'
            f"<xzufi:titel>{title}</xzufi:titel><xzufi:positionDarstellung>1</xzufi:positionDarstellung></xzufi:weiterfuehrenderLink>"
        )

    def _synonyms(self, title: str) -> str:
        first = title.partition(" ")[0]
        words = (f"{first}santrag", f"{first}sstelle {self._below(1000)}")
        return "".join(
            f'<xzufi:modulBegriffImKontext><xzufi:begriffImKontext><xzufi:begriff languageCode="de">{word}'
            '</xzufi:begriff><xzufi:typ listURI="urn:xoev-de:xzufi:codeliste:begriffimkontexttyp" listVersionID="1">'
            "<code>001</code></xzufi:typ></xzufi:begriffImKontext></xzufi:modulBegriffImKontext>"
            for word in words
        )
