"""A site nobody has seen needs one short YAML file and nothing else."""

from harvester.run.judge import Verdict
from tests.website.town import page

SCHEMA_ORG = """
    id: ort
    title: Gemeinde Musterdorf
    level: kommune
    region: "055620014014"
    interface: website
    endpoint: {home}/
    publisher: {name: Gemeinde Musterdorf}
"""
RDFA = """
    id: ort
    title: Stadt Musterau
    level: kommune
    region: "055620020020"
    interface: website
    endpoint: {home}/cms/
    options:
      services: ['^/cms/was-wir-tun/(?P<id>[a-z-]+)\\.html$']
      start: [alles.html]
    publisher: {name: Stadt Musterau}
"""
NODE = (
    '<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "GovernmentService", "name": "{}",'
    ' "identifier": "{}", "description": "{}", "availableChannel": {{"@type": "ServiceChannel", "serviceUrl": "{}"}}}}</script>'
)


def test_schema_org_on_a_plain_cms(town):
    assert len(SCHEMA_ORG.strip().splitlines()) <= 15
    town.write(SCHEMA_ORG)
    town.sitemap("/leistungen/hundesteuer", "/leistungen/wohngeld", "/impressum")
    apply = "https://formulare.example/metaform/Form-Solutions/sid/assistant/1"
    for path, name, key in (
        ("hundesteuer", "Hundesteuer", "99102013104000"),
        ("wohngeld", "Wohngeld", "99107023037000"),
    ):
        told = NODE.format(name, key, f"Alles über {name}.", apply)
        town.pages[f"/leistungen/{path}"] = page(
            f"{name} in Musterdorf", "<p>Das Rathaus hilft Ihnen gern dabei, den Antrag zu stellen.</p>", told
        )
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched, outcome.errors, outcome.warnings) == (Verdict.COMPLETE, 2, 0, 0)
    query = "SELECT s.title, s.leika_key, s.summary, sl.role FROM service s JOIN service_link sl ON sl.service_id = s.id ORDER BY 1"
    assert town.rows(query) == [
        ("Hundesteuer", "99102013104000", "Alles über Hundesteuer.", "apply"),
        ("Wohngeld", "99107023037000", "Alles über Wohngeld.", "apply"),
    ]


def test_rdfa_on_another(town):
    assert len(RDFA.strip().splitlines()) <= 15
    town.write(RDFA)
    town.pages["/cms/alles.html"] = page(
        "Alles", '<a href="was-wir-tun/hund.html">Hund</a><a href="was-wir-tun/umzug.html">Umzug</a>'
    )
    for path, name, key in (
        ("hund", "Hund anmelden", "99102013104000"),
        ("umzug", "Wohnsitz ummelden", "99115005071000"),
    ):
        town.pages[f"/cms/was-wir-tun/{path}.html"] = (
            f'<html lang=de vocab="https://schema.org/"><body><div id="content" typeof="GovernmentService"><h1 property="name">{name}</h1>'
            f'<span property="schluessel" content="{key}"></span><p property="description">Das geht im Rathaus, und online auch.</p>'
            "<h2>Kosten</h2><p>keine</p></div></body></html>"
        )
    outcome = town.run()
    assert (outcome.fetched, outcome.errors) == (2, 0)
    assert town.rows("SELECT title, leika_key FROM service ORDER BY 1") == [
        ("Hund anmelden", "99102013104000"),
        ("Wohnsitz ummelden", "99115005071000"),
    ]
