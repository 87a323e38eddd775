"""Partner Influence on Customer Retention in a cell."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from partnerkpi.cells import CellError, flags, number
from partnerkpi.kpi.retention import RetentionTally, influence_index_from_rates, retention_rate_from_counts
from partnerkpi.udfs.arguments import RETAINED_HEADINGS, customers_of, rates_of, without_heading
from partnerkpi.udfs.function import as_fraction, excel_function

RETAINED = "Whether each customer stayed: TRUE/FALSE, 1/0 or yes/no."
PARTNER = "The partner of each customer, or TRUE/FALSE: a range of the same length. Blank or direct is no partner."


@excel_function(
    start_customers="Customers at the start of the period.",
    end_customers="Customers at its end, the new ones included.",
    new_customers="Customers won in the period and still there at its end.",
)
def PARTNER_RETENTION(start_customers: object, end_customers: object, new_customers: object) -> object:
    """Return the retention rate from a period's counts, (end - new) / start, as a fraction (0.85 is 85 %)."""
    start, end, new = (number(argument, None) for argument in (start_customers, end_customers, new_customers))
    if start is None or end is None or new is None:
        return None
    return as_fraction(retention_rate_from_counts(start, end, new))


@excel_function(retained=RETAINED)
def PARTNER_RETENTION_RATE(retained: object) -> object:
    """Return the share of customers who stayed, as a fraction (0.85 is 85 %), from one TRUE/FALSE for each customer.

    Blanks are not counted.
    """
    known = [flag for flag in flags(without_heading(retained, RETAINED_HEADINGS)) if flag is not None]
    return as_fraction(RetentionTally(len(known), sum(known)).retention_rate)


@excel_function(
    retained=RETAINED + " Or: the partner-attributed retention rate.",
    partner=PARTNER + " Or: the overall retention rate.",
)
def PARTNER_RETENTION_INFLUENCE(retained: object, partner: object) -> object:
    """Return the part of customer retention attributable to partners, 0 to 100 points (45 is 45 %).

    From two ranges (TRUE for one partner's customers: its part of all retained), or two fractions: partner and overall
    rate.
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
