"""Strategic Partner NPS in a cell: one figure each."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from partnerkpi.cells import CellError, count_scores
from partnerkpi.cells import scores as scores_of
from partnerkpi.kpi.answers import classify
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.scores import change, response_rate
from partnerkpi.udfs.arguments import answered_of_invited, confidence_of, each_cell, population_of
from partnerkpi.udfs.function import as_fraction, excel_function

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


@excel_function(
    before="The answers of the earlier period, 0 to 10.",
    after="The answers of the later period, 0 to 10.",
)
def PARTNER_NPS_CHANGE(before: object, after: object) -> object:
    """Return three cells: the change of the NPS in points, its p-value (0 to 1), and up, down or cannot tell.

    The word is the one that the answers support at 95 %.
    """
    changed = change(count_scores(before), count_scores(after))
    return [[changed.raw, changed.p, changed.word]]


@excel_function(score="One answer from 0 to 10, or a range of them.")
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
