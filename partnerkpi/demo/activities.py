"""The advocacy activities of the example data: what partners did for the programme, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from partnerkpi.demo.customers import Renewal
from partnerkpi.demo.draw import Dice
from partnerkpi.demo.programme import PARTNERS, Partner
from partnerkpi.demo.quarters import QUARTERS, Quarter

HEADER = ("activity_id", "date", "partner", "type", "value", "customer")

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
