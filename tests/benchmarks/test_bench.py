"""The table of all benchmarks: aims are about figures that exist, a miss is told as one, a failure costs its own rows."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.bench import (
    BEGIN,
    END,
    Aim,
    Benchmark,
    Outcome,
    as_markdown,
    find_place,
    read_aims,
    run_all,
    write_table,
)
from benchmarks.ingest import ROOT, BenchmarkError

_ONE = Benchmark(
    "ingest --keep {directory}/x", "", (Aim("ratio", "cost", at_most=4), Aim("found", "share", at_least=0.95))
)


@pytest.mark.parametrize("one", read_aims(), ids=lambda one: one.run.split(" --")[0])
def test_every_command_line_of_the_table_is_one_of_ours(one: Benchmark, tmp_path: Path) -> None:
    for line in (one.run, one.quick):
        asked = command.make_parser().parse_args(shlex.split(line.format(directory=tmp_path, peers=tmp_path)))
        assert asked.benchmark == one.run.split()[0]
    assert one.aims


@pytest.mark.parametrize(("ratio", "verdict"), [(4.0, "met"), (4.01, "**missed**")])
def test_a_figure_is_held_against_its_aim(ratio: float, verdict: str) -> None:
    table = as_markdown([Outcome(_ONE, "ingest", {"ratio": ratio, "found": 0.5}, "", 61)], date(2026, 11, 24))
    assert f"| at most 4 | {verdict} |" in table
    assert "| share | 0.5 | at least 0.95 | **missed** |" in table
    assert "24 November 2026" in table


def test_what_failed_is_told_and_not_measured() -> None:
    table = as_markdown([Outcome(_ONE, "ingest", {}, "ended with 1: no lychee", 1)], date(2026, 11, 24))
    assert table.count("**not measured**") == 2
    assert "no lychee" in table


def test_of_figures_that_fit_a_pattern_the_worst_counts() -> None:
    figures = {"day1_main_ratio": 1.3, "day1_worker_ratio": 1.1, "day2_main_ratio": 9, "day1_x_ratio": None}
    assert Aim("day1_*_ratio", "memory", at_most=1.2).value(figures) == 1.3
    assert Aim("day1_*_ratio", "memory", at_least=1.2).value(figures) == 1.1
    assert Aim("day3_*", "memory", at_most=1).value(figures) is None


def test_the_table_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    file.write_text(f"# Performance\n\n{BEGIN}\nold\n{END}\n\nafter\n", encoding="utf-8")
    write_table(file, "| new |\n")
    write_table(file, "| newer |\n")
    assert file.read_text(encoding="utf-8") == f"# Performance\n\n{BEGIN}\n\n| newer |\n\n{END}\n\nafter\n"


def test_a_document_without_a_place_is_refused_before_an_hour_is_spent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.md").write_text("nothing", encoding="utf-8")
    assert command.main(["all", "--write", str(tmp_path / "x.md")]) == 1
    assert "no place for the table" in capsys.readouterr().err
    assert command.main(["all", "--quick", "--write", str(tmp_path / "x.md")]) == 1
    assert "whole table" in capsys.readouterr().err


def test_the_document_of_the_project_has_a_place() -> None:
    before, after = find_place(ROOT / "docs" / "performance.md")
    assert before
    assert after


def test_benchmarks_run_and_every_aim_is_about_a_figure_they_have(tmp_path: Path) -> None:
    heard: list[str] = []
    outcomes = run_all(tmp_path, None, quick=True, only=["search", "polite"], tell=heard.append)
    assert [one.error for one in outcomes] == ["", ""]
    for one in outcomes:
        assert all(aim.value(one.figures) is not None for aim in one.benchmark.aims)
    assert "python -m benchmarks search --services 1000" in heard


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"no benchmark is named speed; there are: ingest, "):
        run_all(tmp_path, None, only=["speed"], tell=print)
