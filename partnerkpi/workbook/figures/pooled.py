"""The NPS over several periods together, and against the same period a year before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partnerkpi.kpi.scores import Change, ScoreTally
from partnerkpi.language.figures import DASH, said
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.figures.base import FINE, POINTS, Column, Figure, PeriodFigures, score_figures
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.model.values import Value

_BANDS = ("detractors", "passives", "promoters")


def window_of(card: Scorecard) -> int:
    """Return how many periods a rolling NPS pools."""
    return card.rules.options.rolling


def figures(length: int, before: Mapping[int, int]) -> list[Figure]:
    """Return the figures in the order of their rows, from what `window_of` and `years_before` give."""
    return [*_rolling(length), *_year(before)]


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


def _year(before: Mapping[int, int]) -> list[Figure]:
    """Return the change in a year; a dash where the data do not reach back so far."""

    def old(c: Column, key: str) -> str:
        return c.back(key, c.number - before[c.number])

    def when(formula: Callable[[Column], str]) -> Callable[[Column], str]:
        return lambda c: formula(c) if c.number in before else f'"{DASH}"'

    def value(of: Callable[[Change], float | str | None]) -> Callable[[PeriodFigures], Value]:
        return lambda m: shown(of(moved)) if (moved := year_change(m)) is not None else DASH

    return [
        Figure(
            "year_change",
            translate("NPS, change in a year"),
            when(lambda c: arithmetic.difference(c("nps"), old(c, "nps"))),
            value(lambda moved: moved.raw),
            POINTS,
        ),
        Figure(
            "year_p",
            translate("NPS, p of the change in a year"),
            lambda _: "0",
            value(lambda moved: moved.p),
            FINE,
            fact=True,
        ),
        Figure(
            "year_word",
            translate("NPS, what may be said of a year"),
            when(lambda c: arithmetic.word_of_change(c("year_change"), c("year_p"))),
            value(lambda moved: None if moved.raw is None else translate(said(moved.word))),
        ),
    ]


def year_change(m: PeriodFigures) -> Change | None:
    """Return how the NPS moved in a year; None where the data do not reach back so far."""
    return m.card.year_changes.get(m.period)
