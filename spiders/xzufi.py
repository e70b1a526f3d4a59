"""XZuFi messages: files named by an index, as editors' systems offer them to PVOG, or pages of its Bereitstelldienst.

Assumed, since neither is publicly specified in full: an index is plain text with one file name per line; a page is a
JSON object with ``vollstaendig`` and ``naechsteAnfrageUrl`` (or ``naechsterIndex``), and the last address that a page
names may be asked later to learn what has happened since.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from harvester.model import Coverage, Cursor, Document, DocumentError, Lost, Proof
from harvester.registry.source import Source
from normalizers.decoding import read_text
from normalizers.loose_json import Object, load_object
from spiders.base import HarvestSpider, Item

MOST_PAGES = 1_000_000
"""No event log is longer: at a thousand records a page it would hold every competence in Germany a hundred times."""


class XzufiSpider(HarvestSpider):
    """Fetches the messages of a source, by the transport its options name."""

    name = "xzufi"

    def __init__(self, *, source: Source, cursor: str | None = None, **kwargs: Any) -> None:
        """Take the source and where its event log was left."""
        super().__init__(source=source, cursor=cursor, **kwargs)
        self._seen: set[str] = set()
        self._token = ""
        self._renewed = False

    async def start(self) -> AsyncIterator[Request | Item]:
        """Ask for the index, or for the token and the first page."""
        options = self.source.options
        if options.transport == "index":
            yield self.request(urljoin(self._folder, options.index), self.parse_index)
            return
        # Whatever happens now, this is an event log: what it does not mention is unchanged.
        yield Coverage(Proof.UNKNOWN, unit="documents", delta=True)
        first = self.source.endpoint
        if self.cursor and _origin(self.cursor) == _origin(first):
            first = self.cursor
        yield self._page(first) if options.token_url is None else self._ask_token(first)

    # -- index ---------------------------------------------------------------------------------------------------------

    @property
    def _folder(self) -> str:
        return self.source.endpoint.rstrip("/") + "/"

    def parse_index(self, response: Response) -> Iterator[Item | Request]:
        """Ask for each file that the index names; an empty index proves nothing and is lost."""
        document = self.document(response, "index")
        yield document
        try:
            names = read_index(document)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        yield Coverage(Proof.INDEX, expected=1 + len(names), unit="documents")  # the index is a document, too
        for name in names:
            url = resolve(self._folder, name)
            if url is None:
                yield Lost(
                    url=document.url, reason=f"the index names {name!r}, which lies outside its folder; not fetched"
                )
            else:
                yield self.request(url, self.parse_message)

    def parse_message(self, response: Response) -> Iterator[Document]:
        """Take a file."""
        yield self.document(response, "message")

    # -- Bereitstelldienst ---------------------------------------------------------------------------------------------

    def _ask_token(self, following: str) -> Request:
        """Ask for an access token (OAuth2 client credentials, RFC 6749, 4.4); neither request nor answer is stored."""
        options = self.source.options
        form = {
            "grant_type": "client_credentials",
            "client_id": options.client_id,
            "client_secret": options.client_secret.get_secret_value(),
        }
        return self.request(
            options.token_url,
            self.parse_token,
            method="POST",
            body=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            meta={"store": False},
            cb_kwargs={"following": following},
        )

    def parse_token(self, response: Response, following: str) -> Iterator[Item | Request]:
        """Take the token and go on with the page that waits for it."""
        try:
            answer = json.loads(response.body)
        except ValueError:  # the parser's message would quote the answer, which may hold a secret
            answer = None
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not (token.isascii() and token.isprintable()) or not token:
            yield Lost(url=response.url, reason="the answer holds no access_token")
            return
        self._token = token
        yield self._page(following)

    def _page(self, url: str) -> Request:
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        meta = {"handle_httpstatus_list": [401]}
        return self.request(url, self.parse_page, headers=headers, meta=meta, cb_kwargs={"url": url})

    def parse_page(self, response: Response, url: str) -> Iterator[Item | Request]:
        """Take a page and go on with the next one; at the end tell where the next run begins.

        A token that has run out is renewed, once per page.
        """
        if response.status == 401:
            if self._renewed or self.source.options.token_url is None:
                yield Lost(url=url, reason="the server refuses the access data (401)")
                return
            self._renewed = True
            yield self._ask_token(url)
            return
        self._renewed = False
        document = self.document(response, "page")
        yield document
        self._seen.add(url)
        try:
            page = load_object(document)
            following = self._following(url, page)
        except DocumentError as error:
            yield Lost(url=url, reason=str(error))
            return
        if page.get("vollstaendig") is True:
            yield Coverage(Proof.CURSOR_EXHAUSTED, expected=len(self._seen), unit="documents", delta=True)
            yield Cursor(following or url)
        elif problem := self._dead_end(following):
            yield Lost(url=url, reason=problem)
        else:
            yield self._page(following)

    def _following(self, url: str, page: Object) -> str:
        """The address of the next page, empty where a page names none; DocumentError where it leads elsewhere.

        Behind a proxy the service names itself http; an endpoint with https stays with https.
        """
        told, index = page.get("naechsteAnfrageUrl"), page.get("naechsterIndex")
        if isinstance(told, str) and told.strip():
            following = urljoin(url, told.strip())
        elif isinstance(index, int) and not isinstance(index, bool):
            following = with_index(url, index)
        else:
            return ""
        if self.source.endpoint.startswith("https:") and following.startswith("http:"):
            following = "https:" + following.removeprefix("http:")
        if _origin(following) != _origin(self.source.endpoint):
            raise DocumentError(
                f"the next page {following!r} lies on another host, port or scheme than the endpoint; not fetched"
            )
        return following

    def _dead_end(self, following: str) -> str:
        """Why an event log cannot be followed further although it has not ended; empty if it can."""
        if not following:
            return "the page is not the last one (vollstaendig), but names no next one (naechsteAnfrageUrl)"
        if following in self._seen:
            return f"the next page {following!r} was read before: the event log runs in a circle"
        if len(self._seen) >= MOST_PAGES:
            return f"more than {MOST_PAGES} pages"
        return ""


def read_index(document: Document) -> list[str]:
    """The file names of an index, each once; DocumentError where there are none or it is no index at all."""
    lines = (line.strip(" \t\r\n\ufeff\u200b\u00a0") for line in read_text(document).split("\n"))
    names = list(dict.fromkeys(line for line in lines if line))
    if not names:
        raise DocumentError("empty index: it names no file, so it proves nothing")
    if names[0].startswith("<"):
        raise DocumentError(f"no index: it begins with {names[0][:40]!r}, like a web page")
    return names


def resolve(folder: str, name: str) -> str | None:
    """The address of a file in a folder, None where it would lie outside of it or on another host."""
    url = urljoin(folder, quote(name, safe="/:%~!$&'()*+,;=@-._"))
    base, found = urlsplit(folder), urlsplit(url)
    if _origin(url) != _origin(folder):
        return None
    # Servers differ in what they decode first, so the path has to stay inside however it is read.
    path = unquote(unquote(found.path)).replace("\\", "/")
    inside = posixpath.normpath(path).startswith(unquote(base.path).rstrip("/") + "/")
    return url if inside and not path.endswith("/") else None


def with_index(url: str, index: int) -> str:
    """The same address with another ``index`` among its parameters."""
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "index"]
    return parts._replace(query=urlencode([*pairs, ("index", str(index))])).geturl()


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port; an address that cannot be read is its own origin."""
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ("", url, None)
    return (parts.scheme, (parts.hostname or "").lower(), port)
