"""What fills the first page where one period has neither partners nor a course: what the figure is made of.

Of answers that are the themes of the comments and the segments with their NPS, of customers those who stayed and those
who left.
"""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH, rounded, whole
from partnerkpi.workbook.model.expression import live, tell
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import COUNT, HEAD, HEAD_NUMBER, ROW, ROW_NUMBER, SCORE, SECTION, SHARE
from partnerkpi.workbook.model.translation import current_language, translate
from partnerkpi.workbook.sheets.charts import kept_chart, scores_chart
from partnerkpi.workbook.sheets.page_head import LAST, fit_head, fit_name
from partnerkpi.workbook.sheets.page_kpis import has_kpi
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.segments import dimension_name, segment_name

_MOST = 10  # rows of a table
_HEIGHT = 17.0
_BESIDE = 6  # the first column of the second table, or of what is drawn beside the first
_CHART_ROWS = 28


@dataclass(frozen=True)
class _Part:
    """A row: what it is called, where its counts are found on Data, and who they are."""

    name: str
    found: tuple[str, str, str]  # the formulas of detractors, passives and promoters
    shown: str  # the formula of whether it may be shown
    scores: ScoreTally | None


@dataclass(frozen=True)
class _Table:
    head: str
    counted: str
    parts: Sequence[_Part]


def write_scores(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write the NPS of themes and of segments below each other's side; return the row below them."""
    tables = [table for table in (_themes(context), _segments(context)) if table is not None]
    if not tables or not has_kpi(context, "nps") or len(context.card.periods) > 1:
        return top
    for place, table in enumerate(tables):
        _write_table(context, sheet, top, table, beside=place > 0)
    longest = max(len(table.parts) for table in tables)
    bottom = top + longest
    if len(tables) == 1:
        bottom = top + max(longest, _MOST)
        context.model.put(sheet, (top, _BESIDE + 1), _lowest(tables[0]), SECTION.but(indent=1))
        drawing = scores_chart(sheet, (top + 1, 1, 3), longest)
        words = ", ".join(f"{one.name} {_in_words(one)}" for one in tables[0].parts)
        sheet.place_chart(drawing, (_BESIDE, LAST, top, bottom), f"NPS{current_language()('format.colon')}{words}")
    for row in range(top + 1, bottom + 1):
        sheet.heights[row] = _HEIGHT
    return bottom + 2


def _write_table(context: SheetContext, sheet: SheetModel, top: int, table: _Table, *, beside: bool) -> None:
    """Write one table: at the left edge, or beside that with its names over three columns."""
    model = context.model
    left, first = (_BESIDE, _BESIDE + 3) if beside else (1, 2)
    for column in range(left, first + 2):
        model.blank(sheet, (top, column), HEAD)
    model.put(sheet, (top, left), table.head, HEAD.but(wrap=False))
    for column, head in enumerate((table.counted, "NPS"), first):
        model.put(sheet, (top, column), head, HEAD_NUMBER)
        fit_head(sheet, (top, column), head)
    sheet.heights[top] = 20
    for row, one in enumerate(table.parts, top + 1):
        detractors, passives, promoters = one.found
        for column in range(left + 1, first):
            model.blank(sheet, (row, column), ROW)
        model.put(sheet, (row, left), one.name, ROW)
        if not beside:
            fit_name(sheet, row, one.name)
        answers = f"({detractors}+{passives}+{promoters})"
        nps = f"ROUND(ROUND(100*({promoters}-{detractors})/{answers},9),0)"
        number = one.scores.responses if one.scores is not None else DASH
        model.put(
            sheet,
            (row, first),
            Live(f'=IF({one.shown}=1,{answers},"{DASH}")', number),
            ROW_NUMBER.but(number=COUNT),
        )
        formula = f'=IF(AND({one.shown}=1,{answers}>0),{nps},"{DASH}")'
        model.put(sheet, (row, first + 1), Live(formula, _nps(one)), ROW_NUMBER.but(number=SCORE, bold=True))


def _nps(one: _Part) -> float | str:
    return rounded(one.scores.nps) if one.scores is not None and one.scores.nps is not None else DASH


def _in_words(one: _Part) -> str:
    nps = one.scores.nps if one.scores is not None else None
    return current_language().written(whole(nps)) if nps is not None else DASH


def _by_nps(one: _Part) -> tuple[float, str]:
    """Sort by the NPS as it is shown, the lowest first, as the title of the chart names it; without answers last."""
    nps = one.scores.nps if one.scores is not None else None
    return rounded(nps) if nps is not None else float("inf"), one.name


def _lowest(table: _Table) -> str:
    """Return which theme or segment has the lowest NPS."""
    known = [(rounded(one.scores.nps), one.name) for one in table.parts if one.scores and one.scores.nps is not None]
    if not known:
        return "NPS"
    nps, name = min(known)
    return translate("Lowest NPS: {name} ({nps})", name=name, nps=whole(nps))


def _themes(context: SheetContext) -> _Table | None:
    card, layout = context.card, context.layout
    if card.comments is None or not card.themes:
        return None
    period = card.periods[0]

    def found(head: str, number: int) -> str:
        return f"SUMIFS({layout.theme(head)},{layout.theme('Theme number')},{number})"

    parts = [
        _Part(
            translate(theme.name),
            (found("Detractors", number), found("Passives", number), found("Promoters", number)),
            found("Shown", number),
            theme.tallies[period][1],
        )
        for number, theme in enumerate(card.themes, 1)
        if theme.tallies[period][1] is not None
    ][:_MOST]
    if not parts:
        return None
    return _Table(translate("Themes of the comments"), translate("Comments"), sorted(parts, key=_by_nps))


def _segments(context: SheetContext) -> _Table | None:
    """Return the first dimension that has several segments."""
    card, layout = context.card, context.layout
    period = card.periods[0]
    numbered = list(enumerate(card.visible_segments, 1))
    for dimension in dict.fromkeys(one.dimension for _, one in numbered):
        own = [(number, one) for number, one in numbered if one.dimension == dimension]

        def found(head: str, number: int) -> str:
            return f"SUMIFS({layout.segment(head)},{layout.segment('Segment number')},{number})"

        parts = [
            _Part(
                segment_name(one),
                (found("Detractors", number), found("Passives", number), found("Promoters", number)),
                found("Shown", number),
                one.tallies[period],
            )
            for number, one in own
            if one.tallies[period] is not None
        ][:_MOST]
        if len(parts) > 1:
            return _Table(dimension_name(dimension), translate("Answers"), sorted(parts, key=_by_nps))
    return None


def shows_kept(context: SheetContext) -> bool:
    """Tell whether the page says of each kind of customer who stayed: of one period that nothing else is known of."""
    card = context.card
    other = has_kpi(context, "nps") or has_kpi(context, "advocacy") or len(card.partners) > 1
    return len(card.periods) == 1 and not other and has_kpi(context, "retention")


def write_kept(context: SheetContext, sheet: SheetModel, top: int, below: int) -> int:
    """Write who of the customers stayed and who left, and draw it beside all tables from row `top`.

    `below` is the first row that is free at the left; return the row below all of it.
    """
    card, layout = context.card, context.layout
    if not shows_kept(context):
        return below
    total = context.current.line.retention or RetentionTally()
    customers, retained = layout.chosen("customers"), layout.chosen("retained")
    rows = [(translate("All"), customers, retained, (total.customers, total.retained))]
    if card.customers_have_partners:
        own, own_kept = layout.chosen("own_customers"), layout.chosen("own_retained")
        known = total.partner_customers or 0, total.partner_retained or 0
        rest = total.customers - known[0], total.retained - known[1]
        rows += [
            (translate("With a partner"), own, own_kept, known),
            (translate("Direct"), f"{customers}-{own}", f"{retained}-{own_kept}", rest),
        ]
    head = below + 1
    heads = (
        translate("Customers"),
        translate("Retained"),
        translate("Lost"),
        translate("Retention rate").replace(" ", "\n", 1),
    )
    for column, text in enumerate(heads, 1):
        context.model.put(sheet, (head, column), text, HEAD if column == 1 else HEAD_NUMBER)
    sheet.heights[below] = 8
    sheet.heights[head] = 32 if "\n" in heads[-1] else 20  # in one line it touches the head beside it
    for row, (name, all_of, kept, (counted, stayed)) in enumerate(rows, head + 1):
        cells = (
            (Live(f"={kept}", stayed), COUNT),
            (Live(f"={all_of}-({kept})", counted - stayed), COUNT),
            (
                Live(
                    f'=IF(({all_of})>0,ROUND(ROUND(100*({kept})/({all_of}),9),0),"{DASH}")',
                    rounded(100 * stayed / counted) if counted else DASH,
                ),
                SHARE,
            ),
        )
        context.model.put(sheet, (row, 1), name, ROW)
        for column, (cell, look) in enumerate(cells, 2):
            context.model.put(sheet, (row, column), cell, ROW_NUMBER.but(number=look, bold=column == len(cells) + 1))
        sheet.heights[row] = _HEIGHT
    context.model.put(
        sheet, (top, _BESIDE), live(tell("Customers in {period}", period=context.period)), SECTION.but(indent=1)
    )
    words = ", ".join(f"{name} {stayed}/{counted}" for name, _, _, (counted, stayed) in rows)
    bottom = max(head + len(rows), top + _CHART_ROWS)
    drawing = kept_chart(sheet, (head, 1), len(rows))
    sheet.place_chart(drawing, (_BESIDE - 1, LAST, top, bottom), f"{translate('Retained')}: {words}")
    return bottom + 2
