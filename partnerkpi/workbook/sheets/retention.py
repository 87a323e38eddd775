"""Retention: which customers stay, what part of that comes with partners, and in which tiers and regions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Partner
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.expression import live, tell
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.ratings import chip
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import CHANGE, COUNT, HEAD, SCORE, SECTION, SHARE
from partnerkpi.workbook.model.theme import NOTE as NOTE_LOOK
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.page import repeat_heads, set_heights, set_page
from partnerkpi.workbook.sheets.charts import place_line
from partnerkpi.workbook.sheets.group_rows import RATING_LOOK, Rated, colour_ratings, write_groups
from partnerkpi.workbook.sheets.listing import (
    Entry,
    Field,
    Place,
    by_period,
    interval_fields,
    write_entry,
    write_heads,
    write_periods,
)
from partnerkpi.workbook.sheets.parts import (
    BAND_NOTE,
    FIRST,
    ONE_PAGE,
    PERIOD_NOTE,
    TARGET_NOTE,
    SheetContext,
    goes_on,
    notes,
    write_missing,
    write_top,
)
from partnerkpi.workbook.sheets.revenue import RETAINED, write_revenue

_CHART_ROWS = 10
_LAST, _LAST_OF_REVENUE = "O", "Q"
_ROWS_OF_REVENUE = 8
NOTE = message(
    "Influence share = base share × index / 100: a bigger base alone raises the share, and none of this is proof of "
    "cause."
)
HOW_TO = (
    message(
        "Add a file with the customers: one row for each customer and period, with customer, period (or renewal date), "
        "retained (yes or no) and partner; blank is a direct customer."
    ),
    message("Or with a start date and an end date for each customer, the end blank while it stays."),
)
NUMBER = "<number>"  # in a formula, the place of a group's number
NO_PARTNERS = message(
    "Add a column that names the partner of each customer: then the part of the partners can be shown."
)


def write_retention(context: SheetContext, sheet: SheetModel) -> None:
    """Write the sheet for the chosen period."""
    widths = {"A": 27, **dict.fromkeys("BCDEFGHIJKLMN", 9.6), _LAST: 14}
    if context.card.worth.revenue and _has_part(context):
        widths |= {"P": 10.5, _LAST_OF_REVENUE: 12}
    known = any(period.line.retention is not None and period.line.retention.customers for period in context.periods)
    course, part = goes_on(context), _has_part(context)
    note = notes((PERIOD_NOTE, course), (NOTE, part), (BAND_NOTE, course), (TARGET_NOTE, course and part))
    sentence = context.chosen("retention_headline")
    write_top(context.model, sheet, translate("Retention"), sentence, widths, note if known else "")
    if not known:
        head = translate("There is no data on customers. How to supply it:")
        write_missing(context, sheet, head, HOW_TO, _LAST)
        return
    top = FIRST
    if goes_on(context):
        _charts(context, sheet)
        top += _CHART_ROWS + 1
    row = _groups(context, sheet, top)
    last = _write_periods(context, sheet, row + 1) if goes_on(context) else row
    right = _LAST
    if context.card.worth.revenue:
        last = write_revenue(context, sheet, last + 1)
        right = _LAST_OF_REVENUE if _has_part(context) else _LAST
    set_page(sheet, context.card.title, [f"A1:{right}{last - 1}"], one_page=last <= ONE_PAGE + _ROWS_OF_REVENUE)
    repeat_heads(sheet, row + 2, row + 2 + len(context.periods), context.card.rules.brand.paper)


def _write_periods(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write all customers by period; return the row below."""
    context.model.put(sheet, (top, 1), translate("All customers, by period"), SECTION)
    fields, ratings = _period_fields(context), {}
    if _has_part(context):
        colour_ratings(context, sheet, "retention", f"{_LAST}{top + 2}:{_LAST}{top + 1 + len(context.periods)}")
        ratings = {"influence_rating": context.ratings_as_made("retention")}
    return write_periods(context.model, sheet, top + 1, context.layout, fields, context.periods, ratings)


def _has_part(context: SheetContext) -> bool:
    """Tell whether the partners have a part of all customers: one partner has none, nor has a file without partners."""
    card = context.card
    return card.customers_have_partners and (card.several_partners or bool(card.part.by_partner))


def _charts(context: SheetContext, sheet: SheetModel) -> None:
    """Draw the retention rate, and the influence share with its target."""
    top, bottom = FIRST, FIRST + _CHART_ROWS - 1
    name, called = translate("Retention rate, %"), translate("Retention rate")
    context.model.put(sheet, (FIRST, 1), translate("Retained in % of the customers at the start"), SECTION)
    place_line(context, sheet, "retention", name, (0, 6, top, bottom), called=called)
    set_heights(sheet, dict.fromkeys(range(FIRST + 1, FIRST + _CHART_ROWS), 16))
    if not context.card.customers_have_partners:
        if context.card.is_pack:
            return  # all are those of the partner
        context.model.put(sheet, (FIRST, 7), translate(NO_PARTNERS), NOTE_LOOK.but(indent=1))
        return
    if not context.card.several_partners:
        return  # the sheet's sentence says why there is no share
    name, called = translate("Influence share, %"), translate("Influence share")
    section = translate("Those with a partner in % of the retained")
    context.model.put(sheet, (FIRST, 7), section, SECTION.but(indent=1))
    place_line(context, sheet, "influence", name, (6, 15, top, bottom), kpi="retention", called=called)


def _groups(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write all customers, those with a partner, direct ones, and each tier and region; return the row below."""
    context.model.put(sheet, (top, 1), live(tell("Customers in {period}", period=context.period)), SECTION)
    chosen, total = context.layout.chosen, context.current.line.retention or RetentionTally()
    customers, retained = chosen("customers"), chosen("retained")
    fields = _fields(context, customers, retained, rates_only=True)
    write_heads(context.model, sheet, top + 1, translate("Customers"), _fields(context, "", ""))
    row, rating = top + 2, len(fields) + 2
    if _has_part(context):
        context.model.put(sheet, (top + 1, rating), translate("Rating"), HEAD.but(indent=1))
    everybody = RetentionTally(total.customers, total.retained, total.customers, total.retained)
    write_entry(context.model, sheet, row, fields, Entry(translate("All"), 0, everybody, bold=True))
    if not context.card.customers_have_partners:
        if goes_on(context) or context.card.is_pack:
            return row + 1  # it is said beside the chart
        context.model.put(sheet, (row + 1, 1), translate(NO_PARTNERS), NOTE_LOOK)
        return row + 2
    own_customers, own_retained = chosen("own_customers"), chosen("own_retained")
    own = _fields(context, own_customers, own_retained, rates_only=not context.card.several_partners)
    write_entry(context.model, sheet, row + 1, own, Entry(translate("With a partner"), 0, total))
    if _has_part(context):
        look = chip(context.rating_as_made("retention"), RATING_LOOK)
        context.model.put(sheet, (row + 1, rating), context.chosen("influence_rating"), look)
        for place in (row, row + 2):
            context.model.blank(sheet, (place, rating), RATING_LOOK)
    fields = _fields(context, f"{customers}-{own_customers}", f"{retained}-{own_retained}", rates_only=True)
    direct = RetentionTally(
        total.customers,
        total.retained,
        total.customers - (total.partner_customers or 0),
        total.retained - (total.partner_retained or 0),
    )
    write_entry(context.model, sheet, row + 2, fields, Entry(translate("Direct"), 0, direct))

    def of_group(numbers: str) -> list[Field[RetentionTally]]:
        column = context.layout.partner_column
        return _fields(
            context,
            f"SUMIFS({column('customers')},{numbers},{NUMBER})",
            f"SUMIFS({column('retained')},{numbers},{NUMBER})",
            f"COUNTIFS({numbers},{NUMBER})",
        )

    # the target of the influence share is one for all partners: a part of them has none, unless it was given one
    rated = Rated[RetentionTally]("retention", "share", lambda k: k.influence_share, own_only=True)
    if not _has_part(context):
        return row + 3
    below = write_groups(context, sheet, row + 3, of_group, lambda partners, card: _tally(card, partners), rated)
    colour_ratings(context, sheet, "retention", f"{_LAST}{row}:{_LAST}{below - 1}")
    return below


@dataclass(frozen=True, slots=True)
class OfPartners(RetentionTally):
    """All customers, and those of some partners, with the number of these."""

    partners: int = 0


def _tally(card: Scorecard, partners: Sequence[Partner]) -> OfPartners:
    total = card.total_line(card.current).retention or RetentionTally()
    counts = [card.count(one.name, card.current) for one in partners]
    own = sum(one.customers for one in counts), sum(one.retained for one in counts)
    return OfPartners(total.customers, total.retained, *own, len(partners))


def _fields(
    context: SheetContext, customers: str, retained: str, partners: str = "", *, rates_only: bool = False
) -> list[Field[RetentionTally]]:
    """Return the columns of some customers, whose counts are the formulas given; the tally has them as its part.

    Where they are those of a number of `partners`, a formula as well, the part of one partner has no interval.
    """
    sure = context.card.confidence
    all_customers, all_retained = context.layout.chosen("customers"), context.layout.chosen("retained")

    def rate(k: RetentionTally) -> RetentionTally:
        return RetentionTally(k.partner_customers or 0, k.partner_retained or 0)

    def parts(p: Place) -> tuple[str, str, str, str]:
        return p("retained"), p("customers"), f"({all_retained})", f"({all_customers})"

    def ends_of_share(p: Place) -> tuple[str, str]:
        ends = arithmetic.influence_ends(p("share"), *parts(p))
        if not partners:
            return ends
        low, high = (f'IF({_numbered(partners)(p)}>1,{end},"{DASH}")' for end in ends)
        return low, high

    rates: list[Field[RetentionTally]] = [
        Field("customers", translate("Customers"), _numbered(customers), lambda k: k.partner_customers, COUNT),
        Field("retained", translate("Retained"), _numbered(retained), lambda k: k.partner_retained, COUNT),
        Field(
            "rate",
            translate("Retention rate"),
            lambda p: arithmetic.share(p("retained"), p("customers")),
            lambda k: shown(rate(k).retention_rate),
            SHARE,
        ),
        *interval_fields(
            lambda p: arithmetic.wilson_ends(p("rate"), p("retained"), p("customers")),
            lambda k: rate(k).retention_interval(sure),
            SHARE,
        ),
    ]
    partners_part: list[Field[RetentionTally]] = [
        Field(
            "share",
            translate("Part of all retained"),
            lambda p: arithmetic.share(p("retained"), f"({all_retained})"),
            lambda k: shown(k.influence_share),
            SHARE,
        ),
        *interval_fields(
            ends_of_share,
            lambda k: None if isinstance(k, OfPartners) and k.partners < 2 else k.influence_interval(sure),
            SHARE,
            "share_",
        ),
        Field(
            "base",
            translate("Base\nshare"),
            lambda p: arithmetic.share(p("customers"), f"({all_customers})"),
            lambda k: shown(k.base_share),
            SHARE,
        ),
        Field(
            "index",
            translate("Influence index"),
            lambda p: when_number(
                p("share"),
                f'IF({p("customers")}>0,100*{p("retained")}*{all_customers}/({p("customers")}*{all_retained}),"{DASH}")',
            ),
            lambda k: shown(k.influence_index),
            SCORE,
        ),
        Field(
            "lift",
            translate("Lift,\npoints"),
            lambda p: arithmetic.lift(*parts(p)),
            lambda k: shown(k.lift_points),
            CHANGE,
        ),
        *interval_fields(
            lambda p: arithmetic.lift_ends(p("lift"), *parts(p)), lambda k: k.lift_interval(sure), CHANGE, "lift_"
        ),
    ]
    if not _has_part(context):
        return rates
    if rates_only:
        partners_part = [replace(field, value=lambda _: None) for field in partners_part]
    return [*rates, *partners_part]


def _numbered(formula: str) -> Callable[[Place], str]:
    """Return a formula for the group whose number is that of the row."""
    return lambda p: formula.replace(NUMBER, str(p.number))


def _period_fields(context: SheetContext) -> list[Field[PeriodFigures]]:
    columns = (
        ("customers", translate("Customers"), COUNT),
        ("retained", translate("Retained"), COUNT),
        ("retention", translate("Retention rate"), SHARE),
        ("retention_low", translate("Low"), SHARE),
        ("retention_high", translate("High"), SHARE),
        ("influence", translate("Influence share"), SHARE),
        ("influence_low", translate("Low"), SHARE),
        ("influence_high", translate("High"), SHARE),
        ("base_share", translate("Base\nshare"), SHARE),
        ("index", translate("Influence index"), SCORE),
        ("lift", translate("Lift,\npoints"), CHANGE),
        ("lift_low", translate("Low"), CHANGE),
        ("lift_high", translate("High"), CHANGE),
    )
    left_out = set() if _has_part(context) else {"influence", "influence_low", "influence_high", "base_share", "index"}
    if not context.card.customers_have_partners:
        left_out |= {"lift", "lift_low", "lift_high"}
    fields = [by_period(context.layout, *column) for column in columns if column[0] not in left_out]
    if _has_part(context):
        fields.append(by_period(context.layout, "influence_rating", translate("Rating"), left=True))
    if context.card.worth.revenue:
        fields += [by_period(context.layout, key, translate(head), SHARE) for key, head in RETAINED.items()]
    return fields
