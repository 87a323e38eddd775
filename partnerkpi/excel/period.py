"""The period that the Scorecard shows: which one, from when to when, and which cells of the tables are of it.

The period is that of the cell which somebody chooses in, "latest" at first: the latest that has enough answers for a
rating. So one date that is mistyped as 2062 does not become the page.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from partnerkpi.dataclass import dataclass
from partnerkpi.excel.book import ACTIVITIES, CUSTOMERS, PARTNERS, RESPONSES, Call, Given, Native, block, call
from partnerkpi.excel.inputs import MIN_ANSWERS, TABLES
from partnerkpi.excel.sample import Cell
from partnerkpi.udfs.arguments import MIN_RESPONSES
from partnerkpi.udfs.nps import NO_DATE
from partnerkpi.workbook.model.values import Value

#: The cells in which somebody chooses, and what stands in them at first.
CHOICE, BY = "Period_choice", "Period_by"
LATEST, QUARTER = "latest", "quarter"
SIZES = ("week", "month", QUARTER, "year")
#: The period that is shown, its first day, the first day behind it, and the first day of the one before.
SHOWN, FROM, TO, BEFORE = "Period_shown", "Period_from", "Period_to", "Period_before"
#: The labels of all periods, as a list to choose from.
LABELS = "Period_labels"


@dataclass(frozen=True)
class Days:
    """A period by its label, with its days as formulas of the cell that holds it, and as what these give."""

    label: Value
    cell: str

    @property
    def start(self) -> Native:
        """Return its first day."""
        return self._day(0)

    @property
    def end(self) -> Native:
        """Return the first day behind it."""
        return self._day(1)

    @property
    def before(self) -> Native:
        """Return the first day of the period before it."""
        return self._day(-1)

    def _day(self, steps: int) -> Native:
        year, quarter = f"VALUE(LEFT({self.cell},4))", f'MID({self.cell},6,1)="Q"'
        first = f"IF(LEN({self.cell})=4,1,IF({quarter},3*VALUE(RIGHT({self.cell},1))-2,VALUE(RIGHT({self.cell},2))))"
        months = f"IF(LEN({self.cell})=4,12,IF({quarter},3,1))"
        month = first if steps == 0 else f"{first}{'+' if steps > 0 else '-'}{months}"
        # the week of ISO 8601: its first one holds 4 January, and each begins on a Monday
        fourth, past = f"DATE({year},1,4)", f"VALUE(RIGHT({self.cell},2)){steps - 1:+d}"
        week = f"{fourth}-WEEKDAY({fourth},3)+7*({past})"
        formula = f'=IF(MID({self.cell},6,1)="W",{week},DATE({year},{month},1))'
        return Native(formula, first_day(str(self.label), steps))


def first_day(label: str, steps: int = 0) -> date:
    """Return the first day of a period by its label, or of one so many periods after it."""
    year = int(label[:4])
    if label[5:6] == "W":
        return date.fromisocalendar(year, int(label[6:]), 1) + timedelta(weeks=steps)
    if len(label) == 4:
        first, months = 1, 12
    elif label[5] == "Q":
        first, months = 3 * int(label[6]) - 2, 3
    else:
        first, months = int(label[5:]), 1
    number = 12 * year + first - 1 + steps * months
    return date(number // 12, number % 12 + 1, 1)


def word(label: Value) -> str:
    """Return a period as people write it: Q3 2026 for 2026-Q3."""
    text = str(label)
    return f"{text[-2:]} {text[:4]}" if text[5:6] == "Q" else text


def word_formula(cell: str) -> str:
    """Return the formula of a period as people write it."""
    return f'IF(MID({cell},6,1)="Q",RIGHT({cell},2)&" "&LEFT({cell},4),{cell})'


def trend() -> Call:
    """Return the NPS of all periods."""
    responses = TABLES[RESPONSES]
    return call("PARTNER_NPS_TREND", responses.column("date"), responses.column("score"), Given(BY, QUARTER))


def place(periods: Call) -> int:
    """Return which of the periods, counted from 1, is the latest with enough answers; else the latest."""
    dated = [row for row in periods.values if row[0] != NO_DATE]
    enough = [
        place for place, row in enumerate(dated, 1) if isinstance(row[1], (int, float)) and row[1] >= MIN_RESPONSES
    ]
    return max(enough, default=len(dated))


@dataclass(frozen=True)
class Chosen:
    """What of the tables is of the period that is shown, as arguments of functions."""

    label: str

    @property
    def scores(self) -> Given:
        """Return the answers of the period; a blank one stays blank, where Excel would make it a 0."""
        return self._between(RESPONSES, "score", FROM, TO, 0, 1)

    @property
    def scores_before(self) -> Given:
        """Return the answers of the period before."""
        return self._between(RESPONSES, "score", BEFORE, FROM, -1, 0)

    @property
    def who_answered(self) -> Given:
        """Return the partners of the answers of the period."""
        table = TABLES[RESPONSES]
        kept = [
            name if score is not None and self._is_between(day, 0, 1) else ""
            for day, name, score in zip(*map(table.cells, ("date", "partner", "score")), strict=True)
        ]
        days = "(responses[date]>=Period_from)*(responses[date]<Period_to)"
        named = f'(responses[score]<>"")*(responses[partner]<>"")*{days}'
        return block(f'IF({named},responses[partner],"")', [[cell] for cell in kept])

    @property
    def active(self) -> Given:
        """Return the partners of the activities of the period."""
        return self._between(ACTIVITIES, "partner", FROM, TO, 0, 1)

    def customers(self, head: str) -> Given:
        """Return a column of the customers of the period."""
        table = TABLES[CUSTOMERS]
        kept: list[list[Cell]] = [
            [cell if cell is not None and period == self.label else ""]
            for period, cell in zip(table.cells("period"), table.cells(head), strict=True)
        ]
        cells = f"{CUSTOMERS}[{head}]"
        return block(f'IF(({CUSTOMERS}[period]={SHOWN})*({cells}<>""),{cells},"")', kept)

    def _between(self, name: str, head: str, first: str, behind: str, start: int, end: int) -> Given:
        table, cells = TABLES[name], f"{name}[{head}]"
        kept: list[list[Cell]] = [
            [cell if cell is not None and self._is_between(day, start, end) else ""]
            for day, cell in zip(table.cells("date"), table.cells(head), strict=True)
        ]
        days = f"({name}[date]>={first})*({name}[date]<{behind})"
        return block(f'IF(({cells}<>"")*{days},{cells},"")', kept)

    def _is_between(self, day: Cell, start: int, end: int) -> bool:
        if not isinstance(day, date) or isinstance(day, datetime):
            return False
        return first_day(self.label, start) <= day < first_day(self.label, end)


def by_partner(chosen: Chosen) -> Call:
    """Return the NPS of each partner in the period."""
    return call("PARTNER_NPS_BY", TABLES[RESPONSES].column("partner"), chosen.scores, MIN_ANSWERS)


def listed() -> Given:
    """Return the list of partners as an argument."""
    return TABLES[PARTNERS].column("partner")
