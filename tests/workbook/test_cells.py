"""What somebody typed stays text; only a Live is a formula; cells share styles."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import books
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from openpyxl.cell.cell import Cell
from sample_book import HOSTILE

from partnerkpi.workbook.model import theme
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.formula import SAFE_FUNCTIONS, Live, check_formula
from partnerkpi.workbook.model.values import clean_text

NO_DATA = "#N/A"


def written(content: Any, style: theme.Look = theme.BODY) -> Cell:
    """Write one cell, save the workbook, and return the cell as it is read back, formulas as formulas."""
    model = WorkbookModel()
    model.put(model.sheet("Sheet"), "B2", content, style)
    return books.opened(model)["Sheet"]["B2"]


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_hostile_text_stays_text(text: str) -> None:
    """Nothing that a respondent typed becomes a formula, an error, a number or a truth value."""
    cell = written(text)
    assert cell.data_type == "s"
    assert cell.value == clean_text(text)


@given(st.text(st.characters(exclude_categories=())))
@example("_x005F_x0041_x0042_")
@example("_x000d_ and _xabCD_")
def test_any_text_comes_back_as_text(text: str) -> None:
    """Every text that Python can hold, halves of surrogate pairs included, is written and read back cleaned."""
    model = WorkbookModel()
    model.put(model.sheet("Sheet"), "A1", text)
    parts = books.parts(books.written(model))
    cell = next(etree.fromstring(parts["xl/worksheets/sheet1.xml"]).iter("{*}c"))
    assert cell.get("t") == ("s" if text else None)
    stored = "".join(etree.fromstring(parts["xl/sharedStrings.xml"]).itertext())
    # Not by openpyxl's reader, which loses every "x005F_": "_xHHHH_" is one character, as the standard says.
    assert re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), stored) == clean_text(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b\x1fc", "a\ufffdb\ufffdc"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("half \ud83d here", "half \ufffd here"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("one\r\ntwo\rthree\nfour\tfive", "one\ntwo\nthree\nfour\tfive"),
    ],
)
def test_characters_that_a_file_cannot_hold_are_replaced_visibly(text: str, cleaned: str) -> None:
    """Control characters and lone surrogates become U+FFFD, halves that belong together one character."""
    assert clean_text(text) == cleaned


@pytest.mark.parametrize(
    ("text", "length"),
    [("x" * 32_767, 32_767), ("x" * 32_768, 32_767), ("😀" * 16_383, 16_383), ("😀" * 20_000, 16_384)],
)
def test_text_too_long_for_a_cell_ends_in_an_ellipsis(text: str, length: int) -> None:
    """A cell holds 32,767 UTF-16 units; what is cut says so, and no emoji is cut in half."""
    cleaned = clean_text(text)
    assert len(cleaned) == length
    assert len(cleaned.encode("utf-16-le")) // 2 <= 32_767
    assert cleaned == text if length == len(text) else cleaned == text[: length - 1] + "…"


@given(st.text(st.characters(exclude_categories=())))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Cleaned text is clean."""
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize("text", ["Acme", "شريك", "Strong partner", "● Strong", "– No data"])
def test_words_carry_no_quote_mark(text: str) -> None:
    """A label is shown in the formula bar as it is."""
    assert not written(text).quotePrefix


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "＝1+1", "12", "1/2", "MAR1", "true", " a", "'a", "#N/A", "(a"]
)
def test_what_editing_could_turn_into_something_else_carries_a_quote_mark(text: str) -> None:
    """F2 and Enter on a cell leave it text."""
    cell = written(text)
    assert cell.quotePrefix
    assert cell.data_type == "s"


# --- other values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [None, math.nan, np.float64("nan"), Decimal("NaN"), pd.NaT])
def test_no_data_is_an_error_value_and_never_zero(missing: Any) -> None:
    """None, NaN and NaT stand as #N/A, which no sum takes for 0."""
    cell = written(missing)
    assert (cell.data_type, cell.value) == ("e", NO_DATA)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-9e307, max_value=9e307))
def test_numbers_keep_all_their_digits(number: float) -> None:
    """A number in the file is the number that was computed, not 16 digits of it."""
    model = WorkbookModel()
    model.put(model.sheet("Sheet"), "A1", number)
    model.put(model["Sheet"], "A2", Live("=A1", number))
    sheet = books.opened(model, values=True)["Sheet"]
    assert sheet["A1"].value == number
    assert sheet["A2"].value == number


@pytest.mark.parametrize(
    ("number", "value"),
    [(10**15 - 1, 10**15 - 1), (10**15, "1000000000000000"), (-(10**15), "-1000000000000000")],
)
def test_whole_numbers_over_15_digits_are_text(number: int, value: object) -> None:
    """Excel would round the end of a long identity; text keeps it."""
    assert written(number).value == value


@pytest.mark.parametrize(
    ("content", "kind", "value"),
    [
        (True, "b", True),
        (np.int64(7), "n", 7),
        (np.float64(0.1), "n", 0.1),
        (Decimal("1.5"), "n", 1.5),
        (math.inf, "e", "#NUM!"),
        (1.7e308, "e", "#NUM!"),
        (date(2026, 9, 30), "d", datetime(2026, 9, 30)),
        (pd.Timestamp(2026, 9, 30, 12), "d", datetime(2026, 9, 30, 12)),
        (date(1899, 12, 31), "s", "1899-12-31"),
    ],
)
def test_each_kind_of_value_has_its_kind_of_cell(content: Any, kind: str, value: object) -> None:
    """Values of other libraries are the plain values that they mean; what Excel cannot hold is visible."""
    cell = written(content)
    assert (cell.data_type, cell.value) == (kind, value)


def test_a_date_is_shown_as_a_date() -> None:
    """A date has its format, unless the look gives another."""
    assert written(date(2026, 9, 30)).number_format == theme.DATE
    assert written(date(2026, 9, 30), theme.BODY.but(number="yyyy")).number_format == "yyyy"


@pytest.mark.parametrize("content", [object(), [1], datetime(2026, 9, 30, tzinfo=UTC)])
def test_what_a_cell_cannot_hold_is_refused_by_sheet_and_cell(content: Any) -> None:
    """A programming error is found where it was made."""
    with pytest.raises(ValueError, match=r"Sheet 'Sheet', cell B2: "):
        written(content)


def test_only_the_first_of_merged_cells_is_written() -> None:
    """Excel drops what stands in the others, so nothing is put there."""
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    sheet.merge_cells("A1:B1")
    with pytest.raises(ValueError, match="merged"):
        model.put(sheet, "B1", "lost")


# --- formulas -------------------------------------------------------------------------------------------------------


def test_a_live_cell_is_a_formula_with_its_value() -> None:
    """The pair stands in one cell: the formula to trace, the value to read."""
    model = WorkbookModel()
    model.put(model.sheet("Sheet"), (3, 2), Live("=SUM(1,2)", 3))
    assert books.opened(model)["Sheet"]["B3"].value == "=SUM(1,2)"
    assert books.opened(model, values=True)["Sheet"]["B3"].value == 3


def test_what_merged_cells_would_cover_is_refused() -> None:
    """Nothing that was written is dropped."""
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    model.put(sheet, "B1", "lost")
    with pytest.raises(ValueError, match="cell B1: it holds something"):
        sheet.merge_cells("A1:B1")


def test_a_plain_value_takes_the_place_of_a_formula_and_its_value() -> None:
    """Writing a cell again, or emptying it, leaves no value of an earlier formula behind."""
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    for ref in ("A1", "A2"):
        model.put(sheet, ref, Live("=1+1", 2))
    model.put(sheet, "A1", "plain")
    model.blank(sheet, "A2", theme.LABEL)
    assert model.values() == {}
    assert [cell.value for cell in books.opened(model)["Sheet"]["A"]] == ["plain", None]


def test_the_value_of_a_formula_is_what_cleaned_cells_give() -> None:
    """A formula that fetches a hostile name shows the name as the cell that it fetches does."""
    model = WorkbookModel()
    model.put(model.sheet("Sheet"), "A1", "nul\x00")
    model.put(model["Sheet"], "A2", Live("=A1", "nul\x00"))
    assert [cell.value for cell in books.opened(model, values=True)["Sheet"]["A"]] == ["nul\ufffd"] * 2


def test_the_date_of_a_formula_is_a_number_of_days() -> None:
    """Excel counts days; the look makes a date of it."""
    model = WorkbookModel()
    model.put(model.sheet("Sheet"), "A1", Live("=MAX(1,2)", date(2026, 9, 30)))
    assert model.values() == {("Sheet", "A1"): 46295.0}
    assert books.opened(model, values=True)["Sheet"]["A1"].value == datetime(2026, 9, 30)


@pytest.mark.parametrize(
    "formula",
    [
        *('=IFERROR(INDEX(Data!$B$2:$B$9,MATCH($A2,Data!$A$2:$A$9,0)),"–")', "='Partner''s (all)'!A1+1", "=if(1,2,3)"),
        *('="a;b{c}[d] XLOOKUP(1)"&TEXT(A1,"+0;-0;0")', "=-NORMSINV(0.025)*SQRT(A1)", "=IF ( A1 , 1 , 2 )", "=A1"),
    ],
)
def test_safe_formulas_pass(formula: str) -> None:
    """What stands between quotation marks is text; only what is outside is checked."""
    check_formula(formula)


@pytest.mark.parametrize(
    ("formula", "complaint"),
    [
        ("SUM(A1)", "starts with"),
        ("=" + "1+" * 5000 + "1", "8,192"),
        ("=PERCENTRANK.INC(A1:A9,3)", "PERCENTRANK.INC is not"),
        ("=_xlfn.XLOOKUP(1,A1:A9,B1:B9)", "_xlfn.XLOOKUP is not"),
        ("=1+NORM.S.DIST(1,TRUE)", "NORM.S.DIST is not"),
        ('=HYPERLINK("http://example.com")', "HYPERLINK is not"),
        ("=LET (x,1,x)", "LET is not"),
        ("=IF(A1;1;2)", "';' has no place"),
        ("=SUM({1,2})", "'{' has no place"),
        ("=IF(A1,1,FALSE)", "write 1=1"),
        ("=[1]Sheet!A1", "outside the workbook"),
        ("='[other.xlsx]Sheet'!A1", "outside the workbook"),
        ("=cmd|'/C calc'!A0", "outside the workbook"),
        ("=SUM(A1", "do not match"),
        ('=A1&"', "do not match"),
    ],
)
def test_formulas_that_some_program_reads_differently_are_refused(formula: str, complaint: str) -> None:
    """A Live is checked when it is made, so a bad formula never reaches a cell."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        Live(formula, 0)


def test_every_safe_function_is_callable_in_a_formula() -> None:
    """The list holds names as they stand in formulas."""
    for name in SAFE_FUNCTIONS:
        check_formula(f"={name}(A1)")


# --- looks ----------------------------------------------------------------------------------------------------------


def test_cells_with_the_same_look_share_one_style() -> None:
    """However many cells wear a look, the file holds it once: that keeps writing fast and files small."""
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    for row in range(1, 50):
        model.put(sheet, (row, 1), row, theme.ROW_NUMBER.but(number=theme.SHARE))
    found = books.opened(model)["Sheet"]
    assert len({found.cell(row, 1).style_id for row in range(1, 50)}) == 1
    assert found["A9"].number_format == theme.SHARE


def test_a_variation_belongs_to_the_named_style_of_its_look() -> None:
    """Restyling "KPI table head" in Excel reaches the right-aligned heads as well."""
    cell = written("NPS", theme.HEAD_NUMBER)
    assert cell.style == "KPI table head"
    assert (cell.alignment.horizontal, cell.font.bold, cell.fill.fgColor.rgb) == ("right", True, "FF1B2A41")


def test_changing_one_cell_leaves_the_others_that_share_its_look() -> None:
    """A style that openpyxl changes in place is not the one that the others wear."""
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    for ref in ("A1", "A2"):
        model.put(sheet, ref, 1, theme.BODY)
    sheet.restyle(1, 1, border=theme.edge(left="FF0000"))
    model.put(sheet, "A3", 1, theme.BODY)
    found = books.opened(model)["Sheet"]
    borders = [found.cell(row, 1).border.left for row in (1, 2, 3)]
    assert [bool(line and line.style) for line in borders] == [True, False, False]


@pytest.mark.parametrize("look", theme.LOOKS.values(), ids=lambda look: look.name)
def test_every_look_is_written_as_it_says(look: theme.Look) -> None:
    """Type, colour, fill, format and alignment come back from the file."""
    cell = written(1, look)
    assert (cell.font.name, cell.font.size, cell.font.bold) == (theme.FONT, look.size, look.bold)
    assert cell.font.color.rgb == f"FF{look.colour}"
    assert (cell.fill.fgColor.rgb if cell.fill.fill_type else None) == (f"FF{look.fill}" if look.fill else None)
    assert cell.number_format == look.number
    assert (cell.alignment.horizontal, cell.alignment.wrap_text or False) == (look.align, look.wrap)
    line = cell.border.bottom
    assert (line.color.rgb if line and line.style else None) == (f"FF{look.line}" if look.line else None)


def linear(part: float) -> float:
    """Return the light of a colour's part, both 0..1, as sRGB defines it."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Return the relative luminance of RRGGBB as WCAG defines it."""
    red, green, blue = (linear(int(colour[index : index + 2], 16) / 255) for index in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("look", theme.LOOKS.values(), ids=lambda look: look.name)
def test_text_stands_out_from_its_ground(look: theme.Look) -> None:
    """The contrast is at least 4.9 to 1, so that small print can be read."""
    light, dark = sorted((luminance(look.colour), luminance(look.fill or theme.WHITE)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.9


def test_glyph_and_word_carry_the_rating_without_the_colour() -> None:
    """No two ratings share a glyph or a word."""
    labels = [rating.label for rating in theme.RATINGS.values()]
    assert labels == ["★ Exceptional", "● Strong", "▲ Watch", "■ Investigate", "– No data"]


def test_a_rating_colours_the_cells_for_which_its_rule_holds() -> None:
    """The rule is stored with the rating's text and ground."""
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    sheet.colour_where("A1:A9", "AND(ISNUMBER(A1),A1<50)", theme.RATINGS["watch"].colours)
    stored = books.opened(model)["Sheet"].conditional_formatting
    (rule,) = (rule for area in stored for rule in area.rules)
    assert rule.formula == ["AND(ISNUMBER(A1),A1<50)"]
    assert (rule.dxf.font.color.rgb, rule.dxf.fill.bgColor.rgb) == ("FF704400", "FFF2C76F")
