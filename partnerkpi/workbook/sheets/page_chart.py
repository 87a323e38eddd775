"""What is drawn beside the tables of the first page: the NPS by value, by period, or what the answers are made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from math import ceil, floor, log10
from textwrap import wrap

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.model.expression import live, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.sheets import page_data
from partnerkpi.workbook.sheets.charts import described, lowest_of_trend, mix_chart, place_line, trend_chart
from partnerkpi.workbook.sheets.page_head import LAST, title_of_chart
from partnerkpi.workbook.sheets.page_kpis import TABLE_COLUMNS, has_kpi, label_of, table_columns
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.point_charts import NO_ROOM, SIDES, value_chart


def write_chart(context: SheetContext, sheet: SheetModel, top: int, bottom: int) -> str:
    """Draw beside the tables what says most; return what was drawn: "value", "trend", "mix", a KPI, or nothing."""
    card, layout, data = context.card, context.layout, context.data
    beside = table_columns(context)
    place = (beside, LAST, top, bottom)
    if page_data.points(card):
        title_of_chart(context, sheet, (top, beside + 1), _value_title(context))
        axis, lowest = _value_axis(card), _lowest_of_partners(card)
        drawing = value_chart(data, layout, len(page_data.points(card)), axis, _sides(context, axis[0], lowest))
        words = _value_words(context)
        sheet.place_chart(drawing.scaled(lowest, 100, 50), place, words)
        return "value"
    if has_kpi(context, "nps"):
        if len(card.periods) == 1:
            wide = beside < TABLE_COLUMNS  # else a sentence with three shares would be cut off
            title = context.chosen("above_mix") if wide else f"{translate('Answers')}, %"
            title_of_chart(context, sheet, (top, beside + 1), title)
            sheet.place_chart(mix_chart(data, layout), place, str(context.current("above_mix")))
            return "mix"
        title = translate("NPS by period, with its interval and the target")
        title_of_chart(context, sheet, (top, beside + 1), title)
        drawn = trend_chart(data, layout).scaled(lowest_of_trend(context))
        sheet.place_chart(drawn, place, described("NPS", context.periods, context.course("nps")))
        return "trend"
    for key, kpi in (("advocacy", "advocacy"), ("influence", "retention"), ("retention", "")):
        if has_kpi(context, key) and len(card.periods) > 1:
            label = label_of(key)
            title_of_chart(context, sheet, (top, beside + 1), f"{label}, %")
            sample = key != "advocacy"  # all partners on the list are counted
            place_line(context, sheet, key, f"{label}, %", place, kpi=kpi, called=label, interval=sample)
            return key
    return ""


#: Titles of the chart by the unit of its axis: with red squares, and without any.
_TITLES = {
    1_000_000: (
        message("NPS by yearly value in millions; red: {rating}"),
        message("NPS by yearly value in millions"),
    ),
    1_000: (
        message("NPS by yearly value in thousands; red: {rating}"),
        message("NPS by yearly value in thousands"),
    ),
    1: (message("NPS by yearly value; red: {rating}"), message("NPS by yearly value")),
}


def _value_title(context: SheetContext) -> Live:
    largest = max(one.annual_value or 0.0 for one in page_data.points(context.card))
    some, none = _TITLES[page_data.Unit.of(largest).divisor]
    return live(when(context.lowest_rated > 0, tell(some, rating=context.lowest_rating), tell(none)))


def _value_words(context: SheetContext) -> str:
    card = context.card
    low = [one.partner for one in card.as_made.call_first if one.low][: page_data.NAMED]
    told = translate("NPS against the yearly value of {number} partners.", number=len(page_data.points(card)))
    return f"{told} {translate('Rated worst: {partners}.', partners=', '.join(low))}" if low else told


_Box = tuple[float, float, float, float]  # left, top, right and bottom
#: About how large the plot is and a letter in it, in points, and how long a line of a name gets before it is broken.
_PLOT = 235.0, 160.0
_LETTER = 5.0, 11.0
_LINE_OF_NAME, _LONGEST_LINE = 14, 24  # where programs break a name, and where those that break it late do
_DOT, _MOST_COVERED = 2.5, 2  # half of a square, and how many a name may stand on
_SQUARE, _MARGIN = 6.0, 8.0  # how far a name is from the middle of its square, and may reach beyond the plot


def _sides(context: SheetContext, right: float, bottom: float) -> str:
    """Return on which side of its square each name stands; the axes go to `right` and from `bottom` to 100."""
    card = context.card.as_made
    drawn = {one.name for one in page_data.points(card)}
    low = [one for one in card.call_first if one.low and one.partner in drawn][: page_data.NAMED]
    scores = [card.count(one.partner, card.current).scores.nps or 0.0 for one in low]
    tallies = [(one.annual_value or 0.0, card.count(one.name, card.current).scores) for one in page_data.points(card)]
    squares = [
        (value / right, (100 - tally.nps) / (100 - bottom))
        for value, tally in tallies
        if tally.nps is not None and not tally.few_responses(card.min_responses)
    ]
    return sides_of(
        [
            (one.partner, (one.value or 0.0) / right, (100 - nps) / (100 - bottom))
            for one, nps in zip(low, scores, strict=True)
        ],
        squares,
    )


def sides_of(named: Sequence[tuple[str, float, float]], squares: Sequence[tuple[float, float]] = ()) -> str:
    """Return for each name on which side of its square it stands so that none covers another; `NO_ROOM` if on none.

    A name comes with the place of its square, in parts of the plot from the left and from above, as all `squares` do.
    Of all ways it is the one that leaves out fewest names, the last first, covers fewest squares, none more than two
    with a name, and puts fewest beyond the plot; then that of the usual sides. Who has no square follows at its usual
    side: another period may name more.
    """
    places = [(_PLOT[0] * across, _PLOT[1] * down) for across, down in squares]
    dots = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in places]
    boxes = [
        {side: (box, sum(_overlap(box, dot) for dot in dots)) for side, box in _boxes(*one).items()} for one in named
    ]
    ways = product(*([*dict.fromkeys(SIDES[place] + "rtbl"), NO_ROOM] for place in range(len(named))))
    best = min(ways, key=lambda sides: _cost(boxes, sides))  # the first of equals: they come in the order of preference
    return "".join(best) + SIDES[len(named) :]


def _boxes(name: str, across: float, down: float) -> dict[str, _Box]:
    """Return the place of a name on each side of its square, broken into lines or not, whichever takes more."""
    x, y = _PLOT[0] * across, _PLOT[1] * down
    wide = _LETTER[0] * max(map(len, wrap(name, _LONGEST_LINE)), default=0)
    high = _LETTER[1] * len(wrap(name, _LINE_OF_NAME))
    return {
        "t": (x - wide / 2, y - _SQUARE - high, x + wide / 2, y - _SQUARE),
        "b": (x - wide / 2, y + _SQUARE, x + wide / 2, y + _SQUARE + high),
        "r": (x + _SQUARE, y - high / 2, x + _SQUARE + wide, y + high / 2),
        "l": (x - _SQUARE - wide, y - high / 2, x - _SQUARE, y + high / 2),
    }


def _cost(boxes: Sequence[dict[str, tuple[_Box, int]]], sides: Sequence[str]) -> tuple[bool, int, list[int], int, int]:
    """Return what is against some sides for the names, the worst first.

    Names that cover each other or many squares, names left out, squares covered, and ends crossed.
    """
    found = [of_name[side] for of_name, side in zip(boxes, sides, strict=True) if side != NO_ROOM]
    taken, over = [box for box, _ in found], [squares for _, squares in found]
    covered = any(_overlap(one, other) for one, other in combinations(taken, 2)) or max(over, default=0) > _MOST_COVERED
    beyond = sum(min(left, top, _PLOT[0] - right, _PLOT[1] - bottom) < -_MARGIN for left, top, right, bottom in taken)
    out = [place for place, side in enumerate(sides) if side == NO_ROOM]
    return covered, len(out), [-place for place in out], sum(over), beyond


def _overlap(one: _Box, other: _Box) -> bool:
    """Tell whether two boxes of left, top, right and bottom share a place."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _value_axis(card: Scorecard) -> tuple[float, float, str]:
    """Return where the axis of values ends, how far its marks are apart, and its number format."""
    largest = max(one.annual_value or 0.0 for one in page_data.points(card))
    unit = page_data.Unit.of(largest)
    power = 10 ** floor(log10(largest))
    step = next(power * part for part in (0.2, 0.5, 1, 2) if largest / (power * part) <= 5)
    return step * ceil(1.02 * largest / step), step, unit.axis


def _lowest_of_partners(card: Scorecard) -> float:
    """Return where the axis of NPS begins: the full fifty below every partner that is drawn, in any period."""
    values = [
        tally.nps
        for one in page_data.points(card)
        for label in card.periods
        if not (tally := card.count(one.name, label).scores).few_responses(card.min_responses) and tally.nps is not None
    ]
    return max(-100.0, 50.0 * floor(min([*values, 0.0]) / 50))
