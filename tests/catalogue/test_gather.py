"""Only records that meet another source's are compared: it must come to the same as comparing all with all."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.catalogue.gather import gather
from harvester.catalogue.meeting import card_of, find_clusters
from harvester.merge import cluster
from harvester.model import Level, Link, LinkRole
from harvester.state import Packer
from tests.build import GELSENKIRCHEN, HERTEN, A, B, Bench, document, service, source

RECORDS = st.lists(
    st.builds(
        lambda name, title, keys, regions, page, lead: service(
            name,
            title,
            keys=sorted(keys),
            regions=sorted(regions),
            page=page,
            links=[Link(url=lead, role=LinkRole.INFORMATION)] if lead else [],
        ),
        st.sampled_from(["1", "2", "3", "L100002.LB.1", "L100002.LB.2"]),
        st.sampled_from(["Hund anmelden", "Anmeldung eines Hundes", "Hund abmelden", "Hund für Blinde anmelden"]),
        st.sets(st.sampled_from([A, B])),
        st.sets(st.sampled_from([GELSENKIRCHEN, HERTEN])),
        st.sampled_from(["", "https://stadt.example/hund"]),
        st.sampled_from(["", "http://stadt.example/hund/#mehr", "https://stadt.example/"]),
    ),
    max_size=4,
    unique_by=lambda record: record.remote_id,
)
NAMES = ("bund", "herten", "stadt")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(holds=st.fixed_dictionaries(dict.fromkeys(NAMES, RECORDS)))
def test_gathering_is_clustering_everything(holds, tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("gather"))
    for name, records in holds.items():
        bench.run(
            source(name, region=HERTEN if name == "herten" else GELSENKIRCHEN),
            document(f"https://{name}.example", *records),
        )
    rows = bench.rows("SELECT source_id, remote_id, keys, scope, title, content FROM record")
    everything = cluster(card_of(Packer(), row) for row in rows)
    levels = dict.fromkeys(NAMES, Level.KOMMUNE)
    gathered = [found.cluster for found in gather(bench.state, levels, find_clusters(bench.state, levels))]
    assert sorted(gathered, key=lambda c: c.first) == everything
    bench.state.close()
