"""Dienstleistungsdatenbank (DLDB), Berlin's and Munich's dialects: one JSON document with all services."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from scrapy import Request
from scrapy.http import Response

from harvester.model import Coverage, DocumentError, Lost, Proof
from normalizers.dldb.export import read_export
from spiders.base import HarvestSpider, Item


class DldbSpider(HarvestSpider):
    """Fetches the document and tells how many services it declares."""

    name = "dldb"

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the document."""
        headers = {"Accept": "application/json, */*;q=0.5", "Accept-Language": self.source.options.language}
        yield self.request(self.source.endpoint, self.parse_services, headers=headers)

    def parse_services(self, response: Response) -> Iterator[Item]:
        """Take the document; one that cannot be read is kept all the same, so that its bytes can be looked at."""
        document = self.document(response, "services")
        yield document
        try:
            export = read_export(document)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        proof = Proof.UNKNOWN if export.declared is None else Proof.DECLARED_TOTAL
        yield Coverage(proof, expected=export.declared)
