"""A small web server on loopback for sample data, in a process of its own: ``python -m benchmarks.file_server DIR``.

It prints its address as the first line and ends when its standard input is closed, so it never outlives its parent.
Answers carry a length and neither ETag nor Last-Modified: whoever asks again must look at the bytes.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

_TYPES = {".xml": "application/xml", ".txt": "text/plain; charset=utf-8", ".json": "application/json"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files: dict[str, Path]

    def do_GET(self) -> None:
        """Answer with a file of the directory."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer as GET would, without the body."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = self.files.get(urlsplit(self.path).path)
        if path is None:
            self.send_response(HTTPStatus.NOT_FOUND)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        with path.open("rb") as file:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", _TYPES.get(path.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(path.stat().st_size))
            self.end_headers()
            if with_body:
                self.wfile.flush()
                self.connection.sendfile(file)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: the benchmark's output is its figures."""


def serve(directory: Path) -> ThreadingHTTPServer:
    """A server for the files that stand in ``directory`` now, on a free port of 127.0.0.1."""
    files = {f"/{path.name}": path for path in directory.iterdir() if path.is_file()}
    handler = type("Handler", (_Handler,), {"files": files})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    return server


@contextmanager
def serving(directory: Path) -> Iterator[str]:
    """Serve ``directory`` from a process of its own for as long as the block lasts; gives the address, with ``/``."""
    command = [sys.executable, "-m", "benchmarks.file_server", str(directory)]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the server's pipes were not opened")
        try:
            address = process.stdout.readline().strip()
            if not address:
                raise RuntimeError("the server of the sample data did not start")
            yield address
        finally:
            process.stdin.close()
            process.wait()


def main() -> None:
    """Serve until standard input ends."""
    server = serve(Path(sys.argv[1]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
