"""Who looks on: a board on a terminal, lines of text elsewhere, nothing of either in the result."""

import io

import pytest
from rich.console import Console

from harvester.run.board import Board, Lines, look_on
from harvester.run.judge import Judgement, Verdict
from harvester.run.outcome import Busy, Outcome
from harvester.run.progress import Meter, Progress, Stage
from tests.build import source
from tests.hand_clock import HandClock


def outcome(name, verdict=Verdict.COMPLETE):
    return Outcome("run", name, "kommune", Judgement(verdict), fetched=7)


def board(*names, height=30, file=None):
    time = HandClock(0)
    console = Console(file=file or io.StringIO(), force_terminal=True, width=80, height=height)
    return Board(console, names, time), time


def shown(made):
    """Lines of the board without colours and spinners, words apart by one blank."""
    console = Console(file=io.StringIO(), width=80)
    console.print(made.render())
    lines = console.file.getvalue().splitlines()
    return [" ".join(word for word in line.split() if word[0] not in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏━╸╺") for line in lines]


def test_each_source_has_a_line_with_what_it_is_at_documents_records_and_time():
    made, time = board("dorf", "kreis", "stadt", "weiler")
    made.progress(Progress("dorf"))
    made.progress(Progress("stadt"))
    time.now = 65
    made.progress(Progress("stadt", Stage.READING, 12, 3400))
    made.result(outcome("dorf", Verdict.HELD))
    made.result(Busy("kreis", "another run is at it"))
    time.now = 3_725
    assert shown(made) == [
        "source documents records time",
        "dorf held 0 0 1:05",
        "kreis busy 0 0 0 s",
        "stadt reading 12 3,400 1:02:05",
        "weiler waiting",
        "2 of 4 sources",
    ]


def test_a_source_that_waits_for_its_host_says_so_and_has_no_time_yet():
    made, time = board("dorf", "stadt")
    made.progress(Progress("stadt", Stage.HOST_BUSY))
    time.now = 60
    assert shown(made)[1:3] == ["dorf waiting", "stadt host busy"]
    made.progress(Progress("stadt"))
    time.now = 61
    assert shown(made)[2] == "stadt fetching 0 0 1 s"


def test_at_the_end_it_says_that_the_catalogue_is_being_built():
    made, _ = board("stadt")
    made.progress(Progress("stadt"))
    made.result(outcome("stadt"))
    made.building()
    assert shown(made)[-1] == "building the catalogue"


def test_of_many_sources_those_under_way_are_seen_then_those_that_ended_last():
    made, time = board(*(f"quelle-{n}" for n in range(50)), height=9)
    for n in range(40):
        time.now = n
        made.progress(Progress(f"quelle-{n}"))
        if n not in (5, 39):
            made.result(outcome(f"quelle-{n}"))
    head, *lines, foot = shown(made)
    assert [line.split()[0] for line in lines] == ["quelle-5", "quelle-36", "quelle-37", "quelle-38", "quelle-39"]
    assert (head.split()[0], foot) == ("source", "38 of 50 sources")


def test_the_board_is_gone_when_the_run_has_ended_even_if_it_broke_off():
    terminal = io.StringIO()
    made, _ = board("stadt", file=terminal)

    def break_off():
        with made:
            made.progress(Progress("stadt"))
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        break_off()
    written = terminal.getvalue()
    assert "stadt" in written
    assert "\x1b[2K" in written.rpartition("stadt")[2], "its lines are wiped"
    assert "\x1b[?25h" in written, "the cursor is shown again"


@pytest.mark.parametrize(("environment", "expected"), [({}, Board), ({"TERM": "dumb"}, Lines)])
def test_only_a_terminal_that_can_move_its_cursor_shows_a_board(environment, expected):
    terminal = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "xterm", **environment})
    assert type(look_on(terminal, [source("stadt")])) is expected


def test_elsewhere_each_verdict_is_a_line_of_text():
    console = Console(file=io.StringIO(), width=20)
    with look_on(console, [source("stadt"), source("dorf")]) as watcher:
        watcher.progress(Progress("stadt"))
        watcher.result(outcome("stadt", Verdict.PARTIAL))
        watcher.result(Busy("dorf", "another run"))
        watcher.building()
    assert console.file.getvalue() == "stadt: 7 fetched, partial\n"


def test_a_meter_tells_a_new_stage_at_once_and_counts_now_and_then():
    told, time = [], HandClock(0)
    meter = Meter("stadt", told.append, time)
    for n in range(10):
        time.now = n / 8
        meter.count_document()
    meter.enter(Stage.READING)
    meter.count_records(500)
    assert [(p.stage, p.documents, p.records) for p in told] == [
        *((Stage.FETCHING, n, 0) for n in (3, 5, 7, 9)),
        (Stage.READING, 10, 0),
    ]
