"""Strategic Partner NPS as tables that spill into the cells beside and below."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from collections import defaultdict

from partnerkpi.cells import count_scores
from partnerkpi.kpi.answers import ScoreTally
from partnerkpi.kpi.scores import shrunk_nps
from partnerkpi.periods import gapless, month_number, period_label
from partnerkpi.udfs.arguments import confidence_of, dated_scores, grouped_scores, minimum_of, period_of
from partnerkpi.udfs.benchmarks import nps_rater
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
        ["Rating", nps_rater()(tally.nps), ""],
    ]


@excel_function(
    groups="The partner of each answer (or region, product ...): a range as long as the scores.",
    scores=SCORES,
    min_responses="Optional: with fewer answers the rating says few responses instead; 5 if left out.",
)
def PARTNER_NPS_BY(groups: object, scores: object, min_responses: object = None) -> object:
    """Return one row for each partner, best first: name, responses, NPS, low, high, shrunk NPS (points), rating.

    Ordered by the shrunk NPS, which trusts few answers less.
    """
    minimum = minimum_of(min_responses)
    rating = nps_rater()
    tallies: dict[str, ScoreTally] = defaultdict(ScoreTally)
    for name, points in grouped_scores(groups, scores).items():
        tallies[BLANK if name is None else name] += ScoreTally.from_scores(points)  # somebody may be called (blank)
    shrunk = dict(zip(tallies, shrunk_nps(list(tallies.values())), strict=True))

    def order(name: str) -> tuple[bool, float, str, str]:
        points = shrunk[name]
        return (points is None, -(points or 0.0), name.casefold(), name)

    def row(name: str) -> list[object]:
        tally = tallies[name]
        few = tally.responses > 0 and tally.few_responses(minimum)
        return [name, *_figures(tally), shrunk[name], FEW_RESPONSES if few else rating(tally.nps)]

    return [row(name) for name in sorted(tallies, key=order)]


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
    collected: dict[str | None, list[float]] = defaultdict(list)
    for day, score in dated_scores(dates, scores):
        collected[None if day is None else period_label(month_number(day), step)].append(score)
    tallies = {label: ScoreTally.from_scores(points) for label, points in collected.items()}
    undated = tallies.pop(None, None)
    labels = gapless([label for label in tallies if label is not None], step)
    rows = [[label, *_figures(tallies.get(label, ScoreTally()))] for label in labels]
    return rows if undated is None else [*rows, [NO_DATE, *_figures(undated)]]


def _figures(tally: ScoreTally) -> list[object]:
    interval = tally.interval()
    return [tally.responses, tally.nps, interval.low if interval else None, interval.high if interval else None]
