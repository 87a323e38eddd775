"""Printing sketches: the frame of a layout is made once, then only what the cells hold is written into it.

The bytes are those that `cells.Writer` gives: a test compares the two. A frame is found by the whole of what a sketch
notes down, so a workbook whose layout differs in anything gets a frame of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from partnerkpi.workbook.model.book import BLANK, EPOCH, Noted, SheetModel, WorkbookModel
from partnerkpi.workbook.model.cache import Cache
from partnerkpi.workbook.model.drawing import Drawing
from partnerkpi.workbook.model.markup import MAX_NUMBER, NO_DATA, encode, serial
from partnerkpi.workbook.writer import package
from partnerkpi.workbook.writer.archive import Packed, Packer, archive, packed
from partnerkpi.workbook.writer.chartframe import ChartFrame, chart_frame
from partnerkpi.workbook.writer.custom_part import ITEM, item_of
from partnerkpi.workbook.writer.frame import Frame, SheetFrame, frame_of
from partnerkpi.workbook.writer.rows import MOST_KNOWN, SharedStrings, marked, number_text

_MOST_FRAMES = 64
_BLOCK = 4096  # cells


class Press:
    """Prints workbooks one after the other; what it has made for one it uses for the next where that is the same."""

    def __init__(self, *, several: bool = True) -> None:
        self.cache = Cache()
        self._most = MOST_KNOWN if several else 0
        self.frames: dict[Any, Frame] = {}
        self._packed: dict[str, tuple[bytes, Packed]] = {}
        self._formulas: dict[str, str] = {}
        self._texts: dict[str, tuple[str, str]] = {}
        self._known: dict[str, str] = {}
        self._charts: dict[Any, ChartFrame] = {}

    def sketch(self) -> WorkbookModel:
        """Return a new sketch, to be laid out and then printed."""
        return WorkbookModel(self.cache)

    def print(self, sketch: WorkbookModel, *, when: datetime | None = None) -> bytes:
        """Return the bytes of a workbook; NotModelled where only the usual way can write it."""
        key = sketch.key(), when
        frame = self.frames.get(key)
        if frame is None:
            frame = frame_of(sketch, when)
            if len(self.frames) == _MOST_FRAMES:
                del self.frames[next(iter(self.frames))]
            self.frames[key] = frame
        for number, asked in zip(sketch.numbers, frame.asked, strict=True):
            number.number = asked
        strings = SharedStrings(self._known, self._most)
        made = self._sheets(sketch, frame, strings)
        drawings = [drawing for sheet in sketch.sheets.values() for drawing in sheet.charts]
        for part, (drawing, _) in zip(frame.charts, drawings, strict=True):
            made[part] = packed(self._chart(drawing, sketch).filled(sketch))
        words = iter([words for _, words in drawings if words])
        for part, pieces in frame.drawings.items():
            text = pieces[0] + "".join(_attribute(next(words)) + piece for piece in pieces[1:])
            made[part] = packed(text.encode())
        made["docProps/core.xml"] = packed(escape(sketch.properties.title).join(frame.core).encode())
        if sketch.provenance is not None:
            made["docProps/custom.xml"] = packed(sketch.provenance.stated.join(frame.custom).encode())
            made[ITEM] = packed(item_of(sketch.provenance))
        made[package.STRINGS] = packed(strings.xml)
        return archive((part, made.get(part) or self._same(part, frame.parts[part])) for part in frame.order)

    def _same(self, part: str, data: bytes) -> Packed:
        """Return a part that is nearly always the same, packed when it was met last."""
        last = self._packed.get(part)
        if last is None or last[0] != data:
            last = self._packed[part] = data, packed(data)
        return last[1]

    def _chart(self, drawing: Drawing, sketch: WorkbookModel) -> ChartFrame:
        key = drawing, sketch.palette, sketch.language
        found = self._charts.get(key)
        if found is None:
            found = self._charts[key] = chart_frame(drawing, sketch.palette)
        return found

    def _sheets(self, sketch: WorkbookModel, frame: Frame, strings: SharedStrings) -> dict[str, Packed]:
        """Return the sheets; rows that follow the cells come last, as their texts are the last in the table."""
        made, open_ones = dict[str, Packed](), list[tuple[str, SheetFrame, Packer]]()
        for title, sheet in frame.sheets.items():
            packer = Packer()
            packer.add(sheet.head.encode())
            packer.add(package.BEGIN)
            for block in self._rows(sketch.sheets[title], sheet, strings):
                packer.add(block.encode())
            if title in sketch.streams:
                open_ones.append((title, sheet, packer))
            else:
                made[sheet.part] = self._ended(sketch, title, sheet, packer)
        for title, sheet, packer in open_ones:
            for block in sketch.streams[title](strings):
                packer.add(block.encode())
            made[sheet.part] = self._ended(sketch, title, sheet, packer)
        return made

    def _ended(self, sketch: WorkbookModel, title: str, frame: SheetFrame, packer: Packer) -> Packed:
        footer = _text(sketch.sheets[title].footer)
        packer.add(package.END + (footer.join(frame.tail) if footer else frame.tail[0]).encode())
        return packer.done()

    def _rows(self, sheet: SheetModel, frame: SheetFrame, strings: SharedStrings) -> Iterator[str]:
        """Yield the rows of a sheet, some thousand cells at a time."""
        held = list(sheet.cells.values())
        for first in range(0, len(frame.cells), _BLOCK):
            yield self._cells(held, frame.cells[first : first + _BLOCK], strings)
        yield frame.end

    def _cells(self, held: Sequence[Noted], frame: Sequence[tuple[int, str]], strings: SharedStrings) -> str:
        formulas, texts = self._formulas, self._texts
        share, most = strings.share, self._most
        parts = list[str]()
        add = parts.append
        for place, before in frame:
            formula, value, _ = held[place]
            kind = value.__class__
            add(before)
            if formula is not None:
                stored = formulas.get(formula)
                if stored is None:
                    stored = f"<f>{escape(formula[1:])}</f>"
                    if len(formulas) < most:
                        formulas[formula] = stored
                if kind is float and -MAX_NUMBER <= value <= MAX_NUMBER:
                    add(f">{stored}<v>{value!r}</v></c>")
                elif kind is str:
                    said = texts.get(value)
                    if said is None:
                        said = _said(value)
                        if len(texts) < most:
                            texts[value] = said
                    add(f"{said[0]}{stored}{said[1]}")
                elif kind is int:
                    add(f">{stored}<v>{value}</v></c>")
                else:
                    mark, text = encode(value)
                    mark = f' t="{mark}"' if mark else ""
                    add(f"{mark}>{stored}<v>{text}</v></c>")
            elif value is BLANK or value == "":
                add("/>")
            elif kind is str:
                add(f' t="s"><v>{share(value)}</v></c>')
            elif kind is int:
                add(f"><v>{value}</v></c>")
            else:
                add(_constant(value))
        return "".join(parts)


def _said(text: str) -> tuple[str, str]:
    """Return what stands before and after the formula of a text."""
    kind, _ = encode(text)
    return (' t="str">', f"<v{marked(text)}</v></c>") if kind == "str" else (f' t="{kind}">', f"<v>{text}</v></c>")


def _constant(value: Any) -> str:
    """Return the end of the tag of a cell that holds neither a text nor a formula."""
    if value is None:
        return f' t="e"><v>{NO_DATA}</v></c>'
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        value = serial(value, EPOCH)
    if isinstance(value, float) and abs(value) > MAX_NUMBER:
        return ' t="e"><v>#NUM!</v></c>'
    return f"><v>{number_text(value)}</v></c>"


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
