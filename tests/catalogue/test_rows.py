"""What a service looks like in the catalogue."""

from harvester.model import Competence, Link, LinkRole, OnlineService, Organisation
from tests.build import GELSENKIRCHEN, HERTEN, NRW, START, A, Bench, document, gone, service, source, unreadable

CITY = source()
LAND = source("nrw", level="land", region=NRW)
BUND = source("bund", level="bund", region="000000000000")
LIST = "https://stadt.example/list"


def test_of_one_key_the_description_nearest_to_the_region_wins_and_says_how_near(bench: Bench):
    bench.run(BUND, document("https://bund.example", service("b", "Bund", keys=[A], regions=["000000000000"])))
    bench.run(LAND, document("https://nrw.example", service("l", "Land", keys=[A], regions=[NRW])))
    bench.run(CITY, document(LIST, service("s", "Stadt", keys=[A])))
    bench.build()
    query = "SELECT title, precision, distance FROM v_service_for_region WHERE ars = ? ORDER BY rank"
    assert bench.ask(query, GELSENKIRCHEN) == [("Stadt", "assumed", 0), ("Land", "parent", 1), ("Bund", "parent", 2)]
    assert bench.ask(query, HERTEN)[0] == ("Land", "parent", 2)
    assert bench.ask(query, NRW)[0] == ("Land", "exact", 0)


def test_the_view_leads_to_the_application_before_any_other_link(bench: Bench):
    links = [
        Link(url="https://info.example", role=LinkRole.INFORMATION),
        Link(url="https://go.example", role=LinkRole.APPLY),
    ]
    bench.run(CITY, document(LIST, service("s", links=links)))
    bench.build()
    assert bench.ask("SELECT url FROM v_service_for_region WHERE ars = ?", GELSENKIRCHEN) == [("https://go.example",)]


def test_a_template_is_no_link(bench: Bench):
    template = Link(url="https://go.example/{serviceId}", role=LinkRole.APPLY, template=True)
    bench.run(CITY, document(LIST, service("s", links=[template, "https://go.example"])))
    bench.build()
    assert bench.ask("SELECT url, host, state FROM link") == [("https://go.example", "go.example", "unchecked")]
    assert bench.ask("SELECT position FROM service_link") == [(0,)]


def test_an_address_many_services_lead_to_is_one_link(bench: Bench):
    bench.run(CITY, document(LIST, *(service(str(n), links=["https://go.example"]) for n in range(3))))
    bench.build()
    assert bench.ask("SELECT count(*) FROM link UNION ALL SELECT count(*) FROM service_link") == [(1,), (3,)]


def test_offices_and_online_services_are_those_of_the_source_that_names_them(bench: Bench):
    """The city's record speaks first, but the Land's record brings link and office under the Land's own identifiers."""
    link = Link(url="https://go.example", role=LinkRole.APPLY, online_service="od")
    online, office = OnlineService(remote_id="od", title="Antrag"), Organisation(remote_id="oe", name="Amt")
    told = service("l", keys=[A], regions=[GELSENKIRCHEN], links=[link], organisations=("oe",))
    bench.run(LAND, document("https://nrw.example", told, online, office))
    bench.run(CITY, document(LIST, service("s", "Stadt", keys=[A])))
    bench.build()
    assert bench.ask("SELECT title, organisation_id FROM service") == [("Stadt", "nrw:oe")]
    assert bench.ask("SELECT online_service_id FROM service_link") == [("nrw:od",)]


def test_a_competence_without_regions_holds_where_its_service_does(bench: Bench):
    office = Organisation(remote_id="oe", name="Bürgeramt")
    stated = [
        Competence(remote_id="c1", service="1", organisation="oe"),
        Competence(remote_id="c2", service="2", organisation="oe", regions=(HERTEN,), role="contact"),
        Competence(remote_id="c3", service="unbekannt", organisation="oe"),
        Competence(remote_id="c4", service="1", organisation="unbekannt"),
    ]
    bench.run(CITY, document(LIST, service("1"), service("2"), office, *stated))
    bench.build()
    rows = "SELECT remote_id, c.organisation_id, ars, role FROM competence c JOIN service_source USING (service_id) ORDER BY 1"
    assert bench.ask(rows) == [
        ("1", "gelsenkirchen:oe", GELSENKIRCHEN, "responsible"),
        ("2", "gelsenkirchen:oe", HERTEN, "contact"),
    ]


def test_a_service_leads_to_the_online_service_that_serves_it_where_it_serves_it(bench: Bench):
    """A competence that names an online service and no office says where people apply."""
    online = [
        OnlineService(remote_id="od", title="Antrag", links=(Link(url="https://od.example", role=LinkRole.APPLY),)),
        OnlineService(
            remote_id="herten", title="Antrag", links=(Link(url="https://herten.example", role=LinkRole.APPLY),)
        ),
    ]
    stated = [
        Competence(remote_id="c1", service="1", online_service="od"),
        Competence(remote_id="c2", service="1", online_service="herten", regions=(HERTEN,)),
        Competence(remote_id="c3", service="2", online_service="unbekannt"),
        Competence(remote_id="c4", service="3", online_service="od"),
    ]
    own = service("3", links=["https://od.example"])
    bench.run(LAND, document(LIST, service("1", "Eins"), service("2", "Zwei"), own, *online, *stated))
    bench.build()
    query = "SELECT url, online_service_id, ars FROM service_link JOIN service s ON s.id = service_id JOIN link l ON l.id = link_id"
    assert bench.ask(f"{query} WHERE s.title = 'Eins' ORDER BY position") == [
        ("https://herten.example", "nrw:herten", HERTEN),
        ("https://od.example", "nrw:od", None),
    ]
    assert len(bench.ask(query)) == 3, "nobody describes the one of 2, and 3 has the link of its own"
    shown = "SELECT url FROM v_service_for_region WHERE ars = ? AND title = 'Eins'"
    assert bench.ask(shown, HERTEN) == [("https://herten.example",)]
    assert bench.ask(shown, GELSENKIRCHEN) == [("https://od.example",)]


def test_the_change_feed_tells_when_an_online_service_moves(bench: Bench):
    def describe(url):
        online = OnlineService(remote_id="od", title="Antrag", links=(Link(url=url, role=LinkRole.APPLY),))
        served = Competence(remote_id="c", service="1", online_service="od")
        bench.run(CITY, document(LIST, service("1"), online, served))
        bench.build()

    describe("https://alt.example")
    describe("https://neu.example")
    describe("https://neu.example")
    told = bench.ask("SELECT field, old, new FROM event WHERE kind = 'changed'")
    assert told == [("links/apply", "https://alt.example", "https://neu.example")]


def test_a_region_nobody_knows_is_found_by_its_key_and_is_a_finding(bench: Bench):
    stray = "055629990001"
    bench.run(LAND, document("https://nrw.example", service("l", "Land")))
    bench.run(CITY, document(LIST, service("s", "Verlaufen", regions=[stray]), service("t", "Daheim")))
    for _ in range(2):
        bench.build()
        shown = "SELECT title, precision FROM v_service_for_region WHERE ars = ? ORDER BY distance"
        assert bench.ask(shown, stray) == [("Verlaufen", "exact"), ("Land", "assumed")]
        findings = bench.ask("SELECT severity, entity_id, message FROM finding WHERE rule = 'region.unknown'")
        message = (
            f"1 service holds in the region {stray}, which is not in the table of regions (first met in gelsenkirchen)."
        )
        assert findings == [("warning", stray, message)]
    assert bench.ask("SELECT kind, parent_ars FROM region WHERE ars = ?", stray) == [("unbekannt", "055620000000")]
    assert bench.ask("SELECT count(*) FROM region WHERE kind = 'unbekannt'") == [(1,)]


def test_a_region_that_only_some_members_state_is_exact_and_the_others_home_assumed(bench: Bench):
    same = "L100002.LB.4711"
    bench.run(CITY, document(LIST, service(same)))
    bench.run(LAND, document("https://nrw.example", service(same, regions=[HERTEN])))
    bench.build()
    assert bench.ask("SELECT ars, precision FROM service_region ORDER BY 1") == [
        (GELSENKIRCHEN, "assumed"),
        (HERTEN, "exact"),
    ]


def test_on_one_level_the_freshest_record_gives_the_title(bench: Bench):
    other = source("andere")
    bench.run(CITY, document(LIST, service("1", "Alt", keys=[A], modified_at=START)))
    bench.run(
        other, document("https://andere.example", service("2", "Neu", keys=[A], modified_at=START.replace(day=2)))
    )
    bench.build()
    assert bench.ask("SELECT title, source_modified_at FROM service") == [("Neu", "2025-01-02T00:00:00+00:00")]


def test_a_missing_service_is_still_shown_and_says_so(bench: Bench):
    patient = source("geduldig", grace=2)
    bench.run(patient, document(LIST, service("1"), service("2")))
    bench.build()
    bench.run(patient, document(LIST, service("1")))
    bench.build()
    status = "SELECT remote_id, status FROM service JOIN service_source ON service_id = id ORDER BY 1"
    assert bench.ask(status) == [("1", "live"), ("2", "missing")]
    bench.run(patient, document(LIST, service("1"), service("2")))
    bench.build()
    assert bench.ask(status) == [("1", "live"), ("2", "live")]


def test_umlauts_are_found_in_every_spelling_and_stems_of_words_too(bench: Bench):
    bench.run(CITY, document(LIST, service("1", "Führungszeugnis für Behörden"), service("2", "Straßenreinigung")))
    bench.build()
    query = "SELECT title FROM service_search WHERE service_search MATCH ?"
    for word in ("Führungszeugnis", "fuehrungszeugnis", "FUHRUNGSZEUGNIS", "behoerden", "Behörd", "behord"):
        assert bench.ask(query, word) == [("Führungszeugnis für Behörden",)], word
    for word in ("Straßenreinigung", "strassenreinigung"):
        assert bench.ask(query, word) == [("Straßenreinigung",)], word


def test_findings_tell_what_is_wrong_since_when_and_what_to_do_in_german_and_english(bench: Bench):
    bench.run(CITY, document(LIST, service("1"), unreadable("2")))
    first = bench.now.isoformat()
    bench.run(CITY, errors=["the name does not resolve"])
    second = bench.now.isoformat()
    bench.run(CITY, errors=["the server is down"])
    bench.build()
    found = bench.ask("SELECT rule, entity, entity_id, severity, first_seen_at FROM finding ORDER BY 1")
    assert found == [
        ("run.failed", "source", "gelsenkirchen", "error", second),
        ("test.no-title", "record", "gelsenkirchen:2", "error", first),
    ]
    assert all(" / " in hint for (hint,) in bench.ask("SELECT hint FROM finding"))


def test_a_record_deleted_by_its_source_is_not_in_the_catalogue(bench: Bench):
    bench.run(CITY, document(LIST, service("1"), service("2"), gone("2")))
    bench.build()
    assert bench.ask("SELECT count(*) FROM service") == [(1,)]
