"""Foretelling the next period: candidate methods side by side, each period foretold from those before it alone.

Series: public data where it lies beside the project, the demo, and simulated partners whose level stands still, drifts
or runs. For every method the mean absolute error, how often the 80 % and the 95 % interval held the score that came,
and the interval score (Gneiting and Raftery 2007: width plus 40 times what was missed; lower is better).
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist, fmean, geometric_mean
from typing import Any

import partnerkpi
from partnerkpi.demo import write_demo_data
from partnerkpi.kpi.outlook import MIN_PERIODS, SPEEDS, local_level
from partnerkpi.kpi.scores import ScoreTally

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
Z80, Z95 = NormalDist().inv_cdf(0.9), NormalDist().inv_cdf(0.975)
#: A set with fewer forecasts than this is printed and left out of the summary.
ENOUGH = 12


@dataclass(frozen=True)
class Seen:
    """One period of a series: its counts, its figure, and the sampling variance that its own answers suggest."""

    against: int
    neither: int
    in_favour: int
    share: bool

    @property
    def size(self) -> int:
        """Count the answers, or the partners."""
        return self.against + self.neither + self.in_favour

    @property
    def value(self) -> float:
        """Give the figure, in points or percent."""
        lead = self.in_favour if self.share else self.in_favour - self.against
        return 100 * lead / self.size

    @property
    def variance(self) -> float:
        """Give the squared sampling error by this period alone."""
        if self.share:
            rate = (self.in_favour + 1) / (self.size + 2)
            return 10_000 * rate * (1 - rate) / (self.size + 2)
        adjusted = ScoreTally(self.against, self.neither, self.in_favour).adjusted()
        assert adjusted is not None
        return adjusted.standard_error**2

    @property
    def spread(self) -> float:
        """Give the variance that one answer, or partner, adds."""
        return self.variance * (self.size + (2 if self.share else 3))


History = Sequence[Seen]
Forecast = tuple[float, float]  # the figure and its standard error


def pooled(history: History) -> Seen:
    bands = ("against", "neither", "in_favour")
    against, neither, in_favour = (sum(getattr(one, band) for one in history) for band in bands)
    return Seen(against, neither, in_favour, history[0].share)


def noise(history: History, size: int) -> float:
    """Return the sampling variance of a figure from so many answers, by all answers so far."""
    return pooled(history).spread / size


def last_value(history: History) -> float:
    return history[-1].value


def mean_of(periods: int) -> Callable[[History], float]:
    return lambda history: pooled(history[-periods:]).value


def smoothed(values: Sequence[float], weight: float) -> tuple[float, float]:
    """Return the level of simple exponential smoothing, started at the first value, and its squared errors."""
    level, squares = values[0], 0.0
    for value in values[1:]:
        squares += (value - level) ** 2
        level += weight * (value - level)
    return level, squares


def best_weight(values: Sequence[float]) -> float:
    return min((step / 20 for step in range(1, 21)), key=lambda weight: smoothed(values, weight)[1])


def smoothing(history: History) -> float:
    values = [one.value for one in history]
    return smoothed(values, best_weight(values))[0]


def damped_trend(history: History) -> float:
    """Gardner and McKenzie 1985 with a damping of 0.9; both weights by least squares on a grid."""
    values = [one.value for one in history]

    def run(weight: float, trend_weight: float) -> tuple[float, float]:
        level, trend, squares = values[0], 0.0, 0.0
        for value in values[1:]:
            miss = value - level - 0.9 * trend
            squares += miss**2
            level, trend = level + 0.9 * trend + weight * miss, 0.9 * trend + weight * trend_weight * miss
        return squares, level + 0.9 * trend

    weights, trends = (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9), (0.05, 0.1, 0.2, 0.4)
    return min(run(weight, trend_weight) for weight in weights for trend_weight in trends)[1]


def theta(history: History) -> float:
    """Assimakopoulos and Nikolopoulos 2000: smoothing plus half the slope (Hyndman and Billah 2003)."""
    values = [one.value for one in history]
    count, mean = len(values), fmean(values)
    centre = (count - 1) / 2
    slope = sum((number - centre) * (value - mean) for number, value in enumerate(values)) / sum(
        (number - centre) ** 2 for number in range(count)
    )
    weight = best_weight(values)
    return smoothed(values, weight)[0] + slope / 2 * (1 / weight - (1 - weight) ** count / weight)


def by_its_errors(point: Callable[[History], float]) -> Callable[[History, int], Forecast]:
    """Give a method the interval of its own past errors, never narrower than sampling alone."""

    def forecast(history: History, size: int) -> Forecast:
        squares = [(history[end].value - point(history[:end])) ** 2 for end in range(2, len(history))]
        return point(history), math.sqrt(max(fmean(squares), noise(history, size)))

    return forecast


def sampling_only(history: History, size: int) -> Forecast:
    """Take the last value, and nothing but the sampling errors of the two periods."""
    return history[-1].value, math.sqrt(history[-1].variance + noise(history, size))


def likeliest_speed(history: History, size: int) -> Forecast:
    """Local level with each period's adjusted-Wald error; the speed of the level by maximum likelihood on a grid."""
    values, variances = [one.value for one in history], [one.variance for one in history]

    def log_likelihood(speed: float) -> float:
        total = 0.0
        for end in range(1, len(values)):
            before = local_level(values[:end], variances[:end], [speed])
            expected = before.variance + variances[end]
            total -= (math.log(expected) + (values[end] - before.level) ** 2 / expected) / 2
        return total

    found = local_level(values, variances, [max((*SPEEDS, 3.0, 6.0, 12.0, 24.0), key=log_likelihood)])
    return found.level, math.sqrt(found.variance + noise(history, size))


def averaged_own(history: History, size: int) -> Forecast:
    found = local_level([one.value for one in history], [one.variance for one in history])
    return found.level, math.sqrt((found.variance + noise(history, size)) * found.overshoot)


def averaged(history: History, size: int) -> Forecast:
    """Take the method of `partnerkpi outlook`."""
    found = local_level([one.value for one in history], [noise(history, one.size) for one in history])
    return found.level, math.sqrt((found.variance + noise(history, size)) * found.overshoot)


METHODS: dict[str, Callable[[History, int], Forecast]] = {
    "last value": by_its_errors(last_value),
    "last value, sampling only": sampling_only,
    "mean of 4, pooled": by_its_errors(mean_of(4)),
    "mean of all, pooled": by_its_errors(mean_of(10_000)),
    "exponential smoothing": by_its_errors(smoothing),
    "damped trend": by_its_errors(damped_trend),
    "Theta": by_its_errors(theta),
    "local level, likeliest": likeliest_speed,
    "local level, own errors": averaged_own,
    "local level (used)": averaged,
}


@dataclass(frozen=True)
class Score:
    """How a method did on one set of series."""

    forecasts: int
    error: float
    held_80: float
    held_95: float
    interval_score: float


def score(method: Callable[[History, int], Forecast], series: Sequence[History]) -> Score:
    """Foretell every period from the seventh on from those before it."""
    errors, narrow, wide, scores = [], [], [], []
    for one in series:
        for end in range(MIN_PERIODS, len(one)):
            value, error = method(one[:end], one[end].size)
            lowest, came = 0.0 if one[end].share else -100.0, one[end].value
            low, high = (min(100.0, max(lowest, value + side * Z95 * error)) for side in (-1, 1))
            errors.append(abs(came - min(100.0, max(lowest, value))))
            wide.append(low <= came <= high)
            narrow.append(abs(came - value) <= Z80 * error)
            scores.append(high - low + 40 * max(0.0, low - came, came - high))
    return Score(len(errors), fmean(errors), 100 * fmean(narrow), 100 * fmean(wide), fmean(scores))


def from_rows(rows: Sequence[Any], *, share: bool) -> list[History]:
    """Return the series of a result: one a group, periods without data left out."""
    groups: defaultdict[tuple[Any, ...], list[Seen]] = defaultdict(list)
    grouped = any(row["group"] for row in rows)
    for row in rows:
        if row["period"] is None or bool(row["group"]) != grouped:
            continue
        counts = (
            (row["partners"] - row["active"], 0, row["active"])
            if share
            else (row["detractors"], row["passives"], row["promoters"])
        )
        against, neither, in_favour = counts
        if sum(counts):
            groups[tuple(row["group"].values())].append(Seen(against, neither, in_favour, share))
    return list(groups.values())


def nps_series(path: Path, period: str, by: Sequence[str] = (), **columns: Any) -> list[History]:
    return from_rows(partnerkpi.nps(path, by=by, period=period, duplicates="all", **columns).rows, share=False)


def advocacy_series(activities: Path, partners: Path, period: str, by: Sequence[str] = (), **how: Any) -> list[History]:
    return from_rows(partnerkpi.advocacy(activities, partners, by=by, period=period, **how).rows, share=True)


def retailer(path: Path) -> list[History]:
    """Return the one series whose periods are numbers: their dates are not published."""
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    with path.open(encoding="latin-1", newline="") as file:
        for row in csv.DictReader(file):
            if row["t"].isdigit() and row["nps"] not in ("", "NA"):
                given = float(row["nps"])
                counts[int(row["t"])][0 if given < 7 else 1 if given < 9 else 2] += 1
    ordered = [counts[number] for number in sorted(counts)]
    return [[Seen(against, neither, in_favour, share=False) for against, neither, in_favour in ordered]]


def public() -> Iterator[tuple[str, list[History]]]:
    """Yield the series of public data, if it lies beside the project. Telco has no dates: no series."""
    nps, partners = DATA / "nps", DATA / "partners"
    if not nps.is_dir():
        print("The public data does not lie beside the project: its series are left out.")
        return
    bank: dict[str, Any] = {"score": "rating", "date": "survey_date", "day_first": True}
    yield "NPS bank, month", nps_series(nps / "bank_nps_by_market_quarter.csv", "month", **bank)
    yield "NPS bank, market x month", nps_series(nps / "bank_nps_by_market_quarter.csv", "month", ["market"], **bank)
    accounts = {"score": "REC", "date": "date"}
    yield "NPS accounts, account x month", nps_series(nps / "cran_NPS_testdata.csv", "month", ["Account"], **accounts)
    yield "NPS accounts, region x month", nps_series(nps / "cran_NPS_testdata.csv", "month", ["Region"], **accounts)
    yield "NPS users, month", nps_series(nps / "date_user_score.csv", "month", score="Score", date="Date")
    yield "NPS retailer, 18 surveys", retailer(nps / "garden_retail_nps_fr.csv")
    files = partners / "aws_partner_references.csv", partners / "aws_partners.csv"
    window = {"first": dt.date(2019, 7, 1), "last": dt.date(2023, 9, 30)}
    columns: dict[str, Any] = {"partner": "partner_name", "date": "approval_date", **window}
    for period in ("quarter", "month"):
        yield f"Advocacy AWS, {period}", advocacy_series(*files, period, **columns)
        yield f"Advocacy AWS, tier x {period}", advocacy_series(*files, period, ["partner_tier"], **columns)


def demo() -> Iterator[tuple[str, list[History]]]:
    """Yield the series of the demo data."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_demo_data(Path(folder))
        for period in ("quarter", "month"):
            yield f"NPS demo, {period}", nps_series(files.responses, period)
            yield f"NPS demo, region x {period}", nps_series(files.responses, period, ["region"])
            yield f"NPS demo, partner x {period}", nps_series(files.responses, period, ["partner"])
            yield f"Advocacy demo, {period}", advocacy_series(files.activities, files.partners, period)
            yield (
                f"Advocacy demo, tier x {period}",
                advocacy_series(files.activities, files.partners, period, ["tier"]),
            )


def simulated() -> Iterator[tuple[str, list[History]]]:
    """Yield partners whose level is known: it moves by a normal step of 0, 3 or 8 points a period."""
    chance = random.Random(1)
    for step in (0, 3, 8):
        for answers in (10, 60, 300):
            series: list[History] = []
            for _ in range(20):
                level = 35.0
                periods: list[Seen] = []
                for _ in range(16):
                    level = max(-60.0, min(74.0, level + chance.gauss(0, step)))
                    drawn = chance.choices(range(3), [0.375 - level / 200, 0.25, 0.375 + level / 200], k=answers)
                    against, neither, in_favour = (drawn.count(band) for band in range(3))
                    periods.append(Seen(against, neither, in_favour, share=False))
                series.append(periods)
            yield f"NPS simulated, step {step}, {answers} answers", series


def main() -> None:
    """Print how each method did on each set, and over the sets of each kind."""
    scores: dict[str, dict[str, Score]] = {}
    for name, series in (*public(), *demo(), *simulated()):
        long = [one for one in series if len(one) > MIN_PERIODS]
        scores[name] = {method: score(run, long) for method, run in METHODS.items()}
        print(f"\n{name}: {len(long)} series, {scores[name]['last value'].forecasts} forecasts")
        for method, found in scores[name].items():
            print(
                f"  {method:<26} error {found.error:6.2f}   80 % held {found.held_80:5.1f}   "
                f"95 % held {found.held_95:5.1f}   interval score {found.interval_score:6.1f}"
            )
    kinds: dict[str, Callable[[str], bool]] = {
        "NPS, public and demo data": lambda name: name.startswith("NPS") and "simulated" not in name,
        "NPS, simulated": lambda name: "simulated" in name,
        "Advocacy, public and demo data": lambda name: name.startswith("Advocacy"),
    }
    for kind, fits in kinds.items():
        chosen = [one for name, one in scores.items() if fits(name) and one["last value"].forecasts >= ENOUGH]
        summary(kind, chosen)


def summary(kind: str, sets: Sequence[dict[str, Score]]) -> None:
    """Print the mean over sets: errors and interval scores as a ratio to those of the last value."""
    print(f"\n{kind}: {len(sets)} sets with at least {ENOUGH} forecasts; last value = 1")
    for method in METHODS:
        error = geometric_mean(one[method].error / one["last value"].error for one in sets)
        interval = geometric_mean(one[method].interval_score / one["last value"].interval_score for one in sets)
        print(
            f"  {method:<26} error {error:.2f}   80 % held {fmean(one[method].held_80 for one in sets):.0f}   "
            f"95 % held {fmean(one[method].held_95 for one in sets):.0f} "
            f"(worst {min(one[method].held_95 for one in sets):.0f})   interval score {interval:.2f}"
        )


if __name__ == "__main__":
    main()
