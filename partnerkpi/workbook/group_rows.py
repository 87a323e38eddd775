"""Rows for the tiers and the regions of the partners, below the row of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.scorecard.card import Partner
from partnerkpi.workbook.listing import Entry, Field, write_entry
from partnerkpi.workbook.partner_groups import MOST, groups, numbers
from partnerkpi.workbook.say import message, say
from partnerkpi.workbook.segment_tallies import NOT_GIVEN, OTHERS
from partnerkpi.workbook.sheet_parts import Book
from partnerkpi.workbook.theme import ACCENT, ROW

K = TypeVar("K")
KINDS = {"tier": message("Tier"), "region": message("Region")}


def write_groups(
    book: Book,
    sheet: Worksheet,
    top: int,
    fields: Callable[[str], Sequence[Field[K]]],
    known: Callable[[Sequence[Partner]], K],
) -> int:
    """Write a row for each tier and region from row `top`; return the row below.

    `fields` gives the columns for the column of Partners that holds the number of the group, `known` what is counted
    of some partners. With one partner there is nothing to divide.
    """
    row = top
    if len(book.card.partners) < 2:
        return row
    for kind, head in KINDS.items():
        names = groups(book.card, kind)
        if not names:
            continue
        columns = fields(book.layout.partner_column(f"{kind}_number"))
        book.writer.put(sheet, (row, 1), say(head), ROW.but(bold=True, colour=ACCENT))
        for column in range(2, len(columns) + 2):
            book.writer.blank(sheet, (row, column), ROW)
        of_partner = numbers(book.card, kind)
        for number, name in enumerate(names[:MOST], 1):
            row += 1
            own = [partner for partner in book.card.partners if of_partner[partner.name] == number]
            label = say(NOT_GIVEN) if name is None else name
            if number == MOST and len(names) > MOST:
                label = say(OTHERS)
            write_entry(book.writer, sheet, row, columns, Entry(label, number, known(own)))
        row += 1
    return row
