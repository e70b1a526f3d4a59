"""One listening address."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from federation.http import Request, Response, json_response, unless_known
from federation.pages import page
from federation.site import Site


class Calendar(Protocol):
    """What all addresses share: the day, and the list of requests."""

    day: int
    requests: list[tuple[str, str, str]]

    def set_day(self, day: int) -> None:
        """Switch the day."""


class Server(ThreadingHTTPServer):
    """A site on its own loopback address."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: str, port: int, site: Site, calendar: Calendar) -> None:
        self.site = site
        self.calendar = calendar
        self.address = address
        self._running = threading.Event()
        super().__init__((address, port), Handler)

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Serve until `stop`."""
        self._running.set()
        super().serve_forever(poll_interval)

    def stop(self) -> None:
        """Stop serving and free the address; also when it never served."""
        if self._running.is_set():
            self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive around a site."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # one packet per answer: written apart, the body would wait for the header's acknowledgement
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET."""
        self._handle()

    def do_HEAD(self) -> None:
        """Answer like GET, without the body."""
        self._handle()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._handle()

    def version_string(self) -> str:
        """The `Server` header."""
        return "Beispielverbund"

    def log_message(self, *_: object) -> None:
        """Say nothing: the list of requests is the log."""

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        self._send(self._answer(request))

    def _answer(self, request: Request) -> Response:
        calendar = self.server.calendar
        if request.path == "/__day":
            return _switch(request, calendar)
        calendar.requests.append((self.server.address, request.method, self.path))
        response = page(request) or self.server.site.answer(request, calendar.day)
        return unless_known(request, response.on_port(int(self.server.server_address[1])))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        if response.content_type:
            self.send_header("Content-Type", response.content_type)
        if response.status != 304:
            self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)


def _switch(request: Request, calendar: Calendar) -> Response:
    """POST /__day?day=2 switches every address at once; GET tells the day."""
    if request.method == "POST":
        try:
            calendar.set_day(int(request.query.get("day", "")))
        except ValueError:
            return json_response({"error": "day must be 1 or 2"}, 400)
    return json_response({"day": calendar.day})
