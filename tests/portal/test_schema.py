"""The OpenAPI document says what is true: questions made from it are answered as it says, whatever they hold."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from harvester.portal.app import make_app
from harvester.portal.settings import Settings
from tests.two_days import publish_two_days

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    bench = publish_two_days(tmp_path_factory.mktemp("catalogue"))
    app = make_app(Settings(bench.catalogue, "gelsenkirchen", bench.root))
    refused = {"negative_data_rejection": {"expected-statuses": [400, 404, 405, 406, 414]}}
    config = SchemathesisConfig.from_dict({"checks": refused})
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=config)
    bench.state.close()


OPERATIONS = (
    "getCatalogue",
    "listServices",
    "getService",
    "listSituations",
    "getSituation",
    "findRegions",
    "getRegion",
    "listLinks",
    "listEvents",
)


def test_every_operation_is_tried(schema):
    assert {found.ok().definition.raw["operationId"] for found in schema.get_all_operations()} == set(OPERATIONS)


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        (operation, mode)
        for operation in OPERATIONS
        for mode in GenerationMode
        if (operation, mode) != ("getCatalogue", GenerationMode.NEGATIVE)  # it has nothing that could be wrong
    ],
)
def test_every_answer_is_what_the_document_says(schema, operation, mode):
    @settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=schema.find_operation_by_id(operation).as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate()

    ask()
