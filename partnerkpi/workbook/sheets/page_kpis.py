"""The KPIs on the first page: a row for each that has data, and where one is alone, what it is made of."""

from __future__ import annotations

from math import ceil

from partnerkpi.dataclass import dataclass
from partnerkpi.workbook.figures.charts import REVENUE
from partnerkpi.workbook.figures.page import FALLS, RISES
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import given, live, tell, when, when_number
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import PERCENT, counted, nearest, period_name, whole, with_unit
from partnerkpi.workbook.model.ratings import chip, colour_by_own_label, label
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    BLOCKS,
    CHIPS,
    COUNT,
    HEAD,
    HEAD_NUMBER,
    INK,
    LINE,
    MUTED,
    NO_DATA,
    NOTE,
    NOTE_SIZE,
    ROW,
    ROW_NUMBER,
    SCORE,
    SHARE,
    TEXT,
    colours,
)
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.sheets import page_data
from partnerkpi.workbook.sheets.page_head import fit_label, heads_of
from partnerkpi.workbook.sheets.parts import SheetContext

_MOST_ROWS = 6  # so that whom to call first stands on the first screen of a laptop
TABLE_COLUMNS = 8  # A to H; the chart stands right of them
ROW_HEIGHT = 19.0
_CHANGE = ROW_NUMBER.but(number=TEXT, colour=MUTED)
_BLOCKS = ROW.but(colour=BLOCKS, size=NOTE_SIZE, indent=1)


@dataclass(frozen=True)
class Row:
    """A row of the table of KPIs: the keys of its figure, its rating and its target."""

    label: str
    key: str
    number: str = SHARE
    kpi: str = ""
    leads: bool = False


_NPS_ROW = Row(message("Strategic Partner NPS"), "nps", SCORE, "nps", leads=True)
_ADVOCACY_ROW = Row(message("Active advocates"), "advocacy", SHARE, "advocacy", leads=True)
_INFLUENCE_ROW = Row(message("Retained customers with a partner"), "influence", SHARE, "retention", leads=True)
_ROWS = (
    *(_NPS_ROW, _ADVOCACY_ROW, _INFLUENCE_ROW),
    Row(message("Customer retention"), "retention"),
    *(Row(label, key) for key, label in REVENUE.items()),
    Row(message("Response rate"), "response"),
)
#: What fills the page where one KPI is all there is.
_OF_ANSWERS = (
    *(Row(message("Promoters"), "promoters_share"), Row(message("Passives"), "passives_share")),
    Row(message("Detractors"), "detractors_share"),
)
_OF_ACTIVITIES = (
    Row(message("Activities"), "activities", COUNT),
    Row(message("Activities for each partner"), "per_partner", "0.0"),
)
_OF_CUSTOMERS = (
    Row(message("Customers"), "customers", COUNT),
    Row(message("Retained customers"), "retained", COUNT),
)


def _has(context: SheetContext, key: str) -> bool:
    """Tell whether a figure is known in any period."""
    return key in context.periods[-1].figures and any(value is not None for value in context.course(key))


def has_kpi(context: SheetContext, key: str) -> bool:
    """Tell whether a KPI has data; of one partner there is no share of active ones, and no influence share."""
    if key == "advocacy":
        return _has(context, key) and context.card.listed > 1
    if key == "influence":
        return _has(context, key) and context.card.several_partners
    if key == "response":
        rates = [rate for rate in context.course(key) if rate is not None]  # above 100 people answered several times
        return bool(rates) and max(rates) <= 100 and context.card.answers_once
    return _has(context, key)


def kpi_rows(context: SheetContext) -> list[Row]:
    """Return the rows of the table: the KPIs that have data; where one is alone, what it is made of."""
    found = [row for row in _ROWS if has_kpi(context, row.key)]
    if len(found) > _MOST_ROWS:
        found = [row for row in found if row.key != "response"]  # below the page stands who did not answer
    kpis = {row.key for row in found} - {"response", "retention", *REVENUE}
    if kpis <= {"nps"} and "nps" in kpis and "retention" not in {row.key for row in found}:
        return [found[0], *_OF_ANSWERS, *found[1:]]
    if kpis == {"advocacy"} and len(found) == 1:
        return [*found, *_OF_ACTIVITIES]
    if not kpis & {"nps", "advocacy"} and found:
        alone = len(context.card.periods) == 1 and len(context.card.partners) <= 1  # a table of its own says it
        return found if alone else [*found, *_OF_CUSTOMERS]
    return found


def table_columns(context: SheetContext) -> int:
    """Return how many columns the tables have: in one period without calls nothing is compared or listed."""
    made = context.card.as_made
    listed = len(made.periods) > 1 or made.call_first or page_data.thanks(made) is not None
    return TABLE_COLUMNS if listed else 4


def write_kpis(context: SheetContext, sheet: SheetModel, top: int, rows: list[Row]) -> int:
    """Write the table of the KPIs; return the row below it."""
    model, card = context.model, context.card
    compared = len(card.periods) > 1
    year = _has_year(context) and any(_words(context, f"{row.key}_year_page") for row in rows)
    of_targets = [translate("Target"), translate("Status")] if any(row.kpi for row in rows) else ["", ""]
    heads: list[Live | str] = [translate("How we stand"), context.period, *of_targets]
    if compared:
        heads += [_since(context), translate("In a year") if year else "", _courses(context)]
    elif table_columns(context) == TABLE_COLUMNS:
        heads.append(translate("Interval"))
    for column in range(1, table_columns(context) + 1):
        content = heads[column - 1] if column <= len(heads) and heads[column - 1] else None
        look = HEAD if column == 1 else HEAD.but(align="center") if column == 4 else HEAD_NUMBER
        model.put_if_known(sheet, (top, column), content, HEAD.but(indent=1, wrap=False) if column == 7 else look)
    heads_of(sheet, top, heads[:6])  # that of the courses goes on to the right
    for row, kpi in enumerate(rows, top + 1):
        _kpi(context, sheet, row, kpi, compared=compared)
    last = top + len(rows)
    for rated in sorted({row.kpi for row in rows if row.kpi}):
        colour_by_own_label(sheet, f"D{top + 1}:D{last}", card.benchmarks[rated], f"D{top + 1}")
    if not compared:
        return last + 1
    cells = f"E{top + 1}:F{last}"
    first = f'OR(LEFT(E{top + 1},1)="{RISES}",LEFT(E{top + 1},1)="{FALLS}")'
    sheet.colour_where(cells, first, colours(INK, bold=True))
    note = translate(
        "{up} {down} larger than chance explains. Grey: within chance, or not tested.", up=RISES, down=FALLS
    )
    if (
        year
        and has_kpi(context, "nps")
        and card.rules.options.rolling > 1
        and len(card.periods) >= 2 * card.rules.options.rolling
    ):
        periods = str(card.rules.options.rolling)
        note += " " + translate("In a year: the NPS of the last {n} periods against the {n} before.", n=periods)
    model.put(sheet, (last + 1, 1), note, NOTE)
    sheet.heights[last + 1] = 22
    return last + 2


def _words(context: SheetContext, key: str) -> str:
    """Return what a figure says in the newest period; nothing for one that there is not."""
    return str(context.periods[-1](key)) if key in context.periods[-1].figures else ""


def _since(context: SheetContext) -> Live:
    """Return the head of the changes: since which period, nothing where the first one is chosen."""
    card = context.card
    before = card.previous_of(card.current)
    earlier = given(f"INDEX({names.PERIODS},1,{names.PERIOD_NUMBER}-1)", period_name(before) if before else "")
    number = given(names.PERIOD_NUMBER, card.periods.index(card.current) + 1)
    return live(when(number > 1, tell("on {period}", period=earlier), ""))


def _courses(context: SheetContext) -> str:
    number = min(8, len(context.card.periods))
    return translate("Last {number} periods", number=number)


def _kpi(context: SheetContext, sheet: SheetModel, row: int, kpi: Row, *, compared: bool) -> None:
    model, card = context.model, context.card
    figure = context.figure(kpi.key)
    model.put(sheet, (row, 1), translate(kpi.label), ROW.but(bold=kpi.leads))
    digits = 1 if kpi.number == "0.0" else 0
    listed = counted(context.figure("listed"))
    if kpi.key == "advocacy":
        now: Live = live(
            when_number(
                figure,
                tell("{active} of {all}", active=counted(context.figure("active")), all=listed),
                "–",
            )
        )
    else:
        now = live(when_number(figure, nearest(figure, digits), "–"))
    model.put(sheet, (row, 2), now, ROW_NUMBER.but(bold=True, size=13 if kpi.leads else 11, number=kpi.number))
    if kpi.kpi:
        target = given(names.of_kpi(kpi.kpi, "target"), card.benchmarks[kpi.kpi].target)
        if kpi.key == "advocacy":
            wanted = given(
                f"ROUND({names.of_kpi('advocacy', 'target')}*{context.layout.chosen('listed')}/100+0.4999,0)",
                float(ceil(round(card.benchmarks["advocacy"].target * _listed(context) / 100 - 1e-4, 9))),
            )
            goal: Live = live(when_number(figure, tell("{active} of {all}", active=counted(wanted), all=listed), ""))
        else:
            goal = live(when_number(figure, with_unit(whole(target), "" if kpi.kpi == "nps" else PERCENT), ""))
        model.put(sheet, (row, 3), goal, ROW_NUMBER.but(number=TEXT, colour=MUTED))
        rating = live(when_number(figure, context.chosen(f"{kpi.key}_rating"), NO_DATA.label))
        look = chip(context.rating_as_made(kpi.kpi), CHIPS["no data"].but(fill=None, line=LINE))
        model.put(sheet, (row, 4), rating, look)
        fit_label(sheet, (row, 4), [label(band.name) for band in card.benchmarks[kpi.kpi].bands])
    else:
        model.blank(sheet, (row, 3), ROW)
        model.blank(sheet, (row, 4), ROW)
    sheet.heights[row] = ROW_HEIGHT + (2 if kpi.leads else 0)
    if table_columns(context) < TABLE_COLUMNS:
        return
    if not compared:
        model.put(sheet, (row, 5), _interval(context, kpi), _CHANGE)
        for column in range(6, TABLE_COLUMNS + 1):
            model.blank(sheet, (row, column), ROW)
        return
    for column, what in ((5, "previous"), (6, "year")):
        key = f"{kpi.key}_{what}_page"
        if key in context.periods[-1].figures and (what == "previous" or _has_year(context)):
            model.put(sheet, (row, column), context.chosen(key), _CHANGE)
        else:
            model.blank(sheet, (row, column), ROW)
    line = f"{kpi.key}_line"
    if line in context.periods[-1].figures:
        model.put(sheet, (row, 7), context.chosen(line), _BLOCKS)
    else:
        model.blank(sheet, (row, 7), ROW)
    model.blank(sheet, (row, 8), ROW)


def _has_year(context: SheetContext) -> bool:
    """Tell whether the year before is another period than the one before, which has a column already."""
    card = context.card
    return any(card.year_before(period) != card.previous_of(period) for period in card.periods[1:])


def _interval(context: SheetContext, kpi: Row) -> Live | str:
    """Return between which figures one is known; nothing for a full count, or a figure without an interval."""
    stem = "stated" if kpi.key == "nps" else kpi.key
    if kpi.key == "advocacy" or f"{stem}_low" not in context.periods[-1].figures:
        return ""
    low, high = context.figure(f"{stem}_low"), context.figure(f"{stem}_high")
    reach = tell("{low} to {high}", low=whole(low), high=whole(high))
    return live(when_number(low, with_unit(reach, "" if kpi.key == "nps" else PERCENT), ""))


def _listed(context: SheetContext) -> float:
    value = context.current("listed")
    return float(value) if isinstance(value, (int, float)) else 0.0


def label_of(key: str) -> str:
    """Return what a KPI is called on the page."""
    return translate(next(row.label for row in _ROWS if row.key == key))
