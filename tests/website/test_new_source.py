"""``harvester sources new`` and ``harvester try`` on sites: what they find, write and show."""

import json

import pytest

from harvester.catalogue.regions import read_regions
from harvester.cli import main
from harvester.registry import Source, read_source
from harvester.survey.survey import guess_region
from tests.website.town import TEXT, page

DETAIL = "/dienstleistungen/-/egov-bis-detail/dienstleistung/{}/show"


def call(town, capsys, *arguments: str) -> tuple[int, str]:
    code = main(["-w", str(town.workspace.root), *arguments])
    return code, capsys.readouterr().out


def open_rathaus(town) -> None:
    town.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 0\nSitemap: {home}/karte.xml\n"
    urls = "".join(f"<url><loc>{{home}}{DETAIL.format(n)}</loc></url>" for n in range(20))
    town.pages["/karte.xml"] = f"<urlset>{urls}</urlset>"
    town.pages["/"] = page("Serviceportal Musterstadt")
    body = f"<html lang=de><div class=service-detail><meta property=schluessel content=99102013104000><h1>Dienst</h1><p>{TEXT}</p></div>"
    town.pages |= {DETAIL.format(n): body for n in range(20)}


def test_a_site_of_a_known_product(town, capsys):
    open_rathaus(town)
    code, out = call(town, capsys, "sources", "new", town.home + "/", "--id", "website-neu")
    assert code == 0
    text = (town.workspace.sources / "kommune" / "website-neu.yml").read_text("utf-8")
    assert "options: {product: openrathaus}" in text
    assert "# robots.txt: allows this address." in text
    assert f"# Sitemap: {town.home}/karte.xml and others name 20 pages of services" in text
    assert "keys 1, links 0, structured data rdfa, texts description" in text
    assert 'region: ""' in text
    assert "expectations: {services: {min: 12, max: 60}}" in text
    assert "to do: " in out
    assert "region" in out


def test_what_is_filled_in_makes_a_source_that_runs(town, capsys):
    open_rathaus(town)
    call(town, capsys, "sources", "new", town.home + "/", "--id", "website-neu")
    (town.workspace.sources / "ort.yml").unlink()
    file = town.workspace.sources / "kommune" / "website-neu.yml"
    file.write_text(
        file.read_text("utf-8")
        .replace('region: ""', 'region: "055130000000"')
        .replace("enabled: false", "enabled: true"),
        "utf-8",
    )
    assert isinstance(read_source(file), Source)
    assert (town.run().fetched, town.run().verdict) == (20, "complete")


def test_a_site_of_no_known_product_says_what_it_could_not_tell(town, capsys):
    town.pages["/"] = page("Gemeinde", '<a href="/rathaus/leistungen/">Leistungen</a>')
    town.pages["/rathaus/leistungen/"] = page(
        "Liste", '<a href="/leistungen/hund">Hund</a><a href="/leistungen/leer">Leer</a>'
    )
    town.pages["/leistungen/hund"] = page("Hund anmelden", f"<p>{TEXT}</p><h2>Kosten</h2><p>5 EUR</p>")
    town.pages["/leistungen/leer"] = "<html lang=de><h1>Leer</h1>"
    code, out = call(town, capsys, "--json", "sources", "new", town.home + "/")
    told = json.loads(out)
    assert (code, told["product"], told["services"], told["proven"]) == (0, None, 2, False)
    assert {sample["title"] for sample in told["samples"]} == {"Hund anmelden", ""}
    text = (town.workspace.root / told["file"]).read_text("utf-8")
    for said in (
        "Product: not recognised",
        "Sitemap: none found",
        "there is none, so everything is allowed",
        "no content",
    ):
        assert said in text


def test_a_site_that_forbids_programs_is_not_looked_at(town, capsys):
    open_rathaus(town)
    town.pages["/robots.txt"] = "User-agent: *\nDisallow: /\n"
    code, _ = call(town, capsys, "sources", "new", town.home + "/", "--id", "website-neu")
    assert code == 0
    assert town.asked == ["/robots.txt"]
    assert "# robots.txt: forbidden: robots.txt forbids it." in (
        town.workspace.sources / "kommune/website-neu.yml"
    ).read_text("utf-8")


def test_a_file_that_is_there_is_never_written_over(town, capsys):
    open_rathaus(town)
    before = (town.workspace.sources / "ort.yml").read_text("utf-8")
    assert call(town, capsys, "sources", "new", town.home + "/", "--id", "ort")[0] == 2
    assert (town.workspace.sources / "ort.yml").read_text("utf-8") == before


def test_what_is_no_address_is_wrong_use(town, capsys):
    assert call(town, capsys, "sources", "new", "musterstadt")[0] == 2


def test_one_page_is_shown_field_by_field_with_its_evidence(town, capsys):
    town.pages["/leistungen/hund"] = page(
        "Hund anmelden", f"<p>{TEXT}</p><h2>Kosten</h2><p>5 EUR</p><a href='/antrag.pdf'>Antrag</a>"
    )
    code, out = call(town, capsys, "--json", "try", town.home + "/leistungen/hund")
    values = {value["field"]: value for value in json.loads(out)["records"][0]["values"]}
    assert code == 0
    assert values["title"]["raw"] == "Hund anmelden"
    assert (values["texts/fees/de"]["rule"], values["texts/fees/de"]["raw"]) == ("website.heading", "Kosten")
    assert values["links/0"]["rule"] == "website.link.form.page.words.form-file"
    assert values["links/0"]["locator"] == "html > body > main > a"
    assert not any(value["problem"] for value in values.values())


@pytest.mark.parametrize(
    ("host", "ars"),
    [
        ("www.gladbeck.de", "055620014014"),
        ("serviceportal.recklinghausen.de", "055620032032"),
        ("www.haltern-am-see.de", "055620016016"),
        ("service.stadt-herten.de", "055620020020"),
        ("www.example.org", None),
        ("127.0.0.1", None),
    ],
)
def test_the_region_is_told_by_the_host_where_only_one_has_the_name(host, ars):
    found = guess_region(host, read_regions())
    assert (found.ars if found else None) == ars
