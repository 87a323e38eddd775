"""What is claimed of chance, simulated with our own functions: how often an alarm is none, how often one is missed.

`python -m benchmarks claims` prints one table and fails where a promise is not kept; `python -m benchmarks.claims
--write` also puts the figures into docs/methods.md, where each claim has its place between two comments. Each
simulation is a function that yields rows; it makes its own seeded generator, so that its figures do not depend on which
others run before it. The suite holds short forms of them (`tests/kpi/test_false_alarms.py`) and draws some of the rows
again (`tests/kpi/test_claims.py`).
"""

from __future__ import annotations

import math
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from benchmarks.drawn import SHARES, Row, drawn
from benchmarks.over_time import comparisons_without_change, slopes_without_trend
from benchmarks.planned import answers_as_planned, changes_as_planned, intervals_as_planned
from partnerkpi.api import nps as nps_of
from partnerkpi.kpi import (
    RetentionTally,
    ScoreTally,
    benchmark_test,
    change,
    holm,
    in_order,
    judged_together,
    less_often_p,
    more_often_p,
    rank_bounds,
    ranking,
    rate_change,
)
from partnerkpi.kpi.clustered import Clustered, clustered_change, clustered_nps, clustered_partner_nps
from partnerkpi.kpi.conditional import Pairs, mcnemar
from partnerkpi.kpi.outlook import nps_outlook

METHODS = Path(__file__).parents[1] / "docs" / "methods.md"

#: of 100 customers so many stay
_RATES = (70, 80, 86, 90, 95)
_OF_WHOM = "of whom 70, 80, 86, 90 or 95 % stay: the most"


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
                alarms += any(one.standing != "cannot tell" for one in ranking(tallies, min_responses=1))
            groups = " + ".join(f"{sizes.count(size)} x {size}" for size in sorted(set(sizes), reverse=True))
            yield Row("above or below all others", f"{groups} answers, NPS {nps}", alarms / programmes, at_most=0.06)


def persons_twice(chance: np.random.Generator, persons: int, fall: float) -> tuple[ScoreTally, ScoreTally, Pairs]:
    """Return the answers of persons who are asked twice: normal scores with a correlation of .85, in bands .67."""
    first = chance.normal(size=persons)
    second = 0.85 * first + math.sqrt(1 - 0.85**2) * chance.normal(size=persons) - fall
    before, after = (np.digitize(scores, (-0.65, 0.1)) - 1 for scores in (first, second))
    tallies = [ScoreTally(*map(int, np.bincount(bands + 1, minlength=3))) for bands in (before, after)]
    pairs = Pairs(persons, int((before + after).sum()), int((before * after).sum()))
    return tallies[0], tallies[1], pairs


def paired_changes() -> Iterator[Row]:
    """Persons who answer in both periods: how often a change that is none is called one, and a fall is found."""
    for persons in (10, 30, 100, 300):
        yield Row("a paired change that is none", f"{persons} persons", _paired(persons, 0.0), at_most=0.06)
    yield Row("a paired fall of 16 points", "100 persons, correlation .67", _paired(100, 0.21), at_least=0.65)


def _paired(persons: int, fall: float) -> float:
    chance = np.random.default_rng(20_261_120)
    found = 0
    for _ in range(1_000):
        before, after, pairs = persons_twice(chance, persons, fall)
        found += change(before, after, pairs=pairs).word != "cannot tell"
    return found / 1_000


def paired_as_counted() -> Iterator[Row]:
    """Do the same as `nps --compare`: rows of persons, most of whom answer twice, are counted and joined by the engine.

    Of 30 persons at each of 30 partners ten are others in the second quarter. A programme is a family (Holm).
    """
    stays = _as_counted(_programmes(200, 30, 30, 0.0, others=10))
    programme = "30 partners of 30 persons, 20 of them in both quarters"
    yield Row("a paired change that is none, as counted", programme, stays, at_most=0.06)
    falls = _as_counted(_programmes(500, 1, 100, 0.21, others=0))
    yield Row("a paired fall of 16 points, as counted", "100 persons, correlation .67", falls, at_least=0.65)


def _as_counted(rows: pa.Table) -> float:
    """Return the part of the programmes in which a partner is said to have moved."""
    p_values: defaultdict[str, list[float | None]] = defaultdict(list)
    for row in nps_of(rows, by=["partner"], period="quarter", compare="previous").rows:
        if row["group"] and row["compared_with"]:
            p_values[row["group"]["partner"].split("/")[0]].append(row["p"])
    shown = [any(p is not None and p < 0.05 for p in holm(family)) for family in p_values.values()]
    return sum(shown) / len(shown)


def _programmes(programmes: int, partners: int, persons: int, fall: float, others: int) -> pa.Table:
    """Return rows of two quarters; so many `others` answer in the second one in the place of the last persons."""
    chance = np.random.default_rng(20_261_122)
    shape = programmes * partners, persons
    first, anew = chance.normal(size=shape), chance.normal(size=shape)
    second = 0.85 * first + math.sqrt(1 - 0.85**2) * anew
    second[:, persons - others :] = anew[:, persons - others :]
    bands = np.digitize(np.stack([first, second - fall]), (-0.65, 0.1))
    quarter, partner, person = np.indices(bands.shape).reshape(3, -1)
    is_other = (quarter == 1) & (person >= persons - others)
    return pa.table(
        {
            "partner": [f"{one // partners}/{one % partners}" for one in partner.tolist()],
            "respondent": [f"person {one}" for one in (person + persons * is_other).tolist()],
            "date": np.array(["2026-02-10", "2026-05-10"], dtype="datetime64[D]")[quarter],
            "score": np.array([3, 8, 10])[bands.reshape(-1)],
        }
    )


def advocates() -> Iterator[Row]:
    """Ask partners twice: how often a share of active ones that stays is called changed, and how often a rise is found.

    A partner keeps its habit: a correlation of .7 between the periods.
    """
    for partners in (10, 40, 200):
        stays = f"{partners} partners, 60 % of them active, correlation .7"
        yield Row("a change of advocates that is none", stays, _advocates(partners, 0.6), at_most=0.06)
    yield Row("more advocates", "60 to 75 % of 40 partners, correlation .7", _advocates(40, 0.75), at_least=0.65)


def _advocates(partners: int, later: float) -> float:
    chance, first = np.random.default_rng(20_261_121), 0.6
    both = first * later + 0.7 * math.sqrt(first * (1 - first) * later * (1 - later))
    both = min(both, first, later)
    shares = [both, first - both, later - both, 1 - first - later + both]
    drawn_at_once = chance.multinomial(partners, shares, 2_000).tolist()
    return sum(mcnemar(began, stopped) < 0.05 for _, stopped, began, _ in drawn_at_once) / 2_000


def rewards_without_difference() -> Iterator[Row]:
    """Programmes whose customers all stay equally often: how many show a partner above all others."""
    yield from _set_apart("rewards: above all others", more_often_p)


def alerts_without_difference() -> Iterator[Row]:
    """Programmes whose customers all stay equally often: how many show that a partner's leave more often."""
    yield from _set_apart("alerts: more leave than of all others", less_often_p)


def _set_apart(claim: str, test: Callable[[tuple[int, int], tuple[int, int]], float | None]) -> Iterator[Row]:
    """40 partners and 500 direct customers, without a least number of customers, which only makes alarms fewer."""
    for size in (3, 5, 10, 20, 50):
        shown = []
        for rate in _RATES:
            chance = np.random.default_rng(20_261_103)
            alarms, programmes = 0, 400
            for _ in range(programmes):
                kept = chance.binomial(size, rate / 100, 40).tolist()
                retained, customers = sum(kept) + int(chance.binomial(500, rate / 100)), 40 * size + 500
                tests = [test((one, size), (retained - one, customers - size)) for one in kept]
                alarms += any(p is not None and p < 0.05 for p in holm(tests))
            shown.append(alarms / programmes)
        yield Row(claim, f"40 x {size} customers, {_OF_WHOM}", max(shown), at_most=0.06)


def retention_without_change() -> Iterator[Row]:
    """Programmes whose retention does not change: how many call the rate of a partner up or down."""
    for before, after in ((3, 3), (5, 5), (20, 20), (50, 50), (1_000, 3)):
        shown = []
        for rate in _RATES:
            chance = np.random.default_rng(20_261_104)
            alarms, programmes = 0, 200
            for _ in range(programmes):
                first, second = (chance.binomial(size, rate / 100, 40).tolist() for size in (before, after))
                kept = zip(first, second, strict=True)
                moved = [rate_change((old, before), (new, after)) for old, new in kept]
                alarms += any(one.word != "cannot tell" for one in judged_together(moved))
            shown.append(alarms / programmes)
        programme = f"40 partners, {before} then {after} customers, {_OF_WHOM}"
        yield Row("a change of retention that is none", programme, max(shown), at_most=0.06)


def influence_shares() -> Iterator[Row]:
    """Draw who stays, not who came with a partner: how often the interval of the influence share holds the true one."""
    for base, others, rate, other in INFLUENCE:
        chance = np.random.default_rng(20_261_105)
        true = 100 * base * rate / (base * rate + others * other)
        held, draws = 0, 2_000
        for _ in range(draws):
            kept, direct = int(chance.binomial(base, rate)), int(chance.binomial(others, other))
            found = RetentionTally(base + others, kept + direct, base, kept).influence_interval()
            held += found is not None and found.low <= true <= found.high
        programme = f"{base} with a partner, {100 * rate:.0f} % stay; {others} without, {100 * other:.0f} %"
        yield Row("the influence share lies in its interval", programme, held / draws, at_least=0.93)


#: customers with and without a partner, and of either the part that stays
INFLUENCE = [
    *((140, 94, 0.89, 0.82), (20, 20, 0.8, 0.8), (10, 200, 0.7, 0.9), (10, 200, 0.9, 0.9)),
    *((5, 50, 0.8, 0.8), (200, 10, 0.9, 0.7), (30, 30, 0.95, 0.95)),
]


def next_periods() -> Iterator[Row]:
    """Partners whose level stands still, drifts or runs: how often the interval of the outlook holds the next score."""
    for step in (0, 3, 8):
        for answers in (10, 60, 300):
            chance = random.Random(20_261_110)
            held = forecasts = 0
            for _ in range(100):
                level, tallies = 35.0, []
                for _ in range(13):
                    level = max(-60.0, min(74.0, level + chance.gauss(0, step)))
                    bands = chance.choices(range(3), [0.375 - level / 200, 0.25, 0.375 + level / 200], k=answers)
                    tallies.append(ScoreTally(*(bands.count(band) for band in range(3))))
                for end in (8, 10, 12):
                    foretold, came = nps_outlook(tallies[:end], expected=answers), tallies[end].nps
                    assert foretold.interval is not None
                    assert came is not None
                    held += foretold.interval.low <= came <= foretold.interval.high
                    forecasts += 1
            programme = f"level moves by {step} a period, {answers} answers"
            yield Row("outlook holds the next score", programme, held / forecasts, at_least=0.92)


def first_places() -> Iterator[Row]:
    """Programmes whose partners differ, 14 of 38 with 5 or 6 answers: how many put one of those first."""
    sizes = [5] * 10 + [6] * 4 + [12] * 8 + [20] * 8 + [40] * 8
    for mean, spread in ((45, 15), (45, 25), (60, 15), (20, 20)):
        chance = np.random.default_rng(20_261_103)
        few, programmes = 0, 1_000
        for _ in range(programmes):
            truth = np.clip(chance.normal(mean, spread, len(sizes)), -95, 97) / 100
            passive = np.minimum(0.3, 1 - np.abs(truth))
            promoters = (1 - passive + truth) / 2
            tallies = {
                str(number): drawn(chance, size, (1 - a - p, a, p))
                for number, (size, a, p) in enumerate(zip(sizes, passive, promoters, strict=True))
            }
            (first, *_), _ = in_order(tallies)
            few += tallies[first].responses <= 6
        programme = f"38 partners, NPS {mean} with a spread of {spread}"
        yield Row("first place with 6 answers or fewer", programme, few / programmes, at_most=0.05)


def ranks_without_difference() -> Iterator[Row]:
    """Programmes of partners that do not differ: how many call a rank of one of them impossible."""
    for nps, shares in SHARES.items():
        for sizes in ([20] * 40, [200] * 10 + [5] * 28, [500] + [5] * 20):
            chance = np.random.default_rng(20_261_104)
            alarms, programmes = 0, 400
            for _ in range(programmes):
                bounds = rank_bounds([drawn(chance, size, shares) for size in sizes])
                alarms += any(one != (1, len(sizes)) for one in bounds)
            groups = " + ".join(f"{sizes.count(size)} x {size}" for size in sorted(set(sizes), reverse=True))
            yield Row("a possible rank is called impossible", f"{groups} answers, NPS {nps}", alarms / programmes, 0.06)


def benchmark_at_the_truth() -> Iterator[Row]:
    """Weigh samples of 5 to 50 answers whose true NPS is the benchmark: the part that is shown below, or above, it.

    No simulation: every sample that there can be, weighed by its probability. A row has the worst number of answers.
    """
    for benchmark, shares in BENCHMARKS:
        sides: tuple[Literal["below"], Literal["above"]] = ("below", "above")
        for side in sides:
            worst = max(_rejected(benchmark, shares, answers, side) for answers in (5, 10, 20, 30, 50))
            mix = "/".join(f"{100 * share:.0f}" for share in shares)
            programme = f"5 to 50 answers, NPS {benchmark}, shares {mix}"
            yield Row(f"shown {side} the true benchmark", programme, worst, at_most=0.105 if benchmark == 80 else 0.07)


#: benchmarks, with shares of detractors, passives and promoters whose NPS they are
BENCHMARKS = [
    *((30, shares) for shares in ((0.2, 0.3, 0.5), (0.05, 0.6, 0.35))),
    *((50, shares) for shares in ((0.1, 0.3, 0.6), (0.02, 0.46, 0.52))),
    *((70, shares) for shares in ((0.05, 0.2, 0.75), (0.01, 0.28, 0.71))),
    *((80, shares) for shares in ((0.05, 0.1, 0.85), (0.02, 0.16, 0.82))),
]


def _rejected(benchmark: float, shares: Sequence[float], answers: int, side: Literal["above", "below"]) -> float:
    """Return the probability that so many answers are shown to be on this side of the benchmark."""
    logs = [math.log(share) for share in shares]
    counts = (
        (detractors, answers - detractors - promoters, promoters)
        for detractors in range(answers + 1)
        for promoters in range(answers + 1 - detractors)
    )
    return math.fsum(
        math.exp(
            math.lgamma(answers + 1) + sum(n * log - math.lgamma(n + 1) for n, log in zip(count, logs, strict=True))
        )
        for count in counts
        if (p := benchmark_test(ScoreTally(*count), benchmark, side)) is not None and p < 0.05
    )


#: a part of passives; the levels of partners (mean of 1, 0, -1) are drawn around 40 with shocks of sd 20 points
PASSIVES, LEVEL, SHOCK = 0.25, 0.4, 0.2


def shocked(chance: np.random.Generator, partners: int) -> np.ndarray:
    """Return partners' true levels, each with a shock of its own; in -1..1 with the passives taken off."""
    return np.clip(LEVEL + chance.normal(0, SHOCK, partners), PASSIVES - 1, 1 - PASSIVES)


def at_levels(chance: np.random.Generator, sizes: Sequence[int], levels: np.ndarray) -> list[ScoreTally]:
    """Return the answers of partners with these numbers of answers and true levels."""
    promoters = (1 - PASSIVES + levels) / 2
    shares = np.column_stack([1 - PASSIVES - promoters, np.full(len(levels), PASSIVES), promoters])
    return [ScoreTally(*map(int, counts)) for counts in chance.multinomial(sizes, shares)]


def covers(found: Clustered | None, truth: float) -> bool:
    """Tell whether an interval holds the truth."""
    return found is not None and found.interval.low <= truth <= found.interval.high


#: numbers of answers of the partners of a programme
SIZES = {
    "10 x 18": [18] * 10,
    "40 x 18": [18] * 40,
    "40 x 50": [50] * 40,
    "8 x 18": [18] * 8,
    "40 unequal": [3, 5, 8, 12, 18, 25, 40, 60] * 5,
}


def coverage(sizes: Sequence[int], programmes: int, seed: int) -> tuple[float, float, float, float]:
    """Return how often four intervals of 95 % hold the truth of all partners that there could be.

    Those of the answers alone, clustered by partner, of the mean of the partners, and of a change of 0 where each
    partner keeps its level but for a new shock.
    """
    chance = np.random.default_rng(seed)
    truth = 100 * float(shocked(chance, 400_000).mean())
    held = np.zeros(4)
    for _ in range(programmes):
        steady = chance.normal(0, SHOCK / np.sqrt(2), len(sizes))
        levels = [
            np.clip(LEVEL + steady + chance.normal(0, SHOCK / np.sqrt(2), len(sizes)), PASSIVES - 1, 1 - PASSIVES)
            for _ in range(2)
        ]
        before, now = (at_levels(chance, sizes, level) for level in levels)
        answers = sum(now, ScoreTally()).interval()
        held += (
            answers is not None and answers.low <= truth <= answers.high,
            covers(clustered_nps(now), truth),
            covers(clustered_partner_nps(now), truth),
            covers(clustered_change(before, now), 0.0),
        )
    plain, clustered, mean, moved = (held / programmes).tolist()
    return plain, clustered, mean, moved


def clustered_intervals() -> Iterator[Row]:
    """Partners with shocks of sd 20: how often an interval of 95 % holds what all partners together would say."""
    for name, sizes in SIZES.items():
        plain, clustered, mean, moved = coverage(sizes, 1_000, 20_261_103)
        programme = f"{name} answers, partners' shocks of sd 20"
        yield Row("clustered interval holds the truth", programme, clustered, at_least=0.92)
        yield Row("the interval of the mean of partners holds it", programme, mean, at_least=0.92)
        yield Row("a change, clustered, holds it", programme, moved, at_least=0.92)
        yield Row("the interval of the answers holds it", programme, plain, at_most=0.9)


#: one function a claim, in the order of the table
SIMULATIONS: list[Callable[[], Iterator[Row]]] = [
    changes_without_change,
    paired_changes,
    paired_as_counted,
    advocates,
    comparisons_without_change,
    slopes_without_trend,
    peers_without_difference,
    rewards_without_difference,
    alerts_without_difference,
    retention_without_change,
    influence_shares,
    next_periods,
    benchmark_at_the_truth,
    clustered_intervals,
    ranks_without_difference,
    first_places,
    intervals_as_planned,
    changes_as_planned,
    answers_as_planned,
]


def by_claim(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each claim."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.claim].append(row)
    return dict(found)


def block(rows: Sequence[Row]) -> str:
    """Return one claim's figures as docs/methods.md has them: a table of its programmes."""
    lines = [f"| {row.programme} | {row.promised} | {100 * row.simulated:.1f} % |" for row in rows]
    return "\n".join(["| simulated | promised | came out |", "|---|---|---|", *lines, ""])


def place_of(claim: str) -> re.Pattern[str]:
    """Return what finds the place of a claim in docs/methods.md: what stands between its two comments."""
    return re.compile(rf"(?<=<!-- simulated: {re.escape(claim)} -->\n).*?(?=<!-- end -->)", re.DOTALL)


def written(methods: str, found: Mapping[str, Sequence[Row]]) -> str:
    """Return docs/methods.md with the figures of these claims; ValueError for a claim that has no place in it."""
    for claim, rows in found.items():
        table = block(rows)
        methods, places = place_of(claim).subn(table.replace("\\", "\\\\"), methods)
        if places != 1:
            raise ValueError(f"docs/methods.md has {places} places for {claim!r}: <!-- simulated: {claim} -->")
    return methods


def main() -> None:
    """Print one table of all claims, what is promised and what came out; exit code 1 where one is not kept."""
    print(f"{'claim':<34} {'programme':<52} {'promised':<16} simulated")
    rows = []
    for simulation in SIMULATIONS:
        for row in simulation():
            verdict = "" if row.held else "  NOT KEPT"
            print(
                f"{row.claim:<34} {row.programme:<52} {row.promised:<16} {100 * row.simulated:6.1f} %{verdict}",
                flush=True,
            )
            rows.append(row)
    if "--write" in sys.argv:
        METHODS.write_text(written(METHODS.read_text(encoding="utf-8"), by_claim(rows)), encoding="utf-8")
    if not all(row.held for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
