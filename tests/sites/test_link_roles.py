"""The role of a link, by host, path and words; and what real addresses of the region are."""

import csv

import pytest

from harvester.model import LinkRole
from harvester.sites import LinkKind, classify_link, product_of
from harvester.sites.links import read_link_rules
from tests.real.shared_data import real

UUID = "29b85423-3f3e-4a72-8a01-50d6f1259834"


@pytest.mark.parametrize(
    ("url", "words", "role", "kind"),
    [
        (f"https://sp.example/extension/service/call/{UUID}", "", "apply", "launcher"),
        ("https://formulare.example/metaform/Form-Solutions/sid/assistant/5f1a", "Antrag", "apply", "launcher"),
        ("https://form.example/intelliform/forms/kfz/index", "Kfz", "apply", "launcher"),
        ("https://portal-civ-brd.ekom21.de/civ.public/start.html", "", "apply", "launcher"),
        ("https://serviceportal.gemeinsamonline.de/Onlinedienste/Service/Entry/EWA", "", "apply", "launcher"),
        ("https://service.wirtschaft.nrw/antrag/123", "", "apply", "launcher"),
        ("https://wohnsitzanmeldung.gov.de/", "", "apply", "launcher"),
        ("https://ort.example/a", "Jetzt online beantragen", "apply", "page"),
        ("https://ort.example/a", "Online-Antrag", "apply", "page"),
        ("https://ort.example/a", "Zum Antrag", "apply", "page"),
        ("https://ort.example/a.pdf", "Antrag auf Wohngeld (PDF, 120 kB)", "form", "page"),
        ("https://ort.example/wohngeldantrag.pdf", "hier", "form", "page"),
        ("https://ort.example/merkblatt.pdf", "Merkblatt", "information", "page"),
        ("https://ort.example/a", "Formulare", "form", "page"),
        ("https://termine.ort.example/select2?md=1", "Bürgerbüro", "appointment", "page"),
        ("https://tempus-termine.com/termine/index.php?anlagennr=14", "", "appointment", "page"),
        ("https://ort.example/a", "Termin vereinbaren", "appointment", "page"),
        ("https://epay.ort.example/", "", "payment", "page"),
        ("https://ort.example/a", "Verwarnung online bezahlen", "payment", "page"),
        ("https://www.gesetze-im-internet.de/gewo/__14.html", "§ 14 GewO", "legal", "page"),
        ("https://ort.example/satzung.pdf", "Hundesteuersatzung", "legal", "page"),
        ("https://ort.example/kontakt", "Schreiben Sie uns", "contact", "page"),
        ("https://ort.example/abfall", "Abfallkalender", "information", "page"),
        ("http://[", "kaputt", "information", "page"),
    ],
)
def test_roles(url, words, role, kind):
    target = classify_link(url, words)
    assert (target.role, target.kind) == (LinkRole(role), LinkKind(kind))
    assert target.rule
    assert target.why


def test_an_address_with_gaps_is_a_template_whatever_its_role():
    target = classify_link("https://service.wirtschaft.nrw/antrag/{id}", "Antrag", template=True)
    assert (target.role, target.kind) == (LinkRole.APPLY, LinkKind.TEMPLATE)


def test_rules_have_names_of_their_own():
    names = [rule.id for rule in read_link_rules()]
    assert len(names) == len(set(names))


def test_all_real_links_of_the_region_are_recognised():
    rows = list(csv.DictReader(real("emscher-lippe/pvog_links_extract.csv").decode("utf-8").splitlines()))
    assert len(rows) == 22
    for row in rows:
        launcher = row["city"] == "Recklinghausen"
        assert product_of(row["url"]) == ("citko" if launcher else "gelsenkirchen")
        target = classify_link(row["url"], row["label"])
        assert target.kind is (LinkKind.LAUNCHER if launcher else LinkKind.PAGE)
        assert target.role is (LinkRole.APPLY if launcher else LinkRole.INFORMATION)
