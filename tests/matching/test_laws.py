"""Legal bases are read from texts and links, under the names of the official list."""

import pytest

from harvester.matching.laws import read_laws


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("§ 17 Bundesmeldegesetz (BMG)", "bmg:17"),
        ("nach § 34c Absatz 1 der GewO", "gewo:34"),
        ("§ 43 IfSG", "ifsg:43"),
        ("§ 41 SGB XII", "sgb_12:41"),
        ("https://www.gesetze-im-internet.de/pauswg/__9.html", "pauswg:9"),
        ("Rechtsgrundlage ist das BMG.", "bmg"),
    ],
)
def test_a_law_is_read(text: str, law: str):
    assert law in set(read_laws(text))


def test_a_text_without_laws_names_none():
    assert set(read_laws("Bringen Sie Ihren Ausweis und ein Foto mit. Das Amt hat montags offen.")) == set()
