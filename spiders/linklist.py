"""Lists of links that an editor keeps: one document; what it lists is all there is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from scrapy import Request
from scrapy.http import Response

from harvester.model import Coverage, DocumentError, Lost, Proof
from normalizers.linklist import grouped
from normalizers.linklist.table import read_table
from spiders.base import HarvestSpider, Item

MOST_BYTES = 50_000_000


class LinklistSpider(HarvestSpider):
    """Fetches the list and counts the services it names."""

    name = "linklist"

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the list."""
        yield self.request(self.source.endpoint, self.parse_list, meta={"max_bytes": MOST_BYTES})

    def parse_list(self, response: Response) -> Iterator[Item]:
        """Take the list; one that cannot be read is kept all the same, so that its bytes can be looked at."""
        document = self.document(response, "list")
        yield document
        options = self.source.options
        try:
            found = grouped(read_table(document, options).rows, options.columns)
        except DocumentError as error:
            yield Lost(url=document.url, reason=str(error))
            return
        nameless = len(found.pop("", []))
        yield Coverage(Proof.INDEX, expected=len(found) + nameless)
