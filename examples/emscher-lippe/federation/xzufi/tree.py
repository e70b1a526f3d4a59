"""Building XZuFi elements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001  # lxml has no public name for what its functions return

XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACE = "http://xoev.de/schemata/xzufi/"
ARS_LIST = "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs"


@dataclass(frozen=True)
class Dialect:
    """A version of XZuFi (`2.2.0`) and the editorial system that ids belong to (`L100002`)."""

    version: str
    agency: str

    @property
    def namespace(self) -> str:
        """For example http://xoev.de/schemata/xzufi/2_2_0."""
        return NAMESPACE + self.version.replace(".", "_")

    @property
    def newest(self) -> bool:
        """2.3 renamed elements and made the modules lists."""
        return self.version.startswith("2.3")

    def root(self) -> Element:
        """An empty message. Message names vary; readers look at the children only."""
        spaces = {"xzufi": self.namespace, "xsi": XSI}
        root = etree.Element(f"{{{self.namespace}}}transfer.schreibe.loesche.020301", nsmap=spaces)
        root.set("xzufiVersion", self.version)
        root.set("produktbezeichnung", "Beispielredaktion")
        root.set("produkthersteller", "Beispielverbund")
        return root

    def add(self, parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
        """An element in the XZuFi namespace."""
        given = {name: value for name, value in attributes.items() if value}
        element = etree.SubElement(parent, f"{{{self.namespace}}}{tag}", given)
        element.text = text
        return element

    def identifier(self, parent: Element, tag: str, value: str, scheme: str = "") -> Element:
        """An identifier, only unique together with the editorial system."""
        return self.add(parent, tag, value, schemeAgencyID=self.agency, schemeID=scheme)

    def code(self, parent: Element, tag: str, code: str, list_uri: str, name: str = "") -> None:
        """A code element; `code` and `name` stand in no namespace (XÖV code type)."""
        element = self.add(parent, tag, listURI=list_uri, listVersionID="1")
        etree.SubElement(element, "code").text = code
        if name:
            etree.SubElement(element, "name").text = name
