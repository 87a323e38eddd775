"""The NPS over several periods together, its three comparisons with earlier ones, and its slope over all periods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from partnerkpi.kpi.comparisons import (
    COMPARISONS,
    FEWEST_PERIODS,
    Compared,
    Comparison,
    Slope,
    nps_slope,
    strongest,
    too_few_to_tell,
)
from partnerkpi.kpi.conditional import NO_PAIRS, Pairs, common_variance
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH, change_in_words
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.figures.base import FINE, POINTS, Column, Figure, PeriodFigures, score_figures
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.layout import PAIRS
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT, GENERAL
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.model.values import Value

_BANDS = ("detractors", "passives", "promoters")


def window_of(card: Scorecard) -> int:
    """Return how many periods a rolling NPS pools."""
    return card.rules.options.rolling


def figures(length: int, before: Mapping[int, int]) -> list[Figure]:
    """Return the figures in the order of their rows, from what `window_of` and `years_before` give."""
    return [*_rolling(length), *_compared(length, before), *_slope()]


def pooled_scores(m: PeriodFigures, length: int) -> ScoreTally:
    """Return the answers of so many periods together."""
    return m.remember(("pooled", length), lambda: m.card.rolling_scores(m.period, length))


def years_before(card: Scorecard) -> dict[int, int]:
    """Return by the number of a period that of the same one a year before, where the data reach back so far."""
    numbers = {period: number for number, period in enumerate(card.periods, 1)}
    found = {number: card.year_before(period) for period, number in numbers.items()}
    return {number: numbers[before] for number, before in found.items() if before is not None}


def _rolling(length: int) -> list[Figure]:
    """Return the pooled counts, their NPS and its interval: not the mean of the periods' scores."""
    text = (
        translate("NPS of {number} periods together", number=length) if length > 1 else translate("NPS of one period")
    )

    def tally(m: PeriodFigures) -> ScoreTally:
        return pooled_scores(m, length)

    def count(band: str, label: str) -> Figure:
        def formula(c: Column) -> str:
            return f"SUM({c.back(band, min(length, c.number) - 1)}:{c(band)})"

        return Figure(
            f"rolling_{band}", translate(label, figure=text), formula, lambda m: getattr(tally(m), band), COUNT
        )

    return [
        count("detractors", message("{figure}, detractors")),
        count("passives", message("{figure}, passives")),
        count("promoters", message("{figure}, promoters")),
        Figure(
            "rolling_answers",
            translate("{figure}, answers", figure=text),
            lambda c: "+".join(c(f"rolling_{band}") for band in _BANDS),
            lambda m: tally(m).responses,
            COUNT,
        ),
        *score_figures("rolling", text, "rolling_", tally),
    ]


def _compared(length: int, before: Mapping[int, int]) -> list[Figure]:
    """Return the three comparisons of the NPS, Holm's correction over them, and which one leads."""

    def year(c: Column) -> str:
        old = c.back("nps", c.number - before[c.number]) if c.number in before else ""
        return arithmetic.difference(c("nps"), old) if old else f'"{DASH}"'

    def rolling(c: Column) -> str:
        reaches = length > 1 and c.number >= 2 * length
        return arithmetic.difference(c("rolling"), c.back("rolling", length)) if reaches else f'"{DASH}"'

    def previous(c: Column) -> str:
        return arithmetic.difference(c("nps"), c.before("nps")) if c.number > 1 else f'"{DASH}"'

    changes = dict(zip(COMPARISONS, (previous, year, rolling), strict=True))
    return [
        *(_of(key, label, changes[key], _alone_raw, POINTS) for key, label in _CHANGES.items()),
        # one below the other: Holm's correction is over these cells
        *(replace(_of(key, label, _nothing, _alone_p, FINE, "p"), fact=True) for key, label in _P_VALUES.items()),
        *_paired("previous", lambda c: c.number - 1 or None),
        *_paired("year", lambda c: before.get(c.number)),
        *(_step(place) for place in (1, 2, 3)),
        *(_of(key, label, partial(_together, key), _together_p, FINE, "together") for key, label in _TOGETHER.items()),
        *(_of(key, label, partial(_word, key), _together_in_words, GENERAL, "word") for key, label in _WORDS.items()),
        Figure("lead", translate("NPS, which comparison leads (0: none is shown)"), _lead, _leads),
    ]


#: What each comparison is called in the keys of its figures.
NAMES: Mapping[Compared, str] = {"previous": "nps", "year": "year", "rolling": "rolled"}
_CHANGES: Mapping[Compared, str] = {
    "previous": message("NPS, change"),
    "year": message("NPS, change in a year"),
    "rolling": message("NPS of several periods, change on as many before"),
}
_P_VALUES: Mapping[Compared, str] = {
    "previous": message("NPS, p of the change"),
    "year": message("NPS, p of the change in a year"),
    "rolling": message("NPS of several periods, p of the change"),
}
_TOGETHER: Mapping[Compared, str] = {
    "previous": message("NPS, p of the change, all three together"),
    "year": message("NPS, p of the change in a year, all three together"),
    "rolling": message("NPS of several periods, p of the change, all three together"),
}
_WORDS: Mapping[Compared, str] = {
    "previous": message("NPS, what may be said"),
    "year": message("NPS, what may be said of a year"),
    "rolling": message("NPS of several periods, what may be said"),
}


def compared(m: PeriodFigures, against: Compared) -> Comparison | None:
    """Return one of the comparisons of a period; None where the data do not reach back so far."""
    return next((one for one in m.line.comparisons if one.against == against), None)


def pairs_of(m: PeriodFigures, against: Compared) -> Pairs:
    """Return the persons who answered in this period and in the one of a comparison."""
    one = compared(m, against)
    return one.pairs if one is not None else NO_PAIRS


def _paired(against: Compared, before: Callable[[Column], int | None]) -> list[Figure]:
    """Return the persons who answered in both periods, and what the test takes off for them: see `conditional`."""
    name = NAMES[against]

    def side(c: Column, back: int) -> tuple[str, str, str]:
        return c.back("promoters", back), c.back("detractors", back), c.back("answers", back)

    def common(c: Column) -> str:
        earlier = before(c)
        if earlier is None:
            return "0"
        persons, sums, products = (c(f"{name}_{part}") for part in _PARTS)
        return arithmetic.common_variance((side(c, c.number - earlier), side(c, 0)), (persons, sums, products))

    def value(m: PeriodFigures) -> float:
        one = compared(m, against)
        return common_variance(one.before.bands, one.after.bands, one.pairs) if one is not None else 0.0

    def few(c: Column) -> str:
        earlier = before(c)
        if earlier is None:
            return "1"
        test = arithmetic.too_few_to_tell(c("error"), c.back("error", c.number - earlier), c(f"{name}_common"))
        return f"IF({test},1,0)"

    def is_few(m: PeriodFigures) -> int:
        one = compared(m, against)
        return int(one is None or too_few_to_tell(one.before, one.after, one.pairs, confidence=m.card.confidence))

    def counted(part: str, head: str) -> Figure:
        label = translate("NPS: {figure}", figure=translate(head))
        return Figure(
            f"{name}_{part}", label, lambda c: c.total(head), lambda m: getattr(pairs_of(m, against), part), COUNT
        )

    parts = [counted(part, head) for part, head in zip(_PARTS, PAIRS[against], strict=True)]
    return [
        *parts,
        Figure(f"{name}_common", translate(_COMMON[against]), common, value, FINE),
        Figure(f"{name}_few", translate(_FEW[against]), few, is_few, COUNT),
    ]


_PARTS = ("persons", "sums", "products")
_FEW: Mapping[Compared, str] = {
    "previous": message("NPS, too few answers to tell a change (1)"),
    "year": message("NPS, too few answers to tell a change in a year (1)"),
}
_COMMON: Mapping[Compared, str] = {
    "previous": message("NPS, covariance by persons in both periods"),
    "year": message("NPS, covariance by persons in both periods, in a year"),
}


def _of(
    against: Compared,
    label: str,
    formula: Callable[[Column], str],
    value: Callable[[Comparison], float | str | None],
    number: str,
    what: str = "change",
) -> Figure:
    def of(m: PeriodFigures) -> Value:
        return shown(value(one)) if (one := compared(m, against)) is not None else DASH

    return Figure(f"{NAMES[against]}_{what}", translate(label), formula, of, number)


def _nothing(_: Column) -> str:
    return "0"


def _alone_raw(one: Comparison) -> float | None:
    return one.alone.raw


def _alone_p(one: Comparison) -> float | None:
    return one.alone.p


def _together_p(one: Comparison) -> float | None:
    return one.together.p


def _together_in_words(one: Comparison) -> str | None:
    return None if one.alone.raw is None else translate(change_in_words(one.together.word))


def _p_values(c: Column) -> str:
    return f"{c('nps_p')}:{c('rolled_p')}"


def _step(place: int) -> Figure:
    """Return the p of a place from the smallest times the comparisons that are left, no less than those before."""

    def formula(c: Column) -> str:
        cells = _p_values(c)
        times = f"MIN(1,(COUNT({cells})-{place - 1})*{_smallest(cells, place)})"
        least = f"MAX({c(f'step_{place - 1}')},{times})" if place > 1 else times
        return f'IF(COUNT({cells})>={place},{least},"{DASH}")'

    def value(m: PeriodFigures) -> Value:
        known = sorted(
            (one.alone.p, one.together.p)
            for one in m.line.comparisons
            if one.alone.p is not None and one.together.p is not None
        )
        return shown(known[place - 1][1] if len(known) >= place else None)

    return Figure(f"step_{place}", translate("NPS, Holm's step {number}", number=place), formula, value, FINE)


def _together(against: Compared, c: Column) -> str:
    p, cells = c(f"{NAMES[against]}_p"), _p_values(c)
    first, second = (f"{p}={_smallest(cells, place)}" for place in (1, 2))
    later = f'IF(COUNT({cells})<2,"{DASH}",IF({second},{c("step_2")},{c("step_3")}))'
    return when_number(p, f"IF({first},{c('step_1')},{later})")


def _smallest(cells: str, place: int) -> str:
    """Return the p of a place, counted from the smallest."""
    return f"LARGE({cells},COUNT({cells})-{place - 1})"


def _word(against: Compared, c: Column) -> str:
    name = NAMES[against]
    return arithmetic.word_of_change(c(f"{name}_change"), c(f"{name}_together"))


def _lead(c: Column) -> str:
    cells = _p_values(c)
    return when_number(c("step_1"), f"IF({arithmetic.is_shown(c('step_1'))},MATCH(MIN({cells}),{cells},0),0)", "0")


def _leads(m: PeriodFigures) -> int:
    lead = strongest(m.line.comparisons)
    return COMPARISONS.index(lead.against) + 1 if lead is not None else 0


#: What is added up over all periods for a line through them: n, x, t n, t t n and t x.
_SUMS = ("answers", "lead", "times", "squares", "products")


def _sum(key: str) -> Figure:
    def formula(c: Column) -> str:
        number, answers, lead = c("number"), c("answers"), f"({c('promoters')}-{c('detractors')})"
        own = {
            "answers": answers,
            "lead": lead,
            "times": f"{number}*{answers}",
            "squares": f"{number}*{number}*{answers}",
            "products": f"{number}*{lead}",
        }[key]
        return f"{c.before(f'line_{key}')}+{own}" if c.number > 1 else own

    def value(m: PeriodFigures) -> int:
        return sum(_own_sums(one)[key] for one in (*m.before, m))

    label = translate("NPS, line over all periods, sum {number}", number=_SUMS.index(key) + 1)
    return Figure(f"line_{key}", label, formula, value, COUNT)


def _own_sums(m: PeriodFigures) -> dict[str, int]:
    scores, number = m.line.scores, m.number
    answers, lead = scores.responses, scores.promoters - scores.detractors
    parts = (answers, lead, number * answers, number * number * answers, number * lead)
    return dict(zip(_SUMS, parts, strict=True))


def _slope() -> list[Figure]:
    """Return the slope of the line through the NPS of all periods up to this one, its test, and what may be said."""

    def formula(c: Column) -> str:
        if c.number < FEWEST_PERIODS:
            return f'"{DASH}"'
        answers, lead, times, squares, products = (c(f"line_{key}") for key in _SUMS)
        above, below = f"({answers}*{products}-{times}*{lead})", f"({answers}*{squares}-{times}*{times})"
        known = f'COUNTIF({c.back("answers", c.number - 1)}:{c("answers")},">0")'
        return f'IF({known}>={FEWEST_PERIODS},100*{above}/{below},"{DASH}")'

    def of(m: PeriodFigures) -> Slope | None:
        return m.remember(
            ("slope",), lambda: nps_slope([one.line.scores for one in (*m.before, m)], confidence=m.card.confidence)
        )

    return [
        *(_sum(key) for key in _SUMS),
        Figure(
            "slope",
            translate("NPS, points a period over all periods"),
            formula,
            lambda m: shown(found.points if (found := of(m)) is not None else None),
            POINTS,
        ),
        Figure(
            "slope_p",
            translate("NPS, p of the points a period"),
            _nothing,
            lambda m: shown(found.p if (found := of(m)) is not None else None),
            FINE,
            fact=True,
        ),
        Figure(
            "slope_word",
            translate("NPS, what may be said of all periods"),
            lambda c: arithmetic.word_of_change(c("slope"), c("slope_p")),
            lambda m: translate(change_in_words(found.word)) if (found := of(m)) is not None else DASH,
        ),
    ]
