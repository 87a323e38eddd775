"""The rows of a sheet as text: every cell in its final form, written once, in the order of the file.

openpyxl lays out everything around the rows. To let it write them as well, and then mend them cell by cell, took four
times as long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.workbook.model.markup import Values, encode, serial

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DECLARATION = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NEEDS_SPACE = re.compile(r"^\s|\s$|[\n\r\t]|  ")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


#: Texts whose markup is kept for the next workbook.
MOST_KNOWN = 20_000


class SharedStrings:
    """The workbook's table of texts: each is stored once, cells point to it."""

    def __init__(self, known: dict[str, str] | None = None, most: int = MOST_KNOWN) -> None:
        self.places: dict[str, int] = {}  # by what stands in the file, in order
        self._known = known if known is not None else {}  # how texts stand in a file
        self._most = most
        self._plain: dict[str, int] = {}
        self.uses = 0

    def share(self, text: str) -> int:
        """Return the place of a text in the table, putting it there on first sight."""
        self.uses += 1
        place = self._plain.get(text)
        if place is None:
            markup = self._known.get(text)
            if markup is None:
                markup = f"<t{marked(text)}</t>"
                if len(self._known) < self._most:
                    self._known[text] = markup
            place = self._plain[text] = self._place(markup)
        return place

    def share_rich(self, text: CellRichText) -> int:
        """Return the place of a text whose parts look different."""
        self.uses += 1
        tree: Any = text.to_tree()
        for element in tree.iter("t", f"{{{MAIN}}}t"):
            element.text = _LOOKS_ESCAPED.sub("_x005F_", element.text or "")
        inside = b"".join(etree.tostring(child) for child in tree).decode("utf-8")
        return self._place(inside)

    def _place(self, markup: str) -> int:
        return self.places.setdefault(markup, len(self.places))

    @property
    def xml(self) -> bytes:
        """Return the part."""
        counts = f'count="{self.uses}" uniqueCount="{len(self.places)}"'
        items = "".join(f"<si>{markup}</si>" for markup in self.places)
        return _DECLARATION + f'<sst xmlns="{MAIN}" {counts}>{items}</sst>'.encode()


#: Rows that follow the cells of a sheet, as text, with their texts put into the table.
Stream = Callable[[SharedStrings], Iterator[str]]


def sheet_rows(
    sheet: Worksheet, values: Values, strings: SharedStrings, formulas: set[tuple[str, str]]
) -> Iterator[str]:
    """Yield the rows of a sheet; `formulas` takes the places of its formulas. ValueError names sheet and cell."""
    styles: dict[bytes, str] = {}
    letters: dict[int, str] = {}
    rows: dict[int, list[Any]] = {row: [] for row in sheet.row_dimensions}
    for (row, _), cell in sorted(sheet._cells.items()):
        rows.setdefault(row, []).append(cell)
    for row in sorted(rows):
        own = dict(sheet.row_dimensions[row]) if row in sheet.row_dimensions else {}
        attributes = "".join(f" {name}={quoteattr(str(value))}" for name, value in {"r": row, **own}.items())
        parts = [f"<row{attributes}>"]
        for cell in rows[row]:
            key = cell._style.tobytes() if cell._style is not None else b""
            style = styles.get(key)
            if style is None:
                style = styles[key] = f' s="{cell.style_id}"' if cell.has_style else ""
            column = cell.column
            letter = letters.get(column)
            if letter is None:
                letter = letters[column] = get_column_letter(column)
            value = cell._value
            if value is None or value == "":
                if style or value == "" or cell._comment is not None:
                    parts.append(f'<c r="{letter}{row}"{style}/>')
                continue
            parts.append(_cell(sheet, cell, f"{letter}{row}", style, values, strings, formulas))
        parts.append("</row>")
        yield "".join(parts)


def _cell(
    sheet: Worksheet,
    cell: Any,
    ref: str,
    style: str,
    values: Values,
    strings: SharedStrings,
    formulas: set[tuple[str, str]],
) -> str:
    """Return a cell that holds something."""
    value, kind = cell._value, cell.data_type
    if kind == "s":
        rich = isinstance(value, CellRichText)
        return f'<c r="{ref}"{style} t="s"><v>{strings.share_rich(value) if rich else strings.share(value)}</v></c>'
    if kind == "f":
        place = (sheet.title, ref)
        if place not in values:
            raise ValueError(f"Sheet {sheet.title!r}, cell {ref}: the formula has no value.")
        formulas.add(place)
        try:
            return f'<c r="{ref}"{style}{_result(values[place], _formula(value))}</c>'
        except (TypeError, ValueError) as error:
            raise ValueError(f"Sheet {sheet.title!r}, cell {ref}: {error}") from error
    if kind == "d":
        return f'<c r="{ref}"{style}><v>{number_text(_serial(value, sheet))}</v></c>'
    if kind == "n":
        return f'<c r="{ref}"{style}><v>{number_text(value)}</v></c>'
    return f'<c r="{ref}"{style} t="{kind}"><v>{escape(str(int(value) if kind == "b" else value))}</v></c>'


def _result(value: object, formula: str) -> str:
    """Return the end of a cell's tag, its formula and the value that this gives."""
    kind, text = encode(value)
    if kind == "str":
        return f' t="str">{formula}<v{marked(text)}</v>'
    mark = f' t="{kind}"' if kind else ""
    return f"{mark}>{formula}<v>{escape(text)}</v>"


def _formula(formula: Any) -> str:
    if isinstance(formula, str):
        return f"<f>{escape(_checked(formula[1:]))}</f>"
    attributes = "".join(f" {name}={quoteattr(str(value))}" for name, value in dict(formula).items())
    text = formula.text or ""  # of an array; a table of data has none
    return f"<f{attributes}>{escape(_checked(text.removeprefix('=')))}</f>"


def _serial(value: Any, sheet: Any) -> float:
    """Return the number of a day; times of day and lengths of time are parts of one."""
    return serial(value, sheet.parent.epoch)


def number_text(value: Any) -> str:
    """Return a number as it stands in a cell."""
    return repr(float(value)) if isinstance(value, float) else str(value)


def marked(text: str) -> str:
    """Return the end of a text's tag and the text, so that Excel reads it back unchanged."""
    space = ' xml:space="preserve">' if _NEEDS_SPACE.search(text) else ">"
    safe = escape(_checked(text)).replace("\r", "&#13;")
    return space + (_LOOKS_ESCAPED.sub("_x005F_", safe) if "_x" in safe else safe)


def _checked(text: str) -> str:
    if _FORBIDDEN.search(text):
        raise ValueError(f"a character has no place in a workbook: {text[:40]!r}")
    return text
