# ruff: noqa: N818 -- each name says what happened on the road; "Error" is said once, by the base class
"""Why something could not be fetched. Every error has a stable code and a message for a person."""

from __future__ import annotations

from typing import ClassVar, Self

from harvester.errors import HarvesterError


class FetchError(HarvesterError):
    """Something could not be fetched.

    ``code`` is stable and stands in reports; ``transient`` tells whether asking again later may help. The message says
    where (the address), what happened, and what to do. Arguments are kept, so an error travels between processes.
    """

    code: ClassVar[str] = "fetch-error"
    advice: ClassVar[str] = ""
    transient: bool = False

    def __init__(self, url: str, what: str) -> None:
        super().__init__(url, what)
        self.url = url
        self.what = what

    def __str__(self) -> str:
        return f"{self.url}: {self.what}. {self.advice}".rstrip()

    def at(self, url: str) -> Self:
        """Name the address the caller asked for, where the error was found below it (a host, a connection)."""
        self.url = url
        self.args = (url, self.what)
        return self


class InvalidAddress(FetchError):
    """The address cannot be used at all."""

    code = "invalid-address"
    advice = "Correct the address in the source's file or tell the publisher."


class SchemeRefused(FetchError):
    """Neither http nor https."""

    code = "scheme-refused"
    advice = "Only http and https addresses are fetched."


class AddressRefused(FetchError):
    """The host is no public address."""

    code = "address-refused"
    advice = "If it is meant to be harvested, name its network in allow_addresses under [fetch] in harvester.toml."


class RobotsRefused(FetchError):
    """The host's robots.txt says no, or cannot be read."""

    code = "robots-refused"
    advice = "Ask the publisher for permission or for another interface."


class NameNotFound(FetchError):
    """The host's name does not resolve; ``transient`` where the name service itself failed."""

    code = "name-not-found"
    advice = "Check the spelling of the host and this machine's name service."


class ConnectFailed(FetchError):
    """No connection, or one that broke before an answer came."""

    code = "connect-failed"
    advice = "The server may be down; the next run asks again."
    transient = True


class TlsProblem(FetchError):
    """The host could not prove that it is the one it was asked for, or speaks no usable TLS."""

    code = "tls-problem"
    advice = "Certificates are always verified: tell the publisher."


class TimedOut(FetchError):
    """A step or the whole answer took too long."""

    code = "timed-out"
    advice = "The next run asks again; timeout and total_timeout under [fetch] in harvester.toml set the limits."
    transient = True


class TooLarge(FetchError):
    """The body is larger than allowed."""

    code = "too-large"
    advice = "If the source is known to be that large, raise max_bytes under [fetch] in harvester.toml."


class InflateBomb(FetchError):
    """The body grows out of all proportion when it is decoded."""

    code = "inflate-bomb"
    advice = "If the source is trusted, raise max_inflate_ratio under [fetch] in harvester.toml."


class TooManyRedirects(FetchError):
    """The host sends from one address to the next without end."""

    code = "too-many-redirects"
    advice = "Open the address in a browser and put the final one into the source's file."


class BrokenBody(FetchError):
    """The body is cut off or is not what its headers say; ``transient`` where it was cut off."""

    code = "broken-body"
    advice = "Nothing of it was kept; the next run asks again."


class Interrupted(FetchError):
    """The crawl was ended before the answer was there."""

    code = "interrupted"
    advice = "The next run asks again."


class BadStatus(FetchError):
    """The answer is no success; raised only by those who asked for nothing else."""

    code = "bad-status"
    advice = "Check the address and the access data of the source."
