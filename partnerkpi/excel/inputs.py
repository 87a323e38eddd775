"""What somebody fills in: the tables Responses, Activities, Customers and Partners, and the sheet Benchmarks.

The tables begin with made-up rows, small enough to read, and to be replaced by somebody's own. Every company and figure
is invented; the partners are a few of those of `partnerkpi demo`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openpyxl.utils.cell import get_column_letter

from partnerkpi.excel.book import (
    ACTIVITIES,
    BENCHMARKS,
    CUSTOMERS,
    PARTNERS,
    RESPONSES,
    Cell,
    Given,
    block,
    column,
    put_or_blank,
)
from partnerkpi.kpi.health import DEFAULT_WEIGHTS
from partnerkpi.udfs.arguments import CONFIDENCE, MIN_RESPONSES
from partnerkpi.udfs.ratings import current_benchmarks
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.theme import COUNT, DATE, HEAD, HEAD_NUMBER, NOTE, ROW, ROW_NUMBER, Look
from partnerkpi.workbook.page import set_heights, set_page
from partnerkpi.workbook.sheets import benchmarks
from partnerkpi.workbook.sheets.parts import write_top


@dataclass(frozen=True)
class DataTable:
    """A table that somebody pastes data into; it is called like its sheet, and so are its columns."""

    name: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]

    def cells(self, head: str) -> list[Cell]:
        """Return the cells of a column."""
        place = self.heads.index(head)
        return [row[place] for row in self.rows]

    def column(self, head: str) -> Given:
        """Return a column as an argument: Responses[Score]."""
        return column(f"{self.name}[{head}]", self.cells(head))


Row = tuple[date | int | str | None, ...]

FIRST_QUARTER = date(2025, 4, 1)
QUARTERS = 6
_ACTIVITY_TYPES = ("Reference", "Case study", "Referral", "Testimonial", "Event")

#: Partner -> region, invitations sent in the six quarters, and its answers by quarter; "-" is an answer left blank.
_PARTNERS: dict[str, tuple[str, int, Sequence[str]]] = {
    "Northquill Systems": ("Americas", 18, ("9 10", "10", "9 8", "10 9", "10", "9 10")),
    "Tarn & Vale Advisory": ("EMEA", 16, ("10", "9", "10 9", "10", "9", "10 9")),
    "Kumorei Works": ("APAC", 12, ("", "10", "", "9", "10", "10 9")),
    "Copperfinch Solutions": ("Americas", 14, ("8", "9", "9", "9 10", "10", "9")),
    "Marrowgate Partners": ("Americas", 15, ("9", "8", "10", "9 7", "9", "10")),
    "Halden, Brook & Sons": ("EMEA", 15, ("7", "8", "8 9", "9", "9 10", "8")),
    "Vantorrel Digital": ("EMEA", 14, ("7 9", "", "9", "8", "6", "9")),
    "Tidewarren Cloud": ("APAC", 12, ("8", "7", "-", "9", "8", "9")),
    "Sorivaux Conseil": ("EMEA", 14, ("5", "6", "6 7", "8", "9", "9 9")),
    "Wrenfield Analytics": ("APAC", 12, ("9", "", "8", "7", "6", "5")),
    "Kestrelane Consulting": ("Americas", 16, ("9", "9 10", "8", "6", "5", "3 4")),
    "Brindlewick Data": ("Americas", 12, ("4", "6", "3", "7", "-", "8")),
}
_ACTIVE = (
    *(("Northquill Systems", 6), ("Tarn & Vale Advisory", 5), ("Halden, Brook & Sons", 3), ("Marrowgate Partners", 3)),
    *(("Copperfinch Solutions", 3), ("Vantorrel Digital", 2), ("Kumorei Works", 2), ("Brindlewick Data", 1)),
)
#: Whose customers there are, and how many of them stayed; "" are those without a partner.
_CUSTOMERS = (
    *(("Northquill Systems", 5, 5), ("Tarn & Vale Advisory", 4, 4), ("Marrowgate Partners", 4, 3)),
    *(("Halden, Brook & Sons", 4, 4), ("Copperfinch Solutions", 3, 3), ("Kestrelane Consulting", 4, 2), ("", 16, 11)),
)


def _partners() -> list[Row]:
    """Return one row for each partner: name, region, invitations sent."""
    return [(name, region, invited) for name, (region, invited, _) in _PARTNERS.items()]


def _responses() -> list[Row]:
    """Return one row for each answer, oldest first: date, partner, region, score; a blank score is None."""
    rows: list[tuple[date, str, str, int | None]] = []
    for number, (name, (region, _, quarters)) in enumerate(_PARTNERS.items()):
        for quarter, answers in enumerate(quarters):
            for answer, score in enumerate(answers.split()):
                day = _quarter_start(quarter) + timedelta(days=(11 * number + 29 * answer + 7 * quarter) % 85)
                rows.append((day, name, region, None if score == "-" else int(score)))
    return sorted(rows, key=lambda row: (row[0], row[1]))


def _activities() -> list[Row]:
    """Return one row for each thing a partner did for us, oldest first: date, partner, type."""
    rows = [
        (_quarter_start((number + step) % QUARTERS) + timedelta(days=(17 * step + 23 * number) % 85), name, kind)
        for number, (name, count) in enumerate(_ACTIVE)
        for step, kind in enumerate((_ACTIVITY_TYPES * 2)[number % 3 : number % 3 + count])
    ]
    return sorted(rows)


def _customers() -> list[Row]:
    """Return one row for each customer at the start of the year: number, partner (None without), stayed or not."""
    rows = [
        (partner or None, "Yes" if number < stayed else "No")
        for partner, count, stayed in _CUSTOMERS
        for number in range(count)
    ]
    # Mixed as a real list is, the same way every time: 7 and 40 share no divisor.
    mixed = [rows[7 * place % len(rows)] for place in range(len(rows))]
    return [(f"C-{1001 + place}", *row) for place, row in enumerate(mixed)]


def _quarter_start(quarter: int) -> date:
    months = FIRST_QUARTER.month - 1 + 3 * quarter
    return date(FIRST_QUARTER.year + months // 12, months % 12 + 1, 1)


HEAD_ROW = 5
_PASTE = (
    "Paste your rows over these and delete what is left of them: the table grows with yours, and every figure follows."
)
_LAST_ROW = 1_048_576

TABLES = {
    table.name: table
    for table in (
        DataTable(RESPONSES, ("Date", "Partner", "Region", "Score"), _responses()),
        DataTable(ACTIVITIES, ("Date", "Partner", "Type"), _activities()),
        DataTable(CUSTOMERS, ("Customer", "Partner", "Retained"), _customers()),
        DataTable(PARTNERS, ("Partner", "Region", "Invited"), _partners()),
    )
}
_SAYS = {
    RESPONSES: (
        "One row for each answer to: how likely are you to recommend us as a partner, 0 to 10?",
        "A blank score is no answer; a 0 is a detractor. Regions: =PARTNER_NPS_BY(Responses[Region],Responses[Score])",
    ),
    ACTIVITIES: (
        "One row for each thing a partner did for us: references, case studies, testimonials, referrals.",
        "Names must be those of the sheet Partners; an activity of somebody who is not on it counts nowhere.",
    ),
    CUSTOMERS: (
        "One row for each customer at the start of the period: who brought it, and whether it stayed.",
        "Retained is Yes or No (TRUE and FALSE, 1 and 0 also do). A blank partner is a customer without one.",
    ),
    PARTNERS: (
        "The partner list: every partner, also those that did nothing and answered nothing.",
        "Invited is how many were asked to answer in the time that Responses covers.",
    ),
}
_WIDTHS = {"Date": 14, "Partner": 30, "Region": 16, "Score": 10, "Type": 18}
_WIDTHS |= {"Customer": 16, "Retained": 12, "Invited": 12}
#: What Excel refuses when somebody types it into a column: the functions would have to refuse it.
_RULES: dict[str, dict[str, str | bool]] = {
    "Score": {
        "type": "decimal",
        "operator": "between",
        "formula1": "0",
        "formula2": "10",
        "allow_blank": True,
        "errorTitle": "Score",
        "error": "A number from 0 to 10, or nothing where somebody gave no answer.",
        "showErrorMessage": True,
    },
    "Retained": {
        "type": "list",
        "formula1": '"Yes,No"',
        "allow_blank": True,
        "errorTitle": "Retained",
        "errorStyle": "warning",
        "error": "Yes or No, please (TRUE and FALSE also do).",
        "showErrorMessage": True,
    },
}
WEIGHTS = block("Health_weights", [[weight] for weight in DEFAULT_WEIGHTS])
MIN_ANSWERS = Given(names.MIN_ANSWERS, float(MIN_RESPONSES))
SURE = Given(names.CONFIDENCE, CONFIDENCE)


def write_tables(model: WorkbookModel) -> None:
    """Write the four tables and what each of them is for."""
    for name, table in TABLES.items():
        sheet = model[name]
        sentence, note = _SAYS[name]
        widths = {get_column_letter(place): _WIDTHS[head] for place, head in enumerate(table.heads, 1)}
        write_top(model, sheet, name, sentence, dict.fromkeys("ABCDEFGH", 9.0) | widths, _PASTE)
        model.put(sheet, "A4", note, NOTE)
        for place, head in enumerate(table.heads, 1):
            look = _look(head)
            model.put(sheet, (HEAD_ROW, place), head, HEAD_NUMBER if look.align == "right" else HEAD)
            for row, cell in enumerate(table.cells(head), HEAD_ROW + 1):
                put_or_blank(model, sheet, (row, place), cell, look)
            if head in _RULES:
                letter = get_column_letter(place)
                sheet.check_entry(f"{letter}{HEAD_ROW + 1}:{letter}{_LAST_ROW}", **_RULES[head])
        last = HEAD_ROW + len(table.rows)
        sheet.add_table(name, f"A{HEAD_ROW}:{get_column_letter(len(table.heads))}{last}")
        sheet.freeze_panes = f"A{HEAD_ROW + 1}"
        set_heights(sheet, {HEAD_ROW: 20})
        set_page(sheet, name, [f"A1:H{last}"], landscape=False)
        sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _look(head: str) -> Look:
    if head == "Date":
        return ROW.but(number=DATE)
    return ROW_NUMBER.but(number=COUNT) if head in ("Score", "Invited") else ROW


def write_benchmarks(model: WorkbookModel) -> int:
    """Write what figures are measured against, and name each of it: ratings and colours of the Scorecard follow.

    Returns the row below the weights, in which what they make is written.
    """
    sheet, row = model[BENCHMARKS], 5
    says = "Change a number in a yellow cell: ratings, colours and tiles of the Scorecard follow."
    note = "The words of PARTNER_RATING, _NPS_SUMMARY and _NPS_BY follow partnerkpi.toml in your own folder instead."
    write_top(model, sheet, BENCHMARKS, says, benchmarks.WIDTHS, note)
    heads = ("KPI", "Rating", "From", "Target", "Unit")
    row = benchmarks.write_head(model, sheet, row, "Ratings and targets", heads)
    for kpi, benchmark in current_benchmarks().items():
        row = benchmarks.write_bands(model, sheet, row, benchmark, fraction=kpi == "advocacy")
    row = benchmarks.write_head(model, sheet, row + 1, "Share of targets reached", ("KPI", "", "Weight", "Figure", ""))
    names.define(model, WEIGHTS.text, sheet.title, f"C{row}:C{row + 2}")
    for benchmark, weight in zip(current_benchmarks().values(), DEFAULT_WEIGHTS, strict=True):
        benchmarks.write_weight(model, sheet, row, benchmark, weight)
        row += 1
    below = row
    row = benchmarks.write_head(model, sheet, row + 2, "How sure", ("Rule", "", "Value", "", "Note"))
    benchmarks.write_confidence(model, sheet, row, CONFIDENCE)
    label, note = "Fewest answers for a rating", "partners with fewer are shown in grey"
    benchmarks.write_fewest(model, sheet, row + 1, MIN_RESPONSES, label, note)
    last = benchmarks.write_shared_ratings(model, sheet, row + 3)
    set_page(sheet, BENCHMARKS, [f"A1:F{last}"], landscape=False, one_page=True)
    return below
