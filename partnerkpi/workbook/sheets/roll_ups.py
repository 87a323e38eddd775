"""One vote a partner, and one a unit of revenue: two other figures of the same answers, and how far they hold."""

from __future__ import annotations

from partnerkpi.kpi.clustered import Clustered, clustered_partner_nps, clustered_revenue_nps
from partnerkpi.kpi.scores import partner_nps, revenue_weighted_nps
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.model.expression import Given, given, tell, when_number
from partnerkpi.workbook.model.names import CONFIDENCE
from partnerkpi.workbook.model.phrases import shown, whole
from partnerkpi.workbook.sheets.parts import SheetContext

#: A figure and the ends of its interval, each a formula with its value.
Three = tuple[Given, Given, Given]


def one_vote_a_partner(context: SheetContext) -> Three:
    """Return the mean of the partners' NPS, with the ends of its interval if they stand for others."""
    points = context.layout.partner_column("nps")
    known = f"COUNT({points})"
    mean = f"SUM({points})/{known}"
    squares = f"(SUMPRODUCT({points},{points})-{known}*({mean})^2)"
    error = f"SQRT({squares}/({known}*({known}-1)))"
    test = f"AND({known}>1,MAX({points})>MIN({points}))"
    tallies = [one.line.scores for one in context.partners]
    found = clustered_partner_nps(tallies, context.card.confidence)
    figure = given(f'IF({known}>0,{mean},"{DASH}")', shown(partner_nps(tallies)))
    return (figure, *_ends(mean, error, known, test, found))


def one_vote_a_unit_of_revenue(context: SheetContext) -> Three:
    """Return the NPS weighted by the partners' yearly value, with the ends of its interval if they stand for others."""
    column = context.layout.partner_column
    points, value, answers = column("nps"), column("annual_value"), column("answers")
    weighs = f"({value}>0)*({answers}>0)"
    total, known = f'SUMIFS({value},{value},">0",{answers},">0")', f'COUNTIFS({value},">0",{answers},">0")'
    mean = f"SUMPRODUCT({weighs},{value},{points})/{total}"
    first = f"SUMPRODUCT({weighs},{value},{value},{points},{points})"
    second, third = f"SUMPRODUCT({weighs},{value},{value},{points})", f"SUMPRODUCT({weighs},{value},{value})"
    squares = f"({first}-2*{mean}*{second}+({mean})^2*{third})"
    error = f"SQRT({known}/({known}-1)*{squares})/{total}"
    test = f"IF({known}>1,1000000000*{squares}>{third},1=0)"
    tallies = [one.line.scores for one in context.partners]
    values = [one.partner.annual_value for one in context.partners]
    revenues = [one if one is not None and one >= 0 else None for one in values]
    found = clustered_revenue_nps(tallies, revenues, context.card.confidence)
    figure = given(f'IF({total}>0,{mean},"{DASH}")', shown(revenue_weighted_nps(tallies, revenues)))
    return (figure, *_ends(mean, error, known, test, found))


def change_if_others(context: SheetContext) -> Given:
    """Return the interval of the change since the period before, if these partners stand for others."""
    low, high = context.figure("change_clustered_low"), context.figure("change_clustered_high")
    words = tell("The change is between {low} and {high} if they stand for others", low=whole(low), high=whole(high))
    return when_number(low, words, DASH)


def _ends(mean: str, error: str, known: str, test: str, found: Clustered | None) -> tuple[Given, Given]:
    reach = f"TINV(1-{CONFIDENCE},{known}-1)*{error}"
    low, high = f"MAX(-100,{mean}-{reach})", f"MIN(100,{mean}+{reach})"
    return (
        given(f'IF({test},{low},"{DASH}")', found.interval.low if found is not None else DASH),
        given(f'IF({test},{high},"{DASH}")', found.interval.high if found is not None else DASH),
    )


def in_words(figure: Given, low: Given, high: Given) -> Given:
    """Return a figure in words with its interval if these partners stand for others."""
    alone = tell("NPS {nps}", nps=whole(figure))
    words = tell(
        "NPS {nps}, between {low} and {high} if they stand for others",
        nps=whole(figure),
        low=whole(low),
        high=whole(high),
    )
    return when_number(figure, when_number(low, words, alone), DASH)
