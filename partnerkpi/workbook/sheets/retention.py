"""Retention: which customers stay, what part of that comes with partners, and in which tiers and regions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.scorecard.card import Partner
from partnerkpi.workbook.figures import Month
from partnerkpi.workbook.figures.base import high, low
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.phrases import DASH, live, period_name, shown
from partnerkpi.workbook.model.say import message, say
from partnerkpi.workbook.model.theme import CHANGE, COUNT, HEAD, SCORE, SECTION, SHARE
from partnerkpi.workbook.model.theme import NOTE as NOTE_LOOK
from partnerkpi.workbook.page import set_heights, set_page
from partnerkpi.workbook.sheets.group_rows import RATING_LOOK, Rated, colour_ratings, write_groups
from partnerkpi.workbook.sheets.kpi_charts import Drawn, described, limits, line_chart
from partnerkpi.workbook.sheets.listing import (
    Entry,
    Field,
    Place,
    by_period,
    chosen_period,
    write_entry,
    write_heads,
    write_periods,
)
from partnerkpi.workbook.sheets.parts import FIRST, ONE_PAGE, Book, write_missing, write_top
from partnerkpi.workbook.writer.charts import place_chart

_CHART_ROWS = 10
_LAST = "O"
NOTE = message(
    "The period is the one chosen on Scorecard. Influence share = base share x index / 100: a bigger base alone raises "
    "the share, and none of this is proof of cause. Light bar: interval. Dashed: target."
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


def write_retention(book: Book, sheet: Worksheet) -> None:
    """Write the sheet for the chosen period."""
    widths = {"A": 27, **dict.fromkeys("BCDEFGHIJKLMN", 9.6), _LAST: 14}
    write_top(book.writer, sheet, say("Retention"), book.chosen("retention_says"), widths, say(NOTE))
    if not any(month.line.retention is not None and month.line.retention.customers for month in book.months):
        head = say("There is no data on customers. How to supply it:")
        row = write_missing(book.writer, sheet, FIRST, head, [say(line) for line in HOW_TO])
        set_page(sheet, book.card.title, [f"A1:{_LAST}{row}"])
        return
    _charts(book, sheet)
    top = FIRST + _CHART_ROWS + 1
    row = _groups(book, sheet, top)
    book.writer.put(sheet, (row + 1, 1), say("All customers, by period"), SECTION)
    if book.card.customers_have_partners:
        colour_ratings(book, sheet, "retention", f"{_LAST}{row + 3}:{_LAST}{row + 2 + len(book.months)}")
    last = write_periods(book.writer, sheet, row + 2, book.layout, _period_fields(book), book.months)
    set_page(sheet, book.card.title, [f"A1:{_LAST}{last - 1}"], one_page=last <= ONE_PAGE)


def _charts(book: Book, sheet: Worksheet) -> None:
    """Draw the retention rate, and the influence share with its target."""
    tallies = [month.line.retention for month in book.months]
    sure, months = book.card.confidence, book.months
    rates = [tally.retention_rate if tally is not None else None for tally in tallies]
    intervals = [month.line.retention_interval for month in months]
    drawn = Drawn("chart_retention", say("Retention rate, %"), None, True, *limits(rates, intervals, 0.0))
    cells = FIRST, FIRST + _CHART_ROWS - 1
    book.writer.put(sheet, (FIRST, 1), say("Retained in % of the customers at the start"), SECTION)
    place_chart(
        sheet,
        line_chart(book.data, book.layout, drawn),
        (0, 6, *cells),
        described(say("Retention rate"), months, rates, " %"),
    )
    set_heights(sheet, dict.fromkeys(range(FIRST + 1, FIRST + _CHART_ROWS), 16))
    if not book.card.customers_have_partners:
        book.writer.put(sheet, (FIRST, 7), say(NO_PARTNERS), NOTE_LOOK.but(indent=1))
        return
    shares = [month.line.influence_share for month in months]
    reach = [tally.influence_interval(sure) if tally is not None else None for tally in tallies]
    target = book.card.benchmarks["retention"].target
    drawn = Drawn(
        "chart_influence",
        say("Influence share, %"),
        "chart_influence_target",
        True,
        *limits([*shares, target], reach, 0.0),
    )
    section = say("Those with a partner in % of the retained")
    book.writer.put(sheet, (FIRST, 7), section, SECTION.but(indent=1))
    place_chart(
        sheet,
        line_chart(book.data, book.layout, drawn),
        (6, 15, *cells),
        described(say("Influence share"), months, shares, " %"),
    )


def _groups(book: Book, sheet: Worksheet, top: int) -> int:
    """Write all customers, those with a partner, direct ones, and each tier and region; return the row below."""
    period = chosen_period(), period_name(book.card.current)
    book.writer.put(sheet, (top, 1), live("Customers in {period}", period=period), SECTION)
    chosen, total = book.layout.chosen, book.current.line.retention or RetentionTally()
    customers, retained = chosen("customers"), chosen("retained")
    fields = _fields(book, customers, retained, rates_only=True)
    write_heads(book.writer, sheet, top + 1, say("Customers"), _fields(book, "", ""))
    row, rating = top + 2, len(fields) + 2
    if book.card.customers_have_partners:
        book.writer.put(sheet, (top + 1, rating), say("Rating"), HEAD.but(indent=1))
    everybody = RetentionTally(total.customers, total.retained, total.customers, total.retained)
    write_entry(book.writer, sheet, row, fields, Entry(say("All"), 0, everybody, bold=True))
    if not book.card.customers_have_partners:
        return row + 1
    own_customers, own_retained = chosen("own_customers"), chosen("own_retained")
    own = _fields(book, own_customers, own_retained)
    write_entry(book.writer, sheet, row + 1, own, Entry(say("With a partner"), 0, total))
    book.writer.put(sheet, (row + 1, rating), book.chosen("influence_rating"), RATING_LOOK)
    for place in (row, row + 2):
        book.writer.blank(sheet, (place, rating), RATING_LOOK)
    fields = _fields(book, f"{customers}-{own_customers}", f"{retained}-{own_retained}", rates_only=True)
    direct = RetentionTally(
        total.customers,
        total.retained,
        total.customers - (total.partner_customers or 0),
        total.retained - (total.partner_retained or 0),
    )
    write_entry(book.writer, sheet, row + 2, fields, Entry(say("Direct"), 0, direct))

    def of_group(numbers: str) -> list[Field[RetentionTally]]:
        column = book.layout.partner_column
        return _fields(
            book,
            f"SUMIFS({column('customers')},{numbers},{NUMBER})",
            f"SUMIFS({column('retained')},{numbers},{NUMBER})",
        )

    # the target of the influence share is one for all partners: a part of them has none, unless it was given one
    rated = Rated[RetentionTally]("retention", "share", lambda k: k.influence_share, own_only=True)
    below = write_groups(book, sheet, row + 3, of_group, lambda partners: _tally(book, total, partners), rated)
    colour_ratings(book, sheet, "retention", f"{_LAST}{row}:{_LAST}{below - 1}")
    return below


def _tally(book: Book, total: RetentionTally, partners: Sequence[Partner]) -> RetentionTally:
    counts = [book.card.count(one.name, book.card.current) for one in partners]
    own = sum(one.customers for one in counts), sum(one.retained for one in counts)
    return RetentionTally(total.customers, total.retained, *own)


def _fields(book: Book, customers: str, retained: str, *, rates_only: bool = False) -> list[Field[RetentionTally]]:
    """Return the columns of some customers, whose counts are the formulas given; the tally has them as its part."""
    sure = book.card.confidence
    all_customers, all_retained = book.layout.chosen("customers"), book.layout.chosen("retained")

    def rate(k: RetentionTally) -> RetentionTally:
        return RetentionTally(k.partner_customers or 0, k.partner_retained or 0)

    def field(
        key: str, head: str, formula: Callable[[Place], str], value: Callable[[RetentionTally], Value], number: str
    ) -> Field[RetentionTally]:
        return Field(key, head, formula, (lambda _: None) if rates_only else value, number)

    def parts(p: Place) -> tuple[str, str, str, str]:
        return p("retained"), p("customers"), f"({all_retained})", f"({all_customers})"

    share, lift = "share", "lift"
    return [
        Field("customers", say("Customers"), _numbered(customers), lambda k: k.partner_customers, COUNT),
        Field("retained", say("Retained"), _numbered(retained), lambda k: k.partner_retained, COUNT),
        Field(
            "rate",
            say("Retention rate"),
            lambda p: arithmetic.share(p("retained"), p("customers")),
            lambda k: shown(rate(k).retention_rate),
            SHARE,
        ),
        Field(
            "low",
            say("Low"),
            lambda p: when_number(p("rate"), arithmetic.wilson_low(p("retained"), p("customers"))),
            lambda k: low(rate(k).retention_interval(sure)),
            SHARE,
        ),
        Field(
            "high",
            say("High"),
            lambda p: when_number(p("rate"), arithmetic.wilson_high(p("retained"), p("customers"))),
            lambda k: high(rate(k).retention_interval(sure)),
            SHARE,
        ),
        field(
            share,
            say("Influence share"),
            lambda p: arithmetic.share(p("retained"), f"({all_retained})"),
            lambda k: shown(k.influence_share),
            SHARE,
        ),
        field(
            "share_low",
            say("Low"),
            lambda p: when_number(p(share), arithmetic.wilson_low(p("retained"), f"({all_retained})")),
            lambda k: low(k.influence_interval(sure)),
            SHARE,
        ),
        field(
            "share_high",
            say("High"),
            lambda p: when_number(p(share), arithmetic.wilson_high(p("retained"), f"({all_retained})")),
            lambda k: high(k.influence_interval(sure)),
            SHARE,
        ),
        field(
            "base",
            say("Base\nshare"),
            lambda p: arithmetic.share(p("customers"), f"({all_customers})"),
            lambda k: shown(k.base_share),
            SHARE,
        ),
        field(
            "index",
            say("Influence index"),
            lambda p: when_number(
                p(share),
                f'IF({p("customers")}>0,100*{p("retained")}*{all_customers}/({p("customers")}*{all_retained}),"{DASH}")',
            ),
            lambda k: shown(k.influence_index),
            SCORE,
        ),
        field(
            lift,
            say("Lift,\npoints"),
            lambda p: arithmetic.lift(*parts(p)),
            lambda k: shown(k.lift_points),
            CHANGE,
        ),
        field(
            "lift_low",
            say("Low"),
            lambda p: arithmetic.lift_bound(p(lift), *parts(p), "low"),
            lambda k: low(k.lift_interval(sure)),
            CHANGE,
        ),
        field(
            "lift_high",
            say("High"),
            lambda p: arithmetic.lift_bound(p(lift), *parts(p), "high"),
            lambda k: high(k.lift_interval(sure)),
            CHANGE,
        ),
    ]


def _numbered(formula: str) -> Callable[[Place], str]:
    """Return a formula for the group whose number is that of the row."""
    return lambda p: formula.replace(NUMBER, str(p.number))


def _period_fields(book: Book) -> list[Field[Month]]:
    columns = (
        ("customers", say("Customers"), COUNT),
        ("retained", say("Retained"), COUNT),
        ("retention", say("Retention rate"), SHARE),
        ("retention_low", say("Low"), SHARE),
        ("retention_high", say("High"), SHARE),
        ("influence", say("Influence share"), SHARE),
        ("influence_low", say("Low"), SHARE),
        ("influence_high", say("High"), SHARE),
        ("base_share", say("Base\nshare"), SHARE),
        ("index", say("Influence index"), SCORE),
        ("lift", say("Lift,\npoints"), CHANGE),
        ("lift_low", say("Low"), CHANGE),
        ("lift_high", say("High"), CHANGE),
    )
    fields = [by_period(book.layout, book.figures, key, head, number) for key, head, number in columns]
    if book.card.customers_have_partners:
        fields.append(by_period(book.layout, book.figures, "influence_rating", say("Rating"), left=True))
    return fields
