"""Partner Influence on Customer Retention in a cell."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from partnerkpi.cells import CellError, flags
from partnerkpi.kpi.retention import RetentionTally, influence_index_from_rates, retention_rate_from_counts
from partnerkpi.udfs.arguments import customers_of, rates_of, required_number, without_heading
from partnerkpi.udfs.function import excel_function

RETAINED = "Whether each customer stayed: TRUE/FALSE, 1/0 or yes/no."
PARTNER = "The partner of each customer, or TRUE/FALSE: a range of the same length. Blank or direct is no partner."


@excel_function(
    start="Customers at the start of the period.",
    end="Customers at its end.",
    new="Customers won in the period and still there at its end.",
)
def PARTNER_RETENTION(start: object, end: object, new: object) -> object:
    """Return the retention rate from a period's counts, (end - new) / start, as a fraction (0.85 is 85 %)."""
    counts = [required_number(argument) for argument in (start, end, new)]
    if None in counts:
        return None
    return _fraction(retention_rate_from_counts(*(count or 0.0 for count in counts)))


@excel_function(retained=RETAINED)
def PARTNER_RETENTION_RATE(retained: object) -> object:
    """Return the share of customers who stayed, as a fraction (0.85 is 85 %), from one TRUE/FALSE for each customer.

    Blanks are not counted.
    """
    known = [flag for flag in flags(without_heading(retained)) if flag is not None]
    return _fraction(RetentionTally(len(known), sum(known)).retention_rate)


@excel_function(
    retained=RETAINED + " Or: the partner-attributed retention rate.",
    partner=PARTNER + " Or: the overall retention rate.",
)
def PARTNER_RETENTION_INFLUENCE(retained: object, partner: object) -> object:
    """Return the part of customer retention attributable to partners, 0 to 100 points (45 is 45 %).

    From two ranges, or from two rates given as fractions: partner-attributed rate, overall rate.
    """
    rates = rates_of(retained, partner)
    if rates is None:
        return customers_of(retained, partner).influence_share
    if rates[0] > rates[1]:
        raise CellError("#NUM!", "a part of the retention cannot exceed the whole; see PARTNER_RETENTION_INDEX")
    return influence_index_from_rates(*rates)


@excel_function(
    retained=RETAINED + " Or: the retention rate of customers with a partner.",
    partner=PARTNER + " Or: the overall retention rate.",
)
def PARTNER_RETENTION_INDEX(retained: object, partner: object) -> object:
    """Return how well customers with a partner are retained against all customers, in points: 100 is parity.

    From two ranges, or from two rates given as fractions.
    """
    rates = rates_of(retained, partner)
    return customers_of(retained, partner).influence_index if rates is None else influence_index_from_rates(*rates)


@excel_function(retained=RETAINED, partner=PARTNER)
def PARTNER_RETENTION_LIFT(retained: object, partner: object) -> object:
    """Return the retention rate with a partner minus the rate without, in percentage points (16.7: 16.7 points higher).

    No proof of cause.
    """
    return customers_of(retained, partner).lift_points


def _fraction(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
