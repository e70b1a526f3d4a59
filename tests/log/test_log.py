"""Logs: one JSON object a line off a terminal, the run on every line, and nothing that steers."""

import json
import logging

import pytest
import structlog

from harvester.log import bound, log_of, set_up


@pytest.fixture
def logged(capsys):
    handlers = logging.getLogger().handlers[:]
    set_up()
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


def test_every_line_of_a_run_names_it(logged):
    with bound(run="r1", source="a"):
        log_of("run").info("began")
        logging.getLogger("library").warning("odd %s", "thing")
    log_of("run").info("after")
    assert [(line["event"], line.get("run"), line["level"]) for line in logged()] == [
        ("began", "r1", "info"),
        ("odd thing", "r1", "warning"),
        ("after", None, "info"),
    ]


def test_text_from_outside_stays_on_its_line_and_steers_nothing(logged):
    log_of("run").info("ended", reason='x\n{"event": "forged"}\x1b[31m\u202e')
    (line,) = logged()
    assert line["reason"] == 'x {"event": "forged"}[31m'


def test_what_libraries_chatter_about_is_not_logged(logged):
    logging.getLogger("library").info("chatter")
    assert logged() == []


@pytest.mark.parametrize(("said", "shown"), [("warning", ["b"]), ("ERROR", []), ("nonsense", ["a", "b"])])
def test_the_environment_says_from_which_level_on_is_logged(logged, monkeypatch, said, shown):
    monkeypatch.setenv("HARVESTER_LOG", said)
    set_up()
    log_of("run").info("a")
    log_of("run").warning("b")
    assert [line["event"] for line in logged()] == shown
