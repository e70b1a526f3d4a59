"""Documents that are damaged in every way end in records and issues, or are refused as a whole; nothing else happens.

The random numbers are fixed, so that a failure can be repeated: the message names interface, sample and number.
"""

import gc
import hashlib
import io
import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from lxml import etree

from harvester.catalogue.check import check_catalogue
from harvester.model import Context, Document, DocumentError
from harvester.registry import Source
from harvester.run.read import read_documents
from harvester.state import Shard
from normalizers.dldb.export import read_export
from spiders.xzufi import read_index
from tests.build import Bench
from tests.normalizers.reading import CASES, DAY, outcome
from tests.safety.torture import rounds

SLOWEST = 10.0
"""Seconds that no document may take."""
LARGEST = 500_000_000
"""Bytes by which the memory may grow over all documents."""
COUNT = rounds(500, 20_000)
BATCH = 100
"""Documents that are read in one run."""

ROLES = {"xzufi": {"xml": "message"}, "dldb": {"json": "services"}, "pvog": {"csv": "csv", "json": "detail"}}
TOKENS = [
    *(
        b"",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"\xf4\x90\x80\x80",
        "\u202e\u200b".encode(),
    ),
    *(
        b'"',
        b"'",
        b"\\",
        b"\\ud800",
        b"\\u0000",
        b"|",
        b";",
        b",",
        b"\n",
        b"\r",
        b"\t",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"null",
    ),
    *(b"true", b"-", b"-0", b"1e999", b"1E-999", b"NaN", b"Infinity", b"9" * 400, b"9" * 5000, b"0.1" + b"1" * 300),
    *(
        b"<",
        b">",
        b"&",
        b"&#0;",
        b"&#x110000;",
        b"&x;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"<?x?>",
        b"<a>",
        b"</a>",
    ),
    *(b'<!DOCTYPE n [<!ENTITY a "b">]>', b'<?xml version="1.0" encoding="UTF-16"?>', b'xmlns="x"', b'<a xml:lang="">'),
    *(b"http://[", b"https://a b/", b"//", b"mailto:", b"javascript:1", b"https://" + b"a" * 3000, b"%zz", b"tel:"),
    *(
        b"99102013104000",
        b"055130000000",
        b"2026-13-45",
        b"0000-00-00T99:99:99+99:99",
        b"9999-12-31T23:59:59-14:00",
        b"0001-01-01",
    ),
    *(b"<p" * 200, b"<ul><li>" * 100, b"<table>" * 50, b"&lt;" * 100, b"a" * 20_000, b" " * 5000),
]
TEXTS = [
    text
    for token in TOKENS
    if (text := token.decode("utf-8", "ignore")) and not any(c < " " and c not in "\t\n\r" for c in text)
]
VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        -0.0,
        1e308,
        10**400,
        10**4000,
        "",
        " ",
        "\ud800",
        "\x00",
        [],
        [[]],
        [None],
        {},
        {"id": {}},
        [1, "a"],
    ),
    *TEXTS,
]


@dataclass(frozen=True)
class Sample:
    """A document that is right, to begin with."""

    interface: str
    role: str
    body: bytes
    name: str


def samples(interface: str) -> list[Sample]:
    found = [
        Sample(interface, ROLES[interface][file.suffix[1:]], file.read_bytes(), file.parent.name)
        for file in sorted((CASES / interface).glob("*/input.*"))
    ]
    assert found
    return found


def flip(body: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 20)):
        body[chance.randrange(len(body))] = chance.randrange(256)


def cut(body: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(body))
    del body[start : start + int(len(body) * chance.random() ** 3) + 1]


def end(body: bytearray, chance: random.Random) -> None:
    del body[chance.randrange(len(body)) :]


def repeat(body: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(body))
    piece = body[start : start + chance.randint(1, 2000)]
    body[start:start] = piece * min(chance.choice([1, 2, 50]), 200_000 // len(piece) + 1)


def move(body: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(body))
    piece = body[start : start + chance.randint(1, 500)]
    del body[start : start + len(piece)]
    at = chance.randrange(len(body) + 1)
    body[at:at] = piece


def insert(body: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body) + 1)
        body[at : at + chance.choice([0, 0, 1, 8])] = chance.choice(TOKENS)


def replace_word(body: bytearray, chance: random.Random) -> None:
    """Put something else in the place of a number or a word, where a value is likely to stand."""
    start = at = chance.randrange(len(body))
    while at < len(body) and (chr(body[at]).isalnum() or body[at] > 127):
        at += 1
    body[start:at] = chance.choice(TOKENS)


def nest(body: bytearray, chance: random.Random) -> None:
    """A bomb: the same bracket or tag thousands of times."""
    opening, closing_ = chance.choice(
        [(b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"<b><i>", b"</i></b>"), (b'"', b'"')]
    )
    depth = chance.choice([50, 900, 1100, 30_000])
    at = chance.randrange(len(body) + 1)
    body[at:at] = opening * depth + closing_ * chance.choice([0, depth])


def recode(body: bytearray, chance: random.Random) -> None:
    text = body.decode("utf-8", "replace")
    body[:] = text.encode(chance.choice(["utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7", "cp037"]), "replace")


def disturb_json(body: bytearray, chance: random.Random) -> None:
    """Keep it JSON: values are lost, doubled, nested, or of another kind."""
    data = json.loads(body)
    places: list[tuple[Any, Any]] = [(data, key) for key in data]
    for parent, key in places:
        value = parent[key]
        places += (
            [(value, inner) for inner in (value if isinstance(value, dict) else range(len(value)))]
            if isinstance(value, dict | list)
            else []
        )
    for parent, key in chance.sample(places, min(len(places), chance.randint(1, 8))):
        with suppress(KeyError, IndexError):  # what it stood in is gone
            parent[key] = chance.choice(
                [*VALUES, [parent[key]] * chance.choice([1, 2, 300]), {"id": parent[key], "": []}]
            )
    body[:] = json.dumps(data, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def disturb_xml(body: bytearray, chance: random.Random) -> None:
    """Keep it XML: elements are lost, doubled, moved, renamed, or hold something else."""
    root = etree.fromstring(bytes(body))
    for _ in range(chance.randint(1, 8)):
        elements = list(root.iter("{*}*"))[1:]
        if not elements:
            break
        element = chance.choice(elements)
        match chance.randrange(6):
            case 0:
                element.getparent().remove(element)
            case 1:
                chance.choice(elements).append(deepcopy(element))
            case 2:
                element.text = chance.choice(TEXTS)
            case 3:
                element.tag = chance.choice(elements).tag
            case 4:
                element.attrib.clear()
                element.set("languageCode", chance.choice(TEXTS))
            case _:
                element[:] = [deepcopy(child) for child in list(element)[:20] * chance.choice([0, 2, 20])]
    body[:] = etree.tostring(root, encoding="utf-8")[:2_000_000]


def disturb_table(body: bytearray, chance: random.Random) -> None:
    """Keep it a table: single cells hold something else."""
    lines = body.decode("utf-8", "replace").split("\n")
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(lines))
        cells = lines[at].split("|")
        cells[chance.randrange(len(cells))] = chance.choice(TEXTS).replace("\n", " ")
        lines[at] = "|".join(cells)
    body[:] = "\n".join(lines).encode()


DISTURB = {"message": disturb_xml, "services": disturb_json, "detail": disturb_json, "csv": disturb_table}
WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(
        flip,
        flip,
        cut,
        end,
        repeat,
        move,
        insert,
        insert,
        insert,
        replace_word,
        replace_word,
        replace_word,
        nest,
        recode,
    ),
)


def mutate(sample: Sample, number: int) -> bytes:
    """One of many documents that are nearly right."""
    chance = random.Random(f"{sample.interface} {sample.name} {number}")
    body = bytearray(sample.body)
    if sample.role in DISTURB and chance.random() < 0.7:
        DISTURB[sample.role](body, chance)
        if chance.random() < 0.8:
            return bytes(body)
    for _ in range(chance.choice([1, 1, 1, 2, 3, 6])):
        if body:
            chance.choice(WAYS)(body, chance)
    return bytes(body[:2_000_000])


def as_document(sample: Sample, number: int) -> Document:
    body = mutate(sample, number)
    chance = random.Random(number)
    return Document(
        url=f"https://quelle.example/{number}",
        role=sample.role,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        media_type=chance.choice(["", "text/html", "application/octet-stream"]),
        charset=chance.choice([None, None, None, "utf-8", "latin-1", "utf-16", "no-such-charset"]),
        fetched_at=DAY,
        open=lambda: io.BytesIO(body),
    )


def source(interface: str) -> Source:
    return Source.model_validate(
        {
            "id": "quelle",
            "title": "Quelle",
            "level": "kommune",
            "region": "055130000000",
            "interface": interface,
            "endpoint": "https://quelle.example/",
            "publisher": {"name": "Stadt"},
        }
    )


class Desk:
    """Hands out the documents of an interface one by one, and looks how long each of them takes."""

    def __init__(self, interface: str, numbers: range) -> None:
        self._samples = samples(interface)
        self._numbers = numbers
        self.current = ""

    def __iter__(self) -> Iterator[Document]:
        for number in self._numbers:
            sample = self._samples[number % len(self._samples)]
            self.current = f"{sample.interface} {sample.name} {number}"
            document = as_document(sample, number)
            began = time.monotonic()
            yield document
            assert time.monotonic() - began < SLOWEST, self.current


@pytest.mark.parametrize("interface", ROLES)
def test_whatever_a_document_holds_the_run_goes_on(interface, tmp_path: Path, record_property):
    """Read as in a run: by the normalizer, into a shard, with every record packed."""
    refused = 0
    gc.collect()
    before = psutil.Process().memory_info().rss
    for start in range(0, COUNT, BATCH):
        desk = Desk(interface, range(start, min(start + BATCH, COUNT)))
        try:
            with Shard(tmp_path / "shard") as shard:
                refused += len(read_documents(source(interface), desk, shard, lambda *_: None, delta=True).broken)
        except Exception as error:  # noqa: BLE001 - to tell which document it was
            pytest.fail(f"{desk.current}: {type(error).__name__}: {error}")
    record_property("documents", COUNT)
    record_property("refused as a whole", refused)
    record_property("MB more memory", round((psutil.Process().memory_info().rss - before) / 1e6))
    assert COUNT / 20 < refused < COUNT * 19 / 20, "the damage is too small or too great to tell anything"
    assert psutil.Process().memory_info().rss - before < LARGEST


@pytest.mark.parametrize("interface", ROLES)
def test_whatever_was_read_can_be_published(interface, tmp_path: Path):
    """Folded into the state, merged, written into a catalogue that passes its checks, twice with the same result."""
    bench, of = Bench(tmp_path), source(interface)
    context = Context(of.id, of.level, of.region, of.endpoint, of.options)
    normalize = of.spoken.load_normalizer()
    readable = [doc for doc in Desk(interface, range(COUNT, COUNT + BATCH * 2)) if outcome(normalize, doc, context)]
    for _ in range(2):
        assert bench.log(of, *readable).verdict == "complete"
        bench.build()
        assert check_catalogue(bench.catalogue) == []
    assert bench.ask("SELECT count(*) FROM event WHERE kind <> 'created'") == [(0,)]
    assert bench.ask("SELECT count(*) > 5 FROM service") == [(1,)]
    bench.state.close()


@pytest.mark.parametrize(("interface", "reader"), [("dldb", read_export), ("xzufi", read_index)])
def test_what_spiders_read_themselves_is_refused_or_read(interface, reader):
    found = samples(interface)
    if interface == "xzufi":
        found = [
            Sample(
                "xzufi", "index", b"leistungen-1.xml\r\nleistungen-2.xml\n# Kommentar\n\nunter/ordner 3.xml\n", "index"
            )
        ]
    for number in range(COUNT):
        document = as_document(found[number % len(found)], number)
        began = time.monotonic()
        try:
            reader(document)
        except DocumentError:
            continue
        finally:
            assert time.monotonic() - began < SLOWEST
