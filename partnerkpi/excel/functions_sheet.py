"""Functions: what each one means, what it is asked with, a live example and what it must give; a line for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.excel.book import FUNCTIONS, Call, array, call, put_call
from partnerkpi.excel.functions import ExcelFunction
from partnerkpi.excel.self_test import AFTER, BEFORE, DATES, HELPED, PARTNERS, SCORES, STAYED
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import ACCENT, HEAD, LINE, MUTED, NOTE, ROW, TEXT_BLOCK, TILE, Look
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import lines_in_column, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.parts import NOTE_ROW, write_top

HEAD_ROW = 5
#: An upright page keeps letters of 11 points at 7 with these; live examples stand right of what is printed.
WIDTHS = {"A": 36.0, "B": 56.0, "C": 56.0}
_HEADS = ("Function", "What it gives", "Arguments")
_LIVE_AT, _FIXED_AT = 4, 12  # the columns from which an example spills, and what it must give
_MOST = _FIXED_AT - _LIVE_AT - 1  # columns that an example may take
_TEXT = TEXT_BLOCK.but(line=LINE, indent=1)
_LIVE = ROW.but(bold=True, align="right", number="0.####;−0.####;0", fill=TILE)
_FIXED = ROW.but(colour=MUTED, align="right", number="0.####;−0.####;0")


@dataclass(frozen=True)
class Described:
    """What a line of the table says of one function."""

    signature: str
    gives: str
    asked: str
    example: str

    @property
    def height(self) -> float:
        """Return how many points high its text is."""
        texts = zip(WIDTHS.values(), (self.signature, f"{self.gives}\n{self.example}", self.asked), strict=True)
        return 15.0 * max(lines_in_column(text, width - 2) for width, text in texts) + 3


def described(signature: str, help_text: str, asked: Iterable[tuple[str, str]], example: Call) -> Described:
    """Return the line of a function: its name above what it is asked with, and a line of its own for each argument."""
    given = help_text.removeprefix("Return ")
    arguments = "\n".join(f"{name}: {text}" for name, text in asked)
    return Described(signature.replace("(", "\n(", 1), f"{given[:1].upper()}{given[1:]}", arguments, example.formula)


def write_table(
    model: WorkbookModel, sheet: SheetModel, head_row: int, lines: Sequence[Described], tall: Sequence[int] = ()
) -> Sequence[int]:
    """Write a table of functions and print it; return the row of each. `tall` is how many rows each takes, or 1."""
    for place, head in enumerate(_HEADS, 1):
        model.put(sheet, (head_row, place), head, HEAD)
    heights, rows, row = {head_row: 20.0}, [], head_row + 1
    for one, taken in zip(lines, tall or [1] * len(lines), strict=True):
        rows.append(row)
        model.put(sheet, (row, 1), one.signature, _TEXT.but(bold=True, colour=ACCENT))
        model.put(sheet, (row, 2), f"{one.gives}\n{one.example}", _TEXT)
        model.put(sheet, (row, 3), one.asked, _TEXT.but(colour=MUTED))
        heights |= dict.fromkeys(range(row, row + taken), max(15.0, one.height / taken))
        if taken > 1:
            for letter in WIDTHS:
                sheet.merge_cells(f"{letter}{row}:{letter}{row + taken - 1}")
        row += taken
    set_widths(sheet, WIDTHS)
    set_heights(sheet, heights)
    set_page(sheet, "Functions", [f"A1:C{row - 1}"], landscape=False)
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.freeze_panes = f"B{head_row + 1}"
    return rows


def write_functions(model: WorkbookModel, functions: tuple[ExcelFunction, ...]) -> None:
    """Write a line for each function, in the order of the examples, which are live beside it."""
    sheet = model[FUNCTIONS]
    says = f"{len(functions)} functions, in the category Partner KPI of the function wizard (fx)."
    scales = "Shares are fractions (0.68, which Excel shows as 68 %); NPS, influence, index and lift are points."
    write_top(model, sheet, FUNCTIONS, says, WIDTHS)
    note = NOTE.but(size=11)  # smaller letters could not be read on an upright page of this width
    model.put(sheet, (NOTE_ROW, 1), f"{scales} The examples ask about the samples on Self-test.", note)
    known, shown = {function.name: function for function in functions}, examples()
    lines = [
        described(
            known[name].signature, known[name].help, ((one.name, one.help) for one in known[name].arguments), example
        )
        for name, example in shown.items()
    ]
    rows = write_table(model, sheet, HEAD_ROW, lines, [len(example.values) for example in shown.values()])
    for column, head in ((_LIVE_AT, "Example, calculated"), (_FIXED_AT, "Must give")):
        for place in range(column, column + _MOST):
            model.put(sheet, (HEAD_ROW, place), head if place == column else "", HEAD.but(wrap=False))
    for top, example in zip(rows, shown.values(), strict=True):
        looks = [_looks(_LIVE, value) for value in example.values[0]]
        put_call(model, sheet, (top, _LIVE_AT), example, looks)
        for down, values in enumerate(example.values):
            for right, value in enumerate(values):
                model.put(sheet, (top + down, _FIXED_AT + right), value, _looks(_FIXED, example.values[0][right]))
    figures = range(_LIVE_AT, _FIXED_AT + _MOST)
    set_widths(sheet, {get_column_letter(column): 3.0 if column == _FIXED_AT - 1 else 11.0 for column in figures})


def _looks(look: Look, value: Value) -> Look:
    """Return the look of a column whose first cell holds this value: words at the left, figures at the right."""
    look = look.but(vertical="top")
    return look.but(align="left", indent=1) if isinstance(value, str) else look


def examples() -> Mapping[str, Call]:
    """Return an example of each function by its name, over the samples of the sheet Self-test."""
    scores, stayed, helped = SCORES.argument, STAYED.argument, HELPED.argument
    money = array([100], [200], [50]), array([120], [150], [0])
    made = (
        call("PARTNER_NPS", scores),
        call("PARTNER_NPS_MARGIN", scores, 0.9),
        call("PARTNER_NPS_LOW", scores),
        call("PARTNER_NPS_HIGH", scores, 0.95, 40),
        call("PARTNER_NPS_SUMMARY", scores),
        call("PARTNER_NPS_BY", PARTNERS.argument, scores),
        call("PARTNER_NPS_TREND", DATES.argument, scores, "quarter"),
        call("PARTNER_NPS_SHIFT", BEFORE.argument, AFTER.argument),
        call("PARTNER_NPS_ABOVE", AFTER.argument, 50),
        call("PARTNER_NPS_CLUSTERED", PARTNERS.argument, scores, 0.5),
        call("PARTNER_NPS_GROUP", array([9], [7], [3])),
        call("PARTNER_RESPONSE_RATE", 30, 120),
        call("PARTNER_ADVOCACY", 45, 40),
        call("PARTNER_ADVOCATES", 40, 12),
        call("PARTNER_RETENTION", 200, 210, 40),
        call("PARTNER_RETENTION_RATE", stayed),
        call("PARTNER_RETENTION_INFLUENCE", stayed, helped),
        call("PARTNER_RETENTION_INDEX", 0.9, 0.8),
        call("PARTNER_RETENTION_LIFT", stayed, helped),
        call("PARTNER_RETENTION_PART", stayed, helped, "Acme"),
        call("PARTNER_NRR", *money),
        call("PARTNER_GRR", *money),
        call("PARTNER_ATTAINMENT", 45, 0.6, 70, array([0.4, 0.3, 0.3])),
        call("PARTNER_HEALTH", 45, 0.6, 70),
        call("PARTNER_RATING", "nps", 46),
    )
    return {one.formula[1:].partition("(")[0]: one for one in made}
