"""Strategic Partner NPS as tables that spill into the cells beside and below."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from collections import defaultdict

from partnerkpi.cells import count_scores
from partnerkpi.kpi.answers import ScoreTally
from partnerkpi.kpi.scores import shrunk_nps
from partnerkpi.tally.periods import gapless, month_number, period_label
from partnerkpi.udfs.arguments import confidence_of, dated_scores, minimum_of, named_scores, period_of
from partnerkpi.udfs.benchmarks import rating
from partnerkpi.udfs.function import excel_function
from partnerkpi.udfs.nps import CONFIDENCE, SCORES

BLANK = "(blank)"
NO_DATE = "(no date)"
FEW_RESPONSES = "few responses"


@excel_function(scores=SCORES, confidence=CONFIDENCE)
def PARTNER_NPS_SUMMARY(scores: object, confidence: object = None) -> object:
    """Return a table of label, figure and share: responses, promoters, passives, detractors, NPS, low, high, rating.

    Shares are fractions (0.6 is 60 %); NPS, low and high are points.
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
        ["Rating", rating("nps", tally.nps), ""],
    ]


@excel_function(
    groups="The partner of each answer (or region, product ...): a range as long as the scores.",
    scores=SCORES,
    min_responses="Optional: with fewer answers the rating says few responses instead; 5 if left out.",
)
def PARTNER_NPS_BY(groups: object, scores: object, min_responses: object = None) -> object:
    """Return one row for each partner, best first: name, responses, NPS, low, high, shrunk NPS (points), rating.

    Ordered by the shrunk NPS, so that two good answers do not beat fifty.
    """
    minimum = minimum_of(min_responses)
    tallies: dict[str, ScoreTally] = defaultdict(ScoreTally)
    for name, score in named_scores(groups, scores):
        tallies[name or BLANK] += ScoreTally.from_scores([score])
    shrunk = dict(zip(tallies, shrunk_nps(list(tallies.values())), strict=True))

    def order(name: str) -> tuple[bool, float, str, str]:
        points = shrunk[name]
        return (points is None, -(points or 0.0), name.casefold(), name)

    return [_group_row(name, tallies[name], shrunk[name], minimum) for name in sorted(tallies, key=order)]


@excel_function(
    dates="The day of each answer: a range of Excel dates as long as the scores.",
    scores=SCORES,
    period="Optional: quarter, month or year, in quotation marks; quarter if left out.",
)
def PARTNER_NPS_TREND(dates: object, scores: object, period: object = None) -> object:
    """Return one row for each quarter (or month, year), oldest first: period, responses, NPS, low, high in points.

    Periods without answers show #N/A.
    """
    step = period_of(period)
    tallies: dict[str, ScoreTally] = defaultdict(ScoreTally)
    undated = ScoreTally()
    for day, score in dated_scores(dates, scores):
        one = ScoreTally.from_scores([score])
        if day is None:
            undated += one
        else:
            tallies[period_label(month_number(day), step)] += one
    rows = [[label, *_figures(tallies.get(label, ScoreTally()))] for label in gapless(tallies, step)]
    return rows + ([[NO_DATE, *_figures(undated)]] if undated.responses else [])


def _group_row(name: str, tally: ScoreTally, shrunk: float | None, minimum: int) -> list[object]:
    few = 0 < tally.responses < minimum
    return [name, *_figures(tally), shrunk, FEW_RESPONSES if few else rating("nps", tally.nps)]


def _figures(tally: ScoreTally) -> list[object]:
    interval = tally.interval()
    return [tally.responses, tally.nps, interval.low if interval else None, interval.high if interval else None]
