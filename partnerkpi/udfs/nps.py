"""Strategic Partner NPS in a cell: single figures, and tables that spill into the cells beside and below."""

# ruff: noqa: N802 - Excel's functions are written in capitals
from __future__ import annotations

from collections import defaultdict

from partnerkpi.cells import CellError, count_scores, number
from partnerkpi.cells import scores as scores_of
from partnerkpi.kpi.clustered import clustered_nps
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.ranking import in_order, shrunk_nps
from partnerkpi.kpi.scores import ScoreTally, benchmark_test, change, classify, response_rate
from partnerkpi.periods import gapless, number_of, period_label
from partnerkpi.udfs.arguments import (
    answered_of_invited,
    confidence_of,
    dated_scores,
    each_cell,
    grouped_scores,
    minimum_of,
    period_of,
    population_of,
)
from partnerkpi.udfs.function import as_fraction, excel_function, excel_table
from partnerkpi.udfs.ratings import nps_rater

SCORES = "The answers, 0 to 10: a range, a column or a table column. Blanks and words are skipped."
CONFIDENCE = "Optional: how sure the interval is, between 0 and 1; 0.95 if left out."
POPULATION = "Optional: how many people could have answered, where that is known; it narrows the interval."


@excel_function(scores=SCORES)
def PARTNER_NPS(scores: object) -> object:
    """Return the Strategic Partner NPS in points, -100 to 100: % promoters (9-10) minus % detractors (0-6)."""
    return count_scores(scores).nps


@excel_function(scores=SCORES, confidence=CONFIDENCE)
def PARTNER_NPS_MARGIN(scores: object, confidence: object = None) -> object:
    """Return the margin of the NPS, plus or minus, in NPS points: half the width of its interval.

    Needs two answers.
    """
    interval = _interval(scores, confidence, None)
    return interval.half_width if interval else None


@excel_function(scores=SCORES, confidence=CONFIDENCE, population=POPULATION)
def PARTNER_NPS_LOW(scores: object, confidence: object = None, population: object = None) -> object:
    """Return the lower bound of the interval of the NPS, in points from -100 to 100. Needs two answers."""
    interval = _interval(scores, confidence, population)
    return interval.low if interval else None


@excel_function(scores=SCORES, confidence=CONFIDENCE, population=POPULATION)
def PARTNER_NPS_HIGH(scores: object, confidence: object = None, population: object = None) -> object:
    """Return the upper bound of the interval of the NPS, in points from -100 to 100. Needs two answers."""
    interval = _interval(scores, confidence, population)
    return interval.high if interval else None


@excel_table(
    before="The answers of the earlier period, 0 to 10.",
    after="The answers of the later period, 0 to 10.",
)
def PARTNER_NPS_SHIFT(before: object, after: object) -> object:
    """Return three cells: the change of the NPS in points, its p-value (0 to 1), and up, down or cannot tell.

    The word is the one that the answers support at 95 %.
    """
    changed = change(count_scores(before), count_scores(after))
    return [[changed.raw, changed.p, changed.word]]


@excel_function(scores=SCORES, benchmark="The NPS to be above, in points from -100 to 100, such as 50.")
def PARTNER_NPS_ABOVE(scores: object, benchmark: object) -> object:
    """Return the p-value, 0 to 1, of an NPS above a benchmark in points: below 0.05 it is shown to be above it.

    One-sided score test. Needs two answers.
    """
    points = number(benchmark, None)
    tally = count_scores(scores)
    return None if points is None else benchmark_test(tally, points)


@excel_table(
    partners="The partner of each answer: a range as long as the scores. Answers without one count as one more.",
    scores=SCORES,
    confidence=CONFIDENCE,
)
def PARTNER_NPS_CLUSTERED(partners: object, scores: object, confidence: object = None) -> object:
    """Return two cells, low and high: the interval of the NPS, in points, if these partners stand for others.

    Answers of one partner are alike, so partners count. Needs two of them.
    """
    groups = grouped_scores(partners, scores)
    found = clustered_nps((ScoreTally.from_scores(points) for points in groups.values()), confidence_of(confidence))
    return None if found is None else [[found.interval.low, found.interval.high]]


@excel_table(score="One answer from 0 to 10, or a range of them.")
def PARTNER_NPS_GROUP(score: object) -> object:
    """Return Promoter (9-10), Passive (7-8) or Detractor (0-6) for an answer; for a range, one word for each cell."""
    return each_cell(score, _group)


@excel_function(
    answered="How many answered: a number, or a range of counts or of TRUE/FALSE.",
    invited="How many were invited: a number, or a range of the same length.",
)
def PARTNER_RESPONSE_RATE(answered: object, invited: object) -> object:
    """Return the share of those invited who answered, as a fraction (0.25 is 25 %). Ranges are added up."""
    counts = answered_of_invited(answered, invited)
    return None if counts is None else as_fraction(response_rate(*counts))


def _interval(scores: object, confidence: object, population: object) -> Interval | None:
    return count_scores(scores).interval(confidence_of(confidence), population_of(population))


def _group(cell: object) -> str | None:
    if cell is None:  # most cells of a whole column
        return None
    try:
        (score,) = scores_of([cell])
    except CellError as error:
        return error.code
    return None if score is None else classify(score).capitalize()


BLANK = "(blank)"
NO_DATE = "(no date)"
FEW_RESPONSES = "few responses"


@excel_table(scores=SCORES, confidence=CONFIDENCE)
def PARTNER_NPS_SUMMARY(scores: object, confidence: object = None) -> object:
    """Return a table of label, figure and share: responses, promoters, passives, detractors, NPS, low, high, rating.

    Shares are fractions (0.6 is 60 %); NPS, low and high are points. Below five answers the rating is "few responses".
    """
    tally = count_scores(scores)
    interval = tally.interval(confidence_of(confidence))
    counts = (
        ("Responses", tally.responses),
        ("Promoters", tally.promoters),
        ("Passives", tally.passives),
        ("Detractors", tally.detractors),
    )
    return [
        *([label, count, count / tally.responses] for label, count in counts),
        ["NPS", tally.nps, ""],
        ["Low", interval.low if interval else None, ""],
        ["High", interval.high if interval else None, ""],
        ["Rating", FEW_RESPONSES if tally.few_responses(minimum_of(None)) else nps_rater()(tally.nps), ""],
    ]


@excel_table(
    groups="The partner of each answer (or region, product ...): a range as long as the scores.",
    scores=SCORES,
    min_responses="Optional: with fewer answers the rating says few responses instead; 5 if left out.",
)
def PARTNER_NPS_BY(groups: object, scores: object, min_responses: object = None) -> object:
    """Return one row for each partner, best first: name, responses, NPS, low, high, shrunk NPS (points), rating.

    Ordered by the shrunk NPS, which trusts few answers less; those with too few answers stand below the others.
    """
    minimum = minimum_of(min_responses)
    rating = nps_rater()
    tallies: dict[str, ScoreTally] = defaultdict(ScoreTally)
    for name, points in grouped_scores(groups, scores).items():
        tallies[BLANK if name is None else name] += ScoreTally.from_scores(points)  # somebody may be called (blank)
    shrunk = dict(zip(tallies, shrunk_nps(list(tallies.values())), strict=True))

    def row(name: str) -> list[object]:
        tally = tallies[name]
        few = tally.responses > 0 and tally.few_responses(minimum)
        return [name, *_figures(tally), shrunk[name], FEW_RESPONSES if few else rating(tally.nps)]

    ranked, below = in_order(tallies, minimum)
    return [row(name) for name in (*ranked, *below)]


@excel_table(
    dates="The day of each answer: a range of Excel dates as long as the scores.",
    scores=SCORES,
    period="Optional: quarter, month, week or year, in quotation marks; quarter if left out.",
)
def PARTNER_NPS_TREND(dates: object, scores: object, period: object = None) -> object:
    """Return one row for each quarter (or month, week, year), oldest first: period, responses, NPS, low, high (points).

    Periods without answers show #N/A.
    """
    step = period_of(period)
    collected: dict[str | None, list[float]] = defaultdict(list)
    for day, score in dated_scores(dates, scores):
        collected[None if day is None else period_label(number_of(day, step), step)].append(score)
    tallies = {label: ScoreTally.from_scores(points) for label, points in collected.items()}
    undated = tallies.pop(None, None)
    labels = gapless([label for label in tallies if label is not None], step)
    rows = [[label, *_figures(tallies.get(label, ScoreTally()))] for label in labels]
    return rows if undated is None else [*rows, [NO_DATE, *_figures(undated)]]


def _figures(tally: ScoreTally) -> list[object]:
    interval = tally.interval()
    return [tally.responses, tally.nps, interval.low if interval else None, interval.high if interval else None]
