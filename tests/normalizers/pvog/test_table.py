"""The dialect of PVOG's bulk CSV."""

import pytest

from harvester.model import DocumentError
from normalizers.pvog.table import Column, read_table
from tests.normalizers.reading import document

HEADER = "ID-LB|Leikaschlüssel|Name|Name2|Updatedatum|ID-OD|Bezeichnung OD|Links\n"


def table(body: str):
    return read_table(document(body, "csv"))


def names(body: str) -> list[str]:
    return [row.cells[Column.NAME] for row in table(HEADER + body).rows]


def row(name: str, service: str = "B1.LB.1") -> str:
    return f"{service}|99102013104000|{name}|N|20.01.2025 00:48|||\n"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Hundesteuer", "Hundesteuer"),
        ('Programm ""Energie"" Nr. 430', 'Programm "Energie" Nr. 430'),
        ('""Energie"" Nr. 430', '"Energie" Nr. 430'),
        ('5" Rohr', '5" Rohr'),
        ('Hund "| Katze', "Hund | Katze"),
        ('Hund "\nKatze', "Hund \nKatze"),
        ('"Hund | Katze"', "Hund | Katze"),
        ('"""Hund"" und Katze"', '"Hund" und Katze'),
        ('"Hund\nund Katze"', "Hund\nund Katze"),
        ('""', ""),
    ],
)
def test_quotation_marks_are_doubled_or_enclose(written, name):
    assert names(row(written) + row("danach")) == [name, "danach"]


def test_a_stray_quotation_mark_costs_no_other_row():
    assert names(row('"offen') + row("zweite") + row("dritte")) == ['"offen', "zweite", "dritte"]


def test_a_stray_quotation_mark_does_not_swallow_a_long_file():
    assert len(names(row('"offen') + row("weiter") * 500)) == 501


def test_carriage_returns_and_empty_lines_are_no_content():
    assert names("\r\n" + row("eins").replace("\n", "\r\n") + "\n" + row("zwei")) == ["eins", "zwei"]
    assert [it.number for it in table(HEADER + row("eins") + "\n" + row("zwei")).rows] == [1, 2]


def test_columns_are_found_by_name_and_not_by_place():
    shuffled = "Links|Name|ID-OD|Neu|ID-LB|Leikaschlüssel\nhttps://a.example|Hund|OD|?|B1.LB.1|99102013104000\n"
    found = table(shuffled)
    assert found.rows[0].cells[Column.LINKS] == "https://a.example"
    assert found.rows[0].service == "B1.LB.1"
    assert found.unknown == ("Neu",)
    assert found.missing == (Column.TITLE, Column.UPDATED, Column.ONLINE_TITLE)


def test_a_header_alone_is_an_empty_table():
    assert (table(HEADER).rows, table(HEADER).expected) == ((), 0)


@pytest.mark.parametrize("column", ["ID-LB", "Leikaschlüssel", "Name", "ID-OD", "Links"])
def test_without_a_necessary_column_nothing_can_be_read(column):
    with pytest.raises(DocumentError, match=f"lacks the columns {column};"):
        table(HEADER.replace(f"{column}|", "X|", 1).replace("|Links" if column == "Links" else "\0", "|X"))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "not even a header"),
        ("<!DOCTYPE html>\n<html></html>\n", "lacks the columns"),
        (HEADER.rstrip("\n"), "cut off: line 1"),
        (HEADER + row("eins") + row("zwei").rstrip("\n"), "cut off: line 3"),
        (HEADER + row("eins") + "B1.LB.2|99", "cut off: line 3"),
        (HEADER + row("eins") + 'B1.LB.2|99|"offen\n', "begins in line 3 has no end"),
    ],
)
def test_a_file_that_is_no_table_or_ends_inside_a_row_is_refused(body, why):
    with pytest.raises(DocumentError, match=why):
        table(body)


def test_what_the_file_means_to_list_includes_rows_that_cannot_be_read():
    found = table(HEADER + row("a", "B1.LB.1") * 2 + row("b", "") + "B1.LB.2|zu|kurz\n" + "|zu|kurz\n")
    assert found.services == ("B1.LB.1", "B1.LB.2")
    assert found.expected == 4
    assert [it.number for it in found.broken] == [4, 5]


def test_a_broken_row_of_a_shuffled_table_has_no_identifier():
    found = table("Name|ID-LB|Leikaschlüssel|ID-OD|Links\nHund\n")
    assert [it.service for it in found.broken] == [""]
