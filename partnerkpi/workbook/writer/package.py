"""The last pass over a workbook: what openpyxl wrote becomes a file that shows the right figures without calculating.

openpyxl leaves formulas without values, charts without data and every text inline: previews on phones and in mail then
show nothing. This pass works on the saved package, part by part, and is the only code that writes a scorecard. A later
load and save with openpyxl would throw most of it away again.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from partnerkpi.files import atomic_write
from partnerkpi.workbook.model.markup import Values, parse, serialize
from partnerkpi.workbook.writer.archive import Packed, Packer, archive, packed
from partnerkpi.workbook.writer.bars import solid_bars
from partnerkpi.workbook.writer.chartcache import fill_chart
from partnerkpi.workbook.writer.custom_part import PROPERTY, Provenance, add_part
from partnerkpi.workbook.writer.rows import SharedStrings, Stream, sheet_rows

if TYPE_CHECKING:
    from partnerkpi.workbook.writer.brand import Palette

FIXED_TIME = datetime(2000, 1, 1)

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TERMS = "{http://purl.org/dc/terms/}"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_TYPES, _WORKBOOK, STRINGS = "[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"
_WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
EMPTY, BEGIN, END = b"<sheetData></sheetData>", b"<sheetData>", b"</sheetData>"
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
    streams: Mapping[str, Stream] | None = None,
    palette: Palette | None = None,
) -> None:
    """Write the workbook to `target`, whole or not at all.

    `values` holds the value of every formula cell: None and NaN are no data (#N/A), what is too large is #NUM!, and the
    text of an Excel error is that error. `when` stands in the file's properties as the time it was made, a fixed day
    unless given, so that the same workbook always gives the same bytes. `provenance` is what the file says of itself,
    `streams` are rows that follow the cells of a sheet; they are taken once, while the file is written. `palette` holds
    the colours and the font of a brand.
    Raises FileProblem where the file cannot be written; ValueError, naming sheet and cell, for a formula without a
    value or a value without a formula.
    """
    atomic_write(target, pack(workbook, values, when=when, provenance=provenance, streams=streams, palette=palette))


def pack(
    workbook: Workbook,
    values: Values,
    *,
    when: datetime | None = None,
    provenance: Provenance | None = None,
    streams: Mapping[str, Stream] | None = None,
    palette: Palette | None = None,
) -> bytes:
    """Return the bytes that `save` writes."""
    strings, formulas = SharedStrings(), set[tuple[str, str]]()
    # Before openpyxl writes the styles: to ask a cell for its style is what puts it among them.
    rows = {
        sheet.title: "".join(sheet_rows(sheet, values, strings, formulas)).encode() for sheet in workbook.worksheets
    }
    without_formula = set(values) - formulas
    if without_formula:
        title, ref = min(without_formula)
        raise ValueError(f"A value was given for sheet {title!r}, cell {ref}, which holds no formula.")
    parts = framed(workbook, when=when, provenance=provenance, has_texts=bool(strings.places), palette=palette)
    sheets = dict[str, Packed]()
    for part, title in sheet_titles(parts).items():
        head, empty, tail = parts[part].partition(EMPTY)
        if empty:  # a sheet of cells, not one that is a chart
            stream = streams.get(title) if streams else None
            following = (text.encode() for text in stream(strings)) if stream is not None else ()
            packer = Packer()
            for piece in chain((head, BEGIN, rows.pop(title)), following, (END, tail)):
                packer.add(piece)
            sheets[part] = packer.done()
    for part in list(parts):
        if part.startswith("xl/charts/chart"):
            parts[part] = fill_chart(parts[part], workbook, values)
    if STRINGS in parts:
        parts[STRINGS] = strings.xml
    return archive((part, sheets.get(part) or packed(parts[part])) for part in ordered(parts))


def framed(
    workbook: Workbook,
    *,
    when: datetime | None,
    provenance: Provenance | None,
    has_texts: bool = True,
    palette: Palette | None = None,
) -> dict[str, bytes]:
    """Return the parts of a workbook without the rows of its sheets and without what its charts draw."""
    parts = _saved_by_openpyxl(workbook)
    if palette is not None:
        palette.dress(parts)
    for part, title in sheet_titles(parts).items():
        parts[part] = _with_letters(solid_bars(parts[part], title))
    for part in parts:
        if part.endswith(".rels"):
            parts[part] = _relative_targets(part, parts[part])
    if has_texts:
        _add_strings(parts)
    parts["xl/styles.xml"] = _order_fonts(parts["xl/styles.xml"])
    parts["docProps/core.xml"] = _set_times(parts["docProps/core.xml"], when or FIXED_TIME)
    parts[_WORKBOOK] = _calculate_on_load(parts[_WORKBOOK])
    if provenance is not None:
        add_part(parts, provenance)
    return parts


def _with_letters(sheet: bytes) -> bytes:
    """Return a sheet's part with every letter as itself, not as a number, whichever step wrote it."""
    return serialize(parse(sheet)).replace(b"<sheetData/>", EMPTY, 1)


def state(workbook: Workbook, provenance: Provenance) -> None:
    """Put the fingerprint among the properties of the file."""
    properties = workbook.custom_doc_props  # type: ignore[attr-defined]  # missing in types-openpyxl
    properties.append(StringProperty(name=PROPERTY, value=provenance.stated))


def ordered(parts: Iterable[str]) -> list[str]:
    """Return the names of parts in the order of the package: the content types come first, the texts last."""
    return sorted(parts, key=lambda part: (part == STRINGS, part != _TYPES))


class _Frame(WorksheetWriter):
    """Writes everything of a sheet but its rows."""

    def rows(self) -> list[Any]:
        sheet: Any = self.ws
        for cell in sheet._cells.values():
            if cell._comment is not None:
                sheet._comments.append(CommentRecord.from_cell(cell))
            if cell.hyperlink is not None:
                sheet._hyperlinks.append(cell.hyperlink)
        return []


class _Writer(ExcelWriter):
    """openpyxl's own writer, but for the rows of sheets; its insides are untyped."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        own: Any = self
        writer: Any = _Frame(ws)
        writer.write()
        ws._rels = writer._rels
        own._archive.write(writer.out, ws.path[1:])
        own.manifest.append(ws)
        writer.cleanup()


def _saved_by_openpyxl(workbook: Workbook) -> dict[str, bytes]:
    buffer = io.BytesIO()
    _Writer(workbook, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, allowZip64=True)).save()
    with zipfile.ZipFile(buffer) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def sheet_titles(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the sheet title of each sheet part."""
    targets = {relation.get("Id"): relation.get("Target", "") for relation in parse(parts[_WORKBOOK_RELATIONS])}
    return {
        posixpath.join("/xl", targets[sheet.get(f"{{{_RELATION}}}id")]).lstrip("/"): sheet.get("name", "")
        for sheet in parse(parts[_WORKBOOK]).iter(f"{_MAIN}sheet")
    }


def _add_strings(parts: dict[str, bytes]) -> None:
    """Add the table of texts to the package, with its content type and its relationship."""
    parts[STRINGS] = b""  # written last: streamed rows put their texts into it
    types = parse(parts[_TYPES])
    override = types.tag.replace("Types", "Override")
    etree.SubElement(types, override, PartName=f"/{STRINGS}", ContentType=_STRINGS_TYPE)
    parts[_TYPES] = serialize(types)
    relations = parse(parts[_WORKBOOK_RELATIONS])
    etree.SubElement(
        relations,
        relations.tag.removesuffix("s"),
        Type=f"{_RELATION}/sharedStrings",
        Target=posixpath.basename(STRINGS),
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
