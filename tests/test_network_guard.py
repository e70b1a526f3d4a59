"""No test leaves this machine: every road out is refused and loopback stays open."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.network_guard import NetworkBlockedError, NetworkGuard, is_loopback

OUTSIDE = ("192.0.2.1", 80)  # TEST-NET-1, RFC 5737: never assigned


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "localhost", b"localhost."]
)
def test_loopback_is_recognised(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "192.0.2.1", "::", "localhost.example.org", "", None])
def test_everything_else_is_outside(host: object) -> None:
    assert not is_loopback(host)


def test_connecting_to_loopback_is_allowed(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname(), timeout=5) as connection:
        assert connection.getpeername() == listener.getsockname()


def test_unix_sockets_are_allowed() -> None:
    left, right = socket.socketpair(socket.AF_UNIX)
    with left, right:
        left.sendall(b"x")
        assert right.recv(1) == b"x"


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_connecting_outside_is_refused(method: str, network_guard: NetworkGuard) -> None:
    with socket.socket() as sock, pytest.raises(NetworkBlockedError, match=r"192\.0\.2\.1"):
        getattr(sock, method)(OUTSIDE)
    assert network_guard.take_attempts() == ["connection to 192.0.2.1 port 80"]


def test_datagrams_outside_are_refused(network_guard: NetworkGuard) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(NetworkBlockedError):
        sock.sendto(b"x", OUTSIDE)
    assert network_guard.take_attempts()


def test_asyncio_is_guarded_too(network_guard: NetworkGuard) -> None:
    with pytest.raises(NetworkBlockedError):
        asyncio.run(asyncio.wait_for(asyncio.open_connection(*OUTSIDE), timeout=5))
    assert network_guard.take_attempts()


def test_a_thread_is_guarded_too(network_guard: NetworkGuard) -> None:
    def go_out() -> None:
        with pytest.raises(NetworkBlockedError), socket.socket() as sock:
            sock.connect(OUTSIDE)

    thread = threading.Thread(target=go_out)
    thread.start()
    thread.join()
    assert len(network_guard.take_attempts()) == 1


def test_httpx_cannot_take_it_for_a_dead_host(network_guard: NetworkGuard) -> None:
    with pytest.raises(NetworkBlockedError):
        httpx.get("http://192.0.2.1/", trust_env=False)
    assert network_guard.take_attempts()


def test_a_name_is_not_looked_up(network_guard: NetworkGuard) -> None:
    with pytest.raises(NetworkBlockedError, match=r"www\.example\.org"):
        socket.getaddrinfo("www.example.org", 443)
    assert network_guard.take_attempts() == ["name lookup of www.example.org"]


@pytest.mark.parametrize("name", ["niemand.invalid", "stadt.test"])
def test_reserved_names_do_not_exist(name: str, network_guard: NetworkGuard) -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(name, 443)
    assert network_guard.take_attempts() == []


def test_a_swallowed_attempt_still_fails_the_test(tmp_path, pytestconfig) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    (tmp_path / "test_leak.py").write_text(
        "import contextlib, socket\n"
        "def test_leak():\n"
        "    with contextlib.suppress(Exception), socket.socket() as sock:\n"
        "        sock.connect(('192.0.2.1', 80))\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(tmp_path)],
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1
    assert "left the machine: connection to 192.0.2.1 port 80" in run.stdout
