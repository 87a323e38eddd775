"""The made-up rows that scorecard.xlsm opens with: small enough to read, and to be replaced by somebody's own.

Every company and figure is invented. The partners are a few of those of `partnerkpi demo`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

Row = tuple[date | int | str | None, ...]

FIRST_QUARTER = date(2025, 4, 1)
QUARTERS = 6
_ACTIVITY_TYPES = ("Reference", "Case study", "Referral", "Testimonial", "Event")

#: Partner -> region, invitations sent in the six quarters, and its answers by quarter; "-" is an answer left blank.
_PARTNERS: dict[str, tuple[str, int, Sequence[str]]] = {
    "Northquill Systems": ("Americas", 18, ("9 10", "10", "9 8", "10 9", "10", "9 10")),
    "Tarn & Vale Advisory": ("EMEA", 16, ("10", "9", "10 9", "10", "9", "10 9")),
    "Kumorei Works": ("APAC", 12, ("", "10", "", "9", "10", "10 9")),
    "Copperfinch Solutions": ("Americas", 14, ("8", "9", "9", "9 10", "10", "9")),
    "Marrowgate Partners": ("Americas", 15, ("9", "8", "10", "9 7", "9", "10")),
    "Halden, Brook & Sons": ("EMEA", 15, ("7", "8", "8 9", "9", "9 10", "8")),
    "Vantorrel Digital": ("EMEA", 14, ("7 9", "", "9", "8", "6", "9")),
    "Tidewarren Cloud": ("APAC", 12, ("8", "7", "-", "9", "8", "9")),
    "Sorivaux Conseil": ("EMEA", 14, ("5", "6", "6 7", "8", "9", "9 9")),
    "Wrenfield Analytics": ("APAC", 12, ("9", "", "8", "7", "6", "5")),
    "Kestrelane Consulting": ("Americas", 16, ("9", "9 10", "8", "6", "5", "3 4")),
    "Brindlewick Data": ("Americas", 12, ("4", "6", "3", "7", "-", "8")),
}
_ACTIVE = (
    *(("Northquill Systems", 6), ("Tarn & Vale Advisory", 5), ("Halden, Brook & Sons", 3), ("Marrowgate Partners", 3)),
    *(("Copperfinch Solutions", 3), ("Vantorrel Digital", 2), ("Kumorei Works", 2), ("Brindlewick Data", 1)),
)
#: Whose customers there are, and how many of them stayed; "" are those without a partner.
_CUSTOMERS = (
    *(("Northquill Systems", 5, 5), ("Tarn & Vale Advisory", 4, 4), ("Marrowgate Partners", 4, 3)),
    *(("Halden, Brook & Sons", 4, 4), ("Copperfinch Solutions", 3, 3), ("Kestrelane Consulting", 4, 2), ("", 16, 11)),
)


def partners() -> list[Row]:
    """Return one row for each partner: name, region, invitations sent."""
    return [(name, region, invited) for name, (region, invited, _) in _PARTNERS.items()]


def responses() -> list[Row]:
    """Return one row for each answer, oldest first: date, partner, region, score; a blank score is None."""
    rows: list[tuple[date, str, str, int | None]] = []
    for number, (name, (region, _, quarters)) in enumerate(_PARTNERS.items()):
        for quarter, answers in enumerate(quarters):
            for answer, score in enumerate(answers.split()):
                day = _quarter_start(quarter) + timedelta(days=(11 * number + 29 * answer + 7 * quarter) % 85)
                rows.append((day, name, region, None if score == "-" else int(score)))
    return sorted(rows, key=lambda row: (row[0], row[1]))


def activities() -> list[Row]:
    """Return one row for each thing a partner did for us, oldest first: date, partner, type."""
    rows = [
        (_quarter_start((number + step) % QUARTERS) + timedelta(days=(17 * step + 23 * number) % 85), name, kind)
        for number, (name, count) in enumerate(_ACTIVE)
        for step, kind in enumerate((_ACTIVITY_TYPES * 2)[number % 3 : number % 3 + count])
    ]
    return sorted(rows)


def customers() -> list[Row]:
    """Return one row for each customer at the start of the year: number, partner (None without), stayed or not."""
    rows = [
        (partner or None, "Yes" if number < stayed else "No")
        for partner, count, stayed in _CUSTOMERS
        for number in range(count)
    ]
    # Mixed as a real list is, the same way every time: 7 and 40 share no divisor.
    mixed = [rows[7 * place % len(rows)] for place in range(len(rows))]
    return [(f"C-{1001 + place}", *row) for place, row in enumerate(mixed)]


def _quarter_start(quarter: int) -> date:
    months = FIRST_QUARTER.month - 1 + 3 * quarter
    return date(FIRST_QUARTER.year + months // 12, months % 12 + 1, 1)
