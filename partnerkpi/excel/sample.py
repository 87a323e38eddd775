"""The made-up rows that scorecard.xlsm begins with, small enough to read, and to be replaced by somebody's own.

Every company and figure is invented; the partners are a few of those of `partnerkpi demo`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

Cell = float | str | bool | date | None
Columns = Mapping[str, Sequence[Cell]]

FIRST_QUARTER = date(2025, 10, 1)
QUARTERS = 4
_ACTIVITY_TYPES = ("reference", "case study", "referral", "testimonial", "event talk")

#: Partner -> tier, region, owner, people invited to each survey, its usual score, and what a quarter adds to that.
_PARTNERS: dict[str, tuple[str, str, str, int, float, float]] = {
    "Northquill Systems": ("Strategic", "Americas", "Ana Ruiz", 12, 9.6, 0.0),
    "Tarn & Vale Advisory": ("Strategic", "EMEA", "Ana Ruiz", 11, 9.2, 0.2),
    "Kumorei Works": ("Growth", "APAC", "Jonas Feld", 9, 8.8, 0.3),
    "Copperfinch Solutions": ("Growth", "Americas", "Jonas Feld", 10, 8.6, 0.3),
    "Marrowgate Partners": ("Strategic", "Americas", "Ana Ruiz", 11, 8.9, -0.2),
    "Halden, Brook & Sons": ("Growth", "EMEA", "Mia Okafor", 10, 8.1, 0.2),
    "Vantorrel Digital": ("Growth", "EMEA", "Mia Okafor", 9, 7.9, -0.1),
    "Tidewarren Cloud": ("Entry", "APAC", "Mia Okafor", 8, 7.7, 0.3),
    "Sorivaux Conseil": ("Entry", "EMEA", "Jonas Feld", 9, 6.2, 0.9),
    "Wrenfield Analytics": ("Growth", "APAC", "Jonas Feld", 9, 8.2, -0.8),
    "Kestrelane Consulting": ("Strategic", "Americas", "Ana Ruiz", 12, 8.8, -1.6),
    "Brindlewick Data": ("Entry", "Americas", "Mia Okafor", 8, 4.8, 0.5),
}
_SPREAD = (0.0, 1.0, -1.2, 0.6, -0.4, 0.9, -2.1, 0.2, 1.3, -0.8, 0.4)
_ACTIVE = (
    *(("Northquill Systems", 7), ("Tarn & Vale Advisory", 6), ("Halden, Brook & Sons", 4), ("Marrowgate Partners", 4)),
    *(("Copperfinch Solutions", 4), ("Vantorrel Digital", 2), ("Kumorei Works", 3), ("Brindlewick Data", 1)),
)
#: Whose customers there are in a quarter, and how many of them stayed in the latest; "" are those without a partner.
_CUSTOMERS = (
    *(("Northquill Systems", 5, 5), ("Tarn & Vale Advisory", 4, 4), ("Marrowgate Partners", 4, 3)),
    *(("Halden, Brook & Sons", 4, 4), ("Copperfinch Solutions", 3, 3), ("Kestrelane Consulting", 4, 2), ("", 16, 11)),
)


def partners() -> Columns:
    """Return one row for each partner."""
    tiers, regions, owners, invited, _, _ = zip(*_PARTNERS.values(), strict=True)
    return {
        "partner": list(_PARTNERS),
        "tier": tiers,
        "region": regions,
        "owner": owners,
        "invited_contacts": invited,
    }


def responses() -> Columns:
    """Return one row for each answer, oldest first; two of them without a score."""
    rows = sorted(_answers(), key=lambda row: (row[0], row[1]))
    days, names, regions, scores = zip(*rows, strict=True)
    blank = {len(rows) // 3, len(rows) - 7}
    return {
        "date": days,
        "partner": names,
        "score": [None if place in blank else score for place, score in enumerate(scores)],
        "region": regions,
    }


def _answers() -> Iterator[tuple[date, str, str, int]]:
    for number, (name, (_, region, _, _, usual, step)) in enumerate(_PARTNERS.items()):
        for quarter in range(QUARTERS):
            for answer in range(5 + (number + 2 * quarter) % 3):
                day = quarter_start(quarter) + timedelta(days=(11 * number + 17 * answer + 7 * quarter) % 88)
                spread = _SPREAD[(5 * number + 3 * quarter + 2 * answer) % len(_SPREAD)]
                yield day, name, region, max(0, min(10, round(usual + step * quarter + spread)))


def activities() -> Columns:
    """Return one row for each thing a partner did for us, oldest first."""
    rows = [
        (quarter_start((number + step) % QUARTERS) + timedelta(days=(17 * step + 23 * number) % 88), name, kind)
        for number, (name, count) in enumerate(_ACTIVE)
        for step, kind in enumerate((_ACTIVITY_TYPES * 2)[number % 3 : number % 3 + count])
    ]
    days, names, kinds = zip(*sorted(rows), strict=True)
    return {"date": days, "partner": names, "type": kinds}


def customers() -> Columns:
    """Return one row for each customer and quarter, of the latest two: partner (None without), stayed or not."""
    rows: list[tuple[str, str, str, str | None]] = []
    for quarter, lost in ((QUARTERS - 2, 1), (QUARTERS - 1, 0)):
        label = quarter_label(quarter_start(quarter))
        several = [
            (partner or None, "yes" if number < stayed - lost * (count > 4) else "no")
            for partner, count, stayed in _CUSTOMERS
            for number in range(count)
        ]
        # Mixed as a real list is, the same way every time: 7 and 40 share no divisor.
        mixed = [several[7 * place % len(several)] for place in range(len(several))]
        rows += [(f"C-{1001 + place}", label, stayed, name) for place, (name, stayed) in enumerate(mixed)]
    customer, period, retained, partner = zip(*rows, strict=True)
    return {"customer": customer, "period": period, "retained": retained, "partner": partner}


def quarter_start(quarter: int) -> date:
    """Return the first day of a quarter, counted from the first of the sample."""
    months = FIRST_QUARTER.month - 1 + 3 * quarter
    return date(FIRST_QUARTER.year + months // 12, months % 12 + 1, 1)


def quarter_label(day: date) -> str:
    """Return how periods of a quarter are written: 2026-Q3."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
