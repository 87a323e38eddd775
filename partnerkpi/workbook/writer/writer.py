"""The one way from a model to the bytes of a workbook.

The frame of a layout is made once, by openpyxl; then only what the cells hold is written into it: cells, texts, values,
and what charts draw. A frame is found by the whole of a layout, so a workbook that differs in anything gets one of its
own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from xml.sax.saxutils import escape

from lxml import etree

from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.cache import Cache
from partnerkpi.workbook.model.sheet import CellContent, SheetModel
from partnerkpi.workbook.model.translation import in_language
from partnerkpi.workbook.writer.archive import Packed, Packer, archive, packed
from partnerkpi.workbook.writer.charts import chart_frame
from partnerkpi.workbook.writer.custom_part import ITEM, item_of
from partnerkpi.workbook.writer.frame import Frame, SheetFrame, frame_of
from partnerkpi.workbook.writer.package import STRINGS
from partnerkpi.workbook.writer.rows import MOST_KNOWN, CellWriter, GridWriter, SharedStrings, rows_of

_MOST_FRAMES = 256  # of some 80 kB; of a thousand partners' workbooks 370 differ
_BLOCK, _ROWS = 4096, 256  # cells, and rows of tables, that are packed at once
_MANY_CELLS = 20_000  # a sheet of more is packed fast, and so is one whose rows are streamed


class Writer:
    """Writes workbooks one after the other; what it has made for one it uses for the next where that is the same."""

    def __init__(self, *, several: bool = True) -> None:
        self.cache = Cache()
        self._most = MOST_KNOWN if several else 0
        self._cells = CellWriter(self._most)
        self._frames: dict[Hashable, Frame] = {}
        self._packed: dict[str, tuple[bytes, Packed]] = {}
        self._known: dict[str, str] = {}

    def model(self) -> WorkbookModel:
        """Return a new model that shares with others of this writer what is the same."""
        return WorkbookModel(self.cache)

    def write(self, model: WorkbookModel, *, when: datetime | None = None) -> bytes:
        """Return the bytes of a workbook; rows that follow its cells are taken now.

        `when` stands in the file's properties as the time it was made, a fixed day unless given, so that the same
        workbook always gives the same bytes.
        """
        with in_language(model.language):
            return self._written(model, when)

    def _written(self, model: WorkbookModel, when: datetime | None) -> bytes:
        frame = self._frame(model, when)
        strings = SharedStrings(self._known, self._most)
        made = self._sheets(model, frame, strings)
        drawings = [drawing for sheet in model.sheets.values() for drawing in sheet.charts]
        for part, (drawing, _) in zip(frame.charts, drawings, strict=True):
            made[part] = packed(chart_frame(drawing, model.language, model.palette).filled(model, drawing.scale))
        words = iter([words for _, words in drawings if words])
        for part, pieces in frame.drawings.items():
            text = pieces[0] + "".join(_attribute(next(words)) + piece for piece in pieces[1:])
            made[part] = packed(text.encode())
        made["docProps/core.xml"] = packed(escape(model.title).join(frame.core).encode())
        if model.provenance is not None:
            made["docProps/custom.xml"] = packed(model.provenance.stated.join(frame.custom).encode())
            made[ITEM] = packed(item_of(model.sign(model.provenance) if model.sign else model.provenance))
        made[STRINGS] = packed(strings.xml)
        return archive((part, made.get(part) or self._same(part, frame.parts[part])) for part in frame.order)

    def _frame(self, model: WorkbookModel, when: datetime | None) -> Frame:
        key = model.layout(), when
        frame = self._frames.pop(key, None) or frame_of(model, when)
        if len(self._frames) == _MOST_FRAMES:
            del self._frames[next(iter(self._frames))]  # the one that was not met for the longest time
        self._frames[key] = frame
        return frame

    def _same(self, part: str, data: bytes) -> Packed:
        """Return a part that is nearly always the same, packed when it was met last."""
        last = self._packed.get(part)
        if last is None or last[0] != data:
            last = self._packed[part] = data, packed(data)
        return last[1]

    def _sheets(self, model: WorkbookModel, frame: Frame, strings: SharedStrings) -> dict[str, Packed]:
        """Return the sheets; rows that follow the cells come last, as their texts are the last in the table."""
        made, looks = dict[str, Packed](), iter(frame.looks)
        packers = {title: self._begun(model, frame, title, strings) for title in frame.sheets}
        for title, rows in model.rows.items():
            for block in rows_of(rows, [next(looks) for _ in rows.looks], strings):
                packers[title].add(block.encode())
        for title, sheet in frame.sheets.items():
            footer = _text(model[title].footer_left)
            packers[title].add(f"</sheetData>{footer.join(sheet.tail)}".encode())
            made[sheet.part] = packers[title].done()
        return made

    def _begun(self, model: WorkbookModel, frame: Frame, title: str, strings: SharedStrings) -> Packer:
        """Return a sheet as far as its cells go."""
        own, sheet = model[title], frame.sheets[title]
        cells_held = len(own.cells) + sum(len(grid.rows) * len(grid.columns) for grid in own.grids)
        packer = Packer(large=cells_held > _MANY_CELLS or title in model.rows)
        packer.add(f"{sheet.head}<sheetData>".encode())
        for block in (
            self._with_tables(own, sheet, frame.marks, strings) if own.grids else self._alone(own, sheet, strings)
        ):
            packer.add(block.encode())
        packer.add(sheet.end.encode())
        return packer

    def _alone(self, model: SheetModel, frame: SheetFrame, strings: SharedStrings) -> Iterator[str]:
        """Yield the cells of a sheet without tables in the order of the file, some thousand at a time."""
        held = list(model.cells.values())
        cells = ((held[place], before) for place, before in frame.cells)
        while block := self._cells.cells(islice(cells, _BLOCK), strings):
            yield block

    def _with_tables(
        self, model: SheetModel, frame: SheetFrame, marks: Mapping[int, str], strings: SharedStrings
    ) -> Iterator[str]:
        """Yield the cells of a sheet and those of its tables in the order of the file, some rows at a time."""
        held, alone, made = list(model.cells.values()), list[tuple[CellContent, str]](), list[str]()
        writers = [(grid, GridWriter(grid, marks, self._cells, strings)) for grid in model.grids]
        tables = {row: writer for grid, writer in writers for row in grid.rows}
        for place, before in frame.cells:
            if place >= 0:
                alone.append((held[place], before))
                continue
            if alone:
                made.append(self._cells.cells(alone, strings))
                alone.clear()
            made.append(tables[-place].row(-place, before))
            if len(made) >= _ROWS:
                yield "".join(made)
                made.clear()
        yield "".join((*made, self._cells.cells(alone, strings)))
        for _, writer in writers:
            writer.done()


def _text(text: str) -> str:
    """Return a text as it stands between tags."""
    element = etree.Element("x")
    element.text = text
    return etree.tostring(element, encoding="unicode")[3:-4]


def _attribute(text: str) -> str:
    """Return a text as openpyxl writes it in an attribute."""
    element = etree.Element("x")
    element.set("y", text)
    return etree.tostring(element, encoding="unicode")[6:-3]
