"""One request and its answer: what goes out, and which error a failure is."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator

import httpx

from harvester.fetch.ask import Headers
from harvester.fetch.decode import ACCEPTED
from harvester.fetch.errors import ConnectFailed, FetchError, TimedOut, TlsProblem
from harvester.fetch.redirect import Step
from harvester.fetch.settings import FetchSettings
from harvester.fetch.validators import Validator

# The road sets these itself; a spider's own would break one user agent, decoding or conditional requests.
_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "te",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)
_DRAIN = 65_536


def build_request(step: Step, settings: FetchSettings, known: Validator | None) -> httpx.Request:
    """The request of a hop, conditional where a validator is known."""
    headers = [("User-Agent", settings.user_agent), ("Accept-Encoding", ACCEPTED)]
    headers += [(name, value) for name, value in step.headers if name.lower() not in _OURS]
    if not any(name.lower() == "accept" for name, _ in step.headers):
        headers.append(("Accept", "*/*"))
    if known is not None and known.etag:
        headers.append(("If-None-Match", known.etag))
    if known is not None and known.last_modified:
        headers.append(("If-Modified-Since", known.last_modified))
    limits = {"connect": settings.timeout, "read": settings.timeout, "write": settings.timeout, "pool": None}
    return httpx.Request(
        step.method, step.url, headers=headers, content=step.body or None, extensions={"timeout": limits}
    )


def variant(headers: Headers) -> str:
    """The part of a request that may choose between bodies of one address."""
    chosen = sorted((name.lower(), value) for name, value in headers if name.lower().startswith("accept"))
    return ", ".join(f"{name}: {value}" for name, value in chosen if name != "accept-encoding")


async def send(transport: httpx.AsyncBaseTransport, request: httpx.Request, settings: FetchSettings) -> httpx.Response:
    """Send a request and wait for the head of the answer; the caller reads or closes the body.

    Raises:
        FetchError: no answer came.
    """
    url = str(request.url)
    try:
        # Look-up, connection and waiting have a limit each; a head that dribbles keeps within all three.
        async with asyncio.timeout(3 * settings.timeout):
            response = await transport.handle_async_request(request)
    except FetchError as error:
        raise error.at(url) from error.__cause__
    except (TimeoutError, httpx.TimeoutException) as error:
        raise TimedOut(url, f"no answer within {settings.timeout:g} s") from error
    except httpx.TransportError as error:
        raise _failure(url, error) from error
    response.request = request
    return response


async def drain(response: httpx.Response) -> None:
    """Read the small body of an answer that nobody needs, so that the connection can be used again."""
    taken = 0
    try:
        async for chunk in response.aiter_raw():
            taken += len(chunk)
            if taken > _DRAIN:
                return
    except httpx.TransportError:
        return  # the connection is closed then, which is all that is lost


def _failure(url: str, error: httpx.TransportError) -> FetchError:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TlsProblem(url, f"the certificate is not valid ({cause.verify_message})")
        if isinstance(cause, ssl.SSLError):
            return TlsProblem(url, f"the encrypted connection failed ({cause.reason or cause})")
    if isinstance(error, httpx.ConnectError):
        reasons = [cause.strerror for cause in _causes(error) if isinstance(cause, OSError) and cause.strerror]
        return ConnectFailed(url, f"no connection to the server ({reasons[0] if reasons else error})")
    if isinstance(error, httpx.LocalProtocolError):
        failed = ConnectFailed(url, f"the request cannot be sent ({error})")
        failed.transient = False
        return failed
    return ConnectFailed(url, f"the server broke off or does not speak HTTP ({str(error) or type(error).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what caused it, and what is inside groups of causes."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting += [current.__cause__, current.__context__]
