"""What a column of the Partners sheet is made of.

A formula names other figures of its row by key: `r("answers")`. Rows refer to themselves and to Data only, so the table
may be sorted: a row finds its counts by "Data row", the number of rows above the partner's block of tallies.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from partnerkpi.language.figures import rounded
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Line, Partner
from partnerkpi.workbook.columns.pull import Pull, ranking_keys, shrunk_of
from partnerkpi.workbook.model.expression import Expression
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.theme import GENERAL
from partnerkpi.workbook.model.translation import message

NOT_LISTED = message("not on the list")
#: More groups than this are no overview: the last number holds the rest.
MOST_GROUPS = 40


@dataclass(frozen=True)
class Cells:
    """The cells of one row, for formulas: columns fixed, row free."""

    layout: Layout
    row: int

    def __call__(self, key: str) -> str:
        """Return the cell of a figure in this row."""
        return f"${self.layout.partner_letter(key)}{self.row}"

    def tally(self, head: str, row: str = "row_now") -> str:
        """Return a count of this partner in the chosen period, or the one before."""
        return f"INDEX({self.layout.tally(head)},{self(row)})"


@dataclass(frozen=True)
class Test:
    """Where a partner's p stands among all: its rank from the smallest, that p times the partners still compared."""

    rank: int | None
    step: float | None
    failed: int | None


@dataclass(frozen=True)
class PartnerColumns:
    """What Python knows of one partner in the chosen period: its figures by key are `k("nps")`.

    Tier and region are numbers of groups.
    """

    columns: Mapping[str, PartnerColumn]
    card: Scorecard
    partner: Partner
    place: int
    period: int
    line: Line
    before: Counts
    pull: Pull | None
    shrunk: float | None
    order: float | None
    rank: int | None
    test: Test
    tier: int
    region: int

    def __call__(self, key: str) -> Value:
        """Return a figure of this partner."""
        return self.columns[key].value(self)

    @property
    def candidate(self) -> float | None:
        """Return the shrunk NPS as it is ranked: rounded, so that every program finds the same ones equal."""
        return None if self.shrunk is None else rounded(self.shrunk, 9)

    @property
    def counted(self) -> bool:
        """Tell whether the partner's customers are known."""
        return self.line.retention is not None


@dataclass(frozen=True)
class PartnerColumn:
    """A column: its key, head and width, formula without the equals sign, and value. Without a formula it is a fact.

    Head and group are messages, said where they are written.
    """

    key: str
    head: str
    width: float
    formula: Callable[[Cells], str] | None
    value: Callable[[PartnerColumns], Value]
    number: str = GENERAL
    left: bool = False
    indent: int = 0
    group: str = ""


#: What is said of a partner: a formula among the cells of its row, and the value that it gives.
OfPartner: TypeAlias = Expression[Cells, PartnerColumns]


def of_partner(key: str) -> OfPartner:
    """Return a figure of a partner."""
    return Expression(lambda r: r(key), lambda k: k(key))


def partner_columns(card: Scorecard, columns: Sequence[PartnerColumn]) -> list[PartnerColumns]:
    """Return what is known of each partner in the current period."""
    by_key = {column.key: column for column in columns}
    view = card.view(card.current)
    period = card.periods.index(card.current) + 1
    lines = [view.partners[partner.name] for partner in card.partners]
    pull = Pull.of([line.scores for line in lines])
    shrunk = [shrunk_of(line.scores, pull) for line in lines]
    orders = ranking_keys([(line.scores, one) for line, one in zip(lines, shrunk, strict=True)], card.min_responses)
    places = {key: place for place, key in enumerate(sorted((k for k in orders if k is not None), reverse=True), 1)}
    tiers, regions = group_numbers(card, "tier"), group_numbers(card, "region")
    tests = holm_steps([line.nps_change.p for line in lines], card.confidence)
    return [
        PartnerColumns(
            by_key,
            card,
            partner,
            place,
            period,
            lines[place - 1],
            card.count(partner.name, view.previous),
            pull,
            shrunk[place - 1],
            orders[place - 1],
            places.get(orders[place - 1] or 0.0),
            tests[place - 1],
            tiers[partner.name],
            regions[partner.name],
        )
        for place, partner in enumerate(card.partners, 1)
    ]


def holm_steps(p_values: Sequence[float | None], confidence: float) -> list[Test]:
    """Return Holm's steps: a change is shown while its own step and those of all smaller p are."""
    known = sorted(p for p in p_values if p is not None)
    tests = []
    for p in p_values:
        if p is None:
            tests.append(Test(None, None, None))
            continue
        rank = bisect_left(known, p) + 1
        step = min(1.0, (len(known) - rank + 1) * p)
        tests.append(Test(rank, step, None if step < 1 - confidence else rank))
    return tests


def bands(r: Cells, old: str = "") -> tuple[str, str, str]:
    """Return the cells of promoters, detractors and answers; of the period before with "old_"."""
    return r(f"{old}promoters"), r(f"{old}detractors"), r(f"{old}answers")


def estimate(r: Cells, old: str = "") -> tuple[str, str, str]:
    """Return the cells of answers, adjusted NPS and its standard error; of the period before with "old_"."""
    return r(f"{old}answers"), r(f"{old}adjusted"), r(f"{old}error")


def groups(card: Scorecard, kind: str) -> list[str | None]:
    """Return the tiers or the regions of the partners, in the order of their numbers; None is one without.

    Empty where no partner has one. `kind` is "tier" or "region".
    """
    found = {getattr(partner, kind) for partner in card.partners}
    if found <= {None}:
        return []
    return sorted(found, key=lambda value: (value is None, (value or "").casefold(), value or ""))


def group_numbers(card: Scorecard, kind: str) -> dict[str, int]:
    """Return the number of each partner's group, from 1; 0 where nobody has one."""
    places = {value: min(MOST_GROUPS, place) for place, value in enumerate(groups(card, kind), 1)}
    return {partner.name: places.get(getattr(partner, kind), 0) for partner in card.partners}
