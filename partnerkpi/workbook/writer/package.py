"""The parts of a package as openpyxl wrote them, made into those of a file that every program takes.

openpyxl leaves fonts out of the schema's order, targets that some readers cannot follow, the hour at which it ran, and
no table of texts.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from lxml import etree
from openpyxl import Workbook

from partnerkpi.workbook.model.brand import Palette
from partnerkpi.workbook.model.values import parse, serialize
from partnerkpi.workbook.writer.bars import solid_bars
from partnerkpi.workbook.writer.brand import recolour
from partnerkpi.workbook.writer.openpyxl_private import saved_parts

FIXED_TIME = datetime(2000, 1, 1)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES, WORKBOOK, STRINGS = "[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"
WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TERMS = "{http://purl.org/dc/terms/}"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES, _THEME = "xl/styles.xml", "xl/theme/theme1.xml"
_METADATA = "xl/metadata.xml"
# The order that the schema demands; openpyxl writes another one.
_FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_DYNAMIC = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">\
<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" \
pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" \
cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>\
<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext>\
</extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>"""


def framed(
    workbook: Workbook,
    used: Mapping[str, str],
    *,
    when: datetime | None = None,
    palette: Palette | None = None,
    has_spills: bool = False,
) -> dict[str, bytes]:
    """Return the parts of a workbook without the rows of its sheets; `used` is the range of the cells of each.

    `when` stands in the file's properties as the time it was made, a fixed day unless given, so that the same workbook
    always gives the same bytes.
    """
    parts = saved_parts(workbook, used)
    titles = sheet_titles(parts)
    for part in parts:
        if part in titles or part == _STYLES or (part == _THEME and palette is not None):
            root = parse(parts[part])
            if palette is not None:
                recolour(root, palette)
            if part in titles:
                solid_bars(root, titles[part])
            elif part == _STYLES:
                _order_fonts(root)
            parts[part] = serialize(root)
        elif part.endswith(".rels"):
            parts[part] = _relative_targets(part, parts[part])
    parts[STRINGS] = b""  # written last: streamed rows put their texts into it
    add_type(parts, STRINGS, f"{_SHEET_TYPE}.sharedStrings+xml")
    add_relation(parts, WORKBOOK_RELATIONS, f"{RELATION}/sharedStrings", posixpath.basename(STRINGS))
    parts["docProps/core.xml"] = _set_times(parts["docProps/core.xml"], when or FIXED_TIME)
    parts[WORKBOOK] = _calculate_on_load(parts[WORKBOOK])
    if has_spills:
        parts[_METADATA] = _DYNAMIC
        add_relation(parts, WORKBOOK_RELATIONS, f"{RELATION}/sheetMetadata", posixpath.basename(_METADATA))
        add_type(parts, _METADATA, f"{_SHEET_TYPE}.sheetMetadata+xml")
    return parts


def ordered(parts: Iterable[str]) -> list[str]:
    """Return the names of parts in the order of the package: the content types come first, the texts last."""
    return sorted(parts, key=lambda part: (part == STRINGS, part != TYPES))


def sheet_titles(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the sheet title of each sheet part."""
    targets = {relation.get("Id"): relation.get("Target", "") for relation in parse(parts[WORKBOOK_RELATIONS])}
    return {
        posixpath.join("/xl", targets[sheet.get(f"{{{RELATION}}}id")]).lstrip("/"): sheet.get("name", "")
        for sheet in parse(parts[WORKBOOK]).iter(f"{_MAIN}sheet")
    }


def add_relation(parts: dict[str, bytes], part: str, kind: str, target: str) -> str:
    """Add a relationship to a part of relationships, which is made if need be; return its id."""
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = parse(parts[part]) if part in parts else parse(f'<Relationships xmlns="{namespace}"/>'.encode())
    number = f"rId{len(root) + 1}"
    taken = {relation.get("Id") for relation in root}
    while number in taken:
        number += "0"
    etree.SubElement(root, f"{{{namespace}}}Relationship", Type=kind, Target=target, Id=number)
    parts[part] = serialize(root)
    return number


def add_type(parts: dict[str, bytes], part: str, content_type: str) -> None:
    """Say in the content types what a part holds."""
    types = parse(parts[TYPES])
    etree.SubElement(types, types.tag.replace("Types", "Override"), PartName=f"/{part}", ContentType=content_type)
    parts[TYPES] = serialize(types)


def _relative_targets(part: str, xml: bytes) -> bytes:
    """Make each target relative to the part that names it: some readers cannot follow absolute ones."""
    root = parse(xml)
    folder = "/" + posixpath.dirname(posixpath.dirname(part))
    for relation in root:
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External" and target.startswith("/"):
            relation.set("Target", posixpath.relpath(target, folder))
    return serialize(root)


def _order_fonts(root: etree._Element) -> None:
    for font in root.iter(f"{_MAIN}font"):
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))


def _set_times(xml: bytes, when: datetime) -> bytes:
    """Put one time in the place of the two at which openpyxl happened to run; a time without a zone is taken as UTC."""
    root = parse(xml)
    moment = when.astimezone(UTC) if when.tzinfo else when
    for tag in ("created", "modified"):
        for element in root.iter(f"{_TERMS}{tag}"):
            element.text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return serialize(root)


def _calculate_on_load(xml: bytes) -> bytes:
    """Ask Excel to calculate when it opens the file: its own figures then replace the stored ones."""
    root = parse(xml)
    for settings in root.iter(f"{_MAIN}calcPr"):
        settings.set("fullCalcOnLoad", "1")
    return serialize(root)
