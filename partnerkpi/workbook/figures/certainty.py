"""How sure the NPS of a period is: of how many people it is, both its intervals, which of them a sentence uses.

What needs a partner's answers of several periods (a change, several periods together) is a fact: it cannot be added up
from the rows of the tallies. The interval around it follows the confidence on Benchmarks as all others do.
"""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.kpi.clustered import Clustered, Clusters
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.certainty import MOST
from partnerkpi.workbook.figures.base import FINE, POINTS, Column, Figure, PeriodFigures, high, low
from partnerkpi.workbook.model import arithmetic, names
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.model.values import Value

#: The readings as numbers on Data, by their place; 0 is none.
READINGS = ("", "these partners", "other partners", "full count")
THESE, OTHERS, FULL = 1, 2, 3


def figures(length: int) -> list[Figure]:
    """Return the figures in the order of their rows; `length` is how many periods are pooled at most."""
    return [*_population(), *_clustered(), *_reading(), *_silent(), *_change(), *_rolling(length)]


def _rows(c: Column, *conditions: str) -> str:
    """Return the sum of a product over the rows of the tallies that are of this period."""
    of_period = f"({c.layout.tally('Period number')}={c('number')})"
    return f"SUMPRODUCT({'*'.join([of_period, *conditions])})"


def _answers(c: Column) -> str:
    return "+".join(c.layout.tally(head) for head in ("Detractors", "Passives", "Promoters"))


def _population() -> list[Figure]:
    """Return of how many people the answers are, where each of them has one answer and all were counted."""

    def over(c: Column) -> str:
        invited = c.layout.tally("Invited")
        return _rows(c, f'({invited}<>"")', f"({_answers(c)}>{invited})")

    def over_value(m: PeriodFigures) -> int:
        counts = (m.card.count(name, m.period) for name in (None, *(one.name for one in m.card.partners)))
        return sum(one.invited is not None and one.scores.responses > one.invited for one in counts)

    def population(c: Column) -> str:
        tests = f"{names.ANSWERS_ONCE}=1,{c('answered')}={c('answers')},{c('over')}=0,{c('invited')}>0"
        return f'IF(AND({tests}),{c("invited")},"{DASH}")'

    def finite(m: PeriodFigures) -> float:
        size, answers = m.line.population, m.line.scores.responses
        return 1.0 if size is None else 0.0 if size == answers else (size - answers) / max(1, size - 1)

    return [
        Figure("over", translate("Partners with more answers than invitations"), over, over_value, COUNT),
        Figure(
            "population",
            translate("People who could have answered"),
            population,
            lambda m: shown(m.line.population),
            COUNT,
        ),
        Figure(
            "finite",
            translate("Finite correction of the interval"),
            lambda c: arithmetic.finite_correction(c("answers"), c("population")),
            finite,
            FINE,
        ),
    ]


def _clustered() -> list[Figure]:
    """Return the interval if these partners stand for others, with the steps to it."""

    def clusters(m: PeriodFigures) -> Clusters:
        return m.remember("sums of partners", lambda: Clusters.of(m.card.by_partner(m.period)))

    def squares(c: Column) -> str:
        lead = f"{c.layout.tally('Promoters')}-{c.layout.tally('Detractors')}"
        return when_number(c("nps"), _rows(c, f"({lead}-({_answers(c)})*{c('nps')}/100)^2"))

    def error(c: Column) -> str:
        root = f"100*SQRT({c('clusters')}/({c('clusters')}-1)*{c('cluster_squares')})/{c('answers')}"
        test = f"{c('clusters')}>1,N({c('cluster_squares')})>1E-13"
        return f'IF(AND({test}),{root},"{DASH}")'

    def effect(c: Column) -> str:
        plain = f"({c('promoters')}+{c('detractors')})/{c('answers')}-({c('nps')}/100)^2"
        return when_number(c("clustered_error"), f"({c('clustered_error')}/100)^2*{c('answers')}/({plain})")

    return [
        Figure(
            "clusters",
            translate("Partners with answers; those that name none as one more"),
            lambda c: _rows(c, f"({_answers(c)}>0)"),
            lambda m: clusters(m).partners,
            COUNT,
        ),
        Figure(
            "cluster_squares",
            translate("NPS, sum of the partners' distances, squared"),
            squares,
            lambda m: shown(clusters(m).spread),
            FINE,
        ),
        *_ends(
            "clustered",
            translate("NPS if these partners stand for others"),
            lambda c: (c("nps"), c("clusters"), "100"),
            error,
            lambda m: m.line.clustered,
        ),
        Figure(
            "design_effect",
            translate("NPS, design effect"),
            effect,
            lambda m: shown(m.line.clustered.design_effect if m.line.clustered is not None else None),
            FINE,
        ),
    ]


def _ends(
    key: str,
    text: str,
    around: Callable[[Column], tuple[str, str, str]],
    error: Callable[[Column], str] | None,
    found: Callable[[PeriodFigures], Clustered | None],
    *,
    change: bool = False,
) -> list[Figure]:
    """Return a clustered standard error, a fact where there is no formula, and the ends of the interval around it.

    `around` gives the cells of the figure and of the number of partners, and the end of the scale.
    """

    def end(sign: str, limit: str) -> Callable[[Column], str]:
        def formula(c: Column) -> str:
            point, partners, widest = around(c)
            reach = f"TINV(1-{names.CONFIDENCE},{partners}-1)*{c(f'{key}_error')}"
            bound = f"{limit}({'-' if sign == '-' else ''}{widest},{point}{sign}{reach})"
            return when_number(c(f"{key}_error"), bound)

        return formula

    def ends(m: PeriodFigures, which: Callable[..., float | str]) -> float | str:
        one = found(m)
        return which(one.interval if one is not None else None)

    return [
        Figure(
            f"{key}_error",
            translate("{figure}, standard error", figure=text),
            error or (lambda _: "0"),
            lambda m: shown(one.standard_error if (one := found(m)) is not None else None),
            FINE,
            change=change,
            fact=error is None,
        ),
        Figure(
            f"{key}_low",
            translate("{figure}, low", figure=text),
            end("-", "MAX"),
            lambda m: ends(m, low),
            POINTS,
            change=change,
        ),
        Figure(
            f"{key}_high",
            translate("{figure}, high", figure=text),
            end("+", "MIN"),
            lambda m: ends(m, high),
            POINTS,
            change=change,
        ),
    ]


def _reading() -> list[Figure]:
    """Return which interval a sentence uses, and that interval."""

    def heard(c: Column) -> str:
        listed, known = c.count(listed="1"), c.count(listed="1", invited='">=0"')
        invited = c.total("Invited", listed="1")
        answered = f"({c.layout.tally('On list')}=1)", f"({_answers(c)}>0)"
        by_people = f"100*{_rows(c, *answered, c.layout.tally('Invited'))}/{invited}"
        by_number = f"100*{_rows(c, *answered)}/{listed}"
        share = f"IF(AND({known}={listed},{invited}>0),{by_people},{by_number})"
        return f'IF(AND({names.HAS_PARTNER_LIST}=1,{listed}>0),{share},"{DASH}")'

    def reading(c: Column) -> str:
        partners = f"IF(N({c('heard')})>={MOST},{THESE},{OTHERS})"
        known = when_number(c("clustered_error"), partners, "0")
        full = f"AND({c('answers')}>0,N({c('population')})={c('answers')})"
        return f"IF({full},{FULL},{known})"

    def stated(end: str) -> Callable[[Column], str]:
        def formula(c: Column) -> str:
            which = f"IF({c('reading')}={OTHERS},{c(f'clustered_{end}')},{c(f'nps_{end}')})"
            return f'IF({c("reading")}={FULL},"{DASH}",{which})'

        return formula

    return [
        Figure(
            "heard",
            translate("Partners on the list that answered, by people invited, %"),
            heard,
            lambda m: shown(m.card.heard_share(m.period)),
            POINTS,
        ),
        Figure(
            "reading",
            translate("The interval is 1 of these partners, 2 if they stand for others, 3 none: a full count"),
            reading,
            lambda m: READINGS.index(m.line.reading or ""),
            COUNT,
        ),
        Figure(
            "stated_low",
            translate("NPS, low as it is said"),
            stated("low"),
            lambda m: low(m.line.stated_interval),
            POINTS,
        ),
        Figure(
            "stated_high",
            translate("NPS, high as it is said"),
            stated("high"),
            lambda m: high(m.line.stated_interval),
            POINTS,
        ),
    ]


def _silent() -> list[Figure]:
    """Return how many of those invited did not answer, and what the NPS would be with them."""

    def bound(lost: str) -> Callable[[Column], str]:
        def formula(c: Column) -> str:
            points = f"100*({c('promoters')}-{c('detractors')}{lost and '-' + c(lost)})/({c('answers')}+{c('silent')})"
            return f'IF({c("silent")}>0,{points},"{DASH}")'

        return formula

    def silent(m: PeriodFigures, which: str) -> Value:
        found = m.card.silent(m.period)
        return shown(getattr(found, which) if found is not None else None)

    def people(m: PeriodFigures) -> Value:
        found = m.card.silent(m.period)
        return found.people if found is not None else 0

    return [
        Figure(
            "silent",
            translate("Invited who did not answer"),
            lambda c: f"IF(AND({names.ANSWERS_ONCE}=1,{c('answers')}>0),MAX(0,{c('invited')}-{c('answered')}),0)",
            people,
            COUNT,
        ),
        Figure(
            "silent_share",
            translate("Invited who did not answer, %"),
            lambda c: f'IF({c("silent")}>0,100*{c("silent")}/{c("invited")},"{DASH}")',
            lambda m: silent(m, "share"),
            POINTS,
        ),
        Figure(
            "if_passive",
            translate("NPS if all who did not answer were passive"),
            bound(""),
            lambda m: silent(m, "if_passive"),
            POINTS,
        ),
        Figure(
            "if_detractors",
            translate("NPS if all who did not answer were detractors"),
            bound("silent"),
            lambda m: silent(m, "if_detractors"),
            POINTS,
        ),
    ]


def _change() -> list[Figure]:
    """Return the interval of the change since the period before, if these partners stand for others."""
    return [
        Figure(
            "change_clusters",
            translate("Partners with answers in either period"),
            lambda _: "0",
            lambda m: shown(m.line.change_clustered.partners if m.line.change_clustered is not None else None),
            COUNT,
            fact=True,
        ),
        *_ends(
            "change_clustered",
            translate("NPS, change if these partners stand for others"),
            lambda c: (c("nps_change"), c("change_clusters"), "200"),
            None,
            lambda m: m.line.change_clustered,
            change=True,
        ),
    ]


def _rolling(length: int) -> list[Figure]:
    """Return the interval of several periods together, if these partners stand for others, and the one that is said."""
    text = translate("NPS of several periods if these partners stand for others")

    def found(m: PeriodFigures) -> Clustered | None:
        return m.remember("rolling clustered", lambda: m.card.rolling_clustered(m.period, length))

    def stated(end: str) -> Callable[[Column], str]:
        clustered, plain = f"rolling_clustered_{end}", f"rolling_{end}"
        return lambda c: f"IF(AND({c('reading')}={OTHERS},ISNUMBER({c(clustered)})),{c(clustered)},{c(plain)})"

    def value(m: PeriodFigures, end: str) -> Value:
        others = m.line.reading == "other partners" and found(m) is not None
        return m(f"rolling_clustered_{end}" if others else f"rolling_{end}")

    return [
        Figure(
            "rolling_clusters",
            translate("Partners with answers in several periods together"),
            lambda _: "0",
            lambda m: shown(one.partners if (one := found(m)) is not None else None),
            COUNT,
            fact=True,
        ),
        *_ends(
            "rolling_clustered",
            text,
            lambda c: (c("rolling"), c("rolling_clusters"), "100"),
            None,
            found,
        ),
        Figure(
            "rolling_stated_low",
            translate("{figure}, low", figure=translate("NPS of several periods as it is said")),
            stated("low"),
            lambda m: value(m, "low"),
            POINTS,
        ),
        Figure(
            "rolling_stated_high",
            translate("{figure}, high", figure=translate("NPS of several periods as it is said")),
            stated("high"),
            lambda m: value(m, "high"),
            POINTS,
        ),
    ]
