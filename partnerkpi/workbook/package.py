"""The last pass over a workbook: what openpyxl wrote becomes a file that shows the right figures without calculating.

openpyxl leaves formulas without values, charts without data and every text inline: previews on phones and in mail then
show nothing. This pass works on the saved package, part by part, and is the only code that writes a scorecard. A later
load and save with openpyxl would throw most of it away again.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.files import atomic_write
from partnerkpi.workbook.chartcache import fill_chart
from partnerkpi.workbook.custom_part import Provenance, add_part
from partnerkpi.workbook.markup import Value, Values, encode, parse, serialize, set_text

FIXED_TIME = datetime(2000, 1, 1)

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TERMS = "{http://purl.org/dc/terms/}"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_TYPES, _WORKBOOK, _STRINGS = "[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"
_WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_CELL, _FORMULA, _VALUE, _TEXT = f"{_MAIN}c", f"{_MAIN}f", f"{_MAIN}v", f"{_MAIN}t"
# The order that the schema demands; openpyxl writes another one.
_FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)


def save(
    workbook: Workbook,
    target: Path,
    values: Values,
    *,
    when: datetime | None = None,
    provenance: Provenance | None = None,
) -> None:
    """Write the workbook to `target`, whole or not at all.

    `values` holds the value of every formula cell: None and NaN are no data (#N/A), what is too large is #NUM!, and the
    text of an Excel error is that error. `when` stands in the file's properties as the time it was made, a fixed day
    unless given, so that the same workbook always gives the same bytes. `provenance` is what the file says of itself.
    Raises FileProblem where the file cannot be written; ValueError, naming sheet and cell, for a formula without a
    value or a value without a formula.
    """
    atomic_write(target, pack(workbook, values, when=when, provenance=provenance))


def pack(
    workbook: Workbook, values: Values, *, when: datetime | None = None, provenance: Provenance | None = None
) -> bytes:
    """Return the bytes that `save` writes."""
    parts = _saved_by_openpyxl(workbook)
    strings = _SharedStrings()
    without_formula = set(values)
    for part, title in _sheet_titles(parts).items():
        root = parse(parts[part])
        if root.tag == f"{_MAIN}worksheet":
            without_formula -= _finish_cells(root, workbook[title], values, strings)
            parts[part] = serialize(root)
    if without_formula:
        title, ref = min(without_formula)
        raise ValueError(f"A value was given for sheet {title!r}, cell {ref}, which holds no formula.")
    for part in list(parts):
        if part.startswith("xl/charts/chart"):
            parts[part] = fill_chart(parts[part], workbook, values)
        elif part.endswith(".rels"):
            parts[part] = _relative_targets(part, parts[part])
    strings.add_to(parts)
    parts["xl/styles.xml"] = _order_fonts(parts["xl/styles.xml"])
    parts["docProps/core.xml"] = _set_times(parts["docProps/core.xml"], when or FIXED_TIME)
    parts[_WORKBOOK] = _calculate_on_load(parts[_WORKBOOK])
    if provenance is not None:
        add_part(parts, provenance)
    return _zip(parts)


def _saved_by_openpyxl(workbook: Workbook) -> dict[str, bytes]:
    buffer = io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def _sheet_titles(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the sheet title of each sheet part."""
    targets = {relation.get("Id"): relation.get("Target", "") for relation in parse(parts[_WORKBOOK_RELATIONS])}
    return {
        posixpath.join("/xl", targets[sheet.get(f"{{{_RELATION}}}id")]).lstrip("/"): sheet.get("name", "")
        for sheet in parse(parts[_WORKBOOK]).iter(f"{_MAIN}sheet")
    }


def _finish_cells(
    root: etree._Element, sheet: Worksheet, values: Values, strings: _SharedStrings
) -> set[tuple[str, str]]:
    """Give formulas their values, texts a shared string, floats all their digits; return where the formulas are."""
    formulas = set()
    for cell in root.iter(_CELL):
        ref, kind = cell.get("r", ""), cell.get("t")
        if cell.find(_FORMULA) is not None:
            place = (sheet.title, ref)
            if place not in values:
                raise ValueError(f"Sheet {sheet.title!r}, cell {ref}: the formula has no value.")
            formulas.add(place)
            try:
                _set_value(cell, values[place])
            except (TypeError, ValueError) as error:
                raise ValueError(f"Sheet {sheet.title!r}, cell {ref}: {error}") from error
        elif kind == "inlineStr":
            strings.share(cell)
        elif kind == "n":
            del cell.attrib["t"]  # numbers are the default
            _restore_digits(cell, sheet, ref)
    return formulas


def _set_value(cell: etree._Element, value: Value) -> None:
    kind, text = encode(value)
    element = cell.find(_VALUE)
    if element is None:
        element = etree.SubElement(cell, _VALUE)
    if "t" in cell.attrib:
        del cell.attrib["t"]
    if kind:
        cell.set("t", kind)
    if kind == "str":
        set_text(element, text)
    else:
        element.text = text


def _restore_digits(cell: etree._Element, sheet: Worksheet, ref: str) -> None:
    """Write a float with all its digits: openpyxl stops at 16, and 0.1 + 0.2 would come back as 0.3."""
    value = sheet._cells[coordinate_to_tuple(ref)].value
    element = cell.find(_VALUE)
    if element is not None and isinstance(value, float):
        element.text = repr(float(value))


class _SharedStrings:
    """The workbook's table of texts: each is stored once, cells point to it."""

    def __init__(self) -> None:
        self._items: dict[str | bytes, tuple[int, etree._Element]] = {}  # rich text: its markup
        self._uses = 0

    def share(self, cell: etree._Element) -> None:
        """Turn an inline text into a reference to the table."""
        inline = cell.find(f"{_MAIN}is")
        if inline is None:  # how openpyxl writes an empty text
            del cell.attrib["t"]
            return
        cell.remove(inline)
        plain = len(inline) == 1 and inline[0].tag == _TEXT
        key = inline[0].text or "" if plain else etree.tostring(inline, method="c14n")
        if key not in self._items:
            for text in inline.iter(_TEXT):
                set_text(text, text.text or "")
            inline.tag = f"{_MAIN}si"
            self._items[key] = (len(self._items), inline)
        self._uses += 1
        cell.set("t", "s")
        etree.SubElement(cell, _VALUE).text = str(self._items[key][0])

    def add_to(self, parts: dict[str, bytes]) -> None:
        """Add the table to the package, with its content type and its relationship; nothing where there is no text."""
        if not self._items:
            return
        nsmap = {None: _MAIN[1:-1]}
        counts = {"count": str(self._uses), "uniqueCount": str(len(self._items))}
        root = etree.Element(f"{_MAIN}sst", counts, nsmap=nsmap)  # type: ignore[arg-type]  # None is lxml's bare prefix
        root.extend([item for _, item in self._items.values()])
        parts[_STRINGS] = serialize(root)
        types = parse(parts[_TYPES])
        override = types.tag.replace("Types", "Override")
        etree.SubElement(types, override, PartName=f"/{_STRINGS}", ContentType=_STRINGS_TYPE)
        parts[_TYPES] = serialize(types)
        relations = parse(parts[_WORKBOOK_RELATIONS])
        etree.SubElement(
            relations,
            relations.tag.removesuffix("s"),
            Type=f"{_RELATION}/sharedStrings",
            Target=posixpath.basename(_STRINGS),
            Id=f"rId{len(relations) + 1}",
        )
        parts[_WORKBOOK_RELATIONS] = serialize(relations)


def _relative_targets(part: str, xml: bytes) -> bytes:
    """Make each target relative to the part that names it: some readers cannot follow absolute ones."""
    root = parse(xml)
    folder = "/" + posixpath.dirname(posixpath.dirname(part))
    for relation in root:
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External" and target.startswith("/"):
            relation.set("Target", posixpath.relpath(target, folder))
    return serialize(root)


def _order_fonts(xml: bytes) -> bytes:
    root = parse(xml)
    for font in root.iter(f"{_MAIN}font"):
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    return serialize(root)


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


def _zip(parts: Mapping[str, bytes]) -> bytes:
    """Pack the parts with nothing in the archive that depends on the machine or the hour."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(parts, key=lambda part: part != _TYPES):  # the content types come first
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return buffer.getvalue()
