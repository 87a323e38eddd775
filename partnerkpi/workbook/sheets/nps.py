"""NPS: what the answers were made of, period by period and segment by segment, and what they can carry."""

from __future__ import annotations

from partnerkpi.language.figures import NOT_SHOWN
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.figures.charts import BANDS, shares_of
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import CHANGE, COUNT, SCORE, SECTION, SHARE
from partnerkpi.workbook.model.translation import message, translate, translate_formula
from partnerkpi.workbook.page import repeat_heads, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.certainties import any_invited, write_certainties
from partnerkpi.workbook.sheets.charts import answers_bar
from partnerkpi.workbook.sheets.listing import (
    Field,
    by_period,
    grey_where,
    letters_of,
    write_periods,
)
from partnerkpi.workbook.sheets.parts import (
    FEW_NOTE,
    FIRST,
    PERIOD_NOTE,
    SheetContext,
    goes_on,
    notes,
    write_missing,
    write_top,
)
from partnerkpi.workbook.sheets.segments import BAND_HEADS, share_fields, write_segment_table

_BAR_ROWS = 4
_BAR_END = 118 * 9525  # EMU within the last column, which is wider than the others
_LAST = "N"
_MANY_ROWS = 26  # of segments: more do not fit below the bar
HOW_TO = (
    message(
        "Add a file with the answers: one row for each, with a score from 0 to 10 and, where known, partner, date and "
        "respondent."
    ),
    message("Columns such as region, product or segment in that file become the segments of this sheet."),
)


def write_nps(context: SheetContext, sheet: SheetModel) -> None:
    """Write the sheet for the chosen period."""
    model = context.model
    known = any(period.line.scores.responses for period in context.periods)
    note = notes((PERIOD_NOTE, goes_on(context)), (FEW_NOTE, bool(context.card.visible_segments))) if known else ""
    certainty = 15.0 if goes_on(context) and not any_invited(context) else 10.0  # there without response rates
    widths = {"A": 27, **dict.fromkeys("BCDEFGHIJKL", 10.0), "M": certainty, "N": 17}
    write_top(model, sheet, "NPS", context.chosen("nps_headline"), widths, note)
    set_widths(sheet, {"O": 3})
    if not known:
        head = translate("There are no answers. How to supply them:")
        write_missing(context, sheet, head, HOW_TO, _LAST)
        return
    model.put(sheet, (FIRST, 1), context.chosen("above_mix"), SECTION)
    set_heights(sheet, dict.fromkeys(range(FIRST + 1, FIRST + _BAR_ROWS), 17))
    segments, top = context.card.visible_segments, FIRST + _BAR_ROWS + 1
    if len(segments) + len({one.dimension for one in segments}) > _MANY_ROWS:  # last, for the heads that are repeated
        top = _write_below(context, sheet, top)[1] + 1
        last, total = write_segment_table(context, sheet, top, segments)
        below = last + 1
    else:
        last, total = write_segment_table(context, sheet, top, segments)
        top = last + 2
        last, below = _write_below(context, sheet, top)
    if segments:
        sheet.row_breaks.append(top - 1)
    bar = answers_bar(sheet, (total, 1), (total, 7))
    sheet.place_chart(bar, (0, 14, FIRST, FIRST + _BAR_ROWS - 1), _bar_in_words(context), end=_BAR_END)
    set_page(sheet, context.card.title, [f"A1:{_LAST}{below - 1}"])
    repeat_heads(sheet, top + 1, last, context.card.rules.brand.paper)


def _write_below(context: SheetContext, sheet: SheetModel, top: int) -> tuple[int, int]:
    """Write all answers by period, where there are several, and how far to trust them.

    Return the last row of the periods, and the row below all.
    """
    row = _write_periods(context, sheet, top) if goes_on(context) else top - 1
    return row - 1, write_certainties(context, sheet, row + 1)


def _write_periods(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write all answers by period, with the changes; return the row below."""
    context.model.put(sheet, (top, 1), translate("All answers, by period"), SECTION)
    fields = _fields(context)
    row = write_periods(context.model, sheet, top + 1, context.layout, fields, context.periods)
    letters = letters_of(fields)
    grey_where(
        sheet,
        f"{letters['nps_change']}{top + 2}:{letters['nps_word']}{row - 1}",
        f"${letters['nps_word']}{top + 2}={translate_formula(NOT_SHOWN)}",
    )
    return row


def _fields(context: SheetContext) -> list[Field[PeriodFigures]]:
    def figure(key: str, head: str, number: str = COUNT, *, left: bool = False) -> Field[PeriodFigures]:
        return by_period(context.layout, key, head, number, left=left)

    return [
        figure("answers", translate("Answers")),
        *([figure("response", translate("Response rate"), SHARE)] if any_invited(context) else []),
        *(figure(band, translate(BAND_HEADS[band])) for band in BANDS),
        *share_fields(lambda k: k.line.scores),
        figure("nps", "NPS", SCORE),
        figure("nps_low", translate("Low"), SCORE),
        figure("nps_high", translate("High"), SCORE),
        figure("nps_change", translate("Change"), CHANGE),
        figure("nps_word", translate("Certainty"), left=True),
    ]


def _bar_in_words(context: SheetContext) -> str:
    """Return what the bar shows, for those who do not see it."""
    scores = context.current.line.scores
    if not scores.responses:
        return translate("One bar of all answers in {period}: no answers.", period=context.period.value)
    return translate(
        "One bar of all answers in {period}: "
        "{promoters} % promoters, {passives} % passives, {detractors} % detractors.",
        period=context.period.value,
        **{band: str(share) for band, share in zip(BANDS, shares_of(scores), strict=True)},
    )
