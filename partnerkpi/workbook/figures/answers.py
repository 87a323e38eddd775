"""What each of the sheets Advocacy, Retention and Trend says, in a sentence: the answer to its question."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.workbook.arithmetic import when_number
from partnerkpi.workbook.figures import contexts
from partnerkpi.workbook.figures.base import Column, Figure, Month
from partnerkpi.workbook.figures.lift import lift_interval
from partnerkpi.workbook.figures.pooled import pooled_scores, year_change
from partnerkpi.workbook.layout import HEAD_ROW
from partnerkpi.workbook.names import of_kpi
from partnerkpi.workbook.phrases import (
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

NO_YEAR = "The data do not reach back a year."
NO_COMPARISON = "Nothing to compare it with a year before."
_NOTHING = '""'


def figures(length: int, before: Mapping[int, int]) -> list[Figure]:
    """Return the figures in the order of their rows; `length` and `before` as for those of several periods."""
    return [
        Figure("advocacy_says", "Headline, advocacy", _advocacy, _advocacy_text),
        Figure("retention_says", "Headline, retention", _retention, _retention_text),
        Figure(
            "trend_says",
            "Headline, trend",
            lambda c: _trend(c, min(length, c.number), before.get(c.number)),
            lambda m: _trend_text(m, min(length, m.number), before.get(m.number)),
        ),
    ]


def _advocacy(c: Column) -> str:
    partners = _plural(c("listed"), "partner")
    count = f'{c("active")}&" of "&{partners}&IF({c("active")}=1," was"," were")&" active in "&{c.name}'
    change = f'"{NOTHING_BEFORE}"'
    if c.number > 1:
        change = moved(c("advocacy_change"), c("advocacy_word"), c.name_before)
    words = f'{count}&": "&{whole(c("advocacy"))}&" %, "&{change}&". "&{_target(c("advocacy"), "advocacy")}'
    return when_number(c("advocacy"), words, f'"No share of active advocates. "&{c("advocacy_context")}')


def _advocacy_text(m: Month) -> str:
    tally = m.line.advocacy
    if tally is None or tally.active_share is None:
        return f"No share of active advocates. {contexts.advocacy_text(m)}"
    count = (
        f"{tally.active} of {_plural_text(tally.partners, 'partner')} {'was' if tally.active == 1 else 'were'} active"
    )
    change = moved_text(m.line.advocacy_change.points, m.line.advocacy_change.word, m.name_before)
    target = _target_text(m, tally.active_share, "advocacy")
    return f"{count} in {m.name}: {whole_text(tally.active_share)} %, {change}. {target}"


def _target(cell: str, kpi: str) -> str:
    target = of_kpi(kpi, "target")
    return f'"The target of "&{whole(target)}&" % is "&IF({cell}>={target},"","not ")&"reached."'


def _target_text(m: Month, value: float, kpi: str) -> str:
    target = m.card.benchmarks[kpi].target
    return f"The target of {whole_text(target)} % is {'' if value >= target else 'not '}reached."


def _retention(c: Column) -> str:
    was = f'IF({c("retained")}=1," was"," were")'
    kept = f'{c("retained")}&" of "&{_plural(c("customers"), "customer")}&{was}&" retained in "&{c.name}'
    kept += f'&": "&{whole(c("retention"))}&" %. "'
    parts = f'"Those with a partner are "&{whole(c("influence"))}&" % of them and "&{whole(c("base_share"))}'
    certain = f'IF(OR({c("lift_low")}>0,{c("lift_high")}<0),"{SHOWN}","{CANNOT_TELL}")'
    size = whole("ABS(" + c("lift") + ")")
    points = f'"; their rate is "&{size}&" points "&IF({c("lift")}<0,"below","above")'
    lift = f'{points}&" that of the others: "&{certain}'
    parts += f'&" % of all customers"&{when_number(c("lift"), lift, _NOTHING)}&"."'
    both = f"{kept}&{when_number(c('influence'), parts, c('influence_context'))}"
    return when_number(c("retention"), both, f'"No retention rate. "&{c("influence_context")}')


def _retention_text(m: Month) -> str:
    tally, share = m.line.retention, m.line.influence_share
    if tally is None or tally.retention_rate is None:
        return f"No retention rate. {contexts.influence_text(m)}"
    kept = f"{tally.retained} of {_plural_text(tally.customers, 'customer')} {'was' if tally.retained == 1 else 'were'}"
    kept += f" retained in {m.name}: {whole_text(tally.retention_rate)} %. "
    if share is None or tally.base_share is None:
        return kept + contexts.influence_text(m)
    parts = f"Those with a partner are {whole_text(share)} % of them and {whole_text(tally.base_share)} %"
    return f"{kept}{parts} of all customers{_lift_text(m)}."


def _lift_text(m: Month) -> str:
    lift = m.line.retention.lift_points if m.line.retention is not None else None
    interval = lift_interval(m)
    if lift is None or interval is None:
        return ""
    certain = SHOWN if interval.low > 0 or interval.high < 0 else CANNOT_TELL
    side = "below" if lift < 0 else "above"
    return f"; their rate is {whole_text(abs(lift))} points {side} that of the others: {certain}"


def _trend(c: Column, length: int, before: int | None) -> str:
    interval = f'" ("&{between(c("rolling_low"), c("rolling_high"))}&")"'
    pooled = (
        f'"NPS "&{whole(c("rolling"))}&" over {_periods(length)}"&{when_number(c("rolling_low"), interval, _NOTHING)}'
    )
    together = when_number(c("rolling"), f'{pooled}&". "', f'"No answers in {_periods(length)}. "')
    if before is None:
        return f'{together}&"{NO_YEAR}"'
    since = f"{c.layout.period_letter(before)}${HEAD_ROW}"
    certain = f'IF({c("year_word")}="{CANNOT_TELL}","{CANNOT_TELL}","{SHOWN}")'
    change = f'"In a year, since "&{since}&", it is "&{direction(c("year_change"), c("year_word"))}&": "&{certain}&"."'
    return f"{together}&{when_number(c('year_change'), change, _quoted(NO_COMPARISON))}"


def _trend_text(m: Month, length: int, before: int | None) -> str:
    pooled = pooled_scores(m, length)
    nps, interval = pooled.nps, pooled.interval(m.card.confidence)
    together = f"No answers in {_periods(length)}. "
    if nps is not None:
        reach = f" ({between_text(interval.low, interval.high)})" if interval is not None else ""
        together = f"NPS {whole_text(nps)} over {_periods(length)}{reach}. "
    change = year_change(m)
    if before is None or change is None:
        return together + NO_YEAR
    if change.raw is None:
        return together + NO_COMPARISON
    certain = CANNOT_TELL if change.word == CANNOT_TELL else SHOWN
    since = period_name(m.card.periods[before - 1])
    return f"{together}In a year, since {since}, it is {direction_text(change.raw, change.word)}: {certain}."


def _periods(length: int) -> str:
    return "one period" if length == 1 else f"{length} periods together"


def _plural(cell: str, noun: str) -> str:
    return f'{cell}&IF({cell}=1," {noun}"," {noun}s")'


def _plural_text(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}"


def _quoted(text: str) -> str:
    return f'"{text}"'
