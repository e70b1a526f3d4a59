"""Interfaces name a spider, a normalizer and their options; reading the registry loads neither."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from harvester.registry import INTERFACES
from harvester.registry.options import XzufiOptions
from harvester.run.spider import load_spider
from spiders.base import HarvestSpider


@pytest.mark.parametrize(
    "interface",
    [i for i in INTERFACES.values() if i.spider.startswith("spiders.")],
    ids=lambda interface: interface.name,
)
def test_what_an_interface_names_is_there(interface):
    assert issubclass(load_spider(interface), HarvestSpider)
    assert callable(interface.load_normalizer())
    assert interface.options().secrets() <= set(interface.options.model_fields)


def test_the_address_tells_what_a_document_is():
    assert INTERFACES["pvog"].role_of("https://example.org/v6/detail/123") == "detail"
    assert INTERFACES["xzufi"].role_of("https://example.org/xzufi/index.txt") == "index"


def test_reading_the_registry_loads_no_scrapy():
    script = "import harvester.registry, sys; sys.exit('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("given", [{"token_url": "https://x"}, {"client_id": "a", "client_secret": "b"}])
def test_what_opens_the_bereitstelldienst_belongs_together(given):
    options = INTERFACES["xzufi"].options
    with pytest.raises(ValueError, match="give all three or none"):
        options(**given)
    assert options(token_url="https://x", client_id="a", client_secret="b").secrets() == {"client_secret"}


@pytest.mark.parametrize(
    ("key", "is_right"),
    [
        *((key, True) for key in ("05", "055", "05513", "055620020", "055130000000", "0")),
        *((key, False) for key in ("NRW", "5", "0551", "05513000", "05 513", "")),
    ],
)
def test_regions_within_is_a_regional_key_or_the_beginning_that_names_one(key, is_right):
    """Eight digits are a municipal key, which would be read as another region's."""
    if is_right:
        assert XzufiOptions(regions_within=key).regions_within == key
    else:
        with pytest.raises(ValidationError):
            XzufiOptions(regions_within=key)
