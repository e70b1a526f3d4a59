"""CPSV-AP: what is exported is valid by its shapes, in Turtle and in JSON-LD, whatever a service looks like."""

import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyshacl import validate
from rdflib import DCTERMS, RDF, Graph, Namespace

from harvester.demo import lay_out, serve_federation
from harvester.exports import Export, run_export
from harvester.exports.cpsv import Graph as Nodes
from harvester.exports.naming import Naming
from harvester.exports.turtle import write_turtle
from harvester.registry import read_registry
from harvester.run.run import run_sources
from tests.exports.documents import documents
from tests.real.shared_data import real

OURS = Graph().parse(Path(__file__).with_name("cpsv_shapes.ttl"))
_CPSV, _CV = Namespace("http://purl.org/vocab/cpsv#"), Namespace("http://data.europa.eu/m8g/")


def parse(catalogue, out, wanted, **more):
    run_export(catalogue, Export(wanted, out, **more))
    return Graph().parse(out, format={"turtle": "turtle", "jsonld": "json-ld"}[wanted])


def assert_valid(graph, shapes):
    conforms, _, told = validate(graph, shacl_graph=shapes)
    assert conforms, told


def services(graph):
    return {str(graph.value(node, DCTERMS.identifier)) for node in graph.subjects(RDF.type, _CPSV.PublicService)}


@pytest.mark.parametrize("page", [None, "https://portal.example/leistung/{slug}"])
def test_every_service_is_valid_and_both_notations_say_the_same(two_days, tmp_path, page):
    turtle = parse(two_days.catalogue, tmp_path / "a.ttl", "turtle", page=page)
    jsonld = parse(two_days.catalogue, tmp_path / "a.jsonld", "jsonld", page=page)
    assert set(turtle) == set(jsonld)
    assert_valid(turtle, OURS)
    assert services(turtle) == {row[0] for row in two_days.ask("SELECT id FROM service")}


def test_the_shapes_find_a_service_without_an_authority(two_days, tmp_path):
    graph = parse(two_days.catalogue, tmp_path / "a.ttl", "turtle")
    graph.remove((None, _CV.hasCompetentAuthority, None))
    assert not validate(graph, shacl_graph=OURS)[0]


def test_a_dead_link_is_no_channel_but_its_substitute_is(two_days, tmp_path):
    told = (parse(two_days.catalogue, tmp_path / "a.ttl", "turtle")).serialize(format="nt")
    assert len(set(re.findall(r"<(\S+#channel-0)>", told))) == 2
    assert told.count("<http://xmlns.com/foaf/0.1/page> <https://bund.example/antrag>") == 2
    assert "https://stadt.example/alt" not in told


@settings(max_examples=25)  # each is read back and held against all shapes
@given(st.lists(documents(), max_size=3, unique_by=lambda document: document.id))
def test_whatever_a_service_says_the_turtle_can_be_read_and_is_valid(found):
    nodes = Nodes(Naming(None), {"055130000000": "Gelsenkirchen"})
    file = StringIO()
    write_turtle((node for document in found for node in nodes.nodes(document)), file)
    graph = Graph().parse(data=file.getvalue(), format="turtle")
    assert services(graph) == {document.id for document in found}
    assert_valid(graph, OURS)
    titles = {(str(title), title.language) for title in graph.objects(None, DCTERMS.title)}
    assert titles >= {(document.title, document.language) for document in found}


@pytest.mark.slow
def test_the_sample_federation_is_valid_by_the_published_shapes(demo, two_days, tmp_path):
    shapes = Graph().parse(data=real("cpsv-ap/cpsv-ap-SHACL.ttl"), format="turtle")
    for catalogue in (demo, two_days.catalogue):
        assert_valid(parse(catalogue, tmp_path / f"{catalogue.parent.name}.ttl", "turtle"), shapes)


@pytest.mark.slow
def test_the_sample_federation_is_valid_by_our_shapes(demo, tmp_path):
    assert_valid(parse(demo, tmp_path / "a.ttl", "turtle"), OURS)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with serve_federation() as federation:
        workspace = lay_out(tmp_path_factory.mktemp("demo"), federation.port)
        registry = read_registry(workspace.sources)
        run_sources(workspace, registry, registry.pick())
    return workspace.catalogue_file
