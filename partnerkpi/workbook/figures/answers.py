"""What each of the sheets Advocacy, Retention and Trend says, in a sentence: the answer to its question."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.workbook.figures.base import (
    Figure,
    OfPeriod,
    by_number,
    figure,
    if_later,
    in_words,
    name_of_period,
    target_of,
)
from partnerkpi.workbook.model.expression import count, or_, size, tell, when, when_number
from partnerkpi.workbook.model.phrases import (
    CANNOT_TELL,
    NOTHING_BEFORE,
    SHOWN,
    between,
    certainty,
    direction,
    moved,
    whole,
)
from partnerkpi.workbook.model.translation import translate, translate_count


def figures(length: int, before: Mapping[int, int]) -> list[Figure]:
    """Return the figures in the order of their rows; `length` and `before` as for those of several periods."""
    return [
        in_words("advocacy_headline", translate("Headline, advocacy"), _advocacy()),
        in_words("retention_headline", translate("Headline, retention"), _retention()),
        in_words(
            "trend_headline",
            translate("Headline, trend"),
            by_number(lambda number: _trend(min(length, number), _year(number, before.get(number)))),
        ),
    ]


def _advocacy() -> OfPeriod:
    share, target = figure("advocacy"), target_of("advocacy")
    change = moved(figure("advocacy_change"), figure("advocacy_word"), name_of_period(1))
    words = count(
        figure("active"),
        "{n} of {partners} was active in {period}: {share} %, {change}. {target}",
        "{n} of {partners} were active in {period}: {share} %, {change}. {target}",
        partners=count(figure("listed"), "{n} partner", "{n} partners"),
        period=name_of_period(),
        share=whole(share),
        change=if_later(change, tell(NOTHING_BEFORE)),
        target=when(
            share >= target,
            tell("The target of {target} % is reached.", target=whole(target)),
            tell("The target of {target} % is not reached.", target=whole(target)),
        ),
    )
    return when_number(share, words, tell("No share of active advocates. {advice}", advice=figure("advocacy_context")))


def _retention() -> OfPeriod:
    rate, lift, advice = figure("retention"), figure("lift"), figure("influence_context")
    places = {"share": whole(figure("influence")), "base": whole(figure("base_share")), "points": whole(size(lift))}
    places["certainty"] = when(or_(figure("lift_low") > 0, figure("lift_high") < 0), tell(SHOWN), tell(CANNOT_TELL))
    above = tell(
        "Those with a partner are {share} % of them and {base} % of all customers; "
        "their rate is {points} points above that of the others: {certainty}.",
        **places,
    )
    below = tell(
        "Those with a partner are {share} % of them and {base} % of all customers; "
        "their rate is {points} points below that of the others: {certainty}.",
        **places,
    )
    alone = tell("Those with a partner are {share} % of them and {base} % of all customers.", **places)
    parts = when_number(lift, when(lift < 0, below, above), alone)
    words = count(
        figure("retained"),
        "{n} of {customers} was retained in {period}: {rate} %. {partners}",
        "{n} of {customers} were retained in {period}: {rate} %. {partners}",
        customers=count(figure("customers"), "{n} customer", "{n} customers"),
        period=name_of_period(),
        rate=whole(rate),
        partners=when_number(figure("influence"), parts, advice),
    )
    return when_number(rate, words, tell("No retention rate. {advice}", advice=advice))


def _trend(length: int, year: OfPeriod) -> OfPeriod:
    nps, low, high = figure("rolling"), figure("rolling_low"), figure("rolling_high")
    periods = translate_count(length, "one period", "{n} periods together")
    places: dict[str, OfPeriod | str] = {"periods": periods, "year": year}
    within = tell(
        "NPS {nps} over {periods} ({interval}). {year}", nps=whole(nps), interval=between(low, high), **places
    )
    alone = tell("NPS {nps} over {periods}. {year}", nps=whole(nps), **places)
    return when_number(nps, when_number(low, within, alone), tell("No answers in {periods}. {year}", **places))


def _year(number: int, before: int | None) -> OfPeriod:
    """Return how the NPS moved in a year; `before` is the number of the period a year before, where there is one."""
    if before is None:
        return tell("The data do not reach back a year.")
    change, word = figure("year_change"), figure("year_word")
    words = tell(
        "In a year, since {period}, it is {change}: {certainty}.",
        period=name_of_period(number - before),
        change=direction(change, word),
        certainty=certainty(word),
    )
    return when_number(change, words, tell("Nothing to compare it with a year before."))
