"""The custom XML part of a workbook, in which it carries data of its own beside the sheets.

Excel keeps such a part when it saves a file, most other programs drop it. The part holds two texts of JSON: `record`,
from which the whole workbook can be worked out again, and `page`, the current period for other programs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from partnerkpi.scorecard.record import fingerprint
from partnerkpi.workbook.model.markup import parse, serialize

NAMESPACE = "urn:partnerkpi:scorecard"
#: The name of the property under which Excel shows the fingerprint: File, Info, Properties, Advanced, Custom.
PROPERTY = "partnerkpi fingerprint"

ITEM, _PROPERTIES = "customXml/item1.xml", "customXml/itemProps1.xml"
_ITEM_RELATIONS = "customXml/_rels/item1.xml.rels"
_WORKBOOK_RELATIONS, _TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_STORE = f"{_OFFICE}/customXml"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_IDENTITY = "{6B1F4C52-9B0E-4E55-8A37-5D0B1C6F2A10}"  # of the kind of part, the same in every workbook


@dataclass(frozen=True)
class Provenance:
    """What a workbook says of itself; `stated` is the fingerprint that stands in it, `texts` what it is about."""

    record: str
    page: str
    stated: str

    @property
    def actual(self) -> str:
        """Return the fingerprint of the record as it stands."""
        return fingerprint(self.record)

    @property
    def holds(self) -> bool:
        """Tell whether the record is the one that the fingerprint was taken of."""
        return self.actual == self.stated


def add_part(parts: dict[str, bytes], provenance: Provenance) -> None:
    """Add the custom XML part to a package, with its properties, content type and relationships."""
    parts[ITEM] = item_of(provenance)
    store = f"{{{_STORE}}}"
    item = etree.Element(f"{store}datastoreItem", {f"{store}itemID": _IDENTITY}, nsmap={"ds": _STORE})
    references = etree.SubElement(item, f"{store}schemaRefs")
    etree.SubElement(references, f"{store}schemaRef", {f"{store}uri": NAMESPACE})
    parts[_PROPERTIES] = serialize(item)
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = _root(f"{{{package}}}Relationships", package)
    _relate(relations, "customXmlProps", posixpath.basename(_PROPERTIES))
    parts[_ITEM_RELATIONS] = serialize(relations)
    book = parse(parts[_WORKBOOK_RELATIONS])
    _relate(book, "customXml", f"../{ITEM}")
    parts[_WORKBOOK_RELATIONS] = serialize(book)
    types = parse(parts[_TYPES])
    override = types.tag.replace("Types", "Override")
    etree.SubElement(types, override, PartName=f"/{_PROPERTIES}", ContentType=_PROPERTIES_TYPE)
    parts[_TYPES] = serialize(types)


def item_of(provenance: Provenance) -> bytes:
    """Return the part that holds record, page and fingerprint."""
    root = _root(f"{{{NAMESPACE}}}scorecard", NAMESPACE)
    root.set("fingerprint", provenance.stated)
    for name in ("record", "page"):
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = getattr(provenance, name)
    return serialize(root)


def _root(tag: str, namespace: str) -> etree._Element:
    return etree.Element(tag, nsmap={None: namespace})  # type: ignore[dict-item]  # None is lxml's bare prefix


def _relate(relations: etree._Element, kind: str, target: str) -> None:
    number = len(relations) + 1
    tag = relations.tag.removesuffix("s")
    etree.SubElement(relations, tag, Type=f"{_OFFICE}/relationships/{kind}", Target=target, Id=f"rId{number}")


def find_part(parts: Mapping[str, bytes]) -> Provenance | None:
    """Return what a package says of itself, whatever its part is called by now; None without such a part."""
    for name in sorted(parts):
        if not name.startswith("customXml/item") or NAMESPACE.encode() not in parts[name]:
            continue
        try:
            root = etree.fromstring(
                parts[name], etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            )
        except etree.XMLSyntaxError:
            continue
        if root.tag == f"{{{NAMESPACE}}}scorecard":
            record, page = (root.findtext(f"{{{NAMESPACE}}}{text}") or "" for text in ("record", "page"))
            return Provenance(record, page, root.get("fingerprint", ""))
    return None
