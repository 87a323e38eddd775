"""The figures of a period in words: what the sentences and the tiles of the Scorecard say."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.kpi.intervals import Interval
from partnerkpi.scorecard.card import Line
from partnerkpi.workbook.figures.base import Column, Figure, PeriodFigures, kpis_of
from partnerkpi.workbook.figures.health import KPIS
from partnerkpi.workbook.figures.nps import TARGET, target_p
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.names import CONFIDENCE, of_kpi
from partnerkpi.workbook.model.phrases import (
    CANNOT_TELL,
    NOT_SHOWN,
    NOTHING_BEFORE,
    SHOWN,
    between,
    between_text,
    direction,
    direction_text,
    moved,
    moved_text,
    rounded,
    sure,
    sure_text,
    whole,
    whole_text,
)
from partnerkpi.workbook.model.translation import choice, message, translate, translate_formula

_NO_ANSWERS = message("No answers in {period}.")
_NPS, _NPS_MOVED = message("NPS {nps}."), message("NPS {nps}, {change} since {before}: {certainty}.")
_ONE_KPI = (
    message("The one KPI with data has reached its target."),
    message("The one KPI with data has not reached its target."),
)
_SOME_KPIS = (
    message("None of the {number} KPIs with data has reached its target."),
    message("{reached} of the {number} KPIs with data has reached its target."),
    message("{reached} of the {number} KPIs with data have reached their targets."),
)
_ABOVE = message("NPS in {period} is {points} above the target of {target}")
_BELOW = message("NPS in {period} is {points} below the target of {target}")
_ON_TARGET = message("NPS in {period} is on the target of {target}")
_JUDGED, _NO_TREND = message("{words}: {certainty}"), message("NPS by period; no answers in {period}")
_SHARES = message("{promoters} % promoters, {passives} % passives, {detractors} % detractors in {period}")
_NO_MIX, _WAS = message("No answers in {period}"), message("was {figure} in {period}")
_INTERVAL = message("{interval} ({sure})")
_CALLED = {
    "nps": message("NPS"),
    "advocacy": message("Advocacy"),
    "influence": message("Influence"),
    "response": message("Response"),
    "health": message("Health"),
}


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure("nps_says", translate("Headline, NPS"), _says, _says_text),
        Figure("targets_say", translate("Headline, targets"), _targets, _targets_text),
        Figure("target_says", translate("Above the trend"), _against_target, _against_target_text),
        Figure("mix_says", translate("Above the distribution"), _mix, _mix_text),
        _interval("nps", "", lambda m: m.line.nps_interval),
        _interval("advocacy", " %", lambda m: m.line.active_interval),
        _interval("influence", " %", _influence_interval),
        _moved("nps", lambda m: (m.line.nps_change.raw, m.line.nps_change.word)),
        _moved("advocacy", lambda m: (m.line.advocacy_change.points, m.line.advocacy_change.word)),
        _moved("influence", lambda m: (m.line.retention_change.points, m.line.retention_change.word)),
        _was("response", " %", lambda line: line.response_rate),
        _was("health", "", lambda line: line.health.score),
    ]


def _says(c: Column) -> str:
    no_answers = translate_formula(_NO_ANSWERS, period=c.name)
    alone = translate_formula(_NPS, nps=whole(c("nps")))
    if c.number == 1:
        return when_number(c("nps"), alone, no_answers)
    certain = choice(f"{c('nps_word')}={translate_formula(CANNOT_TELL)}", NOT_SHOWN, SHOWN)
    moved = direction(c("nps_change"), c("nps_word"))
    words = translate_formula(_NPS_MOVED, nps=whole(c("nps")), change=moved, before=c.name_before, certainty=certain)
    return when_number(c("nps"), when_number(c("nps_change"), words, alone), no_answers)


def _says_text(m: PeriodFigures) -> str:
    nps, change = m.line.scores.nps, m.line.nps_change
    if nps is None:
        return translate(_NO_ANSWERS, period=m.name)
    if change.raw is None or m.name_before is None:
        return translate(_NPS, nps=whole_text(nps))
    certain = translate(NOT_SHOWN if change.word == CANNOT_TELL else SHOWN)
    moved = direction_text(change.raw, change.word)
    return translate(_NPS_MOVED, nps=whole_text(nps), change=moved, before=m.name_before, certainty=certain)


def _targets(c: Column) -> str:
    known = f"COUNT({','.join(c(key) for _, key, _ in KPIS)})"
    reached = "+".join(when_number(c(key), f"IF({c(key)}>={of_kpi(kpi, 'target')},1,0)", "0") for kpi, key, _ in KPIS)
    one = choice(f"{reached}=1", *_ONE_KPI)
    none, single, several = (translate_formula(text, reached=reached, number=known) for text in _SOME_KPIS)
    return f'IF({known}=0,"",IF({known}=1,{one},IF({reached}=0,{none},IF({reached}=1,{single},{several}))))'


def _targets_text(m: PeriodFigures) -> str:
    known = [(value, m.card.benchmarks[kpi].target) for value, (kpi, _, _) in zip(m.kpis, KPIS, strict=True)]
    data = [(value, target) for value, target in known if value is not None]
    reached = sum(value >= target for value, target in data)
    if not data:
        return ""
    if len(data) == 1:
        return translate(_ONE_KPI[0 if reached else 1])
    return translate(_SOME_KPIS[min(reached, 2)], reached=reached, number=len(data))


def _against_target(c: Column) -> str:
    lead = f"({c('nps')}-{TARGET})"
    places = {"period": c.name, "target": whole(TARGET)}
    points = whole(f"ABS{lead}")
    above, below = (translate_formula(text, points=points, **places) for text in (_ABOVE, _BELOW))
    side = f"IF({lead}>0,{above},{below})"
    words = f"IF(ROUND(ROUND({lead},9),0)=0,{translate_formula(_ON_TARGET, **places)},{side})"
    certain = choice(f"{c('target_p')}<1-{CONFIDENCE}", SHOWN, NOT_SHOWN)
    judged = when_number(c("target_p"), translate_formula(_JUDGED, words=words, certainty=certain), words)
    return when_number(c("nps"), judged, translate_formula(_NO_TREND, period=c.name))


def _against_target_text(m: PeriodFigures) -> str:
    nps, target = m.line.scores.nps, m.card.benchmarks["nps"].target
    if nps is None:
        return translate(_NO_TREND, period=m.name)
    lead = nps - target
    side = (_ABOVE if lead > 0 else _BELOW) if rounded(lead) else _ON_TARGET
    words = translate(side, period=m.name, target=whole_text(target), points=whole_text(abs(lead)))
    p = target_p(m)
    if not isinstance(p, float):
        return words
    return translate(_JUDGED, words=words, certainty=translate(SHOWN if p < 1 - m.card.confidence else NOT_SHOWN))


def _mix(c: Column) -> str:
    shares = {band: whole(c(f"{band}_share")) for band in ("promoters", "passives", "detractors")}
    words = translate_formula(_SHARES, period=c.name, **shares)
    return f"IF({c('answers')}>0,{words},{translate_formula(_NO_MIX, period=c.name)})"


def _mix_text(m: PeriodFigures) -> str:
    shares = m.line.scores.shares
    if shares is None:
        return translate(_NO_MIX, period=m.name)
    parts = {band: whole_text(getattr(shares, band)) for band in ("promoters", "passives", "detractors")}
    return translate(_SHARES, period=m.name, **parts)


def _interval(key: str, unit: str, value: Callable[[PeriodFigures], Interval | None]) -> Figure:
    """Return an interval in words; nothing without one."""

    def text(m: PeriodFigures) -> str:
        interval = value(m)
        if interval is None:
            return ""
        reach = between_text(interval.low, interval.high, unit)
        return translate(_INTERVAL, interval=reach, sure=sure_text(m.card.confidence))

    ends = f"{key}_low", f"{key}_high"
    return Figure(
        f"{key}_interval",
        translate("{figure}, interval in words", figure=translate(_CALLED[key])),
        lambda c: when_number(
            c(ends[0]), translate_formula(_INTERVAL, interval=between(c(ends[0]), c(ends[1]), unit), sure=sure()), '""'
        ),
        text,
    )


def _influence_interval(m: PeriodFigures) -> Interval | None:
    return m.line.retention.influence_interval(m.card.confidence) if m.line.retention is not None else None


def _moved(key: str, change: Callable[[PeriodFigures], tuple[float | None, str]]) -> Figure:
    """Return a change in words; nothing for a figure without data."""

    def formula(c: Column) -> str:
        if c.number == 1:
            return when_number(c(key), translate_formula(NOTHING_BEFORE), '""')
        return when_number(c(key), moved(c(f"{key}_change"), c(f"{key}_word"), c.name_before), '""')

    def text(m: PeriodFigures) -> str:
        value = dict(zip((key for _, key, _ in KPIS), kpis_of(m.line), strict=True))[key]
        return "" if value is None else moved_text(*change(m), m.name_before)

    label = translate("{figure}, change in words", figure=translate(_CALLED[key]))
    return Figure(f"{key}_moved", label, formula, text)


def _was(key: str, unit: str, value: Callable[[Line], float | None]) -> Figure:
    """Return what a figure was in the period before, for those that have no test of their change."""

    def formula(c: Column) -> str:
        if c.number == 1:
            return when_number(c(key), translate_formula(NOTHING_BEFORE), '""')
        was = translate_formula(
            _WAS, figure=whole(c.before(key)) + (f'&"{unit}"' if unit else ""), period=c.name_before
        )
        return when_number(c(key), when_number(c.before(key), was, translate_formula(NOTHING_BEFORE)), '""')

    def text(m: PeriodFigures) -> Value:
        if value(m.line) is None:
            return ""
        before = value(m.previous) if m.previous is not None else None
        if before is None:
            return translate(NOTHING_BEFORE)
        return translate(_WAS, figure=f"{whole_text(before)}{unit}", period=m.name_before)

    label = translate("{figure}, the period before in words", figure=translate(_CALLED[key]))
    return Figure(f"{key}_was", label, formula, text)
