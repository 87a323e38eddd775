"""The complete scorecard: what was counted, and what follows from it. Workbook, mail and terminal only read it.

What follows is worked out when it is first asked for, and once for each scorecard; a scorecard that
`dataclasses.replace` makes from another one works out its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from partnerkpi.comments.themes import ThemeLine
from partnerkpi.dataclass import dataclass
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.findings.actions import Action, actions_of
from partnerkpi.scorecard.findings.alerts import Alert, alerts_of
from partnerkpi.scorecard.findings.call_first import AtRisk, call_first
from partnerkpi.scorecard.findings.changes import FigureChange, changes_of
from partnerkpi.scorecard.findings.loop import Bound, LoopLine, bind, loop_lines
from partnerkpi.scorecard.findings.peers import peers
from partnerkpi.scorecard.findings.quality import Quality, quality_of
from partnerkpi.scorecard.findings.segments import shown_segments
from partnerkpi.scorecard.findings.targets import Standing, targets_of
from partnerkpi.scorecard.findings.themes import Theme, lines_of, themes_of
from partnerkpi.scorecard.parts import Quartiles, Segment


@dataclass(frozen=True)
class Scorecard(CardData):
    """A scorecard with all that can be said of it; without another period named, that of the current one."""

    def __repr__(self) -> str:
        """Return the scorecard in a line: `<scorecard 'Partner scorecard', 2026-Q3, 12 partners>`."""
        return f"<scorecard {self.title!r}, {self.current}, {len(self.partners):,} partners>"

    @cached_property
    def newest(self) -> Scorecard:
        """Return the scorecard in its newest period: calls are made after that, whichever one is looked at."""
        return self if self.current == self.periods[-1] else replace(self, current=self.periods[-1])

    @property
    def as_made(self) -> Scorecard:
        """Return the scorecard by which calls were told: its newest period, and the benchmarks of that day."""
        made: Scorecard = self.__dict__.get("_made", self)
        return made.newest

    def with_calls_of(self, made: Scorecard) -> Scorecard:
        """Return a copy whose calls are those of the scorecard that a workbook was made of: benchmarks were changed."""
        copy = replace(self)
        copy.__dict__["_made"] = made  # no field, because a record holds what was counted, and nothing else
        return copy

    def titled(self, title: str) -> Scorecard:
        """Return a copy with another title, and the calls of the same scorecard."""
        copy = replace(self, title=title)
        return copy.with_calls_of(self.__dict__["_made"]) if "_made" in self.__dict__ else copy

    @property
    def calls_hold(self) -> bool:
        """Tell whether what was told of calls is about this period and these benchmarks."""
        made = self.as_made
        limits = [
            (one.confidence, one.min_responses, [one.benchmark_of("nps", of.tier).bands[0].high for of in one.partners])
            for one in (self, made)
        ]
        worst = self.benchmarks["nps"].bands[0].high == made.benchmarks["nps"].bands[0].high
        return self.current == made.current and worst and limits[0] == limits[1]

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Return the calls to make: first of the partners to call first, in their order, then by value at stake."""
        return self.bound.actions

    @cached_property
    def bound(self) -> Bound:
        """Return the calls, each with what became of it, and what is known of calls that are listed no more."""
        return bind(actions_of(self, [one.partner for one in self.call_first]), self.carried or (), self.current)

    @cached_property
    def loop(self) -> tuple[LoopLine, ...]:
        """Return what became of the calls, all together and by period; nothing where no statuses were carried on."""
        return loop_lines(self, self.bound, self.not_made, self.current) if self.carried is not None else ()

    @property
    def calls(self) -> int:
        """Return how many calls there are to make, listed or not."""
        return len(self.actions) + sum(self.more_to_call.values())

    @cached_property
    def more_by_partner(self) -> dict[str, int]:
        """Return how many calls each partner has that are not listed: who comes first, then who is worth most."""
        calls = Counter[str]()
        for (name, _), people in self.more_to_call.items():
            if name is not None:
                calls[name] += people
        first = {one.partner: place for place, one in enumerate(self.call_first)}
        worth = {one.name: one.annual_value or 0.0 for one in self.partners}
        order = sorted(calls, key=lambda name: (first.get(name, len(first)), -worth.get(name, 0.0), -calls[name], name))
        return {name: calls[name] for name in order}

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """Return the alerts: those about all first, then those of the partners to call first."""
        return alerts_of(self)

    @cached_property
    def targets(self) -> tuple[Standing, ...]:
        """Return where the targets of everybody, of tiers and of partners stand."""
        return targets_of(self)

    @cached_property
    def call_first(self) -> tuple[AtRisk, ...]:
        """Return the partners at risk, those worth most first."""
        return call_first(self, self.alerts)

    @cached_property
    def changes(self) -> tuple[FigureChange, ...]:
        """Return how every figure moved since the period before, and since a year before."""
        return tuple(changes_of(self))

    @cached_property
    def quality(self) -> Quality:
        """Return how much the answers can carry."""
        return quality_of(self)

    @cached_property
    def visible_segments(self) -> tuple[Segment, ...]:
        """Return the segments of the answers that may be shown."""
        return shown_segments(self)

    @cached_property
    def theme_lines(self) -> Mapping[str, Mapping[str, ThemeLine]]:
        """Return by period, and then by theme, what the comments say."""
        return {period: lines_of(self, period) for period in self.periods}

    @cached_property
    def themes(self) -> tuple[Theme, ...]:
        """Return the themes that anybody mentions, what hurts most in the newest period first."""
        return themes_of(self, self.theme_lines)

    @cached_property
    def quartiles(self) -> tuple[Quartiles, ...]:
        """Return what each partner may know of the others."""
        return peers(self)
