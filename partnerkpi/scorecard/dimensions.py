"""Which columns divide the answers, or the partners, into segments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.parts import Partner
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.roles import named
from partnerkpi.vocabulary import plain_name

#: Names of columns that make segments without being asked; others are named in the settings.
_USUAL = re.compile(
    named(
        "region, tier, partner tier, segment, customer segment, product, product line, market, country, language, "
        "industry, vertical, business unit, programme, program, channel, partner type"
    )
)
#: More different values than this are names or numbers, and no segments.
_MOST = 60

#: What the list of partners says of a partner and divides the answers by.
_OF_PARTNERS = ("region", "tier")


def dimensions(columns: Columns, wanted: Sequence[str] = ()) -> dict[str, str]:
    """Return the columns of the answers that make segments, by the name they are shown under.

    The usual ones by their names, and those that the settings name. A column that the settings name and this table
    does not have belongs to another table.
    """
    found = {
        column.name: column.name
        for column in columns.profiles
        if _USUAL.match(plain_name(column.name))
        and 1 < len(column.distinct) <= _MOST
        and not column.is_mostly_numbers
        and not column.is_date
    }
    asked = {name.casefold() for name in wanted}
    found |= {column.name: column.name for column in columns.profiles if column.name.casefold() in asked}
    return found


def of_partners(
    partners: Iterable[Partner], scores: Mapping[tuple[str | None, str], ScoreTally], taken: Iterable[str]
) -> dict[str, dict[tuple[str | None, str], ScoreTally]]:
    """Return the segments that follow from the list of partners, such as their region: sums over partners.

    A dimension that the answers themselves carry (`taken`) is not made again. Answers without a known partner stand
    under None.
    """
    known = {plain_name(name) for name in taken}
    listed = {partner.name: partner for partner in partners}
    segments: dict[str, dict[tuple[str | None, str], ScoreTally]] = {}
    for dimension in _OF_PARTNERS:
        if dimension in known or not any(getattr(partner, dimension) for partner in listed.values()):
            continue
        cells = segments.setdefault(dimension, {})
        for (name, period), tally in scores.items():
            value = getattr(listed[name], dimension) if name in listed else None
            cells[value, period] = cells.get((value, period), ScoreTally()) + tally
    return segments
