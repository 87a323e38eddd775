"""The eight quarters that the example data covers: 2024-Q4 to 2026-Q3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter, with its place (0..7) in the example data."""

    index: int
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The last day."""
        after = date(self.year + 1, 1, 1) if self.number == 4 else date(self.year, 3 * self.number + 1, 1)
        return after - timedelta(days=1)

    def workday(self, offset: int) -> date:
        """Return the day that many days after the start; at a weekend the next working day, within the quarter."""
        day = min(self.start + timedelta(days=offset), self.end)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        while day > self.end or day.weekday() >= 5:
            day -= timedelta(days=1)
        return day


QUARTERS = tuple(Quarter(i, 2024 + (i + 3) // 4, (i + 3) % 4 + 1) for i in range(8))
QUARTERS_PER_YEAR = 4
