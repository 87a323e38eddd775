"""Benchmark bands: what a figure is called, and what it should be. Thresholds are data; no code compares with a number.

The defaults below are the ones of the definitions. Others come from `partnerkpi.toml`, or are written as
`Benchmark.from_thresholds("nps", {"watch": 20, "strong": 40}, worst="investigate", target=40)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import INFINITY, finite_number, is_number

_Held = TypeVar("_Held")

RATING_ORDER = ("investigate", "watch", "strong", "exceptional")
"""The ratings that every KPI shares, worst first: what makes the ratings of different KPIs comparable."""


@dataclass(frozen=True, slots=True)
class Band:
    """One rating and the values that earn it: low <= value < high, in the unit of the KPI.

    The lowest band starts at minus infinity, the highest ends at infinity. KpiValueError without a name or unless
    low < high.
    """

    name: str
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise KpiValueError(f"band name is {self.name!r}; allowed: a word")
        if not (is_number(self.low) and is_number(self.high) and self.low < self.high):
            raise KpiValueError(f"band {self.name!r} runs from {self.low!r} to {self.high!r}; allowed: low below high")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The bands of one KPI, worst to best without a gap, and the target to reach.

    KpiValueError when the bands leave a value without a rating, overlap, repeat a name, or put the shared ratings
    (`RATING_ORDER`) in another order. Every value has exactly one band: a figure of 50 with bands from 30 and from 50
    is in the upper one.
    """

    kpi: str
    bands: tuple[Band, ...]
    target: float
    label: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "bands", tuple(self.bands))
        object.__setattr__(self, "target", finite_number(self.target, f"target of {self.kpi}"))
        if not self.bands:
            raise KpiValueError(f"{self.kpi} has no bands; allowed: one or more, worst first")
        if self.bands[0].low != -INFINITY or self.bands[-1].high != INFINITY:
            raise KpiValueError(
                f"bands of {self.kpi} run from {self.bands[0].low:g} to {self.bands[-1].high:g}; "
                "allowed: the lowest open below, the highest open above"
            )
        for worse, better in pairwise(self.bands):
            if worse.high != better.low:
                raise KpiValueError(
                    f"bands of {self.kpi}: {worse.name!r} ends at {worse.high:g}, {better.name!r} starts at "
                    f"{better.low:g}; allowed: the end of one is the start of the next"
                )
        names = [band.name for band in self.bands]
        if len(set(names)) < len(names):
            raise KpiValueError(f"bands of {self.kpi} are {', '.join(names)}; allowed: each name once")
        shared = [name for name in names if name in RATING_ORDER]
        if shared != sorted(shared, key=RATING_ORDER.index):
            raise KpiValueError(
                f"bands of {self.kpi} are {', '.join(names)}, worst first; allowed: {' < '.join(RATING_ORDER)}"
            )

    @classmethod
    def from_thresholds(
        cls,
        kpi: str,
        thresholds: Mapping[str, float],
        *,
        worst: str = "investigate",
        target: float,
        label: str = "",
        unit: str = "",
    ) -> Benchmark:
        """Build a benchmark from the value at which each rating starts; below the lowest of them it is `worst`.

        Thresholds are finite numbers in any order, KpiValueError otherwise. {"watch": 30, "strong": 50} rates 29.9
        "investigate", 30 "watch" and 50 "strong".
        """
        starts = {name: finite_number(start, f"threshold of {name!r}") for name, start in thresholds.items()}
        names = [worst, *sorted(starts, key=starts.__getitem__)]
        edges = [-INFINITY, *sorted(starts.values()), INFINITY]
        return cls(kpi, tuple(map(Band, names, edges, edges[1:])), target, label, unit)

    @property
    def thresholds(self) -> dict[str, float]:
        """Return where each rating but the worst starts, worst first: what `from_thresholds` takes."""
        return {band.name: band.low for band in self.bands[1:]}

    def rating(self, value: float | None) -> str | None:
        """Return the name of the band that holds the value, in the KPI's unit; None stays None.

        KpiValueError for NaN and infinity. With the default NPS bands 49.9 is "watch", 50 is "strong".
        """
        if value is None:
            return None
        number = finite_number(value, self.label or self.kpi)
        return next(band.name for band in self.bands if band.low <= number < band.high)

    def rank(self, name: str) -> int:
        """Return the position of a rating, 0 for the worst; KpiValueError for a name that no band has."""
        names = [band.name for band in self.bands]
        if name not in names:
            raise KpiValueError(f"rating is {name!r}; allowed for {self.kpi}: {', '.join(names)}")
        return names.index(name)


def of_tier(tier: str | None, own: Mapping[str, _Held], everybodys: _Held) -> _Held:
    """Return what rates the partners of a tier, benchmark or benchmarks: the tier's own, or everybody's without one.

    of_tier("Gold", {"Gold": 60}, 50) is 60; of_tier(None, {"Gold": 60}, 50) is 50.
    """
    return own.get(tier or "", everybodys)


def worst_rating(ratings: Iterable[str | None]) -> str | None:
    """Return the worst of the ratings of several KPIs; None, for no data, is passed over.

    KpiValueError for a rating outside `RATING_ORDER`. "strong", None, "watch" give "watch".
    """
    known = [rating for rating in ratings if rating is not None]
    for rating in known:
        if rating not in RATING_ORDER:
            raise KpiValueError(f"rating is {rating!r}; allowed: {', '.join(RATING_ORDER)}")
    return min(known, key=RATING_ORDER.index, default=None)


DEFAULT_BENCHMARKS: Mapping[str, Benchmark] = MappingProxyType(
    {
        "nps": Benchmark.from_thresholds(
            "nps",
            {"watch": 30, "strong": 50, "exceptional": 70},
            target=50,
            label="Strategic Partner NPS",
            unit="points",
        ),
        "advocacy": Benchmark.from_thresholds(
            "advocacy", {"watch": 50, "strong": 75}, target=75, label="Active advocates", unit="%"
        ),
        "retention": Benchmark.from_thresholds(
            "retention", {"watch": 60, "strong": 75}, target=75, label="Partner influence on retention", unit="%"
        ),
    }
)
"""The default benchmark of each KPI: NPS, share of active advocates, influence share on retention."""
