"""The custom XML part of a workbook, in which it carries data of its own beside the sheets.

Excel keeps such a part when it saves a file, most other programs drop it. The part holds two texts of JSON: `record`,
from which the whole workbook can be worked out again, and `page`, the current period for other programs. A workbook
that was signed has two more: `signed`, what was signed, and `signature`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from lxml import etree

from partnerkpi.workbook.model.book import Provenance
from partnerkpi.workbook.model.values import serialize
from partnerkpi.workbook.writer.package import RELATION, WORKBOOK_RELATIONS, add_relation, add_type

NAMESPACE = "urn:partnerkpi:scorecard"
#: The name of the property under which Excel shows the fingerprint: File, Info, Properties, Advanced, Custom.
PROPERTY = "partnerkpi fingerprint"

ITEM, _PROPERTIES = "customXml/item1.xml", "customXml/itemProps1.xml"
_ITEM_RELATIONS = "customXml/_rels/item1.xml.rels"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_IDENTITY = "{6B1F4C52-9B0E-4E55-8A37-5D0B1C6F2A10}"  # of the kind of part, the same in every workbook


def add_part(parts: dict[str, bytes], provenance: Provenance) -> None:
    """Add the custom XML part to a package, with its properties, content type and relationships."""
    parts[ITEM] = item_of(provenance)
    store = f"{{{_STORE}}}"
    item = etree.Element(f"{store}datastoreItem", {f"{store}itemID": _IDENTITY}, nsmap={"ds": _STORE})
    references = etree.SubElement(item, f"{store}schemaRefs")
    etree.SubElement(references, f"{store}schemaRef", {f"{store}uri": NAMESPACE})
    parts[_PROPERTIES] = serialize(item)
    add_relation(parts, _ITEM_RELATIONS, f"{RELATION}/customXmlProps", posixpath.basename(_PROPERTIES))
    add_relation(parts, WORKBOOK_RELATIONS, f"{RELATION}/customXml", f"../{ITEM}")
    add_type(parts, _PROPERTIES, _PROPERTIES_TYPE)


def item_of(provenance: Provenance) -> bytes:
    """Return the part that holds record, page and fingerprint, and the signature if there is one."""
    root = _root(f"{{{NAMESPACE}}}scorecard", NAMESPACE)
    root.set("fingerprint", provenance.stated)
    for name in ("record", "page", *(("signed", "signature") if provenance.signature else ())):
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = getattr(provenance, name)
    return serialize(root)


def _root(tag: str, namespace: str) -> etree._Element:
    return etree.Element(tag, nsmap={None: namespace})  # type: ignore[dict-item]  # None is lxml's bare prefix


def is_record(part: bytes) -> bool:
    """Tell whether a part is such a custom XML part."""
    return _read(part) is not None


def find_part(parts: Mapping[str, bytes]) -> Provenance | None:
    """Return what a package says of itself, whatever its part is called by now; None without such a part."""
    for name in sorted(parts):
        if name.startswith("customXml/item") and (found := _read(parts[name])) is not None:
            return found
    return None


def _read(part: bytes) -> Provenance | None:
    """Return what a part says of the workbook; None for a part of another kind."""
    if NAMESPACE.encode() not in part:
        return None
    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        return None
    if root.tag != f"{{{NAMESPACE}}}scorecard":
        return None
    record, page, signed, signature = (
        root.findtext(f"{{{NAMESPACE}}}{text}") or "" for text in ("record", "page", "signed", "signature")
    )
    return Provenance(record, page, root.get("fingerprint", ""), signed, signature)
