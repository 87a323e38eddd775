"""What partners can work out of each other from their packs: an attack with linear programs on drawn programmes.

`python -m benchmarks anonymity` draws programmes of 6 to 40 partners. One to three of them put their packs side by
side: they know their own figures exactly, how many partners are compared, and how the quartiles are made. For each
figure of the others, in order of size, two linear programs ask for the least and the most that it can be, wherever in
that order the insiders stand. A figure is found where these lie within a point of a middle: two points apart or less;
of activities, which are whole numbers, where only one is left. Who has a figure that was found is still not known.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, product

import numpy as np
from scipy.optimize import linprog

from partnerkpi.scorecard.findings.peers import EDGE, FEWER, MORE, SCALES, around, beside, quartiles_of

#: In more than this share of programmes no figure may be found.
AT_MOST = 0.02
_WIDTH = 2.0
_PLACES = (0.25, 0.5, 0.75)
_TRIED = 60  # other places of the insiders in the order, where a figure seems to be found
_MOST_ACTIVITIES = 60.0

#: The places of some figures from 0, and the least and the most that their sum can be.
Sum = tuple[Sequence[int], float, float]
#: Bounds of figures by their place among those of the others, from 0.
Bounds = dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Attack:
    """What some partners know together: how many figures there are, their own, sums, and between what figures lie."""

    number: int
    own: tuple[float, ...]
    sums: tuple[Sum, ...]
    scale: tuple[float, float]
    whole: bool = False

    def found(self, figures: Sequence[float]) -> int:
        """Return how many of the others' figures can be told; `figures` are the true ones of all."""
        left = dict[int, tuple[float, float]]()
        everything = range(self.number - len(self.own))
        tried = 0
        for places in self._places(figures):
            bounds = self._bounds(places, [at for at in everything if at in left] if tried else list(everything))
            if bounds is None:
                continue
            tried += 1
            for at, (low, high) in bounds.items():
                before = left.get(at, (low, high))
                left[at] = min(low, before[0]), max(high, before[1])
            left = {at: ends for at, ends in left.items() if self._is_told(*ends)}
            if not left:
                return 0
        return len(left)

    def _is_told(self, low: float, high: float) -> bool:
        if self.whole:
            return bool(np.floor(high + 1e-6) <= np.ceil(low - 1e-6))
        return high - low <= _WIDTH + 1e-6

    def _places(self, figures: Sequence[float]) -> Iterator[tuple[int, ...]]:
        """Yield where the insiders' figures may stand among all: first where they do, as last and first of equals."""
        own = sorted(self.own)
        ranked = sorted(figures)
        seen = set()
        for equals in (_last, _first):
            places = equals(ranked, own)
            seen.add(places)
            yield places
        near = product(*(range(max(0, place - 4), min(self.number, place + 5)) for place in _first(ranked, own)))
        others = (places for places in near if list(places) == sorted(set(places)) and places not in seen)
        # spread over all of them, and the same each time
        every = list(others)
        yield from islice(every, 0, None, max(1, len(every) // _TRIED))

    def _bounds(self, places: tuple[int, ...], wanted: Sequence[int]) -> Bounds | None:
        """Return between what the wanted figures lie where the insiders stand at these places; None if they cannot."""
        own = dict(zip(places, sorted(self.own), strict=True))
        others = [place for place in range(self.number) if place not in own]
        rows, limits = [], []
        for among, low, high in self.sums:
            row = np.zeros(self.number)
            row[list(among)] = 1
            for sign, limit in ((1, high), (-1, -low)):
                if np.isfinite(limit):
                    rows.append(sign * row)
                    limits.append(limit)
        for place in range(self.number - 1):
            row = np.zeros(self.number)
            row[place], row[place + 1] = 1, -1
            rows.append(row)
            limits.append(0)
        ends = [(own[place], own[place]) if place in own else self.scale for place in range(self.number)]
        found: Bounds = {}
        for at in wanted:
            target = np.zeros(self.number)
            target[others[at]] = 1
            low_and_high = []
            for sign in (1, -1):
                answer = linprog(sign * target, A_ub=np.array(rows), b_ub=limits, bounds=ends, method="highs")
                if answer.status != 0:
                    return None
                low_and_high.append(sign * answer.fun)
            found[at] = low_and_high[0], low_and_high[1]
        return found


def _last(ranked: Sequence[float], own: Sequence[float]) -> tuple[int, ...]:
    """Return the places of the insiders' figures as the last of equals."""
    places: list[int] = []
    for figure in reversed(own):
        place = int(np.searchsorted(ranked, figure, side="right")) - 1
        places.append(min(place, places[-1] - 1) if places else place)
    return tuple(reversed(places))


def _first(ranked: Sequence[float], own: Sequence[float]) -> tuple[int, ...]:
    """Return the places of the insiders' figures as the first of equals."""
    places: list[int] = []
    for figure in own:
        place = int(np.searchsorted(ranked, figure, side="left"))
        places.append(max(place, places[-1] + 1) if places else place)
    return tuple(places)


def on_quartiles(kpi: str, figures: Sequence[float], insiders: Sequence[int]) -> Attack | None:
    """Return what insiders know of an NPS or a retention rate; None where no quartiles are shown."""
    shown = quartiles_of(kpi, "", figures)
    if shown is None:
        return None
    lowest, highest = SCALES[kpi]
    sums = []
    for share, quartile in zip(_PLACES, (shown.lower, shown.median, shown.upper), strict=True):
        among = around(len(figures), share)
        low = quartile - shown.step / 2 if quartile > lowest + EDGE else lowest
        high = quartile + shown.step / 2 if quartile < highest - EDGE else highest
        sums.append((among, low * len(among), high * len(among)))
    return Attack(len(figures), tuple(figures[one] for one in insiders), tuple(sums), SCALES[kpi])


def on_two_packs(kpi: str, figures: Sequence[float], insiders: Sequence[int]) -> Attack | None:
    """Return what insiders know who have two packs of the same figures, the second with one partner more.

    They are told where that partner stands, which no pack says.
    """
    newcomer = next(one for one in range(len(figures)) if one not in insiders)
    before = [figure for one, figure in enumerate(figures) if one != newcomer]
    first = on_quartiles(kpi, before, [one - (one > newcomer) for one in insiders])
    second = on_quartiles(kpi, figures, insiders)
    if first is None or second is None:
        return second
    place = sorted(range(len(figures)), key=lambda one: figures[one]).index(newcomer)
    sums = [([at + (at >= place) for at in among], low, high) for among, low, high in first.sums]
    return replace(second, sums=(*second.sums, *sums))


def on_words(figures: Sequence[int], insiders: Sequence[int]) -> Attack:
    """Return what insiders know of the activities of others: each of them was told a word."""
    sums: list[Sum] = []
    low, high = around(len(figures), 0.25), around(len(figures), 0.75)
    for one in insiders:
        own, word = figures[one], beside(figures[one], figures)
        if word is None:
            continue
        above = len(high) * own
        sums.append((high, -np.inf, above - 1) if word == MORE else (high, above, np.inf))
        if word != MORE:
            below = len(low) * own
            sums.append((low, below + 1, np.inf) if word == FEWER else (low, -np.inf, below))
    own_figures = tuple(float(figures[one]) for one in insiders)
    return Attack(len(figures), own_figures, tuple(sums), (0.0, _MOST_ACTIVITIES), whole=True)


def nps_of_partners(chance: np.random.Generator, number: int) -> list[float]:
    """Draw partners' NPS, of 5 to 60 answers each."""
    shares = chance.dirichlet([2, 2, 4])
    found = []
    for _ in range(number):
        answers = int(chance.integers(5, 61))
        low, _, high = chance.multinomial(answers, chance.dirichlet(shares * chance.choice([8, 30])))
        found.append(100 * (high - low) / answers)
    return found


def retention_of_partners(chance: np.random.Generator, number: int) -> list[float]:
    """Draw partners' retention rates, of 5 to 40 customers each; many keep all."""
    mean = float(chance.choice([0.75, 0.85, 0.92, 0.97]))
    found = []
    for _ in range(number):
        customers = int(chance.integers(5, 41))
        found.append(100 * chance.binomial(customers, chance.beta(15 * mean, 15 * (1 - mean))) / customers)
    return found


def alike(chance: np.random.Generator, number: int) -> list[float]:
    """Draw programmes in which most partners have the same figure, at the end of the scale or within it."""
    common = float(chance.choice([0, 20, 50, 80, 98, 100]))
    return [common if chance.random() < 0.8 else float(chance.integers(0, 101)) for _ in range(number)]


def activities_of_partners(chance: np.random.Generator, number: int) -> list[int]:
    """Draw partners' activities: many have none."""
    mean = float(chance.choice([0.5, 1, 2, 5]))
    return [int(chance.poisson(chance.gamma(1, mean))) for _ in range(number)]


Draw = Callable[[np.random.Generator, int], Sequence[float]]
Attacked = Callable[[Sequence[float], Sequence[int]], Attack | None]
_NPS, _RETENTION = partial(on_quartiles, "nps"), partial(on_quartiles, "retention")
#: What is drawn and attacked.
CASES: Mapping[str, tuple[Draw, Attacked]] = {
    "NPS": (nps_of_partners, _NPS),
    "NPS, most the same": (alike, _NPS),
    "NPS, two packs, one partner more": (nps_of_partners, partial(on_two_packs, "nps")),
    "retention": (retention_of_partners, _RETENTION),
    "retention, most the same": (alike, _RETENTION),
    "retention, two packs, one more": (retention_of_partners, partial(on_two_packs, "retention")),
    "activities": (activities_of_partners, on_words),  # type: ignore[dict-item]  # whole numbers
}


def share_found(case: str, programmes: int, seed: int = 20_261_129) -> float:
    """Return in which share of programmes some figure of another can be told."""
    draw, attacked = CASES[case]
    chance = np.random.default_rng(seed)
    found = 0
    for _ in range(programmes):
        number = int(chance.integers(6, 41))
        figures = draw(chance, number)
        insiders = [int(one) for one in chance.choice(number, size=int(chance.integers(1, 4)), replace=False)]
        attack = attacked(figures, insiders)
        found += attack is not None and attack.found(figures) > 0
    return found / programmes


def main() -> None:
    """Print in which share of programmes a figure was found; fail where it is more than promised."""
    programmes = 300
    broken = False
    print(f"{'figure':32}{'programmes':>12}{'found':>9}{'promised':>12}")
    for case in CASES:
        share = share_found(case, programmes)
        broken = broken or share > AT_MOST
        print(f"{case:32}{programmes:>12}{100 * share:>8.1f}%{'<= 2 %':>12}")
    if broken:
        sys.exit("a partner's figure can be worked out more often than is promised")


if __name__ == "__main__":
    main()
