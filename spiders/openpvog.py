"""Open-PVOG: the Data Hub's export for a region, one CSV. A region that is too large for it (413) has to be parted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from harvester.model import Coverage, DocumentError, Lost, Proof
from normalizers.openpvog import grouped, read_export
from spiders.base import HarvestSpider, Item


class OpenPvogSpider(HarvestSpider):
    """Fetches the export of the source's region and counts what it lists."""

    name = "openpvog"
    most_requests_per_second = 1.0

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the export. The service answers 406 to any other type than this."""
        options = self.source.options
        asked = {
            "filetype": "csv",
            "includeAbove": str(options.include_above).lower(),
            "includeBelow": str(options.include_below).lower(),
        }
        url = f"{self.source.endpoint.rstrip('/')}/public/v1/dash/open-pvog/{self.source.region}/export?{urlencode(asked)}"
        headers = {"Accept": "application/octet-stream"}
        yield self.request(url, self.parse_export, headers=headers, meta={"handle_httpstatus_list": [413]})

    def parse_export(self, response: Response) -> Iterator[Item]:
        """Take the export; one that cannot be read is kept all the same, so that its bytes can be looked at."""
        if response.status == 413:
            yield Lost(
                url=response.url,
                reason="the region is too large for an export (413): use one source per smaller region",
            )
            return
        document = self.document(response, "export")
        yield document
        try:
            found = grouped(read_export(document).rows)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        nameless = len(found.pop("", []))
        yield Coverage(Proof.INDEX, expected=len(found) + nameless)
