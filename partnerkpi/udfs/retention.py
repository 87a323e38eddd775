"""Partner Influence on Customer Retention in a cell."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from partnerkpi.cells import CellError, flags, number
from partnerkpi.kpi.retention import (
    RetentionTally,
    gross_revenue_retention,
    influence_index_from_rates,
    net_revenue_retention,
    retention_rate_from_counts,
)
from partnerkpi.udfs.arguments import (
    RETAINED_HEADINGS,
    customers_of,
    customers_of_one,
    rates_of,
    revenue_of,
    without_heading,
)
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

    From two ranges, or from two fractions: partner-attributed and overall retention rate. Of one partner:
    PARTNER_RETENTION_PART.
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


@excel_function(
    retained=RETAINED,
    partner="The partner of each customer: a range of the same length. Blank or direct is no partner.",
    one_partner="The partner in question, written as in the range.",
)
def PARTNER_RETENTION_PART(retained: object, partner: object, one_partner: object) -> object:
    """Return one partner's part of all retained customers, 0 to 100 points (9 is 9 %).

    An influence share of one partner alone would always be 100. None where all customers are that partner's.
    """
    tally = customers_of_one(retained, partner, one_partner)
    if not tally.partner_customers or tally.partner_customers == tally.customers:
        return None
    return tally.influence_share


START_REVENUE = "What each customer paid at the start of the period. Blank or 0: not a customer then."
END_REVENUE = "What each of them pays at its end: a range of the same length. 0 for a customer who left; never blank."


@excel_function(start_revenue=START_REVENUE, end_revenue=END_REVENUE)
def PARTNER_NRR(start_revenue: object, end_revenue: object) -> object:
    """Return net revenue retention: what customers of the start pay at the end, as a fraction of what they paid.

    1.05 is 105 %. New customers do not count.
    """
    money = revenue_of(start_revenue, end_revenue)
    return as_fraction(net_revenue_retention(money.start, money.expansion, money.contraction, money.churn))


@excel_function(start_revenue=START_REVENUE, end_revenue=END_REVENUE)
def PARTNER_GRR(start_revenue: object, end_revenue: object) -> object:
    """Return gross revenue retention: as PARTNER_NRR without what customers pay more, so a fraction of 0 to 1."""
    money = revenue_of(start_revenue, end_revenue)
    return as_fraction(gross_revenue_retention(money.start, money.contraction, money.churn))
