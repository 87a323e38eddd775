"""What rows of an NPS gain where partners are known: the interval that they have if these partners stand for others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from partnerkpi.kpi.clustered import Clustered, clustered_change, clustered_nps
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import between, decimal, read_as, whole
from partnerkpi.results.result import Group, Question, bounds
from partnerkpi.results.windows import sides_of
from partnerkpi.tally.scores import Cell


class ByPartner:
    """The answers of each group and period by partner, and the clustered intervals that follow from them."""

    def __init__(self, cells: Iterable[tuple[str | None, Cell]] | None, question: Question) -> None:
        """Take the partner of each cell; None where no column names partners: what rows gain is then no data."""
        self.question = question
        self._tallies: defaultdict[tuple[Group | None, str | None], defaultdict[str | None, ScoreTally]]
        self._tallies = defaultdict(lambda: defaultdict(ScoreTally))
        for partner, cell in cells or ():
            groups = (None, cell.group[: len(question.by)]) if question.by else (None,)
            for group in groups:
                for period in dict.fromkeys((None, cell.period)):
                    self._tallies[group, period][partner] += cell.tally

    def columns(self, group: Group | None, period: str | None) -> dict[str, Any]:
        """Return the clustered interval of a row, its design effect and the number of partners."""
        return clustered_columns(self._found(group, period))

    def change_columns(self, group: Group | None, period: str | None, periods: Sequence[str]) -> dict[str, Any]:
        """Return the clustered interval of the change since the period that each one is compared with."""
        if self.question.compare is None:
            return {}
        sides = sides_of(periods, period, self.question)
        found = None
        if sides is not None:
            old, new = self._pooled(group, sides.before), self._pooled(group, sides.after)
            names = list(dict.fromkeys((*old, *new)))
            empty = ScoreTally()
            found = clustered_change(
                [old.get(name, empty) for name in names],
                [new.get(name, empty) for name in names],
                self.question.confidence,
            )
        return clustered_columns(found, "change_")

    def notes(self) -> list[str]:
        """Say how far the NPS of the whole holds for other partners than these."""
        found = self._found(None, None)
        if found is None:
            return []
        interval = read_as(between(found.interval.low, found.interval.high, 0), "other partners")
        effect = f", design effect {decimal(found.design_effect)}" if found.design_effect is not None else ""
        return [
            f"NPS {whole(found.points)} is {interval} (clustered by {found.partners:,} partners{effect}); "
            "low and high are of these partners"
        ]

    def _of(self, group: Group | None, period: str | None) -> Mapping[str | None, ScoreTally]:
        return self._tallies.get((group, period), {})

    def _pooled(self, group: Group | None, periods: Sequence[str]) -> Mapping[str | None, ScoreTally]:
        if len(periods) == 1:
            return self._of(group, periods[0])
        pooled: defaultdict[str | None, ScoreTally] = defaultdict(ScoreTally)
        for period in periods:
            for partner, tally in self._of(group, period).items():
                pooled[partner] += tally
        return pooled

    def _found(self, group: Group | None, period: str | None) -> Clustered | None:
        return clustered_nps(self._of(group, period).values(), self.question.confidence)


def clustered_columns(found: Clustered | None, of: str = "") -> dict[str, Any]:
    """Return a clustered interval under the keys that every row has; `of` is what they begin with."""
    return {
        **bounds(found.interval if found is not None else None, f"{of}clustered_"),
        f"{of}design_effect": found.design_effect if found is not None else None,
        f"{of}clusters": found.partners if found is not None else None,
    }
