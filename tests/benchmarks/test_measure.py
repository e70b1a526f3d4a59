"""Accounting belongs to the measured process and the children it waited for."""

import sys

from benchmarks.measure import measure


def run(tmp_path, code):
    log = tmp_path / "log"
    return measure([sys.executable, "-c", code], cwd=tmp_path, log=log), log.read_text(encoding="utf-8")


def test_exit_code_and_output_are_kept(tmp_path):
    measured, printed = run(tmp_path, "import sys; print('hallo'); print('ach', file=sys.stderr); sys.exit(3)")
    assert measured.exit_code == 3
    assert sorted(printed.split()) == ["ach", "hallo"]


def test_a_killed_process_is_told_from_a_failed_one(tmp_path):
    measured, _ = run(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert measured.exit_code == -9


def test_memory_is_the_peak_of_the_process(tmp_path):
    measured, _ = run(tmp_path, "b = bytearray(b'x') * 200_000_000; del b")
    assert 200 <= measured.peak_rss_mb < 1000


BURN = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"


def test_cpu_time_is_counted_and_waiting_is_not(tmp_path):
    busy, _ = run(tmp_path, BURN)
    assert busy.cpu_seconds >= 0.3
    idle, _ = run(tmp_path, "import time; time.sleep(0.3)")
    assert idle.wall_seconds >= 0.3
    assert idle.cpu_seconds < idle.wall_seconds


def test_children_of_the_process_count_and_those_of_the_caller_do_not(tmp_path):
    parent, _ = run(tmp_path, f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}])")
    assert parent.cpu_seconds >= 0.3
    after, _ = run(tmp_path, "pass")
    assert after.cpu_seconds < parent.cpu_seconds
