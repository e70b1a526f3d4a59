"""The log: readable on a terminal, one JSON object a line elsewhere, and the run's id on every line of a run."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import structlog

from harvester.plain import plain

Log = structlog.stdlib.BoundLogger


def log_of(name: str) -> Any:  # noqa: ANN401 - structlog's loggers are made lazily and have no common type
    """A logger; ``name`` says which part speaks."""
    return structlog.get_logger(part=name)


def set_up(stream: TextIO | None = None, *, debug: bool = False) -> None:
    """Let everything log to ``stream`` (standard error), also what libraries log from warnings on."""
    out = sys.stderr if stream is None else stream
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _harmless,
    ]
    terminal = out.isatty()
    last = (
        structlog.dev.ConsoleRenderer(colors=True)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last], foreign_pre_chain=shared
    )
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.WARNING)


@contextmanager
def bound(**facts: str) -> Iterator[None]:
    """Facts on every line of the block, such as ``run`` and ``source``."""
    with structlog.contextvars.bound_contextvars(**facts):
        yield


def _harmless(_: object, __: str, entry: Any) -> Any:  # noqa: ANN401 - structlog's own signature
    """Text from outside may not steer the terminal or forge a second line."""
    return {key: plain(value) if isinstance(value, str) else value for key, value in entry.items()}
