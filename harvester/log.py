"""The log: readable on a terminal, one JSON object a line elsewhere, and the run's id on every line of a run."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from harvester.plain import plain

LEVEL = "HARVESTER_LOG"
"""The environment variable that says from which level on is logged."""


def log_of(name: str) -> Any:  # noqa: ANN401 - structlog's loggers are made lazily and have no common type
    """A logger; ``name`` says which part speaks."""
    return structlog.get_logger(part=name)


class _StandardError:
    """Standard error as it is at the moment of writing: who redirects it is obeyed, also by what was set up before."""

    def write(self, text: str) -> int:
        """Write."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Flush."""
        sys.stderr.flush()

    def isatty(self) -> bool:
        """Whether a person sits there."""
        return sys.stderr.isatty()


_STANDARD_ERROR: Any = _StandardError()


class _Handler(logging.StreamHandler[Any]):
    """Ours among the handlers of the root logger."""


def set_up(*, debug: bool = False, service: bool = False) -> None:
    """Let everything log to standard error: readable on a terminal, JSON lines elsewhere.

    On a terminal only warnings, for there is a progress to see, unless a ``service`` runs there. The environment's
    ``HARVESTER_LOG`` (debug, info, warning, error) says otherwise, also to the processes a command starts. What libraries
    log counts from warnings on.
    """
    out = _STANDARD_ERROR
    terminal = out.isatty()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _harmless,
    ]
    last = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    level = logging.DEBUG if debug else logging.WARNING if terminal and not service else logging.INFO
    level = logging.getLevelNamesMapping().get(os.environ.get(LEVEL, "").upper(), level)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(out)
    finish = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[finish, last], foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [*(h for h in root.handlers if not isinstance(h, _Handler)), handler]
    handler.setLevel(logging.DEBUG if debug else logging.WARNING)


@contextmanager
def bound(**facts: str) -> Iterator[None]:
    """Facts on every line of the block, such as ``run`` and ``source``."""
    with structlog.contextvars.bound_contextvars(**facts):
        yield


def _harmless(_: object, __: str, entry: Any) -> Any:  # noqa: ANN401 - structlog's own signature
    """Text from outside may not steer the terminal or forge a second line."""
    return {key: plain(value) if isinstance(value, str) else value for key, value in entry.items()}


structlog.configure(
    logger_factory=structlog.WriteLoggerFactory(_STANDARD_ERROR)
)  # standard output is for answers alone
