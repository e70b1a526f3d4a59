"""PVOG Suchdienst API (FITKO): the bulk CSV of a region, and on request details, competent offices and online services.

The endpoint is the base of the API, ``https://…/suchdienst/api``. Assumed, since the API's documentation does not
promise it: the CSV lists every service of the region, each service named there has a detail, each office that is named
for a service has one, and the list of online services is whole when it has as many entries as it says (``totalHits``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from harvester.model import Coverage, DocumentError, Lost, Proof
from normalizers.loose_json import load_object, text
from normalizers.pvog.offices import named_offices
from normalizers.pvog.online_list import load_page
from normalizers.pvog.table import read_table
from spiders.base import HarvestSpider, Item

_SERVICE = ".LB."
_JSON = "application/json, */*;q=0.5"


class PvogSpider(HarvestSpider):
    """Fetches the CSV; with ``details``, it is only the index of the details.

    Online services are asked for last: what details say of one is more than what the list says, and the first of two
    records counts.
    """

    name = "pvog"
    most_requests_per_second = 5.0
    """What the API bears by common usage. A source may ask for less; what it asks for beyond that does not count."""

    def __init__(self, **kwargs: Any) -> None:
        """Begin with nothing asked."""
        super().__init__(**kwargs)
        self._details = 0
        self._offices: set[str] = set()
        self._online = 0
        self._tokens: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the CSV."""
        url = self._address("v5/servicedescriptions/csv", ars=str(self.source.region))
        yield self.request(url, self.parse_csv, headers=self._headers("text/csv, */*;q=0.5"))

    def parse_csv(self, response: Response) -> Iterator[Item | Request]:
        """Take the CSV, count what it lists, and ask for the rest.

        A CSV that cannot be read is kept as a document all the same, so that its bytes can be looked at.
        """
        options = self.source.options
        document = self.document(response, "index" if options.details else "csv")
        yield document
        try:
            table = read_table(document)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        services = [service for service in table.services if _SERVICE in service]
        if options.details:
            nameless = table.expected - len(table.services)
            yield Coverage(Proof.INDEX, expected=len(services) + nameless)
            self._details = len(services)
            for service in services:
                yield self._detail(service)
        else:
            yield Coverage(Proof.INDEX, expected=table.expected)
        if options.organisations:
            for service in services:
                yield self._titles(service)
        if not self._details:
            yield from self._online_services()

    def parse_detail(self, response: Response, service: str) -> Iterator[Item | Request]:
        """Take a detail; the note tells which service was asked for."""
        yield self.document(response, "detail", note=service)
        yield from self._count_detail()

    def lose_detail(self, failure: Failure) -> Iterator[Item | Request]:
        """A detail that is lost was one of those to wait for."""
        yield from self.lose(failure)
        yield from self._count_detail()

    def parse_titles(self, response: Response, service: str) -> Iterator[Item | Request]:
        """Take the offices of a service, and ask for each office that was not asked for yet."""
        document = self.document(response, "offices", note=service)
        try:
            offices = named_offices(document)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        yield document
        for office in offices:
            if office not in self._offices:
                self._offices.add(office)
                yield self._ask("v5/organisationunits/detail", self.parse_office, {"office": office}, q=office)

    def parse_office(self, response: Response, office: str) -> Iterator[Item]:
        """Take an office; half an answer is lost, and no reason to throw the rest of the run away."""
        document = self.document(response, "office", note=office)
        try:
            load_object(document)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        yield document

    def parse_online(self, response: Response) -> Iterator[Item | Request]:
        """Take a page of online services and ask for the next one, as long as there is one."""
        document = self.document(response, "online")
        try:
            page = load_page(document)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        yield document
        self._online += len(page["onlineservices"])
        token, total = text(page.get("nextPageToken")), page.get("totalHits")
        if token in self._tokens:
            yield Lost(url=document.url, reason="the pages of online services go round in circles")
        elif token:
            self._tokens.add(token)
            yield from self._online_services(nextPageToken=token)
        elif isinstance(total, int) and self._online < total:
            yield Lost(url=document.url, reason=f"only {self._online} of {total} online services were listed")

    def _count_detail(self) -> Iterator[Request]:
        self._details -= 1
        if not self._details:
            yield from self._online_services()

    def _detail(self, service: str) -> Request:
        path = f"v6/servicedescriptions/{quote(service, safe='')}/detail"
        asked = {"service": service}
        request = self._ask(path, self.parse_detail, asked, ars=str(self.source.region), applyDynamicParams="true")
        return request.replace(errback=self.lose_detail)

    def _titles(self, service: str) -> Request:
        path, asked = "v2/organisationunits/titles", {"service": service}
        return self._ask(path, self.parse_titles, asked, ars=str(self.source.region), lbId=service)

    def _online_services(self, **more: str) -> Iterator[Request]:
        if self.source.options.online_services:
            yield self._ask("v1beta2/onlineservices", self.parse_online, {}, ars=str(self.source.region), **more)

    def _ask(self, path: str, callback: Callable[..., Any], asked: dict[str, str], **parameters: str) -> Request:
        url = self._address(path, **parameters)
        return self.request(url, callback, headers=self._headers(_JSON), cb_kwargs=asked)

    def _address(self, path: str, **parameters: str) -> str:
        return f"{self.source.endpoint.rstrip('/')}/{path}?{urlencode(parameters)}"

    def _headers(self, accept: str) -> dict[str, str]:
        options = self.source.options
        headers = {"Accept": accept, "Accept-Language": options.language}
        if options.client_id is not None:
            headers["pvog-sud-api-client-id"] = options.client_id.get_secret_value()
        return headers
