import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harvester.cli import main
from tests.safety.torture import LONG
from tests.safety.town import Town, town_at


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Sources are harvested in the test's own process unless it says otherwise."""
    with town_at(tmp_path / "workspace") as made:
        made.configure(run={"workers": 0})
        yield made


@pytest.fixture
def call(town: Town, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any, str]]:
    """A command on the town's workspace: exit code, its JSON document, what it told people."""

    def call(*arguments: str) -> tuple[int, Any, str]:
        code = main(["-w", str(town.root), "--json", *arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    return call


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the fault tests have counted."""
    told = {
        report.nodeid.rpartition("/")[2]: ", ".join(f"{name}: {value}" for name, value in report.user_properties)
        for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
        if report.user_properties and report.when == "call"
    }
    if LONG and told:
        terminalreporter.section("fault tests")
        for name, counts in sorted(told.items()):
            terminalreporter.write_line(f"{name}: {counts}")
