"""scorecard.xlsm as a file: its button, its VBA project, the one that ships, and which xlwings a workbook is made for.

The last pass over it, after the one that all workbooks go through, gives the same bytes for the same input as well. The
VBA project is put together without Excel by pyOpenVBA.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem, PartnerKpiError
from partnerkpi.files import of_damage, shipped
from partnerkpi.leftovers import private_folder
from partnerkpi.workbook.model.values import parse, serialize
from partnerkpi.workbook.writer.archive import archive, packed
from partnerkpi.workbook.writer.package import RELATION, TYPES, WORKBOOK_RELATIONS, add_relation, add_type, sheet_titles

PART = "xl/vbaProject.bin"
STANDALONE = "quickstart_standalone.xlsm"  # the workbook that xlwings ships with its VBA inside
FROM_XLWINGS = ("xlwings", "Dictionary")
NAME = "scorecard.xlsm"
OPTION_EXPLICIT = "Option Explicit"  # a name that is not declared is an error, not an empty value
KEYWORD = "xlwings"  # in the file's properties, before the version: readable without taking the VBA apart
_DLL = re.compile(r"xlwings(?:32|64)-([\w.]+)\.dll")
_VERSION = re.compile(rf"<cp:keywords>[^<]*{KEYWORD} ([\w.]+)")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PLAIN_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
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
    parts[TYPES] = parts[TYPES].replace(_PLAIN_MAIN.encode(), MACRO_MAIN.encode())
    return pack(parts)


def add_project(package: bytes, project: bytes) -> bytes:
    """Return the workbook with this VBA project."""
    parts = read_parts(package)
    parts[PART] = project
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    add_relation(parts, WORKBOOK_RELATIONS, kind, "vbaProject.bin")
    add_type(parts, PART, "application/vnd.ms-office.vbaProject")
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


def vba_project(workbook: bytes, made: Mapping[str, str]) -> bytes:
    """Return the VBA project for a workbook without one: its documents' modules, xlwings' own, and those made here.

    `made` is name -> source of standard modules. The same workbook, modules and xlwings give the same bytes.
    Raises PartnerKpiError where pyOpenVBA is missing or the installed xlwings has lost its VBA.
    """
    openvba = _openvba()
    with private_folder() as folder:
        path = folder / "scorecard.xlsm"
        path.write_bytes(workbook)
        with _closing(openvba.ExcelFile(path)) as book:
            project = book.add_vba_project()
            for document in project.modules:
                document.body = f"{OPTION_EXPLICIT}\r\n"
            for module in _of_xlwings(openvba):
                project.add_module(module.name, module.source, kind=module.kind)
            for name, source in made.items():
                project.add_module(name, source)
            book.save()
        with zipfile.ZipFile(path) as package:
            return package.read(PART)


def modules_in(workbook: Path) -> dict[str, str]:
    """Return name -> source of the VBA modules in a workbook. Raises PartnerKpiError where pyOpenVBA is missing."""
    with _closing(_openvba().ExcelFile(workbook)) as book:
        return dict(book.vba_modules())


def require_builder() -> None:
    """Raise PartnerKpiError, saying what to install, where pyOpenVBA is missing."""
    _openvba()


def can_build() -> bool:
    """Tell whether pyOpenVBA is installed."""
    return find_spec("pyopenvba") is not None


def _of_xlwings(openvba: Any) -> list[Any]:
    """Return the modules of the installed xlwings that its functions need."""
    import xlwings

    path = Path(xlwings.__file__).with_name(STANDALONE)
    if not path.exists():
        raise PartnerKpiError(
            f"the installed xlwings lacks {STANDALONE}: install it again, pip install --force-reinstall "
            f"xlwings=={xlwings.__version__}"
        )
    with _closing(openvba.ExcelFile(path)) as book:
        modules = {module.name: module for module in book.vba_project().modules}
        missing = [name for name in FROM_XLWINGS if name not in modules]
        if missing:
            raise PartnerKpiError(f"xlwings {xlwings.__version__} has no VBA module {missing[0]}: use xlwings 0.37")
        for name in FROM_XLWINGS:
            _ = modules[name].source  # read while the file is open
        return [modules[name] for name in FROM_XLWINGS]


def _openvba() -> Any:
    try:
        import pyopenvba
    except ImportError as error:
        raise PartnerKpiError(
            'to build scorecard.xlsm this needs pyOpenVBA: pip install "pyOpenVBA>=6.5,<7"'
        ) from error
    return pyopenvba


@contextmanager
def _closing(book: Any) -> Iterator[Any]:
    try:
        yield book
    finally:
        book.close()


def shipped_workbook() -> bytes:
    """Return the workbook that came with the package. Raises FileProblem where the installation has lost it."""
    return shipped(NAME).read_bytes()


def versions_of(path: Path) -> set[str]:
    """Return the versions of xlwings whose DLLs a workbook calls; none where it calls no such DLL.

    Without pyOpenVBA the file's properties are asked instead of the VBA itself. Raises FileProblem for what is no
    macro workbook.
    """
    try:
        with zipfile.ZipFile(path) as package:
            properties = package.read("docProps/core.xml").decode("utf-8", "replace")
            has_macros = PART in package.namelist()
    except FileNotFoundError:
        raise FileProblem(f"There is no file {path}.") from None
    except of_damage(OSError, KeyError) as error:
        raise FileProblem(f"{path} cannot be read as an Excel workbook ({error}).") from error
    if not has_macros:
        return set()
    if can_build():
        return set(_DLL.findall("\n".join(modules_in(path).values())))
    return set(_VERSION.findall(properties))
