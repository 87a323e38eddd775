"""The last pass over scorecard.xlsm, after the one that all workbooks go through: what makes it a macro workbook.

It adds the VBA project, marks the functions' formulas as dynamic arrays with the values that they spill, and draws
the button. Like the pass before it, it gives the same bytes for the same input.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from partnerkpi.workbook.model.markup import Value, encode, parse, serialize, set_text

Block = Sequence[Sequence[Value]]
Spills = Mapping[tuple[str, str], Block]  # (sheet title, "B4" of the formula) -> what it gives, row by row

_MAIN_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAIN = f"{{{_MAIN_NAMESPACE}}}"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES, _WORKBOOK, _WORKBOOK_RELATIONS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_PLAIN_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
# What follows the drawing in a sheet, as the schema orders it.
_AFTER_DRAWING = (
    "legacyDrawing",
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)

_DYNAMIC = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">\
<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" \
pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" \
cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>\
<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext>\
</extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>"""


@dataclass(frozen=True)
class Button:
    """A button on a sheet: the macro it runs, its words, and the cells it covers, counted from 0."""

    sheet: str
    macro: str
    text: str
    left: int
    top: int
    right: int
    bottom: int
    fill: str
    ink: str


def read_parts(package: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def as_macro_workbook(package: bytes, spills: Spills, button: Button) -> bytes:
    """Return the workbook with its functions' formulas as dynamic arrays and its button, ready for a VBA project.

    Raises ValueError, naming sheet and cell, where a formula would spill over something else.
    """
    parts = read_parts(package)
    left = dict(spills)
    for part, title in _sheets(parts).items():
        mine = {ref: left.pop((title, ref)) for sheet, ref in spills if sheet == title}
        root = parse(parts[part])
        if mine:
            _spill(root, title, mine)
        if title == button.sheet:
            _draw(parts, part, root, button)
        if mine or title == button.sheet:
            parts[part] = serialize(root)
    if left:
        raise ValueError(f"There is no sheet {min(left)[0]!r} to spill on.")
    parts["xl/metadata.xml"] = _DYNAMIC
    _relate(parts, _WORKBOOK_RELATIONS, f"{_RELATION}/sheetMetadata", "metadata.xml")
    _type(parts, "xl/metadata.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml")
    parts[_TYPES] = parts[_TYPES].replace(_PLAIN_MAIN.encode(), _MACRO_MAIN.encode())
    return pack(parts)


def add_project(package: bytes, project: bytes) -> bytes:
    """Return the workbook with this VBA project."""
    parts = read_parts(package)
    parts["xl/vbaProject.bin"] = project
    _relate(
        parts,
        _WORKBOOK_RELATIONS,
        "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
        "vbaProject.bin",
    )
    _type(parts, "xl/vbaProject.bin", "application/vnd.ms-office.vbaProject")
    return pack(parts)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return a package of these parts; nothing in it depends on the machine or the hour."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(parts, key=lambda part: part != _TYPES):  # the content types come first
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return buffer.getvalue()


def _sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the title of each sheet's part."""
    targets = {relation.get("Id"): relation.get("Target", "") for relation in parse(parts[_WORKBOOK_RELATIONS])}
    return {
        posixpath.join("/xl", targets[sheet.get(f"{{{_RELATION}}}id")]).lstrip("/"): sheet.get("name", "")
        for sheet in parse(parts[_WORKBOOK]).iter(f"{_MAIN}sheet")
    }


def _spill(root: etree._Element, title: str, spills: Mapping[str, Block]) -> None:
    """Write formulas as Excel writes those that spill: the values beside them belong to no formula of their own."""
    cells = {cell.get("r", ""): cell for cell in root.iter(f"{_MAIN}c")}
    for anchor, block in spills.items():
        row, column = coordinate_to_tuple(anchor)
        last = f"{get_column_letter(column + len(block[0]) - 1)}{row + len(block) - 1}"
        formula = cells[anchor].find(f"{_MAIN}f")
        if formula is None:
            raise ValueError(f"Sheet {title!r}, cell {anchor}: there is no formula that could spill.")
        formula.set("t", "array")
        formula.set("ref", anchor if anchor == last else f"{anchor}:{last}")
        cells[anchor].set("cm", "1")
        for down, values in enumerate(block):
            for right, value in enumerate(values):
                if down or right:
                    ref = f"{get_column_letter(column + right)}{row + down}"
                    _set_spilled(cells.get(ref), title, ref, value)


def _set_spilled(cell: etree._Element | None, title: str, ref: str, value: Value) -> None:
    if cell is None or len(cell):
        raise ValueError(f"Sheet {title!r}, cell {ref}: a formula spills over a cell that is not free and dressed.")
    kind, text = encode(value)
    if kind:
        cell.set("t", kind)
    element = etree.SubElement(cell, f"{_MAIN}v")
    if kind == "str":
        set_text(element, text)
    else:
        element.text = text


def _draw(parts: dict[str, bytes], part: str, root: etree._Element, button: Button) -> None:
    """Add a drawing with the button to a sheet that has none."""
    drawing = "xl/drawings/drawingButton.xml"
    parts[drawing] = _button_markup(button)
    _type(parts, drawing, _DRAWING_TYPE)
    relations = posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
    number = _relate(parts, relations, f"{_RELATION}/drawing", f"../drawings/{posixpath.basename(drawing)}")
    element = etree.Element(f"{_MAIN}drawing", {f"{{{_RELATION}}}id": number})
    follower = next((child for child in root if etree.QName(child).localname in _AFTER_DRAWING), None)
    if follower is None:
        root.append(element)
    else:
        follower.addprevious(element)


def _button_markup(button: Button) -> bytes:
    """Return the drawing: a rectangle with rounded corners that runs a macro when it is clicked."""
    maker = etree.Element("t")
    maker.text = button.text
    text = etree.tostring(maker, encoding="unicode")[3:-4]
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" \
xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor editAs="oneCell">\
<xdr:from><xdr:col>{button.left}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{button.top}</xdr:row>\
<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>{button.right}</xdr:col><xdr:colOff>0</xdr:colOff>\
<xdr:row>{button.bottom}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>\
<xdr:sp macro="[0]!{button.macro}" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Button {button.macro}" \
descr="Button: {text}"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>\
<a:ext cx="0" cy="0"/></a:xfrm><a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom>\
<a:solidFill><a:srgbClr val="{button.fill}"/></a:solidFill>\
<a:ln><a:noFill/></a:ln></xdr:spPr><xdr:txBody><a:bodyPr vertOverflow="clip" horzOverflow="clip" wrap="square" \
rtlCol="0" anchor="ctr"/><a:lstStyle/><a:p><a:pPr algn="ctr"/><a:r><a:rPr lang="en-GB" sz="1100" b="1"><a:solidFill>\
<a:srgbClr val="{button.ink}"/></a:solidFill><a:latin typeface="Calibri"/></a:rPr><a:t>{text}</a:t></a:r></a:p>\
</xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>""".encode()


def _relate(parts: dict[str, bytes], part: str, kind: str, target: str) -> str:
    """Add a relationship to a part of relationships, which is made if need be; return its id."""
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = parse(parts[part]) if part in parts else parse(f'<Relationships xmlns="{namespace}"/>'.encode())
    number = f"rId{len(root) + 1}"
    taken = {relation.get("Id") for relation in root}
    while number in taken:
        number += "0"
    etree.SubElement(root, f"{{{namespace}}}Relationship", Id=number, Type=kind, Target=target)
    parts[part] = serialize(root)
    return number


def _type(parts: dict[str, bytes], part: str, content_type: str) -> None:
    """Say in the content types what a part holds."""
    types = parse(parts[_TYPES])
    override = types.tag.replace("Types", "Override")
    etree.SubElement(types, override, PartName=f"/{part}", ContentType=content_type)
    parts[_TYPES] = serialize(types)
