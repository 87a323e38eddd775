"""Checks: what is the matter with the data, with the row that has it; which rows count, and why the others do not.

A fault that stops the functions (a number that is text, an 11) stands in their place on the Scorecard: it is one of the
data, not of the installation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.excel import period
from partnerkpi.excel.book import (
    ACTIVITIES,
    CHECKS,
    CUSTOMERS,
    PARTNERS,
    RESPONSES,
    Given,
    Native,
    call,
    put_call,
)
from partnerkpi.excel.inputs import HEAD_ROW, TABLES
from partnerkpi.excel.workings import Results, answered, as_column
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    COUNT,
    HEAD,
    HEAD_NUMBER,
    LINE,
    RATINGS,
    ROW,
    ROW_NUMBER,
    SECTION,
    TEXT_BLOCK,
)
from partnerkpi.workbook.page import set_heights, set_page
from partnerkpi.workbook.sheets.parts import write_top

#: What stops the functions, in words, or nothing; and how many things are to be looked at.
STOPS, LOOK_AT = "Data_fault", "Data_to_look_at"
_FIRST = 7
_TEXT_TO_COLUMNS = "select the column, Data, Text to Columns, Finish"
_BLOCK = TEXT_BLOCK.but(line=LINE, vertical="center")
_BEHIND = 7  # the column, beside what is printed, of what the functions give


@dataclass(frozen=True)
class Fault:
    """Something that may be the matter: how many cells, the first row with one, what that holds, and what to do."""

    where: str  # table[column]
    says: str
    count: str
    first: str | None  # the formula of its place in the column
    to_do: str
    stops: bool = False
    value: float = 0.0

    @property
    def cells(self) -> str:
        """Return the cells as they are called: score of responses."""
        table, column = self.where.rstrip("]").split("[")
        return f"{column} of {table}"


def _faults() -> Sequence[Fault]:
    score, day, who = f"{RESPONSES}[score]", f"{RESPONSES}[date]", f"{RESPONSES}[partner]"
    done, active = f"{ACTIVITIES}[date]", f"{ACTIVITIES}[partner]"
    stayed, when = f"{CUSTOMERS}[retained]", f"{CUSTOMERS}[period]"
    blank = float(sum(cell is None for cell in TABLES[RESPONSES].cells("score")))
    known = "+".join(f"COUNTIF({stayed},{word})" for word in ['"yes"', '"no"', "TRUE", "FALSE"])
    return (
        Fault(score, "are text", _texts(score), _first_text(score), f"if they are numbers: {_TEXT_TO_COLUMNS}", True),
        Fault(
            score,
            "are above 10",
            f'COUNTIF({score},">10")',
            f"MATCH(MAX({score}),{score},0)",
            "a score is 0 to 10",
            True,
        ),
        Fault(
            score, "are below 0", f'COUNTIF({score},"<0")', f"MATCH(MIN({score}),{score},0)", "a score is 0 to 10", True
        ),
        Fault(
            day,
            "are text",
            _texts(day),
            _first_text(day),
            f"if they are dates: {_TEXT_TO_COLUMNS}, with the order of day and month",
            True,
        ),
        Fault(
            day,
            "are after the period that is shown",
            f'COUNTIF({day},">="&{period.TO})',
            f"MATCH(MAX({day}),{day},0)",
            "a slip of the hand, or a later period that has too few answers yet",
        ),
        Fault(day, "are blank beside a score", f'COUNTIFS({day},"",{score},">=0")', None, "they count in no period"),
        Fault(who, "are blank beside a score", f'COUNTIFS({who},"",{score},">=0")', None, "they count for no partner"),
        Fault(
            score,
            "are blank",
            f"ROWS({score})-COUNTA({score})",
            None,
            "no answer, which is no 0: nothing to do",
            value=blank,
        ),
        Fault(done, "are text", _texts(done), _first_text(done), f"if they are dates: {_TEXT_TO_COLUMNS}"),
        Fault(
            done, "are blank beside a partner", f'COUNTIFS({done},"",{active},"?*")', None, "they count in no period"
        ),
        Fault(
            stayed,
            "are neither yes nor no",
            f"COUNTA({stayed})-({known})",
            None,
            "yes if the customer stayed, no if it left",
        ),
        Fault(when, "are blank", f"ROWS({when})-COUNTA({when})", None, "they count in no period; write one as 2026-Q3"),
    )


def _texts(cells: str) -> str:
    return f"COUNTA({cells})-COUNT({cells})"


def _first_text(cells: str) -> str:
    return f"MATCH(TRUE,ISTEXT({cells}),0)"  # an array formula


@dataclass(frozen=True)
class Line:
    """A line of what counts: which rows, how many."""

    says: str
    content: Native


def write_checks(model: WorkbookModel, found: Results) -> None:
    """Write the faults, then which rows of each table count."""
    sheet = model[CHECKS]
    says = "What to look at in your data, and which rows the Scorecard counts."
    note = "A line in red stops the figures until it is mended. Rows are those of the sheet."
    write_top(model, sheet, CHECKS, says, {"A": 26.0, "B": 34.0, "C": 10.0, "D": 40.0, "E": 60.0}, note)
    model.put(sheet, (_FIRST - 2, 1), "In the data", SECTION)
    for column, head in enumerate(("Cells", "What", "How many", "The first", "What to do"), 1):
        model.put(sheet, (_FIRST - 1, column), head, HEAD_NUMBER if column == 3 else HEAD)
    faults = _faults()
    for row, fault in enumerate(faults, _FIRST):
        _fault(model, sheet, row, fault)
    last = _FIRST + len(faults) - 1
    stopping = [row for row, fault in enumerate(faults, _FIRST) if fault.stops]
    red = "OR(" + ",".join(f"ROW()={row}" for row in stopping) + ")"
    sheet.colour_where(f"A{_FIRST}:E{last}", f"AND($C{_FIRST}>0,{red})", RATINGS["investigate"].colours)
    row = _summary(model, sheet, last + 1, faults)
    last = _counted(model, sheet, row + 1, found)
    set_page(sheet, CHECKS, [f"A1:E{last}"], one_page=True)


def _fault(model: WorkbookModel, sheet: SheetModel, row: int, fault: Fault) -> None:
    model.put(sheet, (row, 1), fault.cells, ROW)
    model.put(sheet, (row, 2), fault.says, ROW)
    model.put(sheet, (row, 3), Native(f"={fault.count}", fault.value), ROW_NUMBER.but(number=COUNT))
    if fault.first is None:
        model.blank(sheet, (row, 4), ROW)
    else:
        holds = f'"row "&({HEAD_ROW}+{fault.first})&" holds "&INDEX({fault.where},{fault.first})'
        if "date" in fault.where and fault.says.startswith("are after"):
            holds = f'"row "&({HEAD_ROW}+{fault.first})&" is of the year "&YEAR(MAX({fault.where}))'
        model.put_spill(sheet, (row, 4), f'=IF($C{row}>0,IFERROR({holds},""),"")', [[""]], lambda *_: ROW.but(indent=1))
    model.put(sheet, (row, 5), fault.to_do, _BLOCK)
    set_heights(sheet, {row: 17.0 if len(fault.to_do) < 62 else 31.0})


def _summary(model: WorkbookModel, sheet: SheetModel, row: int, faults: Sequence[Fault]) -> int:
    """Write the two cells that the Scorecard reads: what stops the figures, and how many things there are."""
    words = '""'
    for place, fault in reversed(list(enumerate(faults, _FIRST))):
        if fault.stops:
            count = f'$C{place}&IF($C{place}=1," cell of "," cells of ")&"{fault.cells.replace(" of ", " (")}) "'
            says = f'IF($C{place}=1,"{fault.says.replace("are", "is", 1)}","{fault.says}")'
            words = f'IF($C{place}>0,{count}&{says}&", "&$D{place}&": "&$E{place},{words})'
    model.put(sheet, (row, 1), "What stops the figures", ROW)
    model.put(sheet, (row, 2), Native(f"={words}", ""), ROW)
    model.put(sheet, (row + 1, 1), "Things to look at", ROW)
    cells = ",".join(f"$C{place}" for place, fault in enumerate(faults, _FIRST) if "nothing to do" not in fault.to_do)
    counted = "+".join(f"({cell}>0)" for cell in cells.split(","))
    model.put(sheet, (row + 1, 2), Native(f"={counted}", 0.0), ROW.but(number=COUNT))
    for down in (0, 1):
        for column in (3, 4, 5):
            model.blank(sheet, (row + down, column), ROW)
    names.define(model, STOPS, CHECKS, f"B{row}")
    names.define(model, LOOK_AT, CHECKS, f"B{row + 1}")
    return row + 2


def _counted(model: WorkbookModel, sheet: SheetModel, row: int, found: Results) -> int:
    """Write, for each table, how many rows there are and where they count; the parts add up to the whole."""
    for table, lines in _lines(found).items():
        model.put(sheet, (row, 1), f"Rows of {table}", SECTION)
        row += 1
        for line in lines:
            model.put(sheet, (row, 2), line.says, ROW)
            model.put(sheet, (row, 3), line.content, ROW_NUMBER.but(number=COUNT))
            row += 1
        row += 1
    model.put(sheet, (row, 1), "Of partners that are on the list", SECTION)
    model.put(sheet, (row, _BEHIND), "A listed partner has", SECTION)
    row += 1
    share = call("PARTNER_ADVOCACY", 1, period.listed())
    for says, who, every in _listed(found):
        made = call("PARTNER_ADVOCACY", who, period.listed())
        put_call(model, sheet, (row, _BEHIND), made, ROW_NUMBER.but(number="0.00"))
        put_call(model, sheet, (row, _BEHIND + 1), share, ROW_NUMBER.but(number="0.0000"))
        each, one = (f"${get_column_letter(_BEHIND + place)}{row}" for place in (0, 1))
        total = len([cell for cell in as_column(who) if cell not in ("", None)])
        model.put(sheet, (row, 2), says, ROW)
        counted = Native(f"=IFERROR(ROUND({each}/{one},0),0)", float(total))
        model.put(sheet, (row, 3), counted, ROW_NUMBER.but(number=COUNT))
        left = f"({every}-$C{row})"
        others = f'{left}&" of "&{every}&" are of partners that are not on it"'
        says_left = Native(f'=IF({left}>0,{others},"all "&{every})', f"all {total}")
        model.put(sheet, (row, 4), says_left, ROW.but(indent=1))
        model.blank(sheet, (row, 5), ROW)
        row += 1
    put_call(model, sheet, (row, _BEHIND + 1), share, ROW_NUMBER.but(number="0.0000"))
    listed, number = f"COUNTA({PARTNERS}[partner])", float(TABLES[PARTNERS].height)
    model.put(sheet, (row, 2), "partners, each counted once", ROW)
    once = Native(f"=IFERROR(ROUND(1/${get_column_letter(_BEHIND + 1)}{row},0),0)", number)
    model.put(sheet, (row, 3), once, ROW_NUMBER.but(number=COUNT))
    again = f'({listed}-$C{row})&" of "&{listed}&" rows name a partner that stands above already"'
    model.put(
        sheet, (row, 4), Native(f'=IF({listed}>$C{row},{again},"all "&{listed})', f"all {number:g}"), ROW.but(indent=1)
    )
    model.blank(sheet, (row, 5), ROW)
    return row


def _listed(found: Results) -> Sequence[tuple[str, Given, str]]:
    chosen, customers = found.chosen, f"{CUSTOMERS}[partner]"
    return (
        (
            "answers of the period, by listed partner",
            chosen.who_answered,
            answered(period.FROM, period.TO, f'{RESPONSES}[partner],"?*"'),
        ),
        (
            "activities of the period, by listed partner",
            chosen.active,
            f'COUNTIFS({ACTIVITIES}[date],">="&{period.FROM},{ACTIVITIES}[date],"<"&{period.TO},{ACTIVITIES}[partner],"?*")',
        ),
        (
            "customers of the period with a partner",
            chosen.customers("partner"),
            f'COUNTIFS({CUSTOMERS}[period],{period.SHOWN},{customers},"?*")',
        ),
    )


def _lines(found: Results) -> dict[str, Sequence[Line]]:
    score, first, behind = (
        f"{RESPONSES}[score]",
        period.first_day(found.chosen.label),
        period.first_day(found.chosen.label, 1),
    )
    answers = list(zip(*map(TABLES[RESPONSES].cells, ("date", "score")), strict=True))
    scored = f'COUNTIFS({score},">=0",{score},"<=10")'
    dated = f'COUNTIFS({score},">=0",{score},"<=10",{RESPONSES}[date],">0")'
    here = answered(period.FROM, period.TO)
    given = [day for day, one in answers if one is not None]
    inside = float(sum(_is_in(day, first, behind) for day in given))
    done, days = TABLES[ACTIVITIES].cells("date"), f"{ACTIVITIES}[date]"
    acted = f'COUNTIFS({days},">="&{period.FROM},{days},"<"&{period.TO})'
    active = float(sum(_is_in(day, first, behind) for day in done))
    when, periods = f"{CUSTOMERS}[period]", TABLES[CUSTOMERS].cells("period")
    of_period = float(sum(one == found.chosen.label for one in periods))
    return {
        RESPONSES: (
            Line("all", Native(f"=ROWS({score})", float(len(answers)))),
            Line("answers of the period", Native(f"={here}", inside)),
            Line("answers of other periods", Native(f"={dated}-{here}", float(len(given)) - inside)),
            Line("answers without a date", Native(f"={scored}-{dated}", 0.0)),
            Line(
                "no answer: blank, text, or not 0 to 10",
                Native(f"=ROWS({score})-{scored}", float(len(answers) - len(given))),
            ),
        ),
        ACTIVITIES: (
            Line("all", Native(f"=ROWS({days})", float(len(done)))),
            Line("of the period", Native(f"={acted}", active)),
            Line("of other periods", Native(f"=COUNT({days})-{acted}", float(len(done)) - active)),
            Line("without a date", Native(f"=ROWS({days})-COUNT({days})", 0.0)),
        ),
        CUSTOMERS: (
            Line("all", Native(f"=ROWS({when})", float(len(periods)))),
            Line("of the period", Native(f"=COUNTIF({when},{period.SHOWN})", of_period)),
            Line(
                "of other periods",
                Native(f"=COUNTA({when})-COUNTIF({when},{period.SHOWN})", float(len(periods)) - of_period),
            ),
            Line("without a period", Native(f"=ROWS({when})-COUNTA({when})", 0.0)),
        ),
    }


def _is_in(day: object, first: date, behind: date) -> bool:
    return isinstance(day, date) and first <= day < behind
