"""The NPS over time in words: which comparison leads, how the period moved, and what all periods show."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.kpi.comparisons import Compared
from partnerkpi.language.figures import NOT_SHOWN, NOTHING_BEFORE, OVER, PERIODS, READ_AS, SHOWN, TOO_FEW
from partnerkpi.workbook.figures.base import (
    Figure,
    OfPeriod,
    by_number,
    expressed,
    figure,
    name_of_period,
)
from partnerkpi.workbook.figures.certainty import OTHERS, READINGS, THESE
from partnerkpi.workbook.figures.pooled import NAMES
from partnerkpi.workbook.model.expression import is_figure, joined, or_, tell, when, when_number
from partnerkpi.workbook.model.phrases import between, certainty, direction, is_shown, moved_nps, signed, whole
from partnerkpi.workbook.model.translation import translate, translate_count


def nps_headline(length: int, kind: str) -> OfPeriod:
    """Return the strongest comparison that holds; where it is that of several periods together, these come first."""
    nps = figure("nps")
    alone = tell("NPS {nps}.", nps=whole(nps))
    compared = or_(is_figure(figure("nps_change")), is_figure(figure("year_change")))
    single = when(compared, tell("NPS {nps}, {moved}.", nps=whole(nps), moved=figure("nps_moved")), alone)
    over = when(
        compared,
        tell(
            "NPS {over}. {period}: {nps}, {moved}.",
            over=_over(length, kind),
            period=name_of_period(),
            nps=whole(nps),
            moved=figure("nps_moved"),
        ),
        tell("NPS {over}. {period}: {nps}.", over=_over(length, kind), period=name_of_period(), nps=whole(nps)),
    )
    none = tell("No answers in {period}.", period=name_of_period())
    reaches = by_number(lambda number: when(figure("lead").equals(3), over, single) if number >= 2 * length else single)
    return when_number(nps, reaches, none)


def _over(length: int, kind: str) -> OfPeriod:
    """Return the NPS of several periods together, and how it moved."""
    return tell(
        OVER,
        figure=whole(figure("rolling")),
        periods=translate(PERIODS.get(kind, PERIODS["quarter"]), n=length),
        change=direction(figure("rolled_change"), figure("rolled_word")),
        number=str(length),
        certainty=certainty(figure("rolled_word")),
    )


def nps_moved(before: Mapping[int, int]) -> Figure:
    """Return how the NPS of the period moved, by the stronger comparison that holds, else by the first there is."""

    def since(against: Compared, back: int) -> OfPeriod:
        key = NAMES[against]
        few = figure(f"{key}_few").equals(1)
        change, word = figure(f"{key}_change"), figure(f"{key}_word")
        return moved_nps(change, word, name_of_period(back), figure("nps", back), few)

    def words(number: int) -> OfPeriod:
        previous = since("previous", 1)
        nothing: OfPeriod = tell(NOTHING_BEFORE)
        if number == 1:
            return nothing
        if number not in before:
            return when_number(figure("nps_change"), previous, nothing)
        year = since("year", number - before[number])
        first = when_number(figure("nps_change"), previous, when_number(figure("year_change"), year, nothing))
        stronger = when(is_shown(figure("nps_word")), when(figure("year_p") < figure("nps_p"), year, previous), year)
        return when(is_shown(figure("year_word")), stronger, first)

    label = translate("{figure}, change in words", figure="NPS")
    return expressed("nps_moved", label, when_number(figure("nps"), by_number(words)))


def trend_headline(number: int, length: int, year: OfPeriod) -> OfPeriod:
    """Say what several periods together show, against as many before and a year before, and what all periods show."""
    nps, low, high = figure("rolling"), figure("rolling_stated_low"), figure("rolling_stated_high")
    pooled = min(length, number)
    periods = translate_count(pooled, "one period", "{n} periods together")
    rolled = when_number(
        figure("rolled_change"),
        tell(
            " Against the {number} before: {change}, {certainty}.",
            number=str(length),
            change=direction(figure("rolled_change"), figure("rolled_word")),
            certainty=certainty(figure("rolled_word")),
        ),
    )
    slope = tell(
        " Over all periods {change} points a period: {certainty}.",
        change=signed(figure("slope")),
        certainty=certainty(figure("slope_word")),
    )
    rest = joined(year, rolled if number >= 2 * length > 2 else "", when_number(figure("slope_p"), slope))
    places: dict[str, OfPeriod | str] = {"periods": periods, "year": rest}
    within = tell(
        "NPS {nps} over {periods} ({interval}). {year}", nps=whole(nps), interval=read_as(between(low, high)), **places
    )
    alone = tell("NPS {nps} over {periods}. {year}", nps=whole(nps), **places)
    return when_number(nps, when_number(low, within, alone), tell("No answers in {periods}. {year}", **places))


def year_words(number: int, before: int | None) -> OfPeriod:
    """Return how the NPS moved in a year; `before` is the number of the period a year before, where there is one."""
    if before is None:
        return tell("The data do not reach back a year.")
    change, word = figure("year_change"), figure("year_word")
    unsure = when(figure("year_few").equals(1), tell(TOO_FEW), tell(NOT_SHOWN))
    words = tell(
        "In a year, since {period}, it is {change}: {certainty}.",
        period=name_of_period(number - before),
        change=direction(change, word),
        certainty=when(is_shown(word), tell(SHOWN), unsure),
    )
    return when_number(change, words, tell("Nothing to compare it with a year before."))


def read_as(interval: OfPeriod) -> OfPeriod:
    """Return an interval with how it is to be read: of these partners, or if they stand for others."""
    these, others = (tell(READ_AS[READINGS[number]], interval=interval) for number in (THESE, OTHERS))
    return when(figure("reading").equals(OTHERS), others, when(figure("reading").equals(0), interval, these))
