"""What a figure rests on: the cells that its formula refers to, and what these refer to.

A workbook without its record cannot be made again whole. A figure of one that was put together from the sheets alone
is that of the file where everything that it rests on is the same in both; of others nothing can be said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from openpyxl.utils.cell import column_index_from_string, coordinate_to_tuple, get_column_letter

from partnerkpi.verify.contents import Contents, Found, Place, cells_of, same
from partnerkpi.verify.formulas import same_formula
from partnerkpi.workbook.model.book import WorkbookModel

#: A sheet, the first column and row of a range on it, and the last.
Area = tuple[str, int, int, int, int]

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_CELLS = re.compile(
    r"(?:('(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?(?<![\w.])\$?([A-Z]{1,3})\$?([1-9][0-9]*)"
    r"(?::\$?([A-Z]{1,3})\$?([1-9][0-9]*))?(?![\w.(])"
)
_NAME = re.compile(r"(?<![\w.!'$])[A-Za-z_][\w.]*(?![\w.(!'])")


class Grounds:
    """What a file and the workbook that was put together from its sheets do not have in common, and what rests on it.

    `cells` are those of that workbook.
    """

    def __init__(self, contents: Contents, model: WorkbookModel, cells: Mapping[Place, Found]) -> None:
        log = (entry for entry in model.log if isinstance(entry, tuple))
        self._named = {entry[1]: entry[2] for entry in log if entry[0] == "name"}
        self._spoiled = set[Place | Area]()
        readers = defaultdict[Place | Area, list[Place]](list)
        differ = [place for place, should in cells.items() if _differs(contents.cell(*place), should)]
        differ += (
            (title, ref)
            for title, sheet in contents.sheets.items()
            for ref, found in sheet.cells.items()
            if (title, ref) not in cells and (found.formula is not None or found.value not in (None, ""))
        )
        for place, should in cells.items():
            for one in self._under(place[0], should.formula):
                readers[one].append(place)
        for name, where in self._named.items():
            there, here = list(cells_of(where)), contents.named(name)
            pairs = list(zip(here, (cells.get(place, _NOTHING) for place in there), strict=False))
            if len(there) != len(here) or any(_differs(contents.cell(*place), should) for place, should in pairs):
                differ.append(("", name))
            for place, should in zip(there, (should for _, should in pairs), strict=False):
                for one in self._under(place[0], should.formula):
                    readers[one].append(("", name))
        self._spread(differ, readers)

    def bear(self, title: str, formula: str) -> bool:
        """Tell whether all that a formula of a sheet rests on is the same in both."""
        return self._spoiled.isdisjoint(self._under(title, formula))

    def _under(self, title: str, formula: str | None) -> Iterator[Place | Area]:
        """Yield the cells, ranges and names that a formula of a sheet refers to; a name is a cell of no sheet."""
        for sheet, *ends in _ranges_in(formula or ""):
            left, top, right, bottom = ends
            if (left, top) == (right, bottom):
                yield sheet or title, f"{get_column_letter(left)}{top}"
            else:
                yield sheet or title, left, top, right, bottom
        for name in _names_in(formula or ""):
            if name in self._named:
                yield "", name

    def _spread(self, differ: list[Place], readers: Mapping[Place | Area, list[Place]]) -> None:
        """Note what differs and whatever rests on it, from cell to cell."""
        areas = defaultdict[str, list[Area]](list)
        for one in readers:
            if len(one) > 2:
                areas[one[0]].append(one)
        while differ:
            place = differ.pop()
            if place in self._spoiled:
                continue
            self._spoiled.add(place)
            differ += readers.get(place, ())
            if not place[0]:
                continue
            row, column = coordinate_to_tuple(place[1])
            hit = [one for one in areas[place[0]] if one[1] <= column <= one[3] and one[2] <= row <= one[4]]
            if hit:
                self._spoiled.update(hit)
                areas[place[0]] = [one for one in areas[place[0]] if one not in self._spoiled]
                for area in hit:
                    differ += readers[area]


_NOTHING = Found(None, None)


def _differs(found: Found | None, should: Found) -> bool:
    """Tell whether a cell says something else in the file, or works it out in another way."""
    found = found or _NOTHING
    if found.formula is None or should.formula is None:
        return found.formula is not should.formula or not same(found.value, should.value)
    return not same_formula(found.formula, should.formula)


@lru_cache(maxsize=1024)
def _words_of(formula: str) -> str:
    return _TEXT.sub('""', formula)


def _ranges_in(formula: str) -> Iterator[tuple[str, int, int, int, int]]:
    for sheet, left, top, right, bottom in _CELLS.findall(_words_of(formula)):
        first, last = column_index_from_string(left), column_index_from_string(right or left)
        yield sheet.strip("'").replace("''", "'"), first, int(top), last, int(bottom or top)


def _names_in(formula: str) -> list[str]:
    return _NAME.findall(_words_of(formula))
