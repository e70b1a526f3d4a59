"""Each folder under tests/cases/xzufi: what goes in, and what has to come out."""

import pytest
from lxml import etree

from harvester.model import Found
from harvester.registry.options import XzufiOptions
from normalizers.xzufi import normalize
from tests.normalizers.reading import as_data, case_folders, context, document, expected, unexplained

FOLDERS = pytest.mark.parametrize("folder", case_folders("xzufi"), ids=lambda path: path.name)


def read(folder):
    doc = document((folder / "input.xml").read_bytes(), "message")
    return list(normalize(doc, context(XzufiOptions())))


def xpath(locator):
    """The locator's path of local names, in XPath that asks for local names."""
    steps = []
    for step in locator.split("/")[2:]:
        name, _, number = step.partition("[")
        if name.startswith("@"):
            steps.append(step)
        else:
            steps.append(f"*[local-name()='{name}'][{number.rstrip(']') or 1}]")
    return "/".join(["/*", *steps])


@FOLDERS
def test_case_reads_as_expected(folder):
    assert as_data(read(folder)) == expected(folder)


@FOLDERS
def test_reading_twice_gives_the_same(folder):
    assert read(folder) == read(folder)


@FOLDERS
def test_every_value_has_an_origin_and_every_origin_a_value(folder):
    for found in read(folder):
        if isinstance(found, Found):
            # the second and further values of a list have origins of their own: "synonyms/1"
            further = {path for path in found.record.provenance if path.rpartition("/")[0] in found.record.provenance}
            # a role may be told even where it is the default
            assert unexplained(found) - further - {"role"} == set()


@FOLDERS
def test_origins_lead_to_one_element_or_attribute_each(folder):
    tree = etree.parse(folder / "input.xml")
    for found in read(folder):
        if isinstance(found, Found):
            for origin in found.record.provenance.values():
                assert len(tree.xpath(xpath(f"{found.locator}/{origin.locator}"))) == 1, origin
