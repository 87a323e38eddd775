"""Rows for the tiers and the regions of the partners, below the row of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from openpyxl.utils.cell import range_boundaries

from partnerkpi.dataclass import dataclass
from partnerkpi.language.figures import DASH, TO_DATE
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Partner
from partnerkpi.workbook.columns.base import MOST_GROUPS, group_numbers, groups
from partnerkpi.workbook.columns.workings import tiers_of
from partnerkpi.workbook.model.expression import given, live, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.names import PERIOD_NUMBER, of_tiers
from partnerkpi.workbook.model.ratings import chip, colour_by_own_label, rating_formula, tier_rating_formula
from partnerkpi.workbook.model.ratings import label as label_of
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import ACCENT, ROW
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.page import widen_for_text
from partnerkpi.workbook.sheets.listing import Entry, Field, letters_of, write_entry
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.segments import NOT_GIVEN, OTHERS

K = TypeVar("K")


@dataclass(frozen=True)
class Rated(Generic[K]):
    """What of a group is rated: the KPI, the key of its column, and its value.

    With `own_only` only tiers with a benchmark of their own are: the target of all does not fit a part.
    """

    kpi: str
    key: str
    value: Callable[[K], float | None]
    own_only: bool = False
    adds_up: bool = False  # so that a period to date is not rated


KINDS = {"tier": message("Tier"), "region": message("Region")}
RATING_LOOK = ROW.but(indent=1)


def write_groups(
    context: SheetContext,
    sheet: SheetModel,
    top: int,
    fields: Callable[[str], Sequence[Field[K]]],
    known: Callable[[Sequence[Partner], Scorecard], K],
    rated: Rated[K],
) -> int:
    """Write a row for each tier and region from row `top`; return the row below.

    `fields` gives the columns for the column of Partners that holds the number of the group, `known` what a scorecard
    counts of some partners; the rating stands right of them. With one partner there is nothing to divide.
    """
    row = top
    if len(context.card.partners) < 2:
        return row
    for kind, head in KINDS.items():
        names = groups(context.card, kind)
        if not names:
            continue
        columns = fields(context.layout.partner_column(f"{kind}_number"))
        context.model.put(sheet, (row, 1), translate(head), ROW.but(bold=True, colour=ACCENT))
        for column in range(2, len(columns) + 3):
            context.model.blank(sheet, (row, column), ROW)
        of_partner = group_numbers(context.card, kind)
        for number, name in enumerate(names[:MOST_GROUPS], 1):
            row += 1
            own = [partner for partner in context.card.partners if of_partner[partner.name] == number]
            label = translate(NOT_GIVEN) if name is None else name
            if number == MOST_GROUPS and len(names) > MOST_GROUPS:
                label = translate(OTHERS)
            entry = Entry(label, number, known(own, context.card))
            write_entry(context.model, sheet, row, columns, entry)
            tier = label if kind == "tier" else None
            formula, rate = _rating(context.card, rated, tier, f"${letters_of(columns)[rated.key]}{row}")
            content, look = Live(f"={formula}", label_of(rate(rated.value(entry.known)))), RATING_LOOK
            if context.layout.to_date and rated.adds_up:
                content = _if_over(context, content)
            else:  # the colours that the cell has itself are those of the day on which the workbook was made
                made = context.card.as_made
                _, rate = _rating(made, rated, tier, "")
                look = chip(label_of(rate(rated.value(known(own, made)))), RATING_LOOK)
            context.model.put(sheet, (row, len(columns) + 2), content, look)
        row += 1
    return row


def _if_over(context: SheetContext, rating: Live) -> Live:
    """Return the rating of a group where the chosen period is over; of one to date that it is."""
    number, newest = context.current.number, context.layout.periods
    return live(when(given(PERIOD_NUMBER, number).equals(newest), tell(TO_DATE), rating))


def _rating(
    card: Scorecard, rated: Rated[K], tier: str | None, cell: str
) -> tuple[str, Callable[[float | None], str | None]]:  # fmt: skip
    """Return the formula of a group's rating, and how its value is rated: by a tier's own thresholds if it has any."""
    own = tiers_of(card, rated.kpi)
    common = card.benchmarks[rated.kpi]
    if tier in own:
        place = list(own).index(tier) + 1
        starts = [f"INDEX({of_tiers(rated.kpi, band.name)},{place})" for band in common.bands[1:]]
        return tier_rating_formula(rated.kpi, cell, starts), own[tier].rating
    if rated.own_only:
        return f'"{DASH}"', lambda _: None
    return rating_formula(rated.kpi, cell), common.rating


def colour_ratings(context: SheetContext, sheet: SheetModel, kpi: str, cells: str) -> None:
    """Colour a column of ratings by the label in each cell; it is as wide as the longest of them."""
    for band in context.card.benchmarks[kpi].bands:
        widen_for_text(sheet, range_boundaries(cells)[0] or 1, label_of(band.name), RATING_LOOK)
    colour_by_own_label(sheet, cells, context.card.benchmarks[kpi], f"${cells.split(':')[0]}")
