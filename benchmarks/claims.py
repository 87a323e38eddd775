"""What is claimed of chance, simulated with our own functions: how often an alarm is none, and how often one is missed.

`python -m benchmarks claims` prints one table. Each simulation is a function that yields rows; it makes its own seeded
generator, so that its figures do not depend on which others run before it. The suite holds short forms of them
(`tests/kpi/test_false_alarms.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from partnerkpi.kpi import ScoreTally, change, judged_together, ranking

#: detractors, passives and promoters in 100 answers, by NPS
SHARES = {0: (0.4, 0.2, 0.4), 50: (0.15, 0.2, 0.65), 70: (0.05, 0.2, 0.75)}


@dataclass(frozen=True)
class Row:
    """One claim in one programme: the part of the simulated programmes, 0..1, and the most or the least promised."""

    claim: str
    programme: str
    simulated: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def held(self) -> bool:
        """Tell whether the simulation kept what is promised."""
        return (self.at_most is None or self.simulated <= self.at_most) and (
            self.at_least is None or self.simulated >= self.at_least
        )

    @property
    def promised(self) -> str:
        """Say the promise as the table prints it."""
        bounds = [f"at most {100 * self.at_most:.0f} %"] if self.at_most is not None else []
        bounds += [f"at least {100 * self.at_least:.0f} %"] if self.at_least is not None else []
        return ", ".join(bounds)


def drawn(chance: np.random.Generator, answers: int, shares: Sequence[float]) -> ScoreTally:
    """Return so many answers drawn from these shares of detractors, passives and promoters."""
    return ScoreTally(*map(int, chance.multinomial(answers, shares)))


def changes_without_change() -> Iterator[Row]:
    """Programmes of 30 partners in which nothing changed: how many call a partner up or down."""
    for nps, shares in SHARES.items():
        for before, after in ((30, 30), (1_000, 3), (1_000, 5), (1_000, 10)):
            chance = np.random.default_rng(20_261_101)
            alarms, programmes = 0, 400
            for _ in range(programmes):
                moved = [change(drawn(chance, before, shares), drawn(chance, after, shares)) for _ in range(30)]
                alarms += any(one.word != "cannot tell" for one in judged_together(moved))
            programme = f"30 partners, {before} then {after} answers, NPS {nps}"
            yield Row("a change that is none", programme, alarms / programmes, at_most=0.06)


def peers_without_difference() -> Iterator[Row]:
    """Programmes of partners that do not differ: how many put one above or below all others."""
    for nps, shares in SHARES.items():
        for sizes in ([20] * 40, [200] * 10 + [3] * 28, [500] + [5] * 20):
            chance = np.random.default_rng(20_261_102)
            alarms, programmes = 0, 400
            for _ in range(programmes):
                tallies = {str(number): drawn(chance, size, shares) for number, size in enumerate(sizes)}
                alarms += any(one.standing != "cannot tell" for one in ranking(tallies))
            groups = " + ".join(f"{sizes.count(size)} x {size}" for size in sorted(set(sizes), reverse=True))
            yield Row("above or below all others", f"{groups} answers, NPS {nps}", alarms / programmes, at_most=0.06)


#: one function a claim, in the order of the table
SIMULATIONS: list[Callable[[], Iterator[Row]]] = [
    changes_without_change,
    peers_without_difference,
]


def main() -> None:
    """Print one table of all claims: what is promised, and what came out."""
    print(f"{'claim':<34} {'programme':<52} {'promised':<16} simulated")
    for simulation in SIMULATIONS:
        for row in simulation():
            verdict = "" if row.held else "  NOT MET"
            print(f"{row.claim:<34} {row.programme:<52} {row.promised:<16} {100 * row.simulated:6.1f} %{verdict}")


if __name__ == "__main__":
    main()
