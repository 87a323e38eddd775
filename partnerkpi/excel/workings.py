"""Workings: what the functions give over the tables, as it spills, the period that is shown, and what charts draw."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.excel import period
from partnerkpi.excel.book import PARTNERS, RESPONSES, WORKINGS, Call, Given, Native, call, not_printed, put_call
from partnerkpi.excel.inputs import SURE, TABLES
from partnerkpi.excel.period import Chosen, Days
from partnerkpi.language.figures import DASH, DOWN, NOT_SHOWN, UP
from partnerkpi.udfs.arguments import CONFIDENCE, MIN_RESPONSES
from partnerkpi.workbook.model import arithmetic, names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import BODY, DATE, HEAD, HEAD_NUMBER, RATIO, SECTION, Look
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_heights
from partnerkpi.workbook.sheets.parts import write_top

SECTION_ROW, HEAD_ROW, FIRST_ROW = 4, 5, 6
MANY_ROWS = 300  # as many partners and periods as the sheets look at
LAST_ROW = FIRST_ROW + MANY_ROWS - 1

POINTS = "0;−0;0"  # with a proper minus
TEXT_CELL, NUMBER_CELL = BODY.but(align="left", indent=1), BODY.but(align="right", number=POINTS)
_SHARE, _RATIO, _DAY = NUMBER_CELL.but(number="0%"), NUMBER_CELL.but(number=RATIO), NUMBER_CELL.but(number=DATE)

# Where things stand: the first column of each block, counted from 1.
BY, TREND, SUMMARY, CHANGE, PERIOD_CHART, PARTNER_CHART = 1, 9, 16, 20, 24, 38
_ENOUGH = TREND + 5

#: Rows of the single figures, and of the period that is shown, below the change.
_SINGLES = ("nps", "advocates", "influence", "advocacy", "index", "lift", "rate", "invited", "response")
_PERIOD_ROW, _SINGLE_ROW = FIRST_ROW + 3, FIRST_ROW + 12
_PLACE, _SHOWN, _FROM, _TO, _BEFORE, _Z = range(_PERIOD_ROW, _PERIOD_ROW + 6)


def at(column: int, row: int = FIRST_ROW, *, sheet: bool = True) -> str:
    """Return the address of a cell of this sheet, seen from another sheet unless said otherwise."""
    return f"{f'{WORKINGS}!' if sheet else ''}${get_column_letter(column)}${row}"


def down(column: int, *, sheet: bool = True) -> str:
    """Return the cells of a column of a table that spills, as far as the sheets look."""
    return f"{at(column, sheet=sheet)}:{at(column, LAST_ROW, sheet=False)}"


@dataclass(frozen=True)
class Results:
    """What the functions give over the tables, for the period that is shown and for all of them."""

    chosen: Chosen
    by: Call
    trend: Call
    summary: Call
    change: Call
    singles: dict[str, Call]

    @property
    def place(self) -> int:
        """Return which of the periods is shown, counted from 1."""
        return period.place(self.trend)

    @property
    def word(self) -> str:
        """Return whether the NPS moved since the period before, at the confidence of the workbook."""
        change, p = self.change.values[0][:2] if len(self.change.values[0]) > 1 else ("", "")
        if not isinstance(change, float) or not isinstance(p, float):
            return DASH
        return NOT_SHOWN if p >= 1 - CONFIDENCE else UP if change > 0 else DOWN

    def summarized(self, label: str) -> Value:
        """Return a figure of the summary by its label."""
        return next(row[1] for row in self.summary.values if row[0] == label)


def single(key: str, *, sheet: bool = True) -> str:
    """Return the cell of a single figure."""
    return at(CHANGE + 2, _SINGLE_ROW + _SINGLES.index(key), sheet=sheet)


def results() -> Results:
    """Return what the functions give over the tables."""
    trend = period.trend()
    chosen = Chosen(str(trend.values[period.place(trend) - 1][0]))
    listed = period.listed()
    retained, partner = chosen.customers("retained"), chosen.customers("partner")
    answers = float(sum(1 for row in as_column(chosen.scores) if row != ""))
    asked = Given(
        single("invited", sheet=False), float(sum(int(str(n)) for n in TABLES[PARTNERS].cells("invited_contacts")))
    )
    return Results(
        chosen=chosen,
        by=period.by_partner(chosen),
        trend=trend,
        summary=call("PARTNER_NPS_SUMMARY", chosen.scores, SURE),
        change=call("PARTNER_NPS_SHIFT", chosen.scores_before, chosen.scores),
        singles={
            "nps": call("PARTNER_NPS", chosen.scores),
            "advocates": call("PARTNER_ADVOCATES", listed, chosen.active),
            "influence": call("PARTNER_RETENTION_INFLUENCE", retained, partner),
            "advocacy": call("PARTNER_ADVOCACY", chosen.active, listed),
            "index": call("PARTNER_RETENTION_INDEX", retained, partner),
            "lift": call("PARTNER_RETENTION_LIFT", retained, partner),
            "rate": call("PARTNER_RETENTION_RATE", retained),
            "response": call("PARTNER_RESPONSE_RATE", Given(at(SUMMARY + 1, sheet=False), answers), asked),
        },
    )


def as_column(argument: Given) -> list[object]:
    """Return the cells of an argument that is one column."""
    value = argument.value
    return [row[0] for row in value] if isinstance(value, tuple) else [value]


def answered(first: str, behind: str, *more: str) -> str:
    """Return the formula of how many answers some days have; `more` are further conditions."""
    scored = f'{RESPONSES}[score],">=0",{RESPONSES}[score],"<=10"'
    conditions = "".join(f",{condition}" for condition in more)
    return f'COUNTIFS({RESPONSES}[date],">="&{first},{RESPONSES}[date],"<"&{behind},{scored}{conditions})'


def write_workings(model: WorkbookModel, found: Results) -> None:
    """Write the spills and the charts' data, each with room to grow."""
    sheet = model[WORKINGS]
    says = "What the functions give over your tables, as it spills. The Scorecard reads it; keep the cells below free."
    note = (
        "Low, High and Rating of these two tables are those of the functions: 95 %, and the words of partnerkpi.toml."
    )
    last = PARTNER_CHART + 11
    widths = {get_column_letter(column): 11.0 for column in range(1, last + 1)}
    widths |= dict.fromkeys(
        map(get_column_letter, (BY + 7, TREND + 6, SUMMARY + 3, CHANGE + 3, PERIOD_CHART + 13)), 3.0
    )
    widths |= {get_column_letter(column): 28.0 for column in (BY, PARTNER_CHART + 1, CHANGE)}
    write_top(model, sheet, WORKINGS, says, widths, note)
    by = ("Partner", "Answers", "NPS", "Low", "High", "Shrunk NPS", "Rating")
    _block(model, BY, "Partners in the period, best first", by, found.by, (TEXT_CELL, *[NUMBER_CELL] * 5, TEXT_CELL))
    trend = ("Period", "Answers", "NPS", "Low", "High")
    _block(model, TREND, "All periods", trend, found.trend, (TEXT_CELL, *[NUMBER_CELL] * 4))
    _enough(model, sheet, found)
    heads = ("What", "Figure", "Share")
    _block(model, SUMMARY, "Answers of the period", heads, found.summary, (TEXT_CELL, NUMBER_CELL, _SHARE))
    change, looks = ("Change", "p", "Says"), (NUMBER_CELL, _RATIO, TEXT_CELL)
    _block(model, CHANGE, "The period against the one before", change, found.change, looks)
    model.put(sheet, (FIRST_ROW + 1, CHANGE), "At this confidence", TEXT_CELL)
    says = f"={arithmetic.word_of_change(at(CHANGE, sheet=False), at(CHANGE + 1, sheet=False))}"
    model.put(sheet, (FIRST_ROW + 1, CHANGE + 2), Native(says, found.word), TEXT_CELL)
    _shown(model, sheet, found)
    _singles(model, sheet, found)
    model.define(period.LABELS, f"{at(TREND)}:INDEX({down(TREND)},MAX(1,COUNTA({down(TREND)})))")
    set_heights(sheet, {HEAD_ROW: 20})
    not_printed(sheet, "Workings", TREND - 1)
    sheet.freeze_panes = f"A{FIRST_ROW}"


def write_heads(
    model: WorkbookModel, sheet: SheetModel, left: int, section: str, heads: Sequence[str], looks: Sequence[Look]
) -> None:
    """Write the name of a block and the heads of its columns."""
    model.put(sheet, (SECTION_ROW, left), section, SECTION)
    for place, head in enumerate(heads):
        right = looks[place].align == "right"
        model.put(sheet, (HEAD_ROW, left + place), head, HEAD_NUMBER if right else HEAD.but(indent=1))


def _block(
    model: WorkbookModel, left: int, section: str, heads: Sequence[str], made: Call, looks: Sequence[Look]
) -> None:
    """Write a call that spills below its heads; a table that grows finds the cells below dressed alike."""
    sheet = model[WORKINGS]
    write_heads(model, sheet, left, section, heads, looks)
    put_call(model, sheet, (FIRST_ROW, left), made, looks)
    if left in (BY, TREND):  # one row for each partner or period, not a table of fixed size
        for row in range(FIRST_ROW + len(made.values), FIRST_ROW + 40):
            for place, look in enumerate(looks):
                model.blank(sheet, (row, left + place), look)


def _enough(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write, beside each period, its place where it has enough answers, else 0."""
    write_heads(model, sheet, _ENOUGH, "", ("Enough",), (NUMBER_CELL,))
    for place in range(1, MANY_ROWS + 1):
        row = FIRST_ROW + place - 1
        label, answers = at(TREND, row, sheet=False), at(TREND + 1, row, sheet=False)
        formula = f'=IF(ISNUMBER({answers}),IF(LEFT({label},1)="(",0,IF({answers}>={names.MIN_ANSWERS},{place},0)),0)'
        there = found.trend.values[place - 1] if place <= len(found.trend.values) else None
        enough = there is not None and isinstance(there[1], (int, float)) and there[1] >= MIN_RESPONSES
        model.put(sheet, (row, _ENOUGH), Native(formula, float(place if enough else 0)), NUMBER_CELL.but(number="0;;"))


def _shown(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write which period is shown, and its days."""
    model.put(sheet, (_PERIOD_ROW - 1, CHANGE), "Which period", SECTION)
    labels = down(TREND, sheet=False)
    dated = f'COUNTA({labels})-COUNTIF({labels},"(*")'
    enough = f"MAX({down(_ENOUGH, sheet=False)})"
    latest = f"IF({enough}>0,{enough},{dated})"
    place = f'IF({period.CHOICE}="{period.LATEST}",{latest},IFERROR(MATCH({period.CHOICE},{labels},0),{latest}))'
    cell = at(CHANGE + 2, _SHOWN, sheet=False)
    days = Days(found.chosen.label, cell)
    z = Native(f"=NORMSINV(0.5+{names.CONFIDENCE}/2)", normal_point())
    for row, what, content, look in (
        (_PLACE, "Its place among all", Native(f"={place}", float(found.place)), NUMBER_CELL),
        (
            _SHOWN,
            "Its label",
            Native(f"=INDEX({labels},{at(CHANGE + 2, _PLACE, sheet=False)})", days.label),
            TEXT_CELL.but(align="right"),
        ),
        (_FROM, "Begins", days.start, _DAY),
        (_TO, "Ends before", days.end, _DAY),
        (_BEFORE, "The one before begins", days.before, _DAY),
        (_Z, "Standard errors of an interval", z, _RATIO),
    ):
        model.put(sheet, (row, CHANGE), what, TEXT_CELL)
        model.put(sheet, (row, CHANGE + 2), content, look)
    named = {period.SHOWN: _SHOWN, period.FROM: _FROM, period.TO: _TO, period.BEFORE: _BEFORE, names.Z_VALUE: _Z}
    for name, row in named.items():
        names.define(model, name, WORKINGS, f"{get_column_letter(CHANGE + 2)}{row}")


def normal_point() -> float:
    """Return how many standard errors an interval reaches to each side."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


def place_cell() -> str:
    """Return the cell with the place of the period that is shown."""
    return at(CHANGE + 2, _PLACE, sheet=False)


def _singles(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write the figures of the tiles."""
    model.put(sheet, (_SINGLE_ROW - 1, CHANGE), "Figures of the tiles", SECTION)
    invited = TABLES[PARTNERS].cells("invited_contacts")
    asked = (
        f'COUNTIFS({RESPONSES}[invited],"yes",{RESPONSES}[date],">="&{period.FROM},{RESPONSES}[date],"<"&{period.TO})'
    )
    for key, what, look in (
        ("nps", "NPS", NUMBER_CELL),
        ("advocates", "Share of active partners", _SHARE),
        ("influence", "Influence on retention", NUMBER_CELL),
        ("advocacy", "Activities per partner", _RATIO),
        ("index", "Retention index", NUMBER_CELL),
        ("lift", "Lift in points", NUMBER_CELL),
        ("rate", "Retention rate", _SHARE),
        ("response", "Response rate", _SHARE),
    ):
        row = _SINGLE_ROW + _SINGLES.index(key)
        model.put(sheet, (row, CHANGE), what, TEXT_CELL)
        put_call(model, sheet, (row, CHANGE + 2), found.singles[key], look)
    row = _SINGLE_ROW + _SINGLES.index("invited")
    model.put(sheet, (row, CHANGE), "People invited", TEXT_CELL)
    total = f"SUM({PARTNERS}[invited_contacts])"
    content = Native(f"=IF({asked}>0,{asked},{total})", float(sum(int(str(count)) for count in invited)))
    model.put(sheet, (row, CHANGE + 2), content, NUMBER_CELL)
