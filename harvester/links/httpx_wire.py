"""The link checker's exchanges over httpx: slower by far, but recorders know it (docs/decisions/0010-link-transport.md).

For recording and replaying checks, and as the proof that the seam holds: ``HttpProbe`` takes either.
"""

from __future__ import annotations

import httpx

from harvester.links.address import Address
from harvester.links.body import WINDOW
from harvester.links.connection import ExchangeError, Reply
from harvester.links.observation import BodyFault, Fault
from harvester.links.reply import Head
from harvester.links.wire import Answer


class HttpxWire:
    """Sends single requests through an httpx transport."""

    def __init__(self, transport: httpx.AsyncBaseTransport, seconds: float) -> None:
        self._transport = transport
        self._limits = {"connect": seconds, "read": seconds, "write": seconds, "pool": seconds}

    async def exchange(self, request: bytes, method: str, to: Address) -> Answer:
        """Ask once.

        Raises:
            ExchangeError: there was no answer.
        """
        lines = request.decode("ascii").split("\r\n")[1:]
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines if line)]
        asked = httpx.Request(method, to.url, headers=headers, extensions={"timeout": self._limits})
        try:
            response = await self._transport.handle_async_request(asked)
            try:
                body, whole = await _window(response)
            finally:
                await response.aclose()
        except httpx.ConnectTimeout as error:
            raise ExchangeError(Fault.CONNECT_TIMEOUT, str(error)) from error
        except httpx.TimeoutException as error:
            raise ExchangeError(Fault.HEAD_TIMEOUT, str(error)) from error
        except httpx.ConnectError as error:
            raise ExchangeError(Fault.REFUSED, str(error)) from error
        except httpx.RemoteProtocolError as error:
            raise ExchangeError(Fault.NOT_HTTP, str(error)) from error
        except httpx.TransportError as error:
            raise ExchangeError(Fault.RESET, str(error)) from error
        return Answer(Reply(_head(response), body, whole, BodyFault.NONE), "")


async def _window(response: httpx.Response) -> tuple[bytes, bool]:
    taken = bytearray()
    async for chunk in response.aiter_raw():
        taken += chunk
        if len(taken) >= WINDOW:
            return bytes(taken[:WINDOW]), False
    return bytes(taken), True


def _head(response: httpx.Response) -> Head:
    headers: dict[bytes, bytes] = {}
    cookies: list[bytes] = []
    for name, value in response.headers.raw:
        if name.lower() == b"set-cookie":
            cookies.append(value)
        else:
            headers.setdefault(name.lower(), value)
    return Head(response.status_code, True, headers, cookies)  # noqa: FBT003 -- connections are httpx's own business
