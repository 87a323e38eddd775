"""The figures of a period in words: what the sentences and the tiles of the Scorecard say."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.kpi.intervals import Interval
from partnerkpi.scorecard.card import Line
from partnerkpi.workbook.arithmetic import when_number
from partnerkpi.workbook.figures.base import Column, Figure, Month, kpis_of
from partnerkpi.workbook.figures.health import KPIS
from partnerkpi.workbook.figures.nps import TARGET, target_p
from partnerkpi.workbook.markup import Value
from partnerkpi.workbook.names import CONFIDENCE, of_kpi
from partnerkpi.workbook.phrases import (
    CANNOT_TELL,
    NOTHING_BEFORE,
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


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure("nps_says", "Headline, NPS", _says, _says_text),
        Figure("targets_say", "Headline, targets", _targets, _targets_text),
        Figure("target_says", "Above the trend", _against_target, _against_target_text),
        Figure("mix_says", "Above the distribution", _mix, _mix_text),
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
    words = f'"NPS "&{whole(c("nps"))}'
    if c.number > 1:
        certain = f'IF({c("nps_word")}="{CANNOT_TELL}","{CANNOT_TELL} from noise","more than noise")'
        change = f'", "&{direction(c("nps_change"), c("nps_word"))}&" since "&{c.name_before}&": "&{certain}'
        words += "&" + when_number(c("nps_change"), change, '""')
    return when_number(c("nps"), f'{words}&"."', f'"No answers in "&{c.name}&"."')


def _says_text(m: Month) -> str:
    nps, change = m.line.scores.nps, m.line.nps_change
    if nps is None:
        return f"No answers in {m.name}."
    words = f"NPS {whole_text(nps)}"
    if change.raw is not None and m.name_before is not None:
        certain = "cannot tell from noise" if change.word == CANNOT_TELL else "more than noise"
        words += f", {direction_text(change.raw, change.word)} since {m.name_before}: {certain}"
    return f"{words}."


def _targets(c: Column) -> str:
    known = f"COUNT({','.join(c(key) for _, key, _ in KPIS)})"
    reached = "+".join(when_number(c(key), f"IF({c(key)}>={of_kpi(kpi, 'target')},1,0)", "0") for kpi, key, _ in KPIS)
    one = f'"The one KPI with data has "&IF({reached}=1,"","not ")&"reached its target."'
    several = (
        f'IF({reached}=0,"None",{reached})&" of the "&{known}&" KPIs with data "'
        f'&IF({reached}>1,"have reached their targets.","has reached its target.")'
    )
    return f'IF({known}=0,"",IF({known}=1,{one},{several}))'


def _targets_text(m: Month) -> str:
    known = [(value, m.card.benchmarks[kpi].target) for value, (kpi, _, _) in zip(m.kpis, KPIS, strict=True)]
    data = [(value, target) for value, target in known if value is not None]
    reached = sum(value >= target for value, target in data)
    if not data:
        return ""
    if len(data) == 1:
        return f"The one KPI with data has {'' if reached else 'not '}reached its target."
    which = "have reached their targets." if reached > 1 else "has reached its target."
    return f"{reached or 'None'} of the {len(data)} KPIs with data {which}"


def _against_target(c: Column) -> str:
    lead = f"({c('nps')}-{TARGET})"
    side = f'{whole(f"ABS{lead}")}&IF({lead}>0," above"," below")&" the target"'
    place = f'IF(ROUND(ROUND({lead},9),0)=0,"on the target",{side})'
    certain = when_number(
        c("target_p"), f'IF({c("target_p")}<1-{CONFIDENCE},": more than noise",": {CANNOT_TELL} from noise")', '""'
    )
    words = f'"NPS in "&{c.name}&" is "&{place}&" of "&{whole(TARGET)}&{certain}'
    return when_number(c("nps"), words, f'"NPS by period; no answers in "&{c.name}')


def _against_target_text(m: Month) -> str:
    nps, target = m.line.scores.nps, m.card.benchmarks["nps"].target
    if nps is None:
        return f"NPS by period; no answers in {m.name}"
    lead = nps - target
    side = f"{whole_text(abs(lead))} {'above' if lead > 0 else 'below'} the target"
    place = side if rounded(lead) else "on the target"
    p = target_p(m)
    certain = ""
    if isinstance(p, float):
        certain = ": more than noise" if p < 1 - m.card.confidence else f": {CANNOT_TELL} from noise"
    return f"NPS in {m.name} is {place} of {whole_text(target)}{certain}"


def _mix(c: Column) -> str:
    parts = (f'{whole(c(f"{band}_share"))}&" % {band}' for band in ("promoters", "passives", "detractors"))
    words = ', "&'.join(parts)
    return f'IF({c("answers")}>0,{words} in "&{c.name},"No answers in "&{c.name})'


def _mix_text(m: Month) -> str:
    shares = m.line.scores.shares
    if shares is None:
        return f"No answers in {m.name}"
    parts = (("promoters", shares.promoters), ("passives", shares.passives), ("detractors", shares.detractors))
    return ", ".join(f"{whole_text(share)} % {band}" for band, share in parts) + f" in {m.name}"


def _interval(key: str, unit: str, value: Callable[[Month], Interval | None]) -> Figure:
    """Return an interval in words; nothing without one."""

    def text(m: Month) -> str:
        interval = value(m)
        if interval is None:
            return ""
        return f"{between_text(interval.low, interval.high, unit)} ({sure_text(m.card.confidence)})"

    ends = f"{key}_low", f"{key}_high"
    return Figure(
        f"{key}_interval",
        f"{key.upper() if key == 'nps' else key.capitalize()}, interval in words",
        lambda c: when_number(c(ends[0]), f'{between(c(ends[0]), c(ends[1]), unit)}&" ("&{sure()}&")"', '""'),
        text,
    )


def _influence_interval(m: Month) -> Interval | None:
    return m.line.retention.influence_interval(m.card.confidence) if m.line.retention is not None else None


def _moved(key: str, change: Callable[[Month], tuple[float | None, str]]) -> Figure:
    """Return a change in words; nothing for a figure without data."""

    def formula(c: Column) -> str:
        if c.number == 1:
            return when_number(c(key), f'"{NOTHING_BEFORE}"', '""')
        return when_number(c(key), moved(c(f"{key}_change"), c(f"{key}_word"), c.name_before), '""')

    def text(m: Month) -> str:
        value = dict(zip((key for _, key, _ in KPIS), kpis_of(m.line), strict=True))[key]
        return "" if value is None else moved_text(*change(m), m.name_before)

    return Figure(
        f"{key}_moved", f"{key.upper() if key == 'nps' else key.capitalize()}, change in words", formula, text
    )


def _was(key: str, unit: str, value: Callable[[Line], float | None]) -> Figure:
    """Return what a figure was in the period before, for those that have no test of their change."""

    def formula(c: Column) -> str:
        if c.number == 1:
            return when_number(c(key), f'"{NOTHING_BEFORE}"', '""')
        was = f'"was "&{whole(c.before(key))}&"{unit} in "&{c.name_before}'
        return when_number(c(key), when_number(c.before(key), was, f'"{NOTHING_BEFORE}"'), '""')

    def text(m: Month) -> Value:
        if value(m.line) is None:
            return ""
        before = value(m.previous) if m.previous is not None else None
        return NOTHING_BEFORE if before is None else f"was {whole_text(before)}{unit} in {m.name_before}"

    return Figure(f"{key}_was", f"{key.capitalize()}, the period before in words", formula, text)
