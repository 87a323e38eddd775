"""The customers of the example data, one renewal a year, kept or lost; and what partners did for the programme.

The advocacy activities name customers: whose they are is drawn first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from partnerkpi.dataclass import dataclass
from partnerkpi.demo.draw import Dice
from partnerkpi.demo.programme import PARTNERS, QUARTERS, QUARTERS_PER_YEAR, REGIONS, Partner, Quarter

CUSTOMERS_HEADER = ("customer", "period", "partner", "retained", "region", "revenue_start", "revenue_end")

FIRST_YEAR_CUSTOMERS = 1_050  # their renewals fall into the first four quarters
WON_LATER = 150  # won in the first year, first renewal in the second
PARTNER_ATTRIBUTED = 0.59  # share of first-year customers that came through a partner ...
PARTNER_ATTRIBUTED_LATER = 0.66  # ... and of those won later: partners bring in more of the new ones
DIRECT_RENEWAL = 0.81  # share of direct customers that renew; a partner's share is part of its story
YEARLY_GAIN = 0.02  # what renewal gains in the second year, for all

# Renewals of a year by quarter, the first being Q4: contracts like to end with the year.
RENEWALS_BY_QUARTER = ((0, 30), (1, 22), (2, 24), (3, 24))

# Yearly revenue: most customers are small, a few are large (the cube of an even draw), whole hundreds.
SMALLEST_REVENUE, REVENUE_RANGE = 4_000, 180_000

# What a kept customer's revenue does: (from, to) in per cent, and how often.
REVENUE_CHANGES = (((0, 0), 20), ((2, 4), 36), ((5, 30), 34), ((-25, -5), 10))

ACTIVITIES_HEADER = ("activity_id", "date", "partner", "type", "value", "customer")

TYPES = (
    ("reference", 30),
    ("referral", 24),
    ("case study", 12),
    ("testimonial", 14),
    ("co-marketing", 12),
    ("event talk", 8),
)
ABOUT_A_CUSTOMER = frozenset({"reference", "case study", "testimonial"})  # these name the customer they are about

# What each quarter has of the activities that programme.py expects: advocacy grows with the programme.
SHARE_OF_EXPECTED = (0.80, 0.85, 0.90, 0.95, 1.00, 1.05, 1.10, 1.15)

UNDATED = 0.008  # share of activities that somebody entered without a date
SMALLEST_REFERRAL, REFERRAL_RANGE = 5_000, 120_000  # value of a referral, whole thousands
REFERRAL_VALUED = 0.8  # share of referrals whose value is known

# A former partner that is no longer on the list, yet has two entries: (quarter, days into it, type).
FORMER_PARTNER = "Pinehollow Grid"
FORMER_PARTNER_ACTIVITIES = ((1, 23, "reference"), (4, 61, "testimonial"))


@dataclass(frozen=True)
class Renewal:
    """One customer in the quarter of its renewal. `partner` is None for a direct customer."""

    customer: str
    quarter: Quarter
    partner: Partner | None
    region: str
    revenue_start: int
    revenue_end: int = 0
    retained: bool = False


def renewals(seed: int) -> list[Renewal]:
    """Return every renewal, by quarter and customer: a lost customer stays away, a kept one renews a year later."""
    dice = Dice(seed)
    found: list[Renewal] = []
    for number in range(FIRST_YEAR_CUSTOMERS + WON_LATER):
        later = number >= FIRST_YEAR_CUSTOMERS
        renewal = _decided(_new_customer(number + 1, later, dice), dice)
        found.append(renewal)
        if renewal.retained and not later:
            again = QUARTERS[renewal.quarter.index + QUARTERS_PER_YEAR]
            found.append(_decided(replace(renewal, quarter=again, revenue_start=renewal.revenue_end), dice))
    found.sort(key=lambda renewal: (renewal.quarter.index, renewal.customer))
    return found


def customer_rows(found: list[Renewal]) -> list[tuple[object, ...]]:
    """Return the rows of customers.csv."""
    return [
        (
            renewal.customer,
            renewal.quarter,
            renewal.partner.name if renewal.partner else "",
            "yes" if renewal.retained else "no",
            renewal.region,
            renewal.revenue_start,
            renewal.revenue_end,
        )
        for renewal in found
    ]


def _new_customer(number: int, later: bool, dice: Dice) -> Renewal:
    """Draw a customer with its first renewal; a partner must have joined a year before that."""
    quarter = QUARTERS[dice.weighted(RENEWALS_BY_QUARTER) + (QUARTERS_PER_YEAR if later else 0)]
    partner = None
    if dice.chance(PARTNER_ATTRIBUTED_LATER if later else PARTNER_ATTRIBUTED):
        year_before = replace(quarter, year=quarter.year - 1)
        partner = dice.weighted([(p, p.invited) for p in PARTNERS if p.was_partner_in(year_before)])
    region = partner.region if partner else dice.one_of(REGIONS)
    draw = dice.between(0, 1)
    revenue = SMALLEST_REVENUE + round(REVENUE_RANGE * draw * draw * draw, -2)
    return Renewal(f"c-{number:04d}", quarter, partner, region, int(revenue))


def _decided(renewal: Renewal, dice: Dice) -> Renewal:
    """Decide whether the customer stays, and what it is worth afterwards."""
    share = renewal.partner.story.renewal if renewal.partner else DIRECT_RENEWAL
    if renewal.quarter.index >= QUARTERS_PER_YEAR:
        share += YEARLY_GAIN
    if not dice.chance(share):
        return replace(renewal, retained=False, revenue_end=0)
    low, high = dice.weighted(REVENUE_CHANGES)
    change = dice.whole(low, high)
    return replace(renewal, retained=True, revenue_end=renewal.revenue_start * (100 + change) // 100)


@dataclass(frozen=True)
class Activity:
    """One thing a partner did. `value` is blank for all but referrals, `customer` where none is named."""

    day: date
    partner: str
    type: str
    value: str = ""
    customer: str = ""
    dated: bool = True


def activity_rows(seed: int, renewals: list[Renewal]) -> list[tuple[object, ...]]:
    """Return the rows of activities.csv in the order in which they were entered, the undated ones among them."""
    dice = Dice(seed)
    customers: dict[str, list[str]] = {}
    for renewal in renewals:
        if renewal.partner:
            customers.setdefault(renewal.partner.name, []).append(renewal.customer)
    done = [
        _activity(quarter, partner, customers.get(partner.name, []), dice)
        for quarter in QUARTERS
        for partner in PARTNERS
        if partner.was_partner_in(quarter)
        for _ in range(dice.count(partner.advocacy * SHARE_OF_EXPECTED[quarter.index]))
    ]
    done += [
        Activity(QUARTERS[index].workday(offset), FORMER_PARTNER, kind)
        for index, offset, kind in FORMER_PARTNER_ACTIVITIES
    ]
    done.sort(key=lambda activity: activity.day)  # a stable sort: within a day, the order in which they were drawn
    return [
        (
            f"v-{number:04d}",
            activity.day if activity.dated else "",
            activity.partner,
            activity.type,
            activity.value,
            activity.customer,
        )
        for number, activity in enumerate(done, start=1)
    ]


def _activity(quarter: Quarter, partner: Partner, customers: list[str], dice: Dice) -> Activity:
    kind = dice.weighted(TYPES)
    value = customer = ""
    if kind == "referral" and dice.chance(REFERRAL_VALUED):
        draw = dice.between(0, 1)
        value = str(int(round(SMALLEST_REFERRAL + REFERRAL_RANGE * draw * draw, -3)))
    if kind in ABOUT_A_CUSTOMER and customers:
        customer = dice.one_of(customers)
    day = quarter.workday(dice.whole(0, 89))
    return Activity(day, partner.name, kind, value, customer, dated=not dice.chance(UNDATED))
