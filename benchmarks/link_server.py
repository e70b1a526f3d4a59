"""A loopback server as lean as Python allows, so that the client is what limits: ``python -m benchmarks.link_server 100``.

Prints one JSON line with the addresses it listens on, then answers until it is killed. Every path is a small page of its
own; an address that cannot exist (a name of 18 hexadecimal digits, robots.txt) is 404.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
from typing import cast

_FIRST = b"<!doctype html><html lang=de><head><meta charset=utf-8><title>Leistung "
_SECOND = b"</title></head><body><h1>Leistung "
_REST = b"</h1>" + b"<p>Was Sie dazu wissen sollten.</p>" * 20 + b"</body></html>"
_HEAD = (
    b"HTTP/1.1 200 OK\r\nServer: loopback\r\nDate: Mon, 23 Nov 2026 10:00:00 GMT\r\n"
    b"Content-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\nContent-Length: %d\r\n\r\n"
)
_MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
_IMPOSSIBLE = re.compile(rb"(?:.*/)?(?:[0-9a-f]{18}|robots\.txt)")


def address(number: int) -> str:
    """The loopback address of a host: Linux answers on all of 127.0.0.0/8, other systems on 127.0.0.1 alone."""
    return f"127.1.{number // 250}.{number % 250 + 1}" if sys.platform == "linux" else "127.0.0.1"


def listen(count: int) -> list[socket.socket]:
    """Sockets of ``count`` hosts."""
    sockets = []
    for number in range(count):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address(number), 0))
        sock.listen(128)
        sock.setblocking(False)  # noqa: FBT003 -- a library's signature
        sockets.append(sock)
    return sockets


def answer(request: bytes) -> bytes:
    """The reply to a request."""
    method, target, _ = request.split(b" ", 2)
    if _IMPOSSIBLE.fullmatch(target):
        return _MISSING
    name = target.rpartition(b"/")[2]
    body = _FIRST + name + _SECOND + name + _REST
    head = _HEAD % len(body)
    return head if method == b"HEAD" else head + body


def serve(listening: list[socket.socket]) -> None:
    """Answer until killed."""
    selector = selectors.DefaultSelector()
    for sock in listening:
        selector.register(sock, selectors.EVENT_READ, "listening")
    while True:
        for key, _ in selector.select():
            sock = cast("socket.socket", key.fileobj)
            if key.data == "listening":
                connection, _peer = sock.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ, "connection")
                continue
            try:
                request = sock.recv(65_536)
            except ConnectionError:
                request = b""
            if request:
                sock.sendall(answer(request))
            else:
                selector.unregister(sock)
                sock.close()


def main() -> None:
    """Listen, tell where, serve."""
    listening = listen(int(sys.argv[1]))
    print(json.dumps([list(sock.getsockname()) for sock in listening]), flush=True)
    serve(listening)


if __name__ == "__main__":
    main()
