"""Run the application under uvicorn until a signal comes, in one process or in several that share the port."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from harvester.cli.signals import stopped_by_signal
from harvester.log import set_up
from harvester.portal.app import make_app
from harvester.portal.settings import Settings

_BACKLOG = 128
_AT_ONCE = 100
"""Requests at a time and process; more are told to come back (503)."""
_SWITCH = 0.001
"""Seconds after which a thread gives way. SQLite lets go of Python's lock for every row: with the usual 5 ms pages wait for each other."""
_SETTINGS = "HARVESTER_PORTAL"


def serve(settings: Settings, host: str, port: int, workers: int, told: Callable[[str], object]) -> None:
    """Serve with so many processes; ``told`` is called with the address as soon as the port is ours.

    Raises:
        OSError: the address cannot be listened on.
    """
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(
        kind, socket.SOCK_STREAM, socket.IPPROTO_TCP
    ) as listening:  # named, or asyncio leaves Nagle's delay on
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
        told(f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/")
        if workers == 1:
            sys.setswitchinterval(_SWITCH)
            with suppress(KeyboardInterrupt), stopped_by_signal():  # uvicorn ends well and then raises the signal again
                uvicorn.Server(_config(make_app(settings))).run(sockets=[listening])
            return
        os.environ[_SETTINGS] = json.dumps({name: str(value) for name, value in asdict(settings).items()})
        Multiprocess(_config(f"{__name__}:make_worker", workers=workers, factory=True), [listening]).run()


def make_worker() -> FastAPI:
    """The application in a process of its own, with the settings of the process that began it."""
    set_up(service=True)
    sys.setswitchinterval(_SWITCH)
    told = json.loads(os.environ[_SETTINGS])
    return make_app(Settings(Path(told["file"]), told["portal"], Path(told["workspace"])))


def _config(app: FastAPI | str, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",  # what it was measured with; uvicorn would take uvloop, which is here for the link checker
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_AT_ONCE,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=16_384,
        ws="none",
        **more,
    )
