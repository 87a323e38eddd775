"""What the simulations of claims share: one row of their table, and answers that are drawn from known shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from partnerkpi.kpi import ScoreTally

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
        bounds = [f"at most {100 * self.at_most:g} %"] if self.at_most is not None else []
        bounds += [f"at least {100 * self.at_least:g} %"] if self.at_least is not None else []
        return ", ".join(bounds)


def drawn(chance: np.random.Generator, answers: int, shares: Sequence[float]) -> ScoreTally:
    """Return so many answers drawn from these shares of detractors, passives and promoters."""
    return ScoreTally(*map(int, chance.multinomial(answers, shares)))
