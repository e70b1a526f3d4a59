"""Who looks on at a terminal: a board with a line per source. Elsewhere: a line of text for each source that is through."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from harvester.registry import Source
from harvester.run.outcome import Outcome
from harvester.run.progress import Progress, Result, Stage, Watcher
from harvester.run.table import COLOUR

_WAITING = "waiting"
_BAR = 24
"""Columns of the bar below the lines."""


class Onlooker(Watcher, AbstractContextManager["Onlooker"], Protocol):
    """A watcher who comes before the run and leaves after it."""


def look_on(console: Console, sources: Sequence[Source]) -> Onlooker:
    """A board where ``console`` is a terminal that can move its cursor, else lines of text."""
    able = console.is_terminal and not console.is_dumb_terminal
    return Board(console, [source.id for source in sources]) if able else Lines(console)


class Lines(AbstractContextManager["Lines"]):
    """A line for each source that is through."""

    def __init__(self, console: Console) -> None:
        """Write to ``console``."""
        self._console = console
        self._links = 0

    def __exit__(self, *_: object) -> None:
        """Leave what was written."""

    def progress(self, progress: Progress) -> None:
        """Say nothing: a log is read afterwards."""

    def result(self, result: Result) -> None:
        """Tell the verdict. Of a source that is left out the table tells."""
        if isinstance(result, Outcome):
            told = f"{result.source_id}: {result.fetched} fetched, {result.verdict}"
            self._console.print(told, markup=False, highlight=False, soft_wrap=True)

    def building(self) -> None:
        """Say nothing."""

    def link(self) -> None:
        """Tell every thousandth link."""
        self._links += 1
        if self._links % 1000 == 0:
            self._console.print(f"{self._links:,} links looked at", highlight=False)


@dataclass(slots=True)
class _Line:
    """A source on the board. Times are seconds of the board's clock; ``since`` is None until it begins."""

    source_id: str
    state: str = _WAITING
    colour: str = "dim"
    documents: int = 0
    records: int = 0
    since: float | None = None
    until: float | None = None

    @property
    def is_running(self) -> bool:
        return self.since is not None and self.until is None


class Board(AbstractContextManager["Board"]):
    """A line per source with what it is at, documents, records and time; below, how many sources are through.

    It disappears when the run has ended: the table that follows tells more. Where there are more sources than lines, those
    under way come first, then those that ended last, then those that wait.
    """

    def __init__(
        self, console: Console, source_ids: Sequence[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``clock`` counts seconds."""
        self._console = console
        self._clock = clock
        self._lines = {source_id: _Line(source_id) for source_id in source_ids}
        self._spinner = Spinner("dots")
        self._after = ""
        self._links = 0
        # Standard output is left alone: with --json it belongs to the document.
        self._live = Live(
            console=console, get_renderable=self.render, transient=True, refresh_per_second=5, redirect_stdout=False
        )

    def __enter__(self) -> Self:
        """Show the board."""
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take it away, also when the run broke off."""
        self._live.stop()

    def progress(self, progress: Progress) -> None:
        """Write down how far a source is."""
        line = self._lines[progress.source_id]
        if progress.stage is Stage.HOST_BUSY:
            line.state, line.colour = progress.stage, "yellow"
            return
        if line.since is None:
            line.since = self._clock()
        line.state, line.colour = progress.stage, "cyan"
        line.documents, line.records = progress.documents, progress.records

    def result(self, result: Result) -> None:
        """Write down what a source came to."""
        line = self._lines[result.source_id]
        line.until = self._clock()
        line.since = line.until if line.since is None else line.since
        if isinstance(result, Outcome):
            line.state, line.colour = result.verdict, COLOUR[result.verdict]
        else:
            line.state, line.colour = "busy", "dim"

    def building(self) -> None:
        """Say that the catalogue is being built."""
        self._after = "building the catalogue"

    def link(self) -> None:
        """Count a link."""
        self._links += 1
        self._after = f"{self._links:,} links looked at"

    def render(self) -> RenderableType:
        """The board as it stands."""
        table = Table.grid(padding=(0, 2))
        table.add_column(width=1)
        table.add_column(no_wrap=True, overflow="ellipsis")
        table.add_column(no_wrap=True, width=len(Stage.HOST_BUSY))
        for _ in range(3):
            table.add_column(no_wrap=True, justify="right")
        table.add_row("", *(Text(name, style="dim") for name in ("source", "", "documents", "records", "time")))
        now = self._clock()
        for line in self._shown(self._console.height - 4):
            table.add_row(*self._cells(line, now))
        through = sum(line.until is not None for line in self._lines.values())
        foot = Table.grid(padding=(0, 2))
        told = self._after or f"{through} of {len(self._lines)} sources"
        foot.add_row(
            self._spinner if self._after else Text(" "),
            ProgressBar(total=max(len(self._lines), 1), completed=through, width=_BAR),
            Text(told, style="bold"),
        )
        return Group(table, foot)

    def _shown(self, room: int) -> list[_Line]:
        """The lines there is room for, in the order of the sources."""
        lines = list(self._lines.values())
        if len(lines) <= room:
            return lines

        def urgency(line: _Line) -> tuple[int, float]:
            return (0, 0) if line.is_running else (2, 0) if line.until is None else (1, -line.until)

        chosen = {line.source_id for line in sorted(lines, key=urgency)[: max(room, 1)]}
        return [line for line in lines if line.source_id in chosen]

    def _cells(self, line: _Line, now: float) -> tuple[RenderableType, ...]:
        took = "" if line.since is None else _duration((line.until or now) - line.since)
        counts = ("", "") if line.since is None else (f"{line.documents:,}", f"{line.records:,}")
        mark: RenderableType = self._spinner if line.is_running else Text(" ")
        plain = "dim" if line.since is None else ""
        return (
            mark,
            Text(line.source_id, style=plain),
            Text(line.state, style=line.colour),
            *(Text(count, style="dim" if count == "0" else "") for count in counts),
            Text(took, style="dim"),
        )


def _duration(seconds: float) -> str:
    """Seconds as ``4 s``, ``3:07`` or ``1:02:09``."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours}:{minutes:02}:{whole % 60:02}"
    return f"{minutes}:{whole % 60:02}" if minutes else f"{whole} s"
