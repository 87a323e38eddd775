"""Money: what customers pay, by partner and period, and what activities are worth, by kind and period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, field
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.retention import gross_revenue_retention, net_revenue_retention
from partnerkpi.periods import Period, period_label
from partnerkpi.scorecard.parts import ALL_TIME
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.values import as_text
from partnerkpi.tally.customers import Money

_DIGITS = 4  # after the point: an engine that adds up on several cores gives others behind them each time


@dataclass(frozen=True, slots=True)
class Kind:
    """Activities of one kind in one period: how many, how many of them say what they are worth, and that together."""

    activities: int = 0
    valued: int = 0
    value: float = 0.0

    def __add__(self, other: Kind) -> Kind:
        return Kind(self.activities + other.activities, self.valued + other.valued, rounded(self.value + other.value))


@dataclass(frozen=True, slots=True)
class Worth:
    """Money in the files' own currency.

    `revenue` by partner (None: direct customers) and period, of the customers at its start; empty where it is not
    known. `kinds` by kind and period, of activities that count; empty where none says what it is worth.
    """

    revenue: Mapping[tuple[str | None, str], Money] = field(default_factory=dict)
    kinds: Mapping[tuple[str, str], Kind] = field(default_factory=dict)

    def money(self, period: str, partners: Iterable[str | None]) -> Money:
        """Return the revenue of some partners' customers in a period, None being direct customers."""
        return _plain(sum((self.revenue.get((name, period), Money()) for name in partners), Money()))

    def of_one(self, partner: str, periods: Iterable[str]) -> Worth:
        """Return what one partner's customers pay in some periods, and nothing of others."""
        own = ((partner, period) for period in periods)
        return Worth({key: self.revenue[key] for key in own if key in self.revenue})

    def rows(self, places: Mapping[str, int], periods: Mapping[str, int]) -> dict[str, list[list[Any]]]:
        """Return it as plain rows for the record: partners and periods by their places."""
        money = [
            [places[name] if name is not None else None, periods[period], *astuple(one)]
            for (name, period), one in self.revenue.items()
            if period in periods and (name is None or name in places)
        ]
        kinds = [
            [name, periods[period], one.activities, one.valued, one.value]
            for (name, period), one in self.kinds.items()
            if period in periods
        ]
        return {
            "revenue": sorted(money, key=lambda row: (-1 if row[0] is None else row[0], row[1])),
            "kinds": sorted(kinds, key=lambda row: row[:2]),
        }


def worth_by_kind(rows: Rows, kind: str, amount: str, period: Period) -> dict[tuple[str, str], Kind]:
    """Return what the activities that count are worth, by kind and period; `kind` and `amount` are SQL of the rows."""
    found: dict[tuple[str, str], Kind] = {}
    counted = rows.fetch(
        f"SELECT {kind}, __month, count(*), count({amount}), sum({amount}) FROM __rows "
        "WHERE __reason IS NULL GROUP BY ALL"
    )
    for name, month, many, valued, value in counted:
        label = ALL_TIME if period == "all" else period_label(month, period) if month is not None else None
        if label is not None:
            key = as_text(name) or "", label
            found[key] = found.get(key, Kind()) + Kind(many, valued, float(value or 0))
    return found


def of_rows(rows: Mapping[str, Any], partners: list[str], periods: tuple[str, ...]) -> Worth:
    """Return what rows of a record hold; ValueError, TypeError or IndexError for others."""
    revenue = {
        (partners[place] if place is not None else None, periods[period]): _plain(Money(*amounts))
        for place, period, *amounts in rows.get("revenue", [])
    }
    kinds = {
        (str(name), periods[period]): Kind(int(many), int(valued), rounded(float(value)))
        for name, period, many, valued, value in rows.get("kinds", [])
    }
    return Worth(revenue, kinds)


def checked(worth: Worth) -> tuple[Worth, str | None]:
    """Return what is known without revenue that cannot be retained, and what is wrong with that, in words."""
    whole: dict[str, Money] = {}
    for (_, period), one in worth.revenue.items():
        whole[period] = whole.get(period, Money()) + one
    try:
        for one in whole.values():
            net(one), gross(one)
    except KpiValueError as error:
        return Worth(kinds=worth.kinds), str(error)
    return Worth({key: _plain(one) for key, one in worth.revenue.items()}, worth.kinds), None


def net(money: Money) -> float | None:
    """Return the net revenue retention in percent; None where nobody paid anything at the start."""
    return net_revenue_retention(money.start, money.expansion, money.contraction, money.churn)


def gross(money: Money) -> float | None:
    """Return the gross revenue retention in percent; None where nobody paid anything at the start."""
    return gross_revenue_retention(money.start, money.contraction, money.churn)


def _plain(money: Money) -> Money:
    return Money(*map(rounded, astuple(money)))


def rounded(amount: float) -> float:
    """Return an amount without the last digits of a sum, a whole one as a whole number."""
    found = round(amount, _DIGITS)
    return int(found) if found == int(found) else found
