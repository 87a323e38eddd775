"""Workings: what the functions give over the tables, as it spills, and what the charts draw. The Scorecard reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl.utils.cell import get_column_letter

from partnerkpi.excel.book import (
    ACTIVITIES,
    CUSTOMERS,
    PARTNERS,
    RESPONSES,
    WORKINGS,
    Call,
    Given,
    Native,
    block,
    call,
    put_call,
)
from partnerkpi.excel.inputs import MIN_ANSWERS, SURE, TABLES
from partnerkpi.udfs.ratings import current_benchmarks
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import BODY, DATE, HEAD, HEAD_NUMBER, RATIO, SECTION, Look
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_heights, set_page
from partnerkpi.workbook.sheets.parts import write_top

SECTION_ROW, HEAD_ROW, FIRST_ROW = 4, 5, 6
MANY_ROWS = 200  # as many partners and periods as the sheets look at
PERIODS_SHOWN, PARTNERS_SHOWN = 6, 12

POINTS = "0;−0;0"  # with a proper minus
_TEXT, _NUMBER = BODY.but(align="left", indent=1), BODY.but(align="right", number=POINTS)
_SHARE, _RATIO = _NUMBER.but(number="0%"), _NUMBER.but(number=RATIO)
_RESPONSES, _ACTIVITIES = TABLES[RESPONSES], TABLES[ACTIVITIES]
_CUSTOMERS, _PARTNERS = TABLES[CUSTOMERS], TABLES[PARTNERS]
_DAYS: list[date] = [day for day in _RESPONSES.cells("Date") if isinstance(day, date)]

# Where things stand: the first column of each block, counted from 1.
BY, TREND, SUMMARY, CHANGE, PERIOD_CHART, PARTNER_CHART = 1, 9, 15, 19, 23, 29


def at(column: int, row: int = FIRST_ROW, *, sheet: bool = True) -> str:
    """Return the address of a cell of this sheet, seen from another sheet unless said otherwise."""
    return f"{f'{WORKINGS}!' if sheet else ''}${get_column_letter(column)}${row}"


@dataclass(frozen=True)
class Results:
    """The calls over the tables that several sheets show."""

    by: Call
    trend: Call
    summary: Call
    change: Call
    advocacy: Call
    index: Call
    lift: Call


#: Rows of the single figures below the change.
_SINGLES = ("advocacy", "index", "lift")
_SINGLE_ROW = FIRST_ROW + 9
QUARTER_ROW, BEFORE_ROW = FIRST_ROW + 4, FIRST_ROW + 5


def period_word(label: Value) -> str:
    """Return a quarter as people write it: Q3 2026 for 2026-Q3."""
    text = str(label)
    return f"{text[-2:]} {text[:4]}"


def previous_quarter() -> str:
    """Return the cell with the name of the quarter before the latest."""
    return at(PERIOD_CHART, FIRST_ROW + PERIODS_SHOWN - 2)


def single(key: str, *, sheet: bool = True) -> str:
    """Return the cell of a single figure: advocacy, index or lift."""
    return at(CHANGE + 2, _SINGLE_ROW + _SINGLES.index(key), sheet=sheet)


def results() -> Results:
    """Return what the functions give over the tables."""
    scores, retained = _RESPONSES.column("Score"), _CUSTOMERS.column("Retained")
    partner = _CUSTOMERS.column("Partner")
    begins, before = _quarter_start(0), _quarter_start(1)
    this, last = at(CHANGE + 2, QUARTER_ROW, sheet=False), at(CHANGE + 2, BEFORE_ROW, sheet=False)
    return Results(
        by=call("PARTNER_NPS_BY", _RESPONSES.column("Partner"), scores, MIN_ANSWERS),
        trend=call("PARTNER_NPS_TREND", _RESPONSES.column("Date"), scores, "quarter"),
        summary=call("PARTNER_NPS_SUMMARY", scores, SURE),
        change=call(
            "PARTNER_NPS_SHIFT", _answers_between(last, this, before, begins), _answers_between(this, "", begins, None)
        ),
        advocacy=call("PARTNER_ADVOCACY", _ACTIVITIES.column("Partner"), _PARTNERS.column("Partner")),
        index=call("PARTNER_RETENTION_INDEX", retained, partner),
        lift=call("PARTNER_RETENTION_LIFT", retained, partner),
    )


def _answers_between(start: str, end: str, first: date, behind: date | None) -> Given:
    """Return the answers of some days as an argument; a blank one stays blank, where Excel would make it a 0."""
    until = f"*(Responses[Date]<{end})" if end else ""
    text = f'IF((Responses[Score]<>"")*(Responses[Date]>={start}){until},Responses[Score],"")'
    rows = zip(_DAYS, _RESPONSES.cells("Score"), strict=True)
    kept = [
        [score if score is not None and first <= day and (behind is None or day < behind) else ""]
        for day, score in rows
    ]
    return block(text, kept)


def _quarter_start(back: int) -> date:
    """Return the first day of the latest quarter, or of one before it."""
    latest = max(_DAYS)
    quarters = 4 * latest.year + (latest.month - 1) // 3 - back
    return date(quarters // 4, 3 * (quarters % 4) + 1, 1)


def write_workings(model: WorkbookModel, found: Results) -> None:
    """Write the spills and the charts' data, each with room to grow."""
    sheet = model[WORKINGS]
    says = "What the functions give over your tables, as it spills. The Scorecard reads it; keep the cells below free."
    widths = {get_column_letter(column): 11.0 for column in range(1, PARTNER_CHART + 4)}
    widths |= dict.fromkeys(map(get_column_letter, (BY + 7, TREND + 5, SUMMARY + 3, CHANGE + 3, PERIOD_CHART + 5)), 3.0)
    widths |= {get_column_letter(column): 28.0 for column in (BY, PARTNER_CHART)} | {get_column_letter(CHANGE): 24.0}
    write_top(model, sheet, WORKINGS, says, widths)
    by = ("Partner", "Answers", "NPS", "Low", "High", "Shrunk NPS", "Rating")
    _block(model, BY, "Partners, best first", by, found.by, (_TEXT, *[_NUMBER] * 5, _TEXT))
    trend = ("Quarter", "Answers", "NPS", "Low", "High")
    _block(model, TREND, "Quarters", trend, found.trend, (_TEXT, *[_NUMBER] * 4))
    _block(model, SUMMARY, "All answers", ("What", "Figure", "Share"), found.summary, (_TEXT, _NUMBER, _SHARE))
    change, looks = ("Change", "p", "Says"), (_NUMBER, _RATIO, _TEXT)
    _block(model, CHANGE, "Latest quarter against the one before", change, found.change, looks)
    _quarters(model, sheet)
    _singles(model, sheet, found)
    _period_chart(model, sheet, found.trend)
    _partner_chart(model, sheet, found.by)
    set_heights(sheet, {HEAD_ROW: 20})
    last, gap = FIRST_ROW + 19, get_column_letter(SUMMARY + 2)
    areas = [
        f"A1:{gap}{last}",
        f"{get_column_letter(CHANGE)}{SECTION_ROW}:{get_column_letter(PARTNER_CHART + 3)}{last}",
    ]
    set_page(sheet, "Workings", areas)
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _heads(
    model: WorkbookModel, sheet: SheetModel, left: int, section: str, heads: Sequence[str], looks: Sequence[Look]
) -> None:
    model.put(sheet, (SECTION_ROW, left), section, SECTION)
    for place, head in enumerate(heads):
        right = looks[place].align == "right"
        model.put(sheet, (HEAD_ROW, left + place), head, HEAD_NUMBER if right else HEAD.but(indent=1))


def _block(
    model: WorkbookModel, left: int, section: str, heads: Sequence[str], made: Call, looks: Sequence[Look]
) -> None:
    """Write a call that spills below its heads; a table that grows finds the cells below dressed alike."""
    sheet = model[WORKINGS]
    _heads(model, sheet, left, section, heads, looks)
    put_call(model, sheet, (FIRST_ROW, left), made, looks)
    if len(made.values) > len(heads):  # one row for each partner or period, not a table of fixed size
        for row in range(FIRST_ROW + len(made.values), FIRST_ROW + 40):
            for place, look in enumerate(looks):
                model.blank(sheet, (row, left + place), look)


def _quarters(model: WorkbookModel, sheet: SheetModel) -> None:
    """Write when the latest quarter and the one before begin."""
    model.put(sheet, (QUARTER_ROW - 1, CHANGE), "Which quarters", SECTION)
    latest = "MAX(Responses[Date])"
    for row, what, months, day in (
        (QUARTER_ROW, "The latest begins", 1, _quarter_start(0)),
        (BEFORE_ROW, "The one before begins", -2, _quarter_start(1)),
    ):
        model.put(sheet, (row, CHANGE), what, _TEXT)
        formula = f"=DATE(YEAR({latest}),3*INT((MONTH({latest})-1)/3)+{months},1)".replace("+-", "-")
        model.put(sheet, (row, CHANGE + 2), Native(formula, day), _NUMBER.but(number=DATE))


def _singles(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write the figures that have no tile of their own."""
    model.put(sheet, (_SINGLE_ROW - 1, CHANGE), "Beside the tiles", SECTION)
    for key, what, look in (
        ("advocacy", "Activities per partner", _RATIO),
        ("index", "Retention index", _NUMBER),
        ("lift", "Lift in points", _NUMBER),
    ):
        row = _SINGLE_ROW + _SINGLES.index(key)
        model.put(sheet, (row, CHANGE), what, _TEXT)
        put_call(model, sheet, (row, CHANGE + 2), getattr(found, key), look)


def _period_chart(model: WorkbookModel, sheet: SheetModel, trend: Call) -> None:
    """Write the latest quarters as the chart draws them: label, NPS, how far it may be above and below, target."""
    looks = (_TEXT, *[_NUMBER] * 4)
    _heads(model, sheet, PERIOD_CHART, "The chart of quarters", ("Quarter", "NPS", "Above", "Below", "Target"), looks)
    label, nps, low, high = (at(TREND + place, sheet=False) for place in (0, 2, 3, 4))
    last = FIRST_ROW + MANY_ROWS - 1
    rows = [None] * max(0, PERIODS_SHOWN - len(trend.values)) + list(trend.values[-PERIODS_SHOWN:])
    target = current_benchmarks()["nps"].target
    for place, values in enumerate(rows):
        row = FIRST_ROW + place
        back = PERIODS_SHOWN - place - 1
        count = f"COUNTA({label}:{at(TREND, last, sheet=False)})-{back}"

        def nth(first: str, count: str = count) -> str:
            return f"INDEX({first}:{first[: first.rindex('$')]}${last},{count})"

        word = f'=IF({count}<1,"",RIGHT({nth(label)},2)&" "&LEFT({nth(label)},4))'
        model.put(sheet, (row, PERIOD_CHART), Native(word, period_word(values[0]) if values else ""), _TEXT)
        figures = (values[2], _minus(values[4], values[2]), _minus(values[2], values[3])) if values else (None,) * 3
        formulas = (nth(nps), f"{nth(high)}-{nth(nps)}", f"{nth(nps)}-{nth(low)}")
        for right, (formula, value) in enumerate(zip(formulas, figures, strict=True), 1):
            model.put(sheet, (row, PERIOD_CHART + right), Native(f"=IF({count}<1,NA(),{formula})", value), _NUMBER)
        model.put(sheet, (row, PERIOD_CHART + 4), Native(f"={names.of_kpi('nps', 'target')}", target), _NUMBER)


def _partner_chart(model: WorkbookModel, sheet: SheetModel, by: Call) -> None:
    """Write the partners as the chart draws them: name, NPS, how far it may be above and below."""
    looks = (_TEXT, *[_NUMBER] * 3)
    _heads(model, sheet, PARTNER_CHART, "The chart of partners", ("Partner", "NPS", "Above", "Below"), looks)
    for place in range(PARTNERS_SHOWN):
        row = FIRST_ROW + place
        values: Sequence[Value] | None = by.values[place] if place < len(by.values) else None
        name, nps, low, high = (at(BY + right, row, sheet=False) for right in (0, 2, 3, 4))
        model.put(
            sheet, (row, PARTNER_CHART), Native(f'=IF(ISTEXT({name}),{name},"")', values[0] if values else ""), _TEXT
        )
        figures = (values[2], _minus(values[4], values[2]), _minus(values[2], values[3])) if values else (None,) * 3
        for right, (formula, value) in enumerate(zip((nps, f"{high}-{nps}", f"{nps}-{low}"), figures, strict=True), 1):
            formula = f"=IF(ISNUMBER({nps}),{formula},NA())"
            model.put(sheet, (row, PARTNER_CHART + right), Native(formula, value), _NUMBER)


def _minus(first: Value, second: Value) -> Value:
    """Return a difference as a formula gives it: an error stays that error."""
    if isinstance(first, float) and isinstance(second, float):
        return first - second
    return first if isinstance(first, str) else second
