"""The rows of a sheet as text: every cell in its final form, written once, in the order of the file.

openpyxl lays out everything around the rows. To let it write them as well, and then mend them cell by cell, took four
times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from operator import getitem
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils.cell import get_column_letter

from partnerkpi.workbook.model.book import Rows
from partnerkpi.workbook.model.grid import Grid, GridColumn
from partnerkpi.workbook.model.sheet import BLANK, CellContent, Spill
from partnerkpi.workbook.model.values import MAX_NUMBER, NO_DATA, clean_text, encode, serial

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: Texts whose markup is kept for the next workbook.
MOST_KNOWN = 20_000
_DECLARATION = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NEEDS_SPACE = re.compile(r"^\s|\s$|[\n\r\t]|  ")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AT_ONCE = 500  # rows
_ROW = "\0"  # where the number of a row is put: it stands in no text of a workbook
_MOST_OF_COLUMN = 4096  # values of a column that are kept in their final form
_MOST_WHOLE = 1e15  # a larger number is written as a float is


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
            place = self._plain[text] = self.places.setdefault(markup, len(self.places))
        return place

    @property
    def xml(self) -> bytes:
        """Return the part."""
        counts = f'count="{self.uses}" uniqueCount="{len(self.places)}"'
        items = "".join(f"<si>{markup}</si>" for markup in self.places)
        return _DECLARATION + f'<sst xmlns="{MAIN}" {counts}>{items}</sst>'.encode()


class CellWriter:
    """Writes cells; how formulas stand in a file it keeps for the next workbook, up to `most`, how texts do always."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._formulas: dict[str | Spill, str] = {}
        self._texts: dict[str, tuple[str, str]] = {}

    def know(self, formula: str) -> None:
        """Keep how a formula stands in a file, however many there are: it will be met very often."""
        self._formulas.setdefault(formula, _formula(formula))

    def cells(self, cells: Iterable[tuple[CellContent, str]], strings: SharedStrings) -> str:
        """Return cells in the order of the file, each given with what stands before its value."""
        formulas, texts = self._formulas, self._texts
        share, most = strings.share, self._most
        parts = list[str]()
        add = parts.append
        for (formula, value, _), before in cells:
            kind = value.__class__
            add(before)
            if formula is not None:
                stored = formulas.get(formula)
                if stored is None:
                    stored = _formula(formula)
                    if len(formulas) < most:
                        formulas[formula] = stored
                if kind is float and -MAX_NUMBER <= value <= MAX_NUMBER:
                    add(f">{stored}<v>{_number(value)}</v></c>")
                elif kind is str:
                    result = texts.get(value)
                    if result is None:
                        result = _text_result(value)
                        if len(texts) < MOST_KNOWN:
                            texts[value] = result
                    add(f"{result[0]}{stored}{result[1]}")
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


class GridWriter:
    """Writes the rows of a table, from the first on: most values of a column come again and have one form."""

    def __init__(self, grid: Grid, marks: Mapping[int, str], cells: CellWriter, strings: SharedStrings) -> None:
        self._strings = strings
        self._columns = [
            _GridColumn(letter, column, marks, cells, strings)
            for letter, column in ((get_column_letter(place), one) for place, one in enumerate(grid.columns, 1))
        ]
        self._keys = zip(*(one.keys_down for one in self._columns), strict=True)

    def row(self, row: int, before: str) -> str:
        """Return the next row, whose number it is told, with what stands before its first cell."""
        return before + "".join(map(getitem, self._columns, next(self._keys))).replace(_ROW, str(row))

    def done(self) -> None:
        """Count the texts of the rows among those of the workbook."""
        self._strings.uses += sum(one.texts - one.shared for one in self._columns)


class _GridColumn(dict[Any, str]):
    """The cells of a column by what they hold, a mark where the number of their row stands."""

    def __init__(
        self, letter: str, column: GridColumn, marks: Mapping[int, str], cells: CellWriter, strings: SharedStrings
    ) -> None:
        super().__init__()
        self._start, self._is_first, self._marks = f'<c r="{letter}{_ROW}"', letter == "A", marks
        self._formula = _ROW.join(column.formula) if column.formula is not None else None
        if self._formula is not None:
            cells.know(self._formula)
        self._cells, self._strings = cells, strings
        values, self._look = column.values, column.looks if isinstance(column.looks, int) else None
        # True is equal to 1, and both stand in a file in another form: they are told apart.
        plain = self._look is not None and bool not in set(map(type, values))
        looks = repeat(self._look) if isinstance(column.looks, int) else column.looks
        self.keys_down: Iterable[Any] = values if plain else zip(looks, map(type, values), values, strict=False)
        self.texts = sum(value.__class__ is str and value != "" for value in values) if self._formula is None else 0
        self.shared = 0  # of them, those that were put into the table of texts

    def __missing__(self, key: Any) -> str:
        look, _, value = key if key.__class__ is tuple else (self._look, None, key)
        if self._formula is None and value is BLANK and not self._is_first:
            markup = ""  # a line below nothing takes room, and large tables are looked up, not looked at
        else:
            cell = self._cells.cells((((self._formula, value, look), ""),), self._strings)
            markup = f"{self._start}{self._marks[look]}{cell}"
        self.shared += self._formula is None and value.__class__ is str and value != ""
        if (value.__class__ is float or value.__class__ is int) and abs(value) >= _MOST_WHOLE:
            return markup  # 1e15 is equal to 10**15, and both stand in a file in another form
        if len(self) == _MOST_OF_COLUMN:
            self.clear()
        self[key] = markup
        return markup


def _formula(formula: str | Spill) -> str:
    """Return the element of a formula; nothing for a cell that shows what another one spills."""
    if isinstance(formula, Spill):
        return f'<f t="array" ref={quoteattr(formula.ref)}>{escape(formula.formula[1:])}</f>'
    if "&" in formula or "<" in formula or ">" in formula:  # to ask is faster than to replace nothing
        return f"<f>{escape(formula[1:])}</f>"
    return f"<f>{formula[1:]}</f>" if formula else ""


def _text_result(text: str) -> tuple[str, str]:
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
        value = serial(value)
    if isinstance(value, float) and abs(value) > MAX_NUMBER:
        return ' t="e"><v>#NUM!</v></c>'
    return f"><v>{_number(value)}</v></c>"


def _number(value: float) -> str:
    """Return a number as it stands in a file: a whole one without decimals, for viewers that show what is stored."""
    return str(int(value)) if -_MOST_WHOLE < value < _MOST_WHOLE and value == int(value) else repr(value)


class _Column(dict[Any, str]):
    """The values of a column as they stand in a cell, up to where the next one says its row: most come again."""

    def __init__(self, style: int, following: str, strings: SharedStrings) -> None:
        super().__init__()
        self._style, self._following, self._strings = f'" s="{style}"', following, strings
        self.is_text: bool | None = None

    def __missing__(self, value: Any) -> str:
        is_text = isinstance(value, str)
        if self.is_text not in (None, is_text):
            raise TypeError(f"{value!r} stands in a column of other values")
        self.is_text = is_text
        if is_text:
            rest = f' t="s"><v>{self._strings.share(clean_text(value))}</v></c>'
        elif value is None:
            rest = "/>"
        else:
            rest = f"><v>{f'{serial(value):.0f}' if isinstance(value, date) else _number(value)}</v></c>"
        markup = self[value] = f"{self._style}{rest}{self._following}"
        return markup


def rows_of(rows: Rows, styles: Sequence[int], strings: SharedStrings) -> Iterator[str]:
    """Yield rows that follow the cells of a sheet, some hundred at a time."""
    following = [f'<c r="{get_column_letter(number)}' for number in range(2, len(styles) + 1)] + ["</row>"]
    columns = [_Column(style, after, strings) for style, after in zip(styles, following, strict=True)]
    uses, block, count = strings.uses, list[str](), 0
    for count, values in enumerate(rows.rows, 1):
        if len(values) != len(columns):
            raise ValueError(f"{values!r} are not {len(columns)} values")
        # The row's number stands wherever one piece ends and the next begins.
        block.append(str(rows.first + count - 1).join(('<row r="', '"><c r="A', *map(getitem, columns, values))))
        if len(block) == _AT_ONCE:
            yield "".join(block)
            block.clear()
    strings.uses = uses + count * sum(column.is_text is True for column in columns)
    yield "".join(block)


def marked(text: str) -> str:
    """Return the end of a text's tag and the text, so that Excel reads it back unchanged."""
    if _FORBIDDEN.search(text):
        raise ValueError(f"a character has no place in a workbook: {text[:40]!r}")
    space = ' xml:space="preserve">' if _NEEDS_SPACE.search(text) else ">"
    safe = escape(text).replace("\r", "&#13;")
    return space + (_LOOKS_ESCAPED.sub("_x005F_", safe) if "_x" in safe else safe)
