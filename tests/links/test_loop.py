"""A check runs on uvloop where there is one, and on Python's own loop where there is none."""

import asyncio
import gc
import signal
import sys

import pytest

from harvester.links.loop import fastest_loop, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no uvloop for Windows")


async def loop_of_the_check() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_uvloop_is_taken_where_it_is_installed():
    assert run(loop_of_the_check()).startswith("uvloop")


def test_without_uvloop_a_check_runs_on_pythons_own_loop(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert fastest_loop() is None
    assert run(loop_of_the_check()).startswith("asyncio")


@pytest.mark.parametrize("installed", [True, False])
def test_ctrl_c_ends_a_check_and_lets_it_tidy_up(monkeypatch, installed):
    if not installed:
        monkeypatch.setitem(sys.modules, "uvloop", None)
    tidied = []

    async def interrupted() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            tidied.append(True)

    before = gc.get_threshold()
    as_it_was = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # tests that run in the background are born deaf to it
    try:
        with pytest.raises(KeyboardInterrupt):
            run(interrupted())
    finally:
        signal.signal(signal.SIGINT, as_it_was)
    assert tidied == [True]
    assert gc.get_threshold() == before
