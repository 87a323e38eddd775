"""The last pass over scorecard.xlsm, after the one that all workbooks go through: what makes it a macro workbook.

It adds the VBA project and draws the button. Like the pass before it, it gives the same bytes for the same input.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from partnerkpi.workbook.model.values import parse, serialize
from partnerkpi.workbook.writer.archive import archive, packed
from partnerkpi.workbook.writer.package import RELATION, TYPES, WORKBOOK_RELATIONS, add_relation, add_type, sheet_titles

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
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
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        return {info.filename: found.read(info) for info in found.infolist()}


def as_macro_workbook(package: bytes, button: Button) -> bytes:
    """Return the workbook with its button, ready for a VBA project."""
    parts = read_parts(package)
    part = next(part for part, title in sheet_titles(parts).items() if title == button.sheet)
    _draw(parts, part, button)
    parts[TYPES] = parts[TYPES].replace(_PLAIN_MAIN.encode(), _MACRO_MAIN.encode())
    return pack(parts)


def add_project(package: bytes, project: bytes) -> bytes:
    """Return the workbook with this VBA project."""
    parts = read_parts(package)
    parts["xl/vbaProject.bin"] = project
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    add_relation(parts, WORKBOOK_RELATIONS, kind, "vbaProject.bin")
    add_type(parts, "xl/vbaProject.bin", "application/vnd.ms-office.vbaProject")
    return pack(parts)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return a package of these parts; nothing in it depends on the machine or the hour."""
    return archive((name, packed(parts[name])) for name in sorted(parts, key=lambda part: part != TYPES))


def _draw(parts: dict[str, bytes], part: str, button: Button) -> None:
    """Add a drawing with the button to a sheet that has none."""
    drawing = "xl/drawings/drawingButton.xml"
    parts[drawing] = _button_markup(button)
    add_type(parts, drawing, _DRAWING_TYPE)
    relations = posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
    number = add_relation(parts, relations, f"{RELATION}/drawing", f"../drawings/{posixpath.basename(drawing)}")
    element = etree.Element(f"{_MAIN}drawing", {f"{{{RELATION}}}id": number})
    root = parse(parts[part])
    follower = next((child for child in root if etree.QName(child).localname in _AFTER_DRAWING), None)
    if follower is None:
        root.append(element)
    else:
        follower.addprevious(element)
    parts[part] = serialize(root)


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
