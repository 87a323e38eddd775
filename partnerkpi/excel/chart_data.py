"""What the charts and the table of the Scorecard show, period by period and partner by partner, on the sheet Workings.

Intervals are worked out here from the counts, so that they follow the cell Confidence; where these counts are not those
of the function, which sees through more ways of writing a name, the function's own interval stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from partnerkpi.excel import period
from partnerkpi.excel.book import RESPONSES, WORKINGS, Native
from partnerkpi.excel.inputs import TABLES
from partnerkpi.excel.period import Days, first_day, word, word_formula
from partnerkpi.excel.workings import (
    BY,
    FIRST_ROW,
    NUMBER_CELL,
    PARTNER_CHART,
    PERIOD_CHART,
    TEXT_CELL,
    TREND,
    Results,
    answered,
    at,
    down,
    place_cell,
    write_heads,
)
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM, ScoreTally
from partnerkpi.language.figures import DASH
from partnerkpi.udfs.arguments import CONFIDENCE, MIN_RESPONSES
from partnerkpi.udfs.ratings import current_benchmarks
from partnerkpi.workbook.model import arithmetic, names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import Place, SheetModel
from partnerkpi.workbook.model.theme import DATE, Look
from partnerkpi.workbook.model.values import Value

PERIODS_SHOWN, PARTNERS_SHOWN = 6, 12
_HALF = PARTNERS_SHOWN // 2
PROMOTER, DETRACTOR = f'{RESPONSES}[score],">={PROMOTER_FROM:g}"', f'{RESPONSES}[score],"<{PASSIVE_FROM:g}"'
#: Columns of a partner, counted from the first of its block.
PLACE, NAME, NPS, ABOVE, BELOW, ANSWERS, LOW, HIGH, SHRUNK = range(9)


def write_chart_data(model: WorkbookModel, found: Results) -> None:
    """Write what is shown period by period and partner by partner."""
    sheet = model[WORKINGS]
    _write_periods(model, sheet, found)
    _write_partners(model, sheet, found)


def _write_periods(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write the periods up to the one that is shown: what the chart draws, then what that is worked out from."""
    heads: tuple[str, ...] = (
        "Period",
        "NPS",
        "Above",
        "Below",
        "Target",
        "Label",
        "Begins",
        "Ends",
        "Promoters",
        "Detractors",
        "Answers",
    )
    heads = (*heads, "Low", "High")
    day_look = NUMBER_CELL.but(number=DATE)
    looks = (TEXT_CELL, *[NUMBER_CELL] * 4, TEXT_CELL, day_look, day_look, *[NUMBER_CELL] * 5)
    write_heads(model, sheet, PERIOD_CHART, "The chart of periods", heads, looks)
    target = current_benchmarks()["nps"].target
    for step in range(PERIODS_SHOWN):
        row, back = FIRST_ROW + step, PERIODS_SHOWN - step - 1
        cell = [at(PERIOD_CHART + place, row, sheet=False) for place in range(len(heads))]
        number, place, empty = found.place - back, f"{place_cell()}-{back}", f'{cell[5]}=""'
        values = found.trend.values[number - 1] if number >= 1 else None
        label = str(values[0]) if values else ""
        days, tally = Days(label or "2000", cell[5]), _tally_between(label) if values else None
        low, high = _ends(cell[8:11], TREND, place, tally)
        conditions = {"promoters": (PROMOTER,), "detractors": (DETRACTOR,), "responses": ()}
        contents: list[tuple[str, Value | date]] = [
            (f'IF({empty},"",{word_formula(cell[5])})', word(label) if label else ""),
            (f"IF({empty},NA(),INDEX({down(TREND + 2, sheet=False)},{place}))", values[2] if values else "#N/A"),
            *_reach(cell[1], cell[11], cell[12], values[2] if values else None, tally),
            (names.of_kpi("nps", "target"), target),
            (f'IF({place}<1,"",INDEX({down(TREND, sheet=False)},{place}))', label),
            *((f'IF({empty},"",{day.formula[1:]})', day.value if values else "") for day in (days.start, days.end)),
            *(
                (
                    f"IF({empty},0,{answered(cell[6], cell[7], *condition)})",
                    float(getattr(tally, name)) if tally else 0.0,
                )
                for name, condition in conditions.items()
            ),
            *((f'IF({empty},"",{formula})', value if values else "") for formula, value in (low, high)),
        ]
        _write_row(model, sheet, (row, PERIOD_CHART), contents, looks)


def _write_partners(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write the partners that chart and table show: all, or of many the best six and the worst six that are rated."""
    heads: tuple[str, ...] = (
        "Place",
        "Partner",
        "NPS",
        "Above",
        "Below",
        "Answers",
        "Low",
        "High",
        "Shrunk",
        "Promoters",
        "Detractors",
    )
    heads = (*heads, "n")
    looks = (NUMBER_CELL, TEXT_CELL, *[NUMBER_CELL] * 10)
    write_heads(model, sheet, PARTNER_CHART, "Chart and table of partners", heads, looks)
    for step in range(1, PARTNERS_SHOWN + 1):
        row = FIRST_ROW + step - 1
        cell = [at(PARTNER_CHART + place, row, sheet=False) for place in range(len(heads))]
        number, place, empty = shown_place(found, step), cell[PLACE], f"{cell[PLACE]}=0"
        values = found.by.values[number - 1] if number else None
        tally = _tally_of(found, str(values[0])) if values else None
        low, high = _ends(cell[9:12], BY, place, tally)
        who = f"{RESPONSES}[partner],{cell[NAME]}"
        conditions = {"promoters": (PROMOTER, who), "detractors": (DETRACTOR, who), "responses": (who,)}
        of = {column: f"INDEX({down(BY + column, sheet=False)},{place})" for column in (0, 1, 2, 5)}
        contents: list[tuple[str, Value | date]] = [
            (_place_formula(step), float(number)),
            (f'IF({empty},"",{of[0]})', values[0] if values else ""),
            (f"IF({empty},NA(),{of[2]})", values[2] if values else "#N/A"),
            *_reach(cell[NPS], cell[LOW], cell[HIGH], values[2] if values else None, tally),
            (f'IF({empty},"",{of[1]})', values[1] if values else ""),
            *((f'IF({empty},"",{formula})', value if values else "") for formula, value in (low, high)),
            (f'IF({empty},"",{of[5]})', values[5] if values else ""),
            *(
                (
                    f"IF({empty},0,{answered(period.FROM, period.TO, *condition)})",
                    float(getattr(tally, name)) if tally else 0.0,
                )
                for name, condition in conditions.items()
            ),
        ]
        _write_row(model, sheet, (row, PARTNER_CHART), contents, looks)


def _write_row(
    model: WorkbookModel,
    sheet: SheetModel,
    place: Place,
    contents: Sequence[tuple[str, Value | date]],
    looks: Sequence[Look],
) -> None:
    for right, ((formula, value), look) in enumerate(zip(contents, looks, strict=True)):
        model.put(sheet, (place[0], place[1] + right), Native(f"={formula}", value), look)


def _place_formula(step: int) -> str:
    """Return the formula of which partner stands in a row of the table, counted from 1; 0 for an empty row."""
    rated, all_shown = rated_formula(sheet=False), f"IF({heard_formula(sheet=False)}>={step},{step},0)"
    if step <= _HALF:
        return all_shown
    return f"IF({rated}>{PARTNERS_SHOWN},{rated}-{PARTNERS_SHOWN - step},{all_shown})"


def heard_formula(*, sheet: bool = True) -> str:
    """Return the formula of how many partners have answers in the period."""
    return f'COUNTIF({down(BY + 1, sheet=sheet)},">0")'


def rated_formula(*, sheet: bool = True) -> str:
    """Return the formula of how many of them have enough for a rating: those stand first."""
    return f'COUNTIF({down(BY + 1, sheet=sheet)},">="&{names.MIN_ANSWERS})'


def heard(found: Results) -> int:
    """Return how many partners have answers in the period."""
    return sum(_number(row[1]) > 0 for row in found.by.values)


def rated(found: Results) -> int:
    """Return how many partners have enough answers for a rating."""
    return sum(_number(row[1]) >= MIN_RESPONSES for row in found.by.values)


def shown_place(found: Results, step: int) -> int:
    """Return the place of the partner in a row of the table, counted from 1; 0 for an empty row."""
    if step > _HALF and rated(found) > PARTNERS_SHOWN:
        return rated(found) - (PARTNERS_SHOWN - step)
    return step if heard(found) >= step else 0


def _reach(nps: str, low: str, high: str, point: Value, tally: ScoreTally | None) -> list[tuple[str, Value]]:
    """Return how far the interval goes above and below the NPS, as formulas with what they give."""
    interval = tally.interval(CONFIDENCE) if tally else None
    reach: list[Value] = ["#N/A", "#N/A"]
    if interval and isinstance(point, float):
        reach = [interval.high - point, point - interval.low]
    return list(zip((f"IFERROR({high}-{nps},NA())", f"IFERROR({nps}-{low},NA())"), reach, strict=True))


def _ends(counts: Sequence[str], column: int, place: str, tally: ScoreTally | None) -> list[tuple[str, Value]]:
    """Return the ends of the interval: from the counts where these are the function's, else the function's own."""
    promoters, detractors, answers = counts
    own = arithmetic.nps_ends_of(promoters, detractors, answers, "1")
    same = f"{answers}=INDEX({down(column + 1, sheet=False)},{place})"
    interval = tally.interval(CONFIDENCE) if tally else None
    ends: list[Value] = [interval.low, interval.high] if interval else [DASH, DASH]
    theirs = [f"INDEX({down(column + right, sheet=False)},{place})" for right in (3, 4)]
    return [(f"IF({same},{one},{other})", end) for one, other, end in zip(own, theirs, ends, strict=True)]


def _tally_between(label: str, name: str | None = None) -> ScoreTally:
    """Count the answers of a period, of one partner or of all."""
    table = TABLES[RESPONSES]
    rows = zip(*map(table.cells, ("date", "partner", "score")), strict=True)
    given = [
        float(score)
        for day, who, score in rows
        if isinstance(score, (int, float))
        and isinstance(day, date)
        and first_day(label) <= day < first_day(label, 1)
        and name in (None, who)
    ]
    promoters = sum(score >= PROMOTER_FROM for score in given)
    detractors = sum(score < PASSIVE_FROM for score in given)
    return ScoreTally(detractors, len(given) - promoters - detractors, promoters)


def _tally_of(found: Results, name: str) -> ScoreTally:
    return _tally_between(found.chosen.label, name)


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
