#!/usr/bin/env python3
"""Run the sample federation until interrupted: python serve.py --port 8642 --day 1."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
import threading

from federation import serve


def main() -> int:
    """Parse, serve, wait for SIGINT or SIGTERM: 0 then, 2 when an address cannot be used."""
    parser = argparse.ArgumentParser(description="Sample federation of service directories on loopback.")
    parser.add_argument("--port", type=int, default=8642, help="one port for all addresses (default 8642)")
    parser.add_argument("--day", type=int, choices=(1, 2), default=1, help="the day that is shown (default 1)")
    wanted = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        with serve(wanted.port, wanted.day) as federation:
            print("ready", *(f"http://{address}:{wanted.port}" for address in federation.addresses), flush=True)
            ended.wait()
    except OSError as error:
        print(_explain(error, wanted.port), file=sys.stderr)
        return 2
    return 0


def _explain(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use on one of the loopback addresses 127.0.10.x. "
            "Stop the other program or choose another port with --port."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            "This system lacks the loopback addresses 127.0.10.x. "
            "On macOS add them first: sudo ifconfig lo0 alias 127.0.10.1 up (and so on)."
        )
    return f"The sample federation cannot listen on port {port}: {error.strerror or error}."


if __name__ == "__main__":
    sys.exit(main())
