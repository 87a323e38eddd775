"""What `partnerkpi plan` promises, simulated: intervals as narrow, changes that are told, answers that come."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.drawn import SHARES, Row
from partnerkpi.kpi import ScoreTally, change
from partnerkpi.kpi.planning import Shares, answers_for_interval, answers_to_tell, coming

#: Two points below what is planned for, which is what so few draws may miss it by.
_LEAST, _DRAWS = 0.78, 3_000


def intervals_as_planned() -> Iterator[Row]:
    """Draw as many answers as the plan says, also from so few people: how often the interval is as narrow."""
    for nps, shares in SHARES.items():
        for points, people in ((10, None), (10, 400), (20, 60), (25, None)):
            chance = np.random.default_rng(20_261_130)
            answers = answers_for_interval(points, Shares(*shares), population=people)
            narrow = 0
            for _ in range(_DRAWS):
                if people is None:
                    counts = chance.multinomial(answers, shares)
                else:
                    counts = chance.multivariate_hypergeometric(chance.multinomial(people, shares), answers)
                adjusted = ScoreTally(*map(int, counts)).adjusted(people)
                narrow += adjusted is not None and 1.959964 * adjusted.standard_error <= points
            of = f"{answers} answers" + (f" of {people} people" if people else "")
            yield Row("planned: an interval as narrow", f"±{points}, NPS {nps}: {of}", narrow / _DRAWS, at_least=_LEAST)


def changes_as_planned() -> Iterator[Row]:
    """Draw as many answers as the plan says, before a change and after: how often it is told, up or down, the worse."""
    for nps, shares in SHARES.items():
        before = Shares(*shares)
        for points in (20, 40):
            answers = answers_to_tell(points, before)
            if answers is None:
                continue
            parts = []
            for sign, word in ((-1, "down"), (1, "up")):
                after = before.moved(sign * points / 100)
                if after is None:
                    continue
                chance = np.random.default_rng(20_261_131)
                first = chance.multinomial(answers, shares, _DRAWS).tolist()
                second = chance.multinomial(
                    answers, (after.detractors, after.passives, after.promoters), _DRAWS
                ).tolist()
                pairs = zip(first, second, strict=True)
                parts.append(sum(change(ScoreTally(*a), ScoreTally(*b)).word == word for a, b in pairs) / _DRAWS)
            programme = f"a change of {points}, NPS {nps}: {answers} answers each"
            yield Row("planned: a change is told", programme, min(parts), at_least=_LEAST)


def answers_as_planned() -> Iterator[Row]:
    """Programmes of partners with rates of their own: how often as many answer as is called likely."""
    for people, mean, weight in ((20, 0.4, 8), (60, 0.25, 10), (200, 0.5, 12)):
        chance = np.random.default_rng(20_261_132)
        held = 0
        for _ in range(_DRAWS):
            rate = chance.beta(mean * weight, (1 - mean) * weight)
            found = coming(people, (int(chance.binomial(people, rate)), people), (round(1_000 * mean), 1_000))
            assert found is not None
            low, high = found.likely()
            held += low <= chance.binomial(people, rate) <= high
        programme = f"{people} people, rates around {100 * mean:.0f} %, one survey before"
        yield Row("planned: as many answer", programme, held / _DRAWS, at_least=_LEAST)
