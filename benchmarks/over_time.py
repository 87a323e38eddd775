"""What is claimed of several comparisons and of a slope, simulated where nothing changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.drawn import SHARES, Row, drawn
from partnerkpi.kpi import ScoreTally, change, holm
from partnerkpi.kpi.comparisons import AsCompared, Compared, families, nps_slope, strongest


def comparisons_without_change() -> Iterator[Row]:
    """Eight quarters in which nothing changed: how many figures, or programmes, are said to have moved in any of three.

    Compared are the last quarter with the one before and with that of a year before, and the last four with the four
    before them.
    """
    for partners, sizes in ((1, [400] * 8), (1, [1_000] * 7 + [5]), (40, [20] * 8), (40, [1_000] * 7 + [5])):
        for nps, shares in SHARES.items():
            chance = np.random.default_rng(20_261_106)
            programmes = 1_000 if partners == 1 else 200
            alarms = 0
            for _ in range(programmes):
                quarters = [[drawn(chance, size, shares) for size in sizes] for _ in range(partners)]
                judged = families([_compared(own) for own in quarters])
                alarms += any(strongest(family) is not None for family in judged)
            whom = "one NPS" if partners == 1 else f"{partners} partners"
            programme = f"{whom}, eight quarters of {_sizes(sizes)} answers, NPS {nps}"
            yield Row("three comparisons of what did not change", programme, alarms / programmes, at_most=0.06)


def _compared(quarters: Sequence[ScoreTally]) -> list[AsCompared]:
    now = quarters[-1]
    years = sum(quarters[:4], ScoreTally()), sum(quarters[4:], ScoreTally())
    pairs: list[tuple[Compared, ScoreTally, ScoreTally]] = [
        ("previous", quarters[-2], now),
        ("year", quarters[-5], now),
        ("rolling", *years),
    ]
    return [AsCompared(*pair, change(*pair[1:])) for pair in pairs]


def _sizes(sizes: Sequence[int]) -> str:
    return f"{sizes[0]}, in the last {sizes[-1]}" if sizes[0] != sizes[-1] else str(sizes[0])


def slopes_without_trend() -> Iterator[Row]:
    """Programmes of 30 partners without a trend: how many say of a partner that it rises or falls over the quarters."""
    for sizes, most in (([20] * 8, 0.06), ([5] * 8, 0.06), ([1_000, 5, 5], 0.06), ([10, 1_000, 10], 0.08)):
        for nps, shares in SHARES.items():
            chance = np.random.default_rng(20_261_107)
            alarms, programmes = 0, 400
            for _ in range(programmes):
                slopes = [nps_slope([drawn(chance, size, shares) for size in sizes]) for _ in range(30)]
                alarms += any(p is not None and p < 0.05 for p in holm([one.p if one else None for one in slopes]))
            each = ", ".join(map(str, sizes)) if len(sizes) < 8 else f"eight times {sizes[0]}"
            programme = f"30 partners, quarters of {each} answers, NPS {nps}"
            yield Row("a slope where there is none", programme, alarms / programmes, at_most=most)
