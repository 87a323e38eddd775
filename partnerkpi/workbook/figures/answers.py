"""What each of the sheets Advocacy, Retention and Trend says, in a sentence: the answer to its question."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.workbook.figures import contexts
from partnerkpi.workbook.figures.base import Column, Figure, Month
from partnerkpi.workbook.figures.lift import lift_interval
from partnerkpi.workbook.figures.pooled import pooled_scores, year_change
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.layout import HEAD_ROW
from partnerkpi.workbook.model.names import of_kpi
from partnerkpi.workbook.model.phrases import (
    CANNOT_TELL,
    NOTHING_BEFORE,
    SHOWN,
    between,
    between_text,
    direction,
    direction_text,
    moved,
    moved_text,
    period_name,
    whole,
    whole_text,
)
from partnerkpi.workbook.model.say import choice, count, count_live, message, quoted, say, say_live

NO_YEAR = message("The data do not reach back a year.")
NO_COMPARISON = message("Nothing to compare it with a year before.")
_PARTNERS, _CUSTOMERS = (
    (message("{n} partner"), message("{n} partners")),
    (message("{n} customer"), message("{n} customers")),
)
_ACTIVE = (
    message("{n} of {partners} was active in {period}: {share} %, {change}. {target}"),
    message("{n} of {partners} were active in {period}: {share} %, {change}. {target}"),
)
_NO_SHARE, _NO_RATE = message("No share of active advocates. {advice}"), message("No retention rate. {advice}")
_REACHED = message("The target of {target} % is reached."), message("The target of {target} % is not reached.")
_RETAINED = (
    message("{n} of {customers} was retained in {period}: {rate} %. {partners}"),
    message("{n} of {customers} were retained in {period}: {rate} %. {partners}"),
)
_PARTNERS_PART = message("Those with a partner are {share} % of them and {base} % of all customers.")
_PARTNERS_LIFT = (
    message(
        "Those with a partner are {share} % of them and {base} % of all customers; "
        "their rate is {points} points above that of the others: {certainty}."
    ),
    message(
        "Those with a partner are {share} % of them and {base} % of all customers; "
        "their rate is {points} points below that of the others: {certainty}."
    ),
)
_POOLED_WITHIN = message("NPS {nps} over {periods} ({interval}). {year}")
_POOLED, _NONE_POOLED = message("NPS {nps} over {periods}. {year}"), message("No answers in {periods}. {year}")
_PERIODS = message("one period"), message("{n} periods together")
_YEAR = message("In a year, since {period}, it is {change}: {certainty}.")


def figures(length: int, before: Mapping[int, int]) -> list[Figure]:
    """Return the figures in the order of their rows; `length` and `before` as for those of several periods."""
    return [
        Figure("advocacy_says", say("Headline, advocacy"), _advocacy, _advocacy_text),
        Figure("retention_says", say("Headline, retention"), _retention, _retention_text),
        Figure(
            "trend_says",
            say("Headline, trend"),
            lambda c: _trend(c, min(length, c.number), before.get(c.number)),
            lambda m: _trend_text(m, min(length, m.number), before.get(m.number)),
        ),
    ]


def _advocacy(c: Column) -> str:
    change = say_live(NOTHING_BEFORE)
    if c.number > 1:
        change = moved(c("advocacy_change"), c("advocacy_word"), c.name_before)
    target = of_kpi("advocacy", "target")
    reached = (say_live(text, target=whole(target)) for text in _REACHED)
    words = count_live(
        c("active"),
        *_ACTIVE,
        partners=count_live(c("listed"), *_PARTNERS),
        period=c.name,
        share=whole(c("advocacy")),
        change=change,
        target=f"IF({c('advocacy')}>={target},{','.join(reached)})",
    )
    return when_number(c("advocacy"), words, say_live(_NO_SHARE, advice=c("advocacy_context")))


def _advocacy_text(m: Month) -> str:
    tally = m.line.advocacy
    if tally is None or tally.active_share is None:
        return say(_NO_SHARE, advice=contexts.advocacy_text(m))
    target = m.card.benchmarks["advocacy"].target
    return count(
        tally.active,
        *_ACTIVE,
        partners=count(tally.partners, *_PARTNERS),
        period=m.name,
        share=whole_text(tally.active_share),
        change=moved_text(m.line.advocacy_change.points, m.line.advocacy_change.word, m.name_before),
        target=say(_REACHED[tally.active_share < target], target=whole_text(target)),
    )


def _retention(c: Column) -> str:
    places = {"share": whole(c("influence")), "base": whole(c("base_share"))}
    certain = choice(f"OR({c('lift_low')}>0,{c('lift_high')}<0)", SHOWN, CANNOT_TELL)
    points = whole(f"ABS({c('lift')})")
    above, below = (say_live(text, **places, points=points, certainty=certain) for text in _PARTNERS_LIFT)
    parts = when_number(c("lift"), f"IF({c('lift')}<0,{below},{above})", say_live(_PARTNERS_PART, **places))
    words = count_live(
        c("retained"),
        *_RETAINED,
        customers=count_live(c("customers"), *_CUSTOMERS),
        period=c.name,
        rate=whole(c("retention")),
        partners=when_number(c("influence"), parts, c("influence_context")),
    )
    return when_number(c("retention"), words, say_live(_NO_RATE, advice=c("influence_context")))


def _retention_text(m: Month) -> str:
    tally = m.line.retention
    if tally is None or tally.retention_rate is None:
        return say(_NO_RATE, advice=contexts.influence_text(m))
    return count(
        tally.retained,
        *_RETAINED,
        customers=count(tally.customers, *_CUSTOMERS),
        period=m.name,
        rate=whole_text(tally.retention_rate),
        partners=_partners_text(m, tally),
    )


def _partners_text(m: Month, tally: RetentionTally) -> str:
    share, lift, interval = m.line.influence_share, tally.lift_points, lift_interval(m)
    if share is None or tally.base_share is None:
        return contexts.influence_text(m)
    places = {"share": whole_text(share), "base": whole_text(tally.base_share)}
    if lift is None or interval is None:
        return say(_PARTNERS_PART, **places)
    certain = say(SHOWN if interval.low > 0 or interval.high < 0 else CANNOT_TELL)
    return say(_PARTNERS_LIFT[lift < 0], **places, points=whole_text(abs(lift)), certainty=certain)


def _trend(c: Column, length: int, before: int | None) -> str:
    year = say_live(NO_YEAR)
    if before is not None:
        certain = choice(f"{c('year_word')}={say_live(CANNOT_TELL)}", CANNOT_TELL, SHOWN)
        change = direction(c("year_change"), c("year_word"))
        since = f"{c.layout.period_letter(before)}${HEAD_ROW}"
        words = say_live(_YEAR, period=since, change=change, certainty=certain)
        year = when_number(c("year_change"), words, say_live(NO_COMPARISON))
    places = {"periods": quoted(count(length, *_PERIODS)), "year": year}
    interval = between(c("rolling_low"), c("rolling_high"))
    within = say_live(_POOLED_WITHIN, nps=whole(c("rolling")), interval=interval, **places)
    pooled = when_number(c("rolling_low"), within, say_live(_POOLED, nps=whole(c("rolling")), **places))
    return when_number(c("rolling"), pooled, say_live(_NONE_POOLED, **places))


def _trend_text(m: Month, length: int, before: int | None) -> str:
    pooled = pooled_scores(m, length)
    nps, interval = pooled.nps, pooled.interval(m.card.confidence)
    places = {"periods": count(length, *_PERIODS), "year": _year_text(m, before)}
    if nps is None:
        return say(_NONE_POOLED, **places)
    if interval is None:
        return say(_POOLED, nps=whole_text(nps), **places)
    return say(_POOLED_WITHIN, nps=whole_text(nps), interval=between_text(interval.low, interval.high), **places)


def _year_text(m: Month, before: int | None) -> str:
    change = year_change(m)
    if before is None or change is None:
        return say(NO_YEAR)
    if change.raw is None:
        return say(NO_COMPARISON)
    certain = say(CANNOT_TELL if change.word == CANNOT_TELL else SHOWN)
    since = period_name(m.card.periods[before - 1])
    return say(_YEAR, period=since, change=direction_text(change.raw, change.word), certainty=certain)
