"""The part in which a workbook carries its record: what is put in is found again, wherever it lies by then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from partnerkpi.workbook.model.book import Provenance
from partnerkpi.workbook.writer.custom_part import ITEM, NAMESPACE, add_part, find_part, item_of
from partnerkpi.workbook.writer.package import WORKBOOK_RELATIONS

SAID = Provenance('{"a": "<&> ä"}', '{"b": null}', "f" * 64)
_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


@pytest.fixture
def parts() -> dict[str, bytes]:
    """Return a package with nothing but the part."""
    made = {WORKBOOK_RELATIONS: _RELATIONS, "[Content_Types].xml": _TYPES}
    add_part(made, SAID)
    return made


def test_what_is_put_in_is_found(parts: dict[str, bytes]) -> None:
    """Record, page and fingerprint come back as they were, also from a part that another program has renamed."""
    assert find_part(parts) == SAID
    renamed = {name.replace("item1.xml", "item7.xml"): data for name, data in parts.items()}
    assert find_part(renamed) == SAID
    assert find_part({ITEM: item_of(SAID)}) == SAID
    signed = replace(SAID, signed="what was signed", signature="-----BEGIN SSH SIGNATURE-----")
    assert find_part({ITEM: item_of(signed)}) == signed


def test_the_part_is_known_to_the_package(parts: dict[str, bytes]) -> None:
    """By a relation of the workbook, by one of its own to its properties, and by the type of these."""
    (to_item,) = etree.fromstring(parts[WORKBOOK_RELATIONS])
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
    assert (to_item.get("Type"), to_item.get("Target")) == (kind, "../customXml/item1.xml")
    (to_properties,) = etree.fromstring(parts["customXml/_rels/item1.xml.rels"])
    assert (to_properties.get("Type"), to_properties.get("Target")) == (f"{kind}Props", "itemProps1.xml")
    (override,) = etree.fromstring(parts["[Content_Types].xml"])
    of_properties = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    assert (override.get("PartName"), override.get("ContentType")) == ("/customXml/itemProps1.xml", of_properties)
    properties = etree.fromstring(parts["customXml/itemProps1.xml"])
    store = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}"
    assert properties.tag == f"{store}datastoreItem"
    assert properties.get(f"{store}itemID") == "{6B1F4C52-9B0E-4E55-8A37-5D0B1C6F2A10}"
    assert [one.get(f"{store}uri") for one in properties.iter(f"{store}schemaRef")] == [NAMESPACE]


@pytest.mark.parametrize(
    "data",
    [
        b"<other xmlns='urn:partnerkpi:scorecard'/>",
        b"<scorecard>urn:partnerkpi:scorecard</scorecard>",
        b"<scorecard xmlns='urn:partnerkpi:scorecard'",
        b"<b:Sources xmlns:b='urn:other'/>",
    ],
)
def test_a_part_of_others_is_none(data: bytes, parts: dict[str, bytes]) -> None:
    """Somebody else's part, or a damaged one, is passed over; without ours there is nothing."""
    assert find_part({"customXml/item1.xml": data}) is None
    assert find_part({"customXml/item1.xml": data, "customXml/item2.xml": parts[ITEM]}) == SAID
    assert find_part({"xl/media/item1.xml": parts[ITEM]}) is None


def test_what_a_part_leaves_out_is_empty() -> None:
    """Texts that are missing are empty, and an entity is not resolved."""
    bare = f"<scorecard xmlns='{NAMESPACE}'><page>p</page></scorecard>".encode()
    assert find_part({ITEM: bare}) == Provenance("", "p", "")
    entity = f"<!DOCTYPE s [<!ENTITY e 'big'>]><scorecard xmlns='{NAMESPACE}'><record>&e;</record></scorecard>".encode()
    assert find_part({ITEM: entity}) == Provenance("", "", "")


def test_a_record_of_many_megabytes_is_read() -> None:
    """A parser's usual limit of 10 MB for one text does not hold here."""
    large = Provenance("x" * 11_000_000, "{}", "")
    assert find_part({ITEM: item_of(large)}) == large
