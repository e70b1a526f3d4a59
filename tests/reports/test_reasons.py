"""A German report speaks German: every sentence of the judge, every advice of the fetch road, every rule of a reader."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from harvester.data import data_file
from harvester.fetch import errors
from harvester.reports.reasons import record_told_in, told_in
from harvester.run import execute, judge

ENGLISH = re.compile(r"\b(the|would|services|were|are|than|records|and|again|raise|its|with|not|of)\b")
ROOT = Path(__file__).parents[2]


def sentences(module):
    """Texts of a module that are put together from parts, each gap filled with a number."""
    for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else filled(part) for part in node.values)
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def filled(part):
    return "70%" if part.format_spec and "%" in ast.unparse(part.format_spec) else "7"


JUDGED = [text for text in sentences(judge) if text[:1].isupper() or text.startswith("7 ")]
STOPPED = [text for text in sentences(execute) if text.startswith(("it took", "its process", "a fault in"))]


@pytest.mark.parametrize("reason", JUDGED)
def test_every_sentence_of_the_judge_is_german(reason):
    assert len(JUDGED) >= 12
    reason = reason.replace("pages7", "pages, before 7")
    assert not ENGLISH.search(told_in("de", reason)), told_in("de", reason)


@pytest.mark.parametrize("reason", STOPPED)
def test_every_reason_for_a_stop_is_german(reason):
    assert len(STOPPED) == 4
    told = told_in("de", f"The run was stopped: {reason.replace('with 7', 'with exit code 7')}.")
    assert told.startswith("Der Lauf wurde beendet: ")
    assert not ENGLISH.search(told), told


@pytest.mark.parametrize(
    "error", [e for e in vars(errors).values() if isinstance(e, type) and e.__module__ == errors.__name__], ids=str
)
def test_every_advice_of_the_fetch_road_is_german(error):
    assert not ENGLISH.search(told_in("de", error.advice)), told_in("de", error.advice)


def test_a_server_that_takes_no_connection_is_told_without_a_word_of_english():
    told = told_in(
        "de",
        "A document did not arrive: http://a.example/x.json: no connection to the server"
        " (Connect call failed ('127.0.10.13', 8642)). The server may be down; the next run asks again.",
    )
    assert told == (
        "Ein Dokument kam nicht an: http://a.example/x.json: keine Verbindung zum Server (127.0.10.13, Port 8642, nimmt keine an)."
        " Vielleicht ist der Server aus; der nächste Lauf fragt wieder."
    )


def rules():
    """The last parts of all rules by which readers leave a record out."""
    found = set()
    for file in (ROOT / "normalizers").rglob("*.py"):
        text = file.read_text("utf-8")
        found |= set(re.findall(r"\.error\(\s*\"([a-z-]+)\"", text)) | set(
            re.findall(r"return \"([a-z-]+)\", f?\"The page", text)
        )
    return sorted(found)


@pytest.mark.parametrize("rule", rules())
def test_every_rule_of_a_reader_is_german(rule):
    known = yaml.safe_load(data_file("reason_words.yml").read_text("utf-8"))["records"]
    assert record_told_in("de", f"website.{rule}", "The record …") == known[rule]
    assert record_told_in("en", f"website.{rule}", "The record …") == "The record …"
