"""Partner Advocacy: references, case studies, testimonials, referrals and the like that partners give."""

from __future__ import annotations

from collections.abc import Set

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import whole_number
from partnerkpi.kpi.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class AdvocacyTally:
    """How many partners there are, how many of them were active, and how many activities they gave.

    Whole numbers of 0 or more. `partners` is the partner list, never just those that appear among the activities.
    An active partner gave at least one activity, so active <= partners, active <= activities, and activities need an
    active partner; KpiValueError otherwise. Tallies of different partners add up, also with `sum()`; two periods of
    the same partners do not, the partners would count twice. 40 partners, 12 active, 45 activities: 1.125 each,
    30 % active, intensity 3.75.
    """

    partners: int = 0
    active: int = 0
    activities: int = 0

    def __post_init__(self) -> None:
        partners = whole_number(self.partners, "partners")
        activities = whole_number(self.activities, "activities")
        active = whole_number(self.active, "active partners", partners, "the number of partners")
        if active > activities:
            raise KpiValueError(
                f"active partners is {active} with {activities} activities; "
                "allowed: at most one active partner for each activity"
            )
        if activities > 0 and active == 0:
            raise KpiValueError(f"activities is {activities} with no active partner; allowed: 0, or name who gave them")
        object.__setattr__(self, "partners", partners)
        object.__setattr__(self, "active", active)
        object.__setattr__(self, "activities", activities)

    def __add__(self, other: object) -> AdvocacyTally:
        if not isinstance(other, AdvocacyTally):
            return NotImplemented
        return AdvocacyTally(
            self.partners + other.partners, self.active + other.active, self.activities + other.activities
        )

    def __radd__(self, other: object) -> AdvocacyTally:
        # sum() starts with the int 0
        return self if type(other) is int and other == 0 else NotImplemented

    @property
    def per_partner(self) -> float | None:
        """Return advocacy activities / partners, a mean that can exceed 1; None without partners. 45 / 40 is 1.125."""
        return self.activities / self.partners if self.partners else None

    @property
    def active_share(self) -> float | None:
        """Return the active advocates in percent of all partners; None without partners, and of one. 12 of 40 is 30.

        One partner is active or it is not. The 75 % target is on this figure: a mean per partner cannot be compared
        with a share of partners.
        """
        return 100 * self.active / self.partners if self.partners > 1 else None

    @property
    def reached(self) -> float | None:
        """Return what counts of the target: the active share, of one partner 100 or 0; None without partners."""
        return 100 * self.active / self.partners if self.partners else None

    @property
    def intensity(self) -> float | None:
        """Return activities / active partners; None without an active partner. 45 / 12 is 3.75."""
        return self.activities / self.active if self.active else None

    def interval(self, confidence: float = 0.95) -> Interval | None:
        """Return the Wilson interval of the active share in percent; None where there is no share.

        KpiValueError for a confidence outside 0..1. 12 of 40 is 18.0748 ... 45.4300.
        """
        found = wilson(self.active, self.partners, confidence)
        return found if self.active_share is not None else None


@dataclass(frozen=True, slots=True)
class SamePartners:
    """The partners that were on the list in two periods: how many, and how many of them began or stopped to be active.

    Whole numbers of 0 or more with began + stopped <= partners, KpiValueError otherwise. Of A, B and C, A and B active
    before and B and C after, one began and one stopped.
    """

    partners: int = 0
    began: int = 0
    stopped: int = 0

    def __post_init__(self) -> None:
        partners = whole_number(self.partners, "partners of both periods")
        began = whole_number(self.began, "partners that began", partners, "the partners of both periods")
        whole_number(self.stopped, "partners that stopped", partners - began, "the partners that did not begin")

    @classmethod
    def between(cls, before: Set[str], after: Set[str], partners: int) -> SamePartners:
        """Compare those of so many partners that were active before with those that were after."""
        return cls(partners, len(after - before), len(before - after))
