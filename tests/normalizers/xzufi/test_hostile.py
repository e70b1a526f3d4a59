"""Documents that are broken, cut off, no XZuFi at all, or meant to harm."""

import io
import weakref

import pytest

from harvester.model import DocumentError
from harvester.registry.options import XzufiOptions
from normalizers.xzufi import normalize, stream
from tests.normalizers.reading import CASES, context, document, issues, outcome, records
from tests.normalizers.xzufi.making import OPEN, message, module, read, read_one, service

BOMB = """<?xml version="1.0"?>
<!DOCTYPE n [
  <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
"""


def refused(body):
    with pytest.raises(DocumentError) as error:
        read(body)
    return str(error.value)


def test_a_document_with_entities_of_its_own_is_refused():
    assert "declares a DTD" in refused(BOMB + message(service(title="&c;")))


def test_a_document_with_an_external_dtd_is_refused():
    assert "declares a DTD" in refused('<!DOCTYPE n SYSTEM "http://127.0.0.1/n.dtd">' + message(service()))


def test_an_external_entity_is_never_read():
    body = '<!DOCTYPE n [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + message(service(title="&f;"))
    assert "declares a DTD" in refused(body)


def test_an_undeclared_entity_tells_its_line():
    assert refused("\n\n" + message(service(title="M&uuml;ll"))).startswith("Line 3, column ")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no well-formed XML"),
        (b"   \n", "no well-formed XML"),
        (b"{}", "no well-formed XML"),
        (b"\x00\x01\x02", "no well-formed XML"),
        (b"<html><body>Wartung</body></html>", "its root element is 'html'"),
        (b'<x:n xmlns:x="http://xoev.de/schemata/xbau/2_1"/>', "no XZuFi message"),
        (b"<leistung><id>1</id></leistung>", "no XZuFi message"),
    ],
)
def test_what_is_no_message_is_refused(body, why):
    assert why in refused(body)


def test_a_wrong_charset_tells_the_line():
    body = ('<?xml version="1.0" encoding="UTF-8"?>\n' + message(service(title="Müll"))).encode("latin-1")
    assert refused(body).startswith("Line 2, column ")


def test_the_declared_charset_is_taken():
    body = '<?xml version="1.0" encoding="UTF-16"?>' + message(service(title="Müll"))
    assert records(read(body.encode("utf-16")))[0].title == "Müll"


def test_a_document_that_calls_itself_utf_16_in_single_bytes_is_read_as_utf_8():
    body = '<?xml version="1.0" encoding="utf-16"?>' + message(service(title="Müll"))
    assert records(read(body.encode()))[0].title == "Müll"


def test_markup_that_was_not_escaped_is_read_whatever_its_prefix():
    inside = '<p>Zwei <b>fette</b> Wörter<br/>und <x:i title="&lt;">A &amp; B</x:i></p> danach'
    service, _ = read_one(module("06", inside))
    assert service.texts[1].html == "<p>Zwei <b>fette</b> Wörter<br>und <i>A &amp; B</i></p>danach"


def test_unescaped_markup_nested_too_deep_is_refused():
    assert "nested" in refused(message(service(module("06", "<b>" * 250 + "x" + "</b>" * 250))))


def test_an_unknown_charset_is_refused():
    assert "no well-formed XML" in refused('<?xml version="1.0" encoding="EBCDIC-42"?>' + message(service()))


def test_a_message_nested_too_deep_is_refused():
    assert "no well-formed XML" in refused(OPEN + "<x:a>" * 1000)


def test_a_text_of_more_than_ten_megabytes_is_refused():
    assert "no well-formed XML" in refused(message(service(title="x" * 10_500_000)))


def test_records_before_a_break_are_still_given():
    pieces = stream.read_pieces(io.BytesIO(message(service(), service()).encode()[:-20]))
    assert next(pieces).number == 1
    with pytest.raises(DocumentError):
        next(pieces)


def test_a_message_cut_off_anywhere_is_a_document_error():
    body = (CASES / "xzufi" / "message-2.2" / "input.xml").read_bytes().rstrip()
    for length in range(0, len(body), 50):
        assert refused(body[:length])


def test_a_message_with_any_byte_lost_is_read_or_refused():
    body = (CASES / "xzufi" / "awkward" / "input.xml").read_bytes()
    for place in range(0, len(body), 37):
        assert outcome(normalize, document(body[:place] + body[place + 1 :], "message"), context(XzufiOptions())) != []


def test_no_root_within_the_first_bytes_is_refused(monkeypatch):
    monkeypatch.setattr(stream, "_HEAD", 4096)
    assert "no root element" in refused("<!--" + "x" * 8192 + "-->" + message(service()))


def test_endless_rubbish_without_records_is_refused(monkeypatch):
    monkeypatch.setattr(stream, "_BETWEEN", 100_000)
    assert "without a record" in refused(OPEN + "<x:a>b</x:a>" * 30_000 + "</x:n>")


def test_rubbish_between_records_is_taken_away_and_told():
    body = OPEN + ("<x:a>b</x:a>" * 10 + f"<x:schreibe>{service()}</x:schreibe>") * 3 + "</x:n>"
    told = [it.message for it in issues(read(body))]
    assert told == ["The element 'a' below the root is not known and was not read (30×)."]


def test_records_in_the_wrong_place_are_no_records():
    readings = read(OPEN + f"<x:t><x:schreibe>{service()}</x:schreibe></x:t></x:n>")
    assert records(readings) == []
    assert [it.rule for it in issues(readings)] == ["xzufi.unknown-element"]


def test_a_million_tags_do_not_fill_the_memory_of_names():
    fields = "".join(f"<x:feld{number}/>" for number in range(6000))
    told = [it for it in issues(read(message(service(fields)))) if it.rule == "xzufi.unknown-field"]
    assert len(told) == 1000


def test_a_name_with_braces_stays_as_it_is():
    odd = "<x:modulText><x:leikaTextmodul><code>{0}</code></x:leikaTextmodul></x:modulText>"
    _, (issue,) = read_one(odd)
    assert issue.message == "The text module '{0}' is not known; its texts were kept as 'other' (1×)."


def test_memory_stays_level_however_many_records_there_are():
    class Endless(io.RawIOBase):
        def __init__(self, count):
            self.parts = iter([OPEN, *(f"<x:schreibe>{service()}</x:schreibe>" for _ in range(count)), "</x:n>"])

        def read(self, _=-1):
            return next(self.parts, "").encode()

    alive = weakref.WeakSet()
    most = 0
    for piece in stream.read_pieces(Endless(5000)):
        alive.add(piece.element)
        most = max(most, len(alive))
    assert most <= 2
