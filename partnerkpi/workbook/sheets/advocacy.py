"""Advocacy: how many partners speak for us, period by period, and in which tiers and regions."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils.cell import get_column_letter

from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.language.figures import NOT_SHOWN, TO_DATE
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Partner
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.figures.words import ONE_ACTIVE
from partnerkpi.workbook.figures.worth import kinds_of
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.expression import live, tell
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.ratings import chip, colour_by_figure
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import CHANGE, COUNT, HEAD, RATIO, SECTION, SHARE
from partnerkpi.workbook.model.theme import NOTE as NOTE_LOOK
from partnerkpi.workbook.model.translation import current_language, message, translate, translate_formula
from partnerkpi.workbook.page import repeat_heads, set_heights, set_page
from partnerkpi.workbook.sheets.charts import bars, described, place_line
from partnerkpi.workbook.sheets.group_rows import RATING_LOOK, Rated, colour_ratings, write_groups
from partnerkpi.workbook.sheets.kinds import write_kinds
from partnerkpi.workbook.sheets.listing import (
    Entry,
    Field,
    Place,
    by_period,
    grey_where,
    letters_of,
    write_entry,
    write_heads,
    write_periods,
)
from partnerkpi.workbook.sheets.parts import (
    FIRST,
    ONE_PAGE,
    PERIOD_NOTE,
    TARGET_NOTE,
    SheetContext,
    chosen_field,
    goes_on,
    notes,
    write_missing,
    write_top,
)

_CHART_ROWS = 10
_FEW = 8  # activities in a period, under which the chart would have marks between them
_LAST = "J"
NOTE = message("A partner is active that gave at least one activity in the period.")
TO_DATE_NOTE = message(
    "{period} is counted until {day}: not rated, compared with as many days of the period before. A partner is active "
    "that gave at least one activity."
)
HOW_TO = (
    message(
        "Add a file with the partners' activities: one row for each, with partner, kind (reference, case study, "
        "testimonial, referral) and date."
    ),
    message("Add the list of partners as well: the share is of all partners on it, not of those that were active."),
)


def write_advocacy(context: SheetContext, sheet: SheetModel) -> None:
    """Write the sheet for the chosen period."""
    widths = {"A": 27, **dict.fromkeys("BCDEFG", 11.0), **dict.fromkeys("HIJ", 15.0)}
    known = any(period.line.advocacy is not None and period.line.advocacy.partners for period in context.periods)
    note = _note(context) if known else ""
    write_top(context.model, sheet, translate("Advocacy"), context.chosen("advocacy_headline"), widths, note)
    if not known:
        head = translate("There is no data on advocacy. How to supply it:")
        write_missing(context, sheet, head, HOW_TO, _LAST)
        return
    top = FIRST
    if goes_on(context):
        _charts(context, sheet)
        top += _CHART_ROWS + 1
    context.model.put(sheet, (top, 1), live(tell("Partners in {period}", period=context.period)), SECTION)
    fields = _group_fields(context.layout.partner_column("on_list"), context)
    rating = len(fields) + 2
    write_heads(context.model, sheet, top + 1, translate("Partners"), fields)
    write_entry(
        context.model, sheet, top + 2, _total_fields(context), Entry(translate("All partners"), 0, context, bold=True)
    )
    row = top + 3
    if _has_share(context):
        row = _ratings(context, sheet, top, rating)
    last = _write_periods(context, sheet, row + 1) if goes_on(context) else row
    if kinds_of(context.card):
        last = write_kinds(context, sheet, last + 1)
    set_page(sheet, context.card.title, [f"A1:{_LAST}{last - 1}"], one_page=last <= ONE_PAGE)
    repeat_heads(sheet, row + 2, row + 2 + len(context.periods), context.card.rules.brand.paper)


def _note(context: SheetContext) -> str:
    drawn = TARGET_NOTE, goes_on(context) and _has_share(context)
    if not context.layout.to_date or context.card.as_of is None:
        return notes((PERIOD_NOTE, goes_on(context)), (NOTE, True), drawn)
    day, newest = current_language().date(context.card.as_of), context.periods[-1].name
    return " ".join(filter(None, (translate(TO_DATE_NOTE, period=newest, day=day), notes(drawn))))


def _write_periods(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write all partners by period; return the row below."""
    context.model.put(sheet, (top, 1), translate("All partners, by period"), SECTION)
    periods, ratings = _period_fields(context), {}
    if _has_share(context):
        # above the mark of the period
        _colours(context, sheet, (top + 2, top + 1 + len(context.periods)), letters_of(periods))
        ratings = {"advocacy_rating": context.ratings_as_made("advocacy")}
    return write_periods(context.model, sheet, top + 1, context.layout, periods, context.periods, ratings)


def _has_share(context: SheetContext) -> bool:
    """Tell whether there is a share of active partners in any period: one partner has none."""
    return any(value is not None for value in context.course("advocacy"))


def _ratings(context: SheetContext, sheet: SheetModel, top: int, rating: int) -> int:
    """Write the rating of all partners, and the tiers and regions with theirs; return the row below."""
    context.model.put(sheet, (top + 1, rating), translate("Rating"), HEAD.but(indent=1))
    look = chip(context.rating_as_made("advocacy"), RATING_LOOK)
    context.model.put(sheet, (top + 2, rating), context.chosen("advocacy_rating"), look)
    rated = Rated[AdvocacyTally]("advocacy", "share", _share, adds_up=True)
    row = write_groups(
        context,
        sheet,
        top + 3,
        lambda numbers: _group_fields(numbers, context),
        lambda partners, card: _tally(card, partners),
        rated,
    )
    letter = get_column_letter(rating)
    colour_ratings(context, sheet, "advocacy", f"{letter}{top + 2}:{letter}{row - 1}")
    return row


def _charts(context: SheetContext, sheet: SheetModel) -> None:
    """Draw the share of active partners with its target, and the activities."""
    top, bottom = FIRST, FIRST + _CHART_ROWS - 1
    left, right = (5, 10) if _has_share(context) else (0, 5)
    if _has_share(context):
        name, called = translate("Active advocates, %"), translate("Active advocates")
        context.model.put(sheet, (FIRST, 1), translate("Active advocates in % of the partners on the list"), SECTION)
        place_line(context, sheet, "advocacy", name, (0, 5, top, bottom), kpi="advocacy", called=called, interval=False)
    else:
        context.model.put(sheet, (FIRST, 7), translate(ONE_ACTIVE), NOTE_LOOK)
    name = translate("Activities")
    context.model.put(sheet, (FIRST, left + 1), name, SECTION.but(indent=int(left > 0)))
    counts = context.course("activities")
    chart = bars(context.data, context.layout, "activities", name)
    if (most := max(filter(None, counts), default=0)) < _FEW:  # else marks between whole numbers, each shown as one
        chart = chart.scaled(0, None if most else 1, 1)
    sheet.place_chart(chart, (left, right, top, bottom), described(name, context.periods, counts))
    set_heights(sheet, dict.fromkeys(range(FIRST + 1, FIRST + _CHART_ROWS), 16))


def _tally(card: Scorecard, partners: Sequence[Partner]) -> AdvocacyTally:
    counts = [card.count(one.name, card.current).activities for one in partners if card.on_list(one, card.current)]
    return AdvocacyTally(len(counts), sum(1 for count in counts if count), sum(counts))


def _share(tally: AdvocacyTally) -> float | None:
    """Return the share of active partners in per cent."""
    return tally.active_share


def _group_fields(numbers: str, context: SheetContext) -> list[Field[AdvocacyTally]]:
    """Return the columns of a group, whose number stands in the column `numbers` of Partners."""
    column = context.layout.partner_column
    on_list, activities = f"{column('on_list')},1", column("activities")

    def of_group(p: Place) -> str:
        return f"{numbers},{p.number},{on_list}"

    fields: list[Field[AdvocacyTally]] = [
        Field("listed", translate("Partners on the list"), lambda p: f"COUNTIFS({of_group(p)})", lambda k: k.partners),
        Field(
            "active", translate("Active"), lambda p: f'COUNTIFS({of_group(p)},{activities},">0")', lambda k: k.active
        ),
        Field(
            "share",
            translate("Active, %"),
            lambda p: arithmetic.share_of_several(p("active"), p("listed")),
            lambda k: shown(_share(k)),
            SHARE,
        ),
        Field(
            "activities",
            translate("Activities"),
            lambda p: f"SUMIFS({activities},{of_group(p)})",
            lambda k: k.activities,
        ),
        Field(
            "per_partner",
            translate("For each partner"),
            lambda p: arithmetic.ratio(p("activities"), p("listed")),
            lambda k: shown(k.per_partner),
            RATIO,
        ),
        Field(
            "per_active",
            translate("For each active one"),
            lambda p: arithmetic.ratio(p("activities"), p("active")),
            lambda k: shown(k.intensity),
            RATIO,
        ),
    ]
    return [field for field in fields if field.key != "share" or _has_share(context)]


_FIGURES = (
    ("listed", message("Partners on the list"), COUNT),
    ("active", message("Active"), COUNT),
    ("advocacy", message("Active, %"), SHARE),
    ("activities", message("Activities"), COUNT),
    ("per_partner", message("For each partner"), RATIO),
    ("per_active", message("For each active one"), RATIO),
)


def _figures(context: SheetContext) -> list[tuple[str, str, str]]:
    return [figure for figure in _FIGURES if figure[0] != "advocacy" or _has_share(context)]


def _total_fields(context: SheetContext) -> list[Field[SheetContext]]:
    """Return the columns of all partners: the figures of the chosen period, as they stand on Data."""
    return [chosen_field(context, key, number) for key, _, number in _figures(context)]


def _period_fields(context: SheetContext) -> list[Field[PeriodFigures]]:
    fields = [by_period(context.layout, key, translate(head), number) for key, head, number in _figures(context)]
    if not _has_share(context):
        return fields
    return [
        *fields,
        by_period(context.layout, "advocacy_change", translate("Change"), CHANGE),
        by_period(context.layout, "advocacy_word", translate("Certainty"), left=True),
        by_period(context.layout, "advocacy_rating", translate("Rating"), left=True),
    ]


def _colours(context: SheetContext, sheet: SheetModel, rows: tuple[int, int], letters: dict[str, str]) -> None:
    """Colour the ratings, and grey the changes that is within chance."""
    first, last = rows
    rating, word, change = letters["advocacy_rating"], letters["advocacy_word"], letters["advocacy_change"]
    over = f"${rating}{first}<>{translate_formula(TO_DATE)}" if context.layout.to_date else ""
    colour_by_figure(
        sheet,
        f"{rating}{first}:{rating}{last}",
        context.card.benchmarks["advocacy"],
        f"${letters['advocacy']}{first}",
        over,
    )
    grey_where(sheet, f"{change}{first}:{word}{last}", f"${word}{first}={translate_formula(NOT_SHOWN)}")
