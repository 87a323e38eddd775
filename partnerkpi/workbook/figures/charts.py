"""What is drawn of the periods: the charts of the Scorecard, the small charts, and the blocks in the tiles.

A line needs #N/A for a gap: text it would draw as 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import rounded, whole_shares
from partnerkpi.workbook.figures.base import (
    POINTS,
    Figure,
    OfPeriod,
    by_number,
    expressed,
    figure,
    if_later,
    if_to_date,
    target_of,
)
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.expression import (
    JOINS,
    C,
    Expression,
    K,
    applied,
    expression,
    given,
    joined,
    tell,
    when,
    when_number,
)
from partnerkpi.workbook.model.phrases import PERCENT, counted, nearest, whole, with_unit
from partnerkpi.workbook.model.theme import SCORE
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.model.values import Value

REVENUE = {"nrr": message("Net revenue retention"), "grr": message("Gross revenue retention")}
BANDS = ("promoters", "passives", "detractors")
GAPS = "chart_nps"  # the one figure that is #N/A without data
_NO_DATA = given("NA()", None)

BLOCKS = "▁▂▃▄▅▆▇█"
EQUAL = "▄"  # of each, where all periods are alike
GAP = "·"  # a period without data, which is not a low one
PERIODS = 8


@dataclass(frozen=True)
class Line:
    """A figure by period that has a small chart: its key, and the KPI whose target is drawn."""

    key: str
    text: str
    kpi: str = ""
    interval: bool = True

    @property
    def chart(self) -> str:
        """Return the key of the row that the chart draws."""
        return f"chart_{self.key}"


#: Figures that add up over a period: of one to date they are no point of a line.
ADD_UP = ("advocacy", "response")
LINES = (
    Line("rolling", message("NPS of several periods together"), "nps"),
    Line("advocacy", message("active advocates"), "advocacy"),
    Line("influence", message("influence share"), "retention"),
    Line("retention", message("retention rate")),
    Line("response", message("response rate"), interval=False),
)


def figures() -> list[Figure]:
    """Return what the charts of the Scorecard draw, in the order of their rows."""
    above, below = _reach("nps")
    return [
        expressed(GAPS, translate("Chart, NPS (#N/A leaves a gap)"), _drawn("nps"), SCORE),
        expressed("chart_target", translate("Chart, target"), target_of("nps"), SCORE),
        expressed("chart_above", translate("Chart, from the NPS up to its high"), above, POINTS),
        expressed("chart_below", translate("Chart, from the NPS down to its low"), below, POINTS),
        _share("promoters", message("Chart, promoters in % of answers")),
        _share("passives", message("Chart, passives in % of answers")),
        _share("detractors", message("Chart, detractors in % of answers")),
        *(one for line in LINES for one in _line(line)),
    ]


def _line(line: Line) -> list[Figure]:
    text = translate(line.text)
    gaps = translate("Chart, {figure} (#N/A without data)", figure=text)
    drawn = _drawn(line.key)
    if line.key in ADD_UP:  # part of a period would look like a fall
        drawn = if_to_date(if_later(_NO_DATA, drawn), drawn)
    found = [expressed(line.chart, gaps, drawn, SCORE)]
    if line.interval:
        above, below = _reach(line.key)
        up = translate("Chart, {figure}: from the figure up to its high", figure=text)
        down = translate("Chart, {figure}: from the figure down to its low", figure=text)
        found += [
            expressed(f"{line.chart}_above", up, above, POINTS),
            expressed(f"{line.chart}_below", down, below, POINTS),
        ]
    if line.kpi and line.kpi != "nps":
        target = translate("Chart, {figure}: target", figure=text)
        found.append(expressed(f"{line.chart}_target", target, target_of(line.kpi), SCORE))
    return found


def _drawn(key: str) -> OfPeriod:
    return when_number(figure(key), figure(key), _NO_DATA)


def _reach(key: str) -> tuple[OfPeriod, OfPeriod]:
    """Return how far the interval of a figure reaches up and down from it."""
    low, high = figure(f"{key}_low"), figure(f"{key}_high")
    above, below = when_number(low, high - figure(key), 0), when_number(low, figure(key) - low, 0)
    if key not in ADD_UP:
        return above, below
    return if_to_date(if_later(expression(0), above), above), if_to_date(if_later(expression(0), below), below)


def shares_of(scores: ScoreTally) -> tuple[int, ...]:
    """Return the shares of promoters, passives and detractors in whole percent, which add up to 100; 0 of nothing."""
    return whole_shares([scores.promoters, scores.passives, scores.detractors])


def _share(band: str, label: str) -> Figure:
    place = BANDS.index(band)
    return Figure(
        f"{band}_share",
        translate(label),
        lambda c: arithmetic.whole_share(place, tuple(map(c, BANDS)), c("answers"), empty="0"),
        lambda m: shares_of(m.line.scores)[place],
        "0;-0;",  # labels of the chart: nothing for a part that nobody belongs to
    )


def sparklines(*, counts: bool, revenue: bool) -> list[Figure]:
    """Return the last periods as blocks in the order of their rows; of counts and of revenue where asked for."""
    of_counts = [
        _sparkline("activities", translate("Activities"), counts=True),
        _sparkline("customers", translate("Customers"), counts=True),
    ]
    return [
        _sparkline("nps", translate("NPS")),
        _sparkline("advocacy", translate("Active advocates"), PERCENT),
        _sparkline("influence", translate("Influence share"), PERCENT),
        _sparkline("response", translate("Response rate"), PERCENT),
        _sparkline("retention", translate("Retention rate"), PERCENT),
        *(of_counts if counts else []),
        *(_sparkline(key, translate(label), PERCENT) for key, label in REVENUE.items() if revenue),
    ]


def _sparkline(key: str, label: str, unit: str = "", *, counts: bool = False) -> Figure:
    def words(number: int) -> OfPeriod:
        periods = [figure(key, back) for back in range(min(PERIODS, number) - 1, -1, -1)]
        whole_ones = sparkline(periods, unit, counts=counts)
        if key not in (*ADD_UP, "health") or number == 1:
            return whole_ones
        return if_to_date(sparkline(periods[:-1], unit, counts=counts), whole_ones)

    return expressed(f"{key}_line", translate("{figure}, last periods as blocks", figure=label), by_number(words))


def sparkline(figures: Sequence[Expression[C, K]], unit: str = "", *, counts: bool = False) -> Expression[C, K]:
    """Return a block for each figure of a row, with the lowest and the highest; nothing below two figures.

    10, a dash and 20 are "▁·█  10 to 20".
    """
    some = applied(lambda *cells: f"COUNT({_range(cells)})", lambda *values: len(_known(values)), *figures)
    lowest = applied(lambda *cells: f"MIN({_range(cells)})", lambda *values: min(_known(values)), *figures)
    highest = applied(lambda *cells: f"MAX({_range(cells)})", lambda *values: max(_known(values)), *figures)
    blocks = applied(_blocks_formula, _blocks, *figures, binds=JOINS)
    write = counted if counts else whole
    reached = tell("{low} to {high}", low=write(lowest), high=write(highest))
    ends = when(nearest(lowest).equals(nearest(highest)), write(highest), reached)
    return when(some < 2, "", joined(blocks, "  ", with_unit(ends, unit)))


def _range(cells: Sequence[str]) -> str:
    return f"{cells[0]}:{cells[-1]}"


def _known(values: Sequence[Value]) -> list[float]:
    return [value for value in values if isinstance(value, (int, float))]


def _blocks_formula(*cells: str) -> str:
    lowest, reach = f"MIN({_range(cells)})", f"(MAX({_range(cells)})-MIN({_range(cells)}))"
    names = ",".join(f'"{block}"' for block in BLOCKS)

    def block(cell: str) -> str:
        step = f"1+ROUND(ROUND({len(BLOCKS) - 1}*({cell}-{lowest})/{reach},9),0)"
        return f'IF(ISNUMBER({cell}),IF(ROUND({reach},9)=0,"{EQUAL}",CHOOSE({step},{names})),"{GAP}")'

    return "&".join(map(block, cells))


def _blocks(*values: Value) -> str:
    known = _known(values)
    reach = max(known) - min(known)

    def block(value: Value) -> str:
        if not isinstance(value, (int, float)):
            return GAP
        if rounded(reach, 9) == 0:
            return EQUAL
        return BLOCKS[round(rounded((len(BLOCKS) - 1) * (value - min(known)) / reach))]

    return "".join(map(block, values))
