"""How a sheet is shown and printed, the same for all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from unicodedata import normalize

from openpyxl.utils.cell import column_index_from_string, get_column_letter, range_boundaries

from partnerkpi.settings import Brand
from partnerkpi.workbook.model.sheet import PageSetup, Paper, SheetModel
from partnerkpi.workbook.model.theme import BODY_SIZE, Look
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.model.values import clean_text

_LONGEST_FOOTER, _LONGEST_MIDDLE = 60, 80  # characters
#: How wide letters of Calibri are, in characters of a column's width, and what stays free beside a text.
_WIDTHS = (
    *(
        (0.47, " \u00a0"),
        (0.49, "ilj'"),
        (0.54, ".,:;I·‘’"),
        (0.64, "f-()"),
        (0.67, "[]J!"),
        (0.72, "tr›‹"),
        (0.82, "sz/"),
    ),
    *((0.87, '"“”„L'), (0.89, "c"), (0.92, "x"), (0.95, "vykFS|"), (0.98, "?Zga"), (1.02, "TYE+<=>_×–−±"), (1.04, "e")),
    *((1.08, "PXK"), (1.1, "bdhnpquoß"), (1.14, "CRB"), (1.2, "VA"), (1.3, "DHG"), (1.35, "UN"), (1.4, "OQ&…")),
    *((1.5, "w%"), (1.67, "m"), (1.8, "M"), (1.87, "W@")),
)
_LETTERS = {letter: width for width, letters in _WIDTHS for letter in letters}
_DIGIT, _OTHER = 1.06, 1.3  # of a digit, and of a sign that the typeface has not
_MARGIN = 0.7
_BOLD, _INDENT = 1.03, 1.3  # how much wider bold letters are, and how much an indent takes
_SPACE = 0.47
_SIZES: Mapping[Paper, tuple[float, float]] = {"a4": (595.3, 841.9), "letter": (612.0, 792.0)}  # points, upright
_USUAL_WIDTH, _USUAL_HEIGHT = 8.43, 15.0  # of a column in characters, of a row in points
#: A last page that holds less than this part of one is spared where no letter loses more of its size than the second
#: leaves, and those of 11 points keep 7: the third is the smallest scale.
_ORPHAN, _SMALLER, _SMALLEST = 0.3, 0.8, 7 / 11
_LINE = 13.5  # points that a line takes
_ROUNDED = 0.1  # to which widths are
_SURE = 1.02  # how much wider a text may be in another program
_SAFE = 0.98  # how much of a page is filled at most where its end is set
_FEW_ROWS = 2  # of a block that is never divided, besides its first
_MOST = 1.05  # how much of an estimated page a program may put on one


def set_page(
    sheet: SheetModel, title: str, areas: Sequence[str], *, landscape: bool = True, one_page: bool = False
) -> None:
    """Print these areas one page wide, with the title and the page's number at the foot; hide the gridlines."""
    sheet.view = replace(sheet.view, gridlines=False, zoom=100)
    sheet.page = PageSetup(tuple(areas), landscape, int(one_page))
    shown = " ".join(clean_text(title).split())
    shown = shown if len(shown) <= _LONGEST_FOOTER else f"{shown[: _LONGEST_FOOTER - 1]}…"
    sheet.footer_left = shown.replace("&", "&&")
    sheet.footer_right = translate("Page {page} of {pages}", page="&P", pages="&N")


#: The footer that the settings have unless another is written.
USUAL_FOOTER = message("Confidential")


def set_footers(sheets: Iterable[SheetModel], brand: Brand) -> None:
    """Write name and footer of the brand in the middle of each printed page's foot."""
    footer = translate(USUAL_FOOTER) if brand.footer == USUAL_FOOTER else brand.footer
    words = [" ".join(clean_text(text).split()) for text in (brand.name or "", footer)]
    text = " · ".join(word for word in words if word)
    text = text if len(text) <= _LONGEST_MIDDLE else f"{text[: _LONGEST_MIDDLE - 1]}…"
    for sheet in sheets:
        sheet.footer_center = text.replace("&", "&&")


def set_paper(sheets: Iterable[SheetModel], paper: Paper) -> None:
    """Print on this paper, and leave no few rows alone on a last page."""
    for sheet in sheets:
        if sheet.page is None:
            continue
        sheet.page = replace(sheet.page, paper=paper)
        if sheet.page.pages == 0:
            sheet.page = replace(sheet.page, pages=_pages_without_orphans(sheet, sheet.page))
            if sheet.page.pages == 1:
                sheet.row_breaks = []


def _pages_without_orphans(sheet: SheetModel, page: PageSetup) -> int:
    """Return how many pages a sheet is to be high that would end with a few rows on one more; 0 leaves it as it is.

    Where parts begin on pages of their own it is 1 if all fit together: with a number of pages such breaks are lost.
    """
    if not page.areas:
        return 0  # a sheet whose rows are written one by one
    if len(page.areas) > 1:
        return _pages_of_areas(sheet, page)
    scale, needed = _needed(sheet, page)
    smallest = max(_SMALLER, _SMALLEST / scale)
    fewer = max(1, int(needed / _SAFE))
    spares = bool(sheet.row_breaks) if fewer == 1 else not sheet.row_breaks
    spares = spares or _SAFE < needed < 2
    return fewer if spares and needed - fewer < _ORPHAN and fewer >= smallest * needed else 0


def _pages_of_areas(sheet: SheetModel, page: PageSetup) -> int:
    """Return the same of a sheet whose parts are printed one after the other: of the highest of them.

    Excel prints all in the size of the smallest, LibreOffice each in its own, in which it is higher.
    """
    found = [_needed(sheet, replace(page, areas=(area,))) for area in page.areas]
    scale, parts = min(own for own, _ in found), [needed for _, needed in found]
    fewer = [max(1, int(needed / _SAFE)) for needed in parts]
    smallest = max(_SMALLER, _SMALLEST / scale)
    pairs = list(zip(parts, fewer, strict=True))
    orphans = any(_SAFE * least < needed < least + _ORPHAN for needed, least in pairs)
    fits = all(max(fewer) >= smallest * needed for needed in parts)
    return max(fewer) if orphans and fits else 0


def _needed(sheet: SheetModel, page: PageSetup) -> tuple[float, float]:
    """Estimate how much smaller a sheet is printed, and how many pages high: 1.05 leaves a few rows on a second."""
    left, top, right, bottom = (number or 1 for number in range_boundaries(page.areas[0]))
    repeated = re.findall("[A-Z]+", sheet.print_title_cols or "")[:1] if left > 1 else []
    scale = _scale(sheet, [*repeated, *map(get_column_letter, range(left, right + 1))], page)
    height = sum(sheet.heights.get(row, _USUAL_HEIGHT) for row in range(top, bottom + 1))
    _, down = sorted(_SIZES[page.paper], reverse=page.landscape)
    return scale, scale * height / (down - 72 * (page.side + page.bottom))


def _scale(sheet: SheetModel, letters: Iterable[str], page: PageSetup) -> float:
    """Estimate how much smaller columns are printed on one page; 1 for those that fit."""
    widths = (sheet.widths.get(letter, _USUAL_WIDTH) for letter in letters if not sheet.hidden.get(letter))
    across, _ = sorted(_SIZES[page.paper], reverse=page.landscape)
    return min(1.0, (across - 144 * page.side) / sum(0.75 * (7 * width + 5) for width in widths))


def print_nothing(sheet: SheetModel) -> None:
    """Leave a sheet out of what is printed: its area is a cell without content, right of everything that it holds."""
    ends = [column for _, column in (*sheet.cells, *sheet.covered)] + [len(grid.columns) for grid in sheet.grids]
    letter = get_column_letter(2 + max(ends, default=0))
    sheet.page = replace(sheet.page or PageSetup(), areas=(f"{letter}1:{letter}1",), pages=0)
    sheet.row_breaks = []


def keep_together(sheet: SheetModel, blocks: Sequence[tuple[int, int]], paper: Paper) -> None:
    """Begin a page of this paper with a block of rows, given by its first and last, that would go over two pages.

    A block that fits on none, or for whose sake a page more would be needed, is divided, but not so that a single row
    of it stands alone. Pages that begin with a row in any case (`row_breaks`) stay.
    """
    page = replace(sheet.page or PageSetup(), paper=paper)
    if len(page.areas) != 1 or _pages_without_orphans(sheet, page):
        return
    left, top, right, bottom = (number or 1 for number in range_boundaries(page.areas[0]))
    room = _room(sheet, map(get_column_letter, range(left, right + 1)), page)
    starts = [top, *(row + 1 for row in sorted(sheet.row_breaks))]
    for start, end in zip(starts, [*(row - 1 for row in starts[1:]), bottom], strict=True):
        own = [block for block in blocks if start < block[0] and block[1] <= end]
        parts = [part for block in own for part in _parts(*block)]
        least = len(_filled(sheet, start, end, (), _MOST * room))
        together, divided = (_filled(sheet, start, end, kept, _SAFE * room) for kept in (own, parts))
        if len(together) <= least:
            sheet.row_breaks += [row - 1 for row in together if any(row == first for first, _ in own)]
        elif len(divided) <= least:
            sheet.row_breaks += [row - 1 for row in divided]
    sheet.row_breaks.sort()


def _parts(first: int, last: int) -> tuple[tuple[int, int], ...]:
    """Return the rows of a block that stay together where it is divided: two at either end, or all of a few."""
    return ((first, first + 1), (last - 1, last)) if last - first > _FEW_ROWS else ((first, last),)


def _filled(sheet: SheetModel, start: int, end: int, blocks: Sequence[tuple[int, int]], room: float) -> list[int]:
    """Return the rows with which a page begins after the first, where no block is divided that fits on one."""
    begins, used = list[int](), 0.0
    lasts = dict(blocks)
    for row in range(start, end + 1):
        height = sheet.heights.get(row, _USUAL_HEIGHT)
        block = sum(sheet.heights.get(one, _USUAL_HEIGHT) for one in range(row, lasts.get(row, row) + 1))
        if used + (block if block <= room else height) > room:
            begins.append(row)
            used = 0.0
        used += height
    return begins


def page_ends(
    sheet: SheetModel, first: int, last: int, paper: Paper, heads: Collection[int] = frozenset()
) -> list[int]:
    """Return the rows from `first` on after which a page of this paper is to end; the row above is repeated.

    None of the `heads` is the last row of a page, if a page can hold the row beneath it as well; nor does the last row
    of several beneath one begin a page. Where a few rows would be left for the last page, all are filled alike.
    """
    page = replace(sheet.page or PageSetup(), paper=paper)
    left, top, right, _ = (number or 1 for number in range_boundaries(page.areas[0]))
    room = _SAFE * _room(sheet, map(get_column_letter, range(left, right + 1)), page)
    heights = [sheet.heights.get(row, _USUAL_HEIGHT) for row in range(top, last + 1)]
    titles, head, rows = sum(heights[: first - top]), heights[first - top - 1], heights[first - top :]

    def ends(room: float) -> tuple[list[int], float]:
        found, used = list[int](), titles
        for row, height in enumerate(rows, first):
            if used + height > room:
                end, least = row - 1, max(first - 1, *found, 0)
                if end not in heads and row + 1 in heads:
                    end -= 1  # the last row of several takes the one above it along
                if end in heads:
                    end -= 1
                end = end if end > least else row - 1
                found.append(end)
                used = head + sum(rows[end + 1 - first : row - first])
            used += height
        return found, used

    found, used = ends(room)
    if found and used < _ORPHAN * room:
        alike = (titles + sum(rows) + len(found) * head) / (len(found) + 1)
        found, _ = ends(min(room, alike + max(rows)))
    return found


def repeat_heads(sheet: SheetModel, head: int, last: int, paper: Paper) -> None:
    """Repeat the heads of a table, in the row `head`, on the pages that follow where its rows run over one.

    `last` is its last row. A sheet repeats the heads of one table.
    """
    page = replace(sheet.page or PageSetup(), paper=paper)
    if page.pages == 1:
        return
    left, _, right, _ = (number or 1 for number in range_boundaries(page.areas[0]))
    first = 1 + max((row for row in sheet.row_breaks if row < head), default=0)
    height = sum(sheet.heights.get(row, _USUAL_HEIGHT) for row in range(first, last + 1))
    if height > _SAFE * _room(sheet, map(get_column_letter, range(left, right + 1)), page):
        sheet.print_title_rows = f"{head}:{head}"


def _room(sheet: SheetModel, letters: Iterable[str], page: PageSetup) -> float:
    """Return how many points of rows a page takes."""
    _, down = sorted(_SIZES[page.paper], reverse=page.landscape)
    return (down - 72 * (page.side + page.bottom)) / _scale(sheet, letters, page)


def is_readable(sheet: SheetModel, letters: Sequence[str]) -> bool:
    """Tell whether letters of 11 points keep 7 where these columns are printed on one page, whichever its paper."""
    return all(_scale(sheet, letters, PageSetup(paper=paper)) >= _SMALLEST for paper in _SIZES)


def set_widths(sheet: SheetModel, widths: Mapping[str, float]) -> None:
    """Set the widths of columns, in characters."""
    sheet.widths.update(widths)


def widen_for_heads(sheet: SheetModel, row: int, last: int | None = None) -> None:
    """Widen the columns in which a word of a head, or a line of one that has its lines, would be broken somewhere.

    Other languages have longer words; English heads fit as they are. A head of several words takes several lines;
    "Rücklaufquote" takes 12.9 characters. The row becomes as high as the head of the most lines, up to a `last` column.
    """
    lines = 1
    for letter, head, width in sheet.heads(row):
        parts = head.split("\n") if "\n" in head else re.findall(r"[^\s-]+-?", head)
        needed = max(map(_width, parts), default=0.0)
        if needed > width:
            sheet.widths[letter] = needed
        if not sheet.hidden.get(letter) and (last is None or column_index_from_string(letter) <= last):
            lines = max(lines, lines_in_column(head, max(width, needed), bold=True))
    if lines * _LINE > sheet.heights.get(row, _USUAL_HEIGHT):
        sheet.heights[row] = heads_height(lines)


def heads_height(lines: int) -> float:
    """Return how high a row of heads is that take so many lines, in points."""
    return 20.0 if lines < 2 else 4.0 + 15 * lines


def widen_for_text(sheet: SheetModel, column: int, text: str, look: Look, most: float = 40.0) -> None:
    """Widen a column in which a text in one line would be cut off, because other cells stand beside it."""
    letter = get_column_letter(column)
    needed = round(min(most, _letters(text) * look.size / BODY_SIZE * _BOLD + _MARGIN + _INDENT * look.indent), 1)
    if needed > sheet.widths.get(letter, _USUAL_WIDTH):
        sheet.widths[letter] = needed


def _width(word: str) -> float:
    """Estimate how much bold words take in one line, in characters of a column's width."""
    return round(_letters(word) * _BOLD + _MARGIN, 1)


@lru_cache(maxsize=8192)
def _letters(text: str) -> float:
    return sum(map(_letter, text))


@lru_cache(maxsize=1024)
def _letter(letter: str) -> float:
    """Return how wide a letter is; an accent adds nothing."""
    known = _LETTERS.get(letter) or _LETTERS.get(normalize("NFD", letter)[0])
    return known or (_DIGIT if letter.isdigit() else _OTHER)


def set_heights(sheet: SheetModel, heights: Mapping[int, float]) -> None:
    """Set the heights of rows, in points."""
    sheet.heights.update(heights)


def lines_needed(text: str, characters: int) -> int:
    """Estimate how many lines a text takes where about so many characters stand in one."""
    return sum(max(1, -(-len(line) // characters)) for line in text.split("\n"))


def lines_in_column(text: str, width: float, *, bold: bool = False) -> int:
    """Estimate how many lines a text takes in a cell of this column's width, broken between words as Excel does it."""
    room = (width - _MARGIN) / (_BOLD if bold else _SURE) + _ROUNDED
    return sum(_lines_of(line.split(" "), room) for line in text.split("\n"))


def _lines_of(words: Sequence[str], width: float) -> int:
    lines, used = 1, 0.0
    for word in words:
        wide = _letters(word)
        if used and used + _SPACE + wide > width:
            lines, used = lines + 1, 0.0
        elif used:
            used += _SPACE
        if wide > width:  # a formula without a blank goes on in the next line
            lines += int((used + wide) // width)
            used = (used + wide) % width
        else:
            used += wide
    return lines
