"""Partner Influence on Customer Retention: how many customers stay, and what part of that comes with a partner.

S customers at the start of a period, K of them retained; S_p of them attributed to a partner, K_p of those retained.
A customer with several partners counts once, for its primary partner. None of these figures is proof of cause.
"""

from __future__ import annotations

import math

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, whole_number
from partnerkpi.kpi.intervals import Interval, agresti_caffo, wilson, z_value


@dataclass(frozen=True, slots=True)
class RetentionTally:
    """How many customers there were at the start and how many were retained; both also for those with a partner.

    Whole numbers of 0 or more, retained <= customers, the partners' part within the whole; KpiValueError otherwise.
    `partner_customers` and `partner_retained` are both None when nobody knows which customers came with a partner.
    Tallies of different customers add up, also with `sum()`. Known plus unknown attribution is an error rather than
    a figure about part of the customers; `RetentionTally()` adds nothing to either. 200, 160, 80, 72: retention 80,
    influence share 45, index 112.5, base share 40, lift +16.6667.
    """

    customers: int = 0
    retained: int = 0
    partner_customers: int | None = None
    partner_retained: int | None = None

    def __post_init__(self) -> None:
        customers = whole_number(self.customers, "customers")
        retained = whole_number(self.retained, "retained customers", customers, "the number of customers")
        object.__setattr__(self, "customers", customers)
        object.__setattr__(self, "retained", retained)
        if self.partner_customers is None and self.partner_retained is None:
            return
        if self.partner_customers is None or self.partner_retained is None:
            raise KpiValueError(
                f"partner customers is {self.partner_customers!r} and retained partner customers is "
                f"{self.partner_retained!r}; allowed: both known, or both None"
            )
        base = whole_number(self.partner_customers, "partner customers", customers, "the number of customers")
        kept = whole_number(
            self.partner_retained, "retained partner customers", base, "the number of partner customers"
        )
        if kept > retained:
            raise KpiValueError(
                f"retained partner customers is {kept}; allowed: at most {retained}, all customers that were retained"
            )
        if retained - kept > customers - base:
            raise KpiValueError(
                f"retained customers without a partner is {retained - kept}; "
                f"allowed: at most {customers - base}, the customers without a partner"
            )
        object.__setattr__(self, "partner_customers", base)
        object.__setattr__(self, "partner_retained", kept)

    def __add__(self, other: object) -> RetentionTally:
        if not isinstance(other, RetentionTally):
            return NotImplemented
        empty = RetentionTally()
        if empty in (self, other):
            return other if self == empty else self
        customers, retained = self.customers + other.customers, self.retained + other.retained
        mine, theirs = self._partners(), other._partners()
        if mine is None and theirs is None:
            return RetentionTally(customers, retained)
        if mine is None or theirs is None:
            raise KpiValueError(
                "one tally knows which customers came with a partner and the other does not; "
                "allowed: add tallies that both know, or leave the partners out of both"
            )
        return RetentionTally(customers, retained, mine[0] + theirs[0], mine[1] + theirs[1])

    def __radd__(self, other: object) -> RetentionTally:
        # sum() starts with the int 0
        return self if type(other) is int and other == 0 else NotImplemented

    def _partners(self) -> tuple[int, int] | None:
        """Return S_p and K_p, or None where the attribution is not known."""
        if self.partner_customers is None or self.partner_retained is None:
            return None
        return self.partner_customers, self.partner_retained

    @property
    def retention_rate(self) -> float | None:
        """Return 100 * K / S; None without customers. 160 of 200 is 80.

        The renewal rate is the same over contracts due, the repeat purchase rate the same over customers who bought
        again in the period.
        """
        return 100 * self.retained / self.customers if self.customers else None

    @property
    def influence_share(self) -> float | None:
        """Return 100 * K_p / K, the part of overall retention attributable to partners, 0..100: the headline.

        None when nobody was retained or the attribution is not known. 72 of 160 is 45.
        """
        partners = self._partners()
        return 100 * partners[1] / self.retained if partners and self.retained else None

    @property
    def influence_index(self) -> float | None:
        """Return the partner-attributed customers' retention rate in percent of the overall rate; 100 is parity.

        None without partner-attributed customers, when nobody was retained, or when the attribution is not known.
        (72 / 80) / (160 / 200) is 112.5.
        """
        partners = self._partners()
        if not partners or not partners[0] or not self.retained:
            return None
        return 100 * partners[1] * self.customers / (partners[0] * self.retained)

    @property
    def base_share(self) -> float | None:
        """Return 100 * S_p / S, always beside the influence: share = index * base share / 100.

        None without customers or when the attribution is not known. 80 of 200 is 40.
        """
        partners = self._partners()
        return 100 * partners[0] / self.customers if partners and self.customers else None

    @property
    def lift_points(self) -> float | None:
        """Return the retention rate with a partner minus the rate without, in percentage points.

        None when either group is empty or the attribution is not known. 72 / 80 minus 88 / 120 is +16.6667.
        """
        partners = self._partners()
        if not partners or not partners[0] or partners[0] == self.customers:
            return None
        base, kept = partners
        others = self.customers - base
        return 100 * (kept * others - (self.retained - kept) * base) / (base * others)

    def retention_interval(self, confidence: float = 0.95) -> Interval | None:
        """Return the Wilson interval of the retention rate in percent; None without customers.

        KpiValueError for a confidence outside 0..1. 170 of 200 is 79.3944 ... 89.2864.
        """
        return wilson(self.retained, self.customers, confidence)

    def influence_interval(self, confidence: float = 0.95) -> Interval | None:
        """Return the interval of the influence share in percent, whose customers came with a partner being fixed.

        Chance is only in who stayed: with r = (K + .5) / (S + 1) of either side, the log odds ln(S_p r_p / (S_o r_o))
        have the variance (1 - r_p) / (K_p + .5) + (1 - r_o) / (K_o + .5). None where the share is None, and where
        either side is empty: then the share is 0 or 100 without any chance. The share itself is never left out.
        KpiValueError for a confidence outside 0..1. 72 of 80 beside 88 of 120 is 41.7083 ... 48.1928.
        """
        z = z_value(confidence)
        share, sides = self.influence_share, self.influence_sides
        if share is None or sides is None or not self.partner_customers or self.partner_customers == self.customers:
            return None
        own, others, variance = sides
        reach = math.exp(z * math.sqrt(variance))
        low, high = 100 * own / (own + others * reach), 100 * own / (own + others / reach)
        return Interval(min(share, low), max(share, high), confidence)

    @property
    def influence_sides(self) -> tuple[float, float, float] | None:
        """Return what the share is estimated from: retained customers with and without a partner, half of one added.

        S_p r_p and S_o r_o with r = (K + .5) / (S + 1), and the variance of the logarithm of their ratio. None where
        the share is None. 72 of 80 beside 88 of 120: 71.6049, 87.7686 and .0045.
        """
        partners = self._partners()
        if not partners or not self.retained:
            return None
        (base, kept), others = partners, self.customers - partners[0]
        other_kept = self.retained - kept
        rate, other_rate = (kept + 0.5) / (base + 1), (other_kept + 0.5) / (others + 1)
        return base * rate, others * other_rate, (1 - rate) / (kept + 0.5) + (1 - other_rate) / (other_kept + 0.5)

    def lift_interval(self, confidence: float = 0.95) -> Interval | None:
        """Return the Agresti-Caffo interval of the lift in percentage points; None where the lift is None.

        KpiValueError for a confidence outside 0..1. 72 of 80 against 88 of 120 is 5.6857 ... 26.4614.
        """
        partners = self._partners()
        if not partners:
            return None
        base, kept = partners
        return agresti_caffo(kept, base, self.retained - kept, self.customers - base, confidence)


def retention_rate_from_counts(start: float, end: float, new: float) -> float | None:
    """Return the retention rate in percent from a period's counts, 100 * (end - new) / start; None for a start of 0.

    `new` are the customers won in the period and still there at its end. Numbers of 0 or more with
    0 <= end - new <= start, KpiValueError otherwise. (200, 210, 40) is 85.
    """
    start, end = finite_number(start, "customers at the start", 0), finite_number(end, "customers at the end", 0)
    new = finite_number(new, "new customers", 0)
    if new > end:
        raise KpiValueError(f"new customers is {new:g}; allowed: at most {end:g}, the customers at the end")
    if end - new > start:
        raise KpiValueError(
            f"customers at the end without the new ones is {end - new:g}; "
            f"allowed: at most {start:g}, the customers at the start"
        )
    return min(100.0, 100 * (end - new) / start) if start else None


def influence_index_from_rates(partner_rate: float | None, overall_rate: float | None) -> float | None:
    """Return the influence index from two retention rates; 100 is parity.

    Both rates in percent or both as fractions, 0..100, KpiValueError otherwise. None when a rate is None or the
    overall rate is 0. 90 over 80 is 112.5.
    """
    if partner_rate is None or overall_rate is None:
        return None
    partner_rate = finite_number(partner_rate, "partner retention rate", 0, 100)
    overall_rate = finite_number(overall_rate, "overall retention rate", 0, 100)
    return 100 * partner_rate / overall_rate if overall_rate else None


def net_revenue_retention(start: float, expansion: float, contraction: float, churn: float) -> float | None:
    """Return (start + expansion - contraction - churn) / start in percent; None for a start of 0. Can exceed 100.

    Money of the customers that were there at the start, each amount 0 or more, in one currency; losses are at most
    what there was. KpiValueError otherwise. (1000, 150, 50, 100) is 100.
    """
    start, expansion = _money(start, "revenue at the start"), _money(expansion, "expansion")
    kept = start + expansion - _losses(contraction, churn, start + expansion)
    return 100 * kept / start if start else None


def gross_revenue_retention(start: float, contraction: float, churn: float) -> float | None:
    """Return (start - contraction - churn) / start in percent, 0..100; None for a start of 0.

    Amounts as in `net_revenue_retention`; KpiValueError otherwise. (1000, 50, 100) is 85.
    """
    start = _money(start, "revenue at the start")
    kept = start - _losses(contraction, churn, start)
    # rounding would take some amounts a hair above 100
    return min(100.0, 100 * kept / start) if start else None


def _money(amount: float, what: str) -> float:
    return finite_number(amount, what, 0)


def _losses(contraction: float, churn: float, at_most: float) -> float:
    lost = _money(contraction, "contraction") + _money(churn, "churn")
    if lost > at_most and not math.isclose(lost, at_most):  # cents that add up in another order
        raise KpiValueError(f"contraction and churn is {lost:g}; allowed: at most {at_most:g}, the revenue there was")
    return min(lost, at_most)
