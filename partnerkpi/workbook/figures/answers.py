"""What each of the sheets Advocacy, Retention and Trend says, in a sentence: the answer to its question."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.workbook.figures import contexts
from partnerkpi.workbook.figures.base import Column, Figure, PeriodFigures
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
from partnerkpi.workbook.model.translation import (
    choice,
    count,
    count_live,
    message,
    quoted,
    translate,
    translate_formula,
)

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
        Figure("advocacy_says", translate("Headline, advocacy"), _advocacy, _advocacy_text),
        Figure("retention_says", translate("Headline, retention"), _retention, _retention_text),
        Figure(
            "trend_says",
            translate("Headline, trend"),
            lambda c: _trend(c, min(length, c.number), before.get(c.number)),
            lambda m: _trend_text(m, min(length, m.number), before.get(m.number)),
        ),
    ]


def _advocacy(c: Column) -> str:
    change = translate_formula(NOTHING_BEFORE)
    if c.number > 1:
        change = moved(c("advocacy_change"), c("advocacy_word"), c.name_before)
    target = of_kpi("advocacy", "target")
    reached = (translate_formula(text, target=whole(target)) for text in _REACHED)
    words = count_live(
        c("active"),
        *_ACTIVE,
        partners=count_live(c("listed"), *_PARTNERS),
        period=c.name,
        share=whole(c("advocacy")),
        change=change,
        target=f"IF({c('advocacy')}>={target},{','.join(reached)})",
    )
    return when_number(c("advocacy"), words, translate_formula(_NO_SHARE, advice=c("advocacy_context")))


def _advocacy_text(m: PeriodFigures) -> str:
    tally = m.line.advocacy
    if tally is None or tally.active_share is None:
        return translate(_NO_SHARE, advice=contexts.advocacy_text(m))
    target = m.card.benchmarks["advocacy"].target
    return count(
        tally.active,
        *_ACTIVE,
        partners=count(tally.partners, *_PARTNERS),
        period=m.name,
        share=whole_text(tally.active_share),
        change=moved_text(m.line.advocacy_change.points, m.line.advocacy_change.word, m.name_before),
        target=translate(_REACHED[tally.active_share < target], target=whole_text(target)),
    )


def _retention(c: Column) -> str:
    places = {"share": whole(c("influence")), "base": whole(c("base_share"))}
    certain = choice(f"OR({c('lift_low')}>0,{c('lift_high')}<0)", SHOWN, CANNOT_TELL)
    points = whole(f"ABS({c('lift')})")
    above, below = (translate_formula(text, **places, points=points, certainty=certain) for text in _PARTNERS_LIFT)
    parts = when_number(c("lift"), f"IF({c('lift')}<0,{below},{above})", translate_formula(_PARTNERS_PART, **places))
    words = count_live(
        c("retained"),
        *_RETAINED,
        customers=count_live(c("customers"), *_CUSTOMERS),
        period=c.name,
        rate=whole(c("retention")),
        partners=when_number(c("influence"), parts, c("influence_context")),
    )
    return when_number(c("retention"), words, translate_formula(_NO_RATE, advice=c("influence_context")))


def _retention_text(m: PeriodFigures) -> str:
    tally = m.line.retention
    if tally is None or tally.retention_rate is None:
        return translate(_NO_RATE, advice=contexts.influence_text(m))
    return count(
        tally.retained,
        *_RETAINED,
        customers=count(tally.customers, *_CUSTOMERS),
        period=m.name,
        rate=whole_text(tally.retention_rate),
        partners=_partners_text(m, tally),
    )


def _partners_text(m: PeriodFigures, tally: RetentionTally) -> str:
    share, lift, interval = m.line.influence_share, tally.lift_points, lift_interval(m)
    if share is None or tally.base_share is None:
        return contexts.influence_text(m)
    places = {"share": whole_text(share), "base": whole_text(tally.base_share)}
    if lift is None or interval is None:
        return translate(_PARTNERS_PART, **places)
    certain = translate(SHOWN if interval.low > 0 or interval.high < 0 else CANNOT_TELL)
    return translate(_PARTNERS_LIFT[lift < 0], **places, points=whole_text(abs(lift)), certainty=certain)


def _trend(c: Column, length: int, before: int | None) -> str:
    year = translate_formula(NO_YEAR)
    if before is not None:
        certain = choice(f"{c('year_word')}={translate_formula(CANNOT_TELL)}", CANNOT_TELL, SHOWN)
        change = direction(c("year_change"), c("year_word"))
        since = f"{c.layout.period_letter(before)}${HEAD_ROW}"
        words = translate_formula(_YEAR, period=since, change=change, certainty=certain)
        year = when_number(c("year_change"), words, translate_formula(NO_COMPARISON))
    places = {"periods": quoted(count(length, *_PERIODS)), "year": year}
    interval = between(c("rolling_low"), c("rolling_high"))
    within = translate_formula(_POOLED_WITHIN, nps=whole(c("rolling")), interval=interval, **places)
    pooled = when_number(c("rolling_low"), within, translate_formula(_POOLED, nps=whole(c("rolling")), **places))
    return when_number(c("rolling"), pooled, translate_formula(_NONE_POOLED, **places))


def _trend_text(m: PeriodFigures, length: int, before: int | None) -> str:
    pooled = pooled_scores(m, length)
    nps, interval = pooled.nps, pooled.interval(m.card.confidence)
    places = {"periods": count(length, *_PERIODS), "year": _year_text(m, before)}
    if nps is None:
        return translate(_NONE_POOLED, **places)
    if interval is None:
        return translate(_POOLED, nps=whole_text(nps), **places)
    return translate(_POOLED_WITHIN, nps=whole_text(nps), interval=between_text(interval.low, interval.high), **places)


def _year_text(m: PeriodFigures, before: int | None) -> str:
    change = year_change(m)
    if before is None or change is None:
        return translate(NO_YEAR)
    if change.raw is None:
        return translate(NO_COMPARISON)
    certain = translate(CANNOT_TELL if change.word == CANNOT_TELL else SHOWN)
    since = period_name(m.card.periods[before - 1])
    return translate(_YEAR, period=since, change=direction_text(change.raw, change.word), certainty=certain)
