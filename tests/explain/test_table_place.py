"""Row and column lead to the bytes that the csv module reads there."""

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harvester.explain import LocatorError, excerpt
from harvester.explain.table_place import locate_table
from harvester.explain.window import Window

COLUMNS = ["ID-LB", "Name, lang", "Links", "ä"]
cells = st.text(st.sampled_from('ab ü"|;,\t\n\r'), max_size=6)
rows = st.lists(st.lists(cells, min_size=4, max_size=4), min_size=1, max_size=5)


def cell_at(data, locator, chunk):
    place = locate_table(Window(BytesIO(data), keep=4, chunk=chunk), locator)
    return place.decode(data[place.start : place.find_end()])


@given(rows, st.sampled_from("|;,\t"), st.sampled_from(["\r\n", "\n"]), st.booleans(), st.integers(1, 40))
def test_every_cell_is_found_where_csv_sees_it(table, delimiter, line_end, quoted, chunk):
    out = StringIO(newline="")
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows([COLUMNS, *table])
    data = out.getvalue().encode()
    read = list(csv.DictReader(StringIO(out.getvalue(), newline=""), delimiter=delimiter))
    for number, row in enumerate(read, start=1):
        for column, value in row.items():
            if value is not None:  # csv.writer leaves a bare CR unquoted, and it ends the row for a reader
                assert cell_at(data, f"row[{number}]/{column}", chunk) == value


@given(st.text(st.sampled_from('ab"|\n'), max_size=30), st.integers(1, 40))
def test_careless_quotes_are_read_as_csv_reads_them(body, chunk):
    data = "A|B\n" + body
    read = list(csv.DictReader(StringIO(data, newline=""), delimiter="|", restkey="rest"))
    assume(read)
    for number, row in enumerate(read, start=1):
        for column in ("A", "B"):
            if row[column] is not None:
                assert cell_at(data.encode(), f"row[{number}]/{column}", chunk) == row[column]


def test_the_excerpt_of_a_cell_keeps_its_quotes():
    found = excerpt(BytesIO(b'\xef\xbb\xbfA;B\r\n1;"x ""y"""\r\n\r\n2;z'), "table/row[1]/B")
    assert (found.value, found.after) == (b'"x ""y"""', b"\r\n\r\n2;z")
    assert excerpt(BytesIO(b'\xef\xbb\xbfA;B\r\n1;"x ""y"""\r\n\r\n2;z'), "row[2]/A").value == b"2"


def test_a_row_has_a_place_too():
    assert excerpt(BytesIO(b"A|B\n1|2\n3|4\n"), "row[2]").value == b"3|4"


@pytest.mark.parametrize(
    ("locator", "matched", "why"),
    [
        ("row[3]/A", "", "only 2 rows"),
        ("row[1]/C", "row[1]", "no column 'C'; there are A, B"),
        ("row[2]/B", "row[2]", "only 1 cells"),
        ("row[0]/A", "", "no locator of a table"),
    ],
)
def test_a_cell_that_is_not_there_says_how_far_it_led(locator, matched, why):
    with pytest.raises(LocatorError, match=why) as caught:
        excerpt(BytesIO(b"A,B\n1,2\n3\n"), locator)
    assert caught.value.matched == matched


def test_a_table_that_is_not_utf8_is_taken_for_windows_1252():
    found = excerpt(BytesIO("Straße;Ort\n1;Köln €".encode("cp1252")), "row[1]/Ort")
    assert (found.value, found.transcoded_from) == ("Köln €".encode(), "cp1252")
