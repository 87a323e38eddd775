"""NPS: what the answers were made of, period by period and segment by segment, and what they can carry."""

from __future__ import annotations

from partnerkpi.language.figures import CANNOT_TELL, DASH
from partnerkpi.language.figures import whole as whole_text
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.expression import joined, live
from partnerkpi.workbook.model.theme import CHANGE, COUNT, SCORE, SECTION, SHARE
from partnerkpi.workbook.model.translation import message, translate, translate_formula
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.charts import answers_bar
from partnerkpi.workbook.sheets.listing import Field, by_period, grey_where, letters_of, write_periods
from partnerkpi.workbook.sheets.parts import FIRST, SheetContext, write_missing, write_top
from partnerkpi.workbook.sheets.quality_lines import write_quality
from partnerkpi.workbook.sheets.segment_rows import BAND_HEADS, BANDS, share_head, write_segment_table

_BAR_ROWS = 4
_BAR_END = 118 * 9525  # EMU within the last column, which is wider than the others
_LAST = "N"
NOTE = message("The period is the one chosen on Scorecard. Grey: fewer answers than Benchmarks asks for.")
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
    sentence = live(joined(context.chosen("nps_headline"), " ", context.chosen("above_mix"), "."))
    write_top(model, sheet, "NPS", sentence, {"A": 27, **dict.fromkeys("BCDEFGHIJKLM", 10.0), "N": 17}, translate(NOTE))
    set_widths(sheet, {"O": 3})
    if not any(period.line.scores.responses for period in context.periods):
        head = translate("There are no answers. How to supply them:")
        row = write_missing(model, sheet, FIRST, head, [translate(line) for line in HOW_TO])
        set_page(sheet, context.card.title, [f"A1:{_LAST}{row}"])
        return
    top = FIRST + _BAR_ROWS + 1
    last, total = write_segment_table(context, sheet, top, context.card.visible_segments)
    model.put(sheet, (FIRST, 1), context.chosen("above_mix"), SECTION)
    set_heights(sheet, dict.fromkeys(range(FIRST + 1, FIRST + _BAR_ROWS), 17))
    bar = answers_bar(sheet, (total, 1), (total, 7))
    sheet.place_chart(bar, (0, 14, FIRST, FIRST + _BAR_ROWS - 1), _bar_in_words(context), end=_BAR_END)
    top = last + 3
    model.put(sheet, (top - 1, 1), translate("All answers, by period"), SECTION)
    row = write_periods(model, sheet, top, context.layout, _fields(context), context.periods)
    letters = letters_of(_fields(context))
    grey_where(
        sheet,
        f"{letters['nps_change']}{top + 1}:{letters['nps_word']}{row - 1}",
        f"${letters['nps_word']}{top + 1}={translate_formula(CANNOT_TELL)}",
    )
    row = write_quality(context, sheet, row + 1)
    if context.card.visible_segments:
        sheet.row_breaks.append(top - 2)
    set_page(sheet, context.card.title, [f"A1:{_LAST}{row - 1}"])


def _fields(context: SheetContext) -> list[Field[PeriodFigures]]:
    def figure(key: str, head: str, number: str = COUNT, *, left: bool = False) -> Field[PeriodFigures]:
        return by_period(context.layout, key, head, number, left=left)

    def share(band: str) -> Field[PeriodFigures]:
        def value(period: PeriodFigures) -> float | str:
            shares = period.line.scores.shares
            return DASH if shares is None else float(getattr(shares, band))

        return Field(f"{band}_share", share_head(band), lambda p: arithmetic.share(p(band), p("answers")), value, SHARE)

    return [
        figure("answers", translate("Answers")),
        figure("response", translate("Response rate"), SHARE),
        *(figure(band, translate(BAND_HEADS[band])) for band in BANDS),
        *(share(band) for band in BANDS),
        figure("nps", "NPS", SCORE),
        figure("nps_low", translate("Low"), SCORE),
        figure("nps_high", translate("High"), SCORE),
        figure("nps_change", translate("Change"), CHANGE),
        figure("nps_word", translate("Certainty"), left=True),
    ]


def _bar_in_words(context: SheetContext) -> str:
    """Return what the bar shows, for those who do not see it."""
    shares = context.current.line.scores.shares
    if shares is None:
        return translate("One bar of all answers in {period}: no answers.", period=context.period.value)
    return translate(
        "One bar of all answers in {period}: "
        "{promoters} % promoters, {passives} % passives, {detractors} % detractors.",
        period=context.period.value,
        **{band: whole_text(getattr(shares, band)) for band in BANDS},
    )
