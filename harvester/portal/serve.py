"""Run the application under uvicorn until a signal comes."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from harvester.cli.signals import stopped_by_signal

_BACKLOG = 128
_AT_ONCE = 100
"""Requests at a time; more are told to come back (503)."""


def serve(app: FastAPI, host: str, port: int, told: Callable[[str], object]) -> None:
    """Serve; ``told`` is called with the address as soon as the port is ours.

    Raises:
        OSError: the address cannot be listened on.
    """
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:  # asyncio sets TCP_NODELAY by this
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_AT_ONCE,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=10,
            h11_max_incomplete_event_size=16_384,
            ws="none",
        )
        told(f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/")
        with suppress(KeyboardInterrupt), stopped_by_signal():  # uvicorn ends well and then raises the signal again
            uvicorn.Server(config).run(sockets=[listening])
