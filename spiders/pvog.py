"""PVOG Suchdienst API (FITKO): the bulk CSV of a region, and one detail per service if asked for.

The endpoint is the base of the API, ``https://…/suchdienst/api``. Assumed, since the API's documentation does not
promise it: the CSV lists every service of the region, and each service named there has a detail.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote, urlencode

from scrapy import Request
from scrapy.http import Response

from harvester.model import Coverage, Document, DocumentError, Lost, Proof
from normalizers.pvog.table import read_table
from spiders.base import HarvestSpider, Item

_SERVICE = ".LB."


class PvogSpider(HarvestSpider):
    """Fetches the CSV; with ``details``, it is only the index of the details."""

    name = "pvog"
    most_requests_per_second = 5.0
    """What the API bears by common usage. A source may ask for less; what it asks for beyond that does not count."""

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the CSV."""
        url = self._address("v5/servicedescriptions/csv", ars=str(self.source.region))
        yield self.request(url, self.parse_csv, headers=self._headers("text/csv, */*;q=0.5"))

    def parse_csv(self, response: Response) -> Iterator[Item | Request]:
        """Take the CSV, count what it lists, and ask for the details.

        A CSV that cannot be read is kept as a document all the same, so that its bytes can be looked at.
        """
        details = self.source.options.details
        document = self.document(response, "index" if details else "csv")
        yield document
        try:
            table = read_table(document)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        if not details:
            yield Coverage(Proof.INDEX, expected=table.expected)
            return
        services = [service for service in table.services if _SERVICE in service]
        nameless = table.expected - len(table.services)
        yield Coverage(Proof.INDEX, expected=len(services) + nameless)
        for service in services:
            yield self._detail(service)

    def parse_detail(self, response: Response, service: str) -> Iterator[Document]:
        """Take a detail; the note tells which service was asked for."""
        yield self.document(response, "detail", note=service)

    def _detail(self, service: str) -> Request:
        path = f"v6/servicedescriptions/{quote(service, safe='')}/detail"
        url = self._address(path, ars=str(self.source.region), applyDynamicParams="true")
        headers = self._headers("application/json, */*;q=0.5")
        return self.request(url, self.parse_detail, headers=headers, cb_kwargs={"service": service})

    def _address(self, path: str, **parameters: str) -> str:
        return f"{self.source.endpoint.rstrip('/')}/{path}?{urlencode(parameters)}"

    def _headers(self, accept: str) -> dict[str, str]:
        options = self.source.options
        headers = {"Accept": accept, "Accept-Language": options.language}
        if options.client_id is not None:
            headers["pvog-sud-api-client-id"] = options.client_id.get_secret_value()
        return headers
