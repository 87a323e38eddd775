"""The figures of a period in words: what the sentences and the tiles of the Scorecard say."""

from __future__ import annotations

from partnerkpi.workbook.figures.base import (
    Figure,
    OfPeriod,
    figure,
    if_later,
    in_words,
    name_of_period,
    setting,
    target_of,
)
from partnerkpi.workbook.figures.health import KPIS
from partnerkpi.workbook.model.expression import how_many, in_brackets, size, tell, total, when, when_number
from partnerkpi.workbook.model.names import CONFIDENCE
from partnerkpi.workbook.model.phrases import (
    NOT_SHOWN,
    NOTHING_BEFORE,
    SHOWN,
    between,
    certainty,
    direction,
    moved,
    nearest,
    sure,
    whole,
    with_unit,
)
from partnerkpi.workbook.model.translation import message, translate

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
        in_words("nps_headline", translate("Headline, NPS"), _headline()),
        in_words("targets_headline", translate("Headline, targets"), _targets()),
        in_words("above_trend", translate("Above the trend"), _against_target()),
        in_words("above_mix", translate("Above the distribution"), _mix()),
        _interval("nps"),
        _interval("advocacy", " %"),
        _interval("influence", " %"),
        *(_moved(key) for _, key, _ in KPIS),
        _was("response", " %"),
        _was("health"),
    ]


def _headline() -> OfPeriod:
    nps, change, word = figure("nps"), figure("nps_change"), figure("nps_word")
    alone = tell("NPS {nps}.", nps=whole(nps))
    compared = tell(
        "NPS {nps}, {change} since {before}: {certainty}.",
        nps=whole(nps),
        change=direction(change, word),
        before=name_of_period(1),
        certainty=certainty(word, NOT_SHOWN),
    )
    none = tell("No answers in {period}.", period=name_of_period())
    return when_number(nps, if_later(when_number(change, compared, alone), alone), none)


def _targets() -> OfPeriod:
    known = how_many(*(figure(key) for _, key, _ in KPIS))
    tests = (when_number(figure(key), when(figure(key) >= target_of(kpi), 1, 0), 0) for kpi, key, _ in KPIS)
    reached = total(*tests)
    one = when(
        reached.equals(1),
        tell("The one KPI with data has reached its target."),
        tell("The one KPI with data has not reached its target."),
    )
    none = tell("None of the {number} KPIs with data has reached its target.", number=known)
    single = tell("{reached} of the {number} KPIs with data has reached its target.", reached=reached, number=known)
    several = tell(
        "{reached} of the {number} KPIs with data have reached their targets.", reached=reached, number=known
    )
    some = when(reached.equals(0), none, when(reached.equals(1), single, several))
    return when(known.equals(0), "", when(known.equals(1), one, some))


def _against_target() -> OfPeriod:
    nps, target, p = figure("nps"), target_of("nps"), figure("target_p")
    lead = in_brackets(nps - target)
    places = {"period": name_of_period(), "target": whole(target), "points": whole(size(nps - target))}
    above = tell("NPS in {period} is {points} above the target of {target}", **places)
    below = tell("NPS in {period} is {points} below the target of {target}", **places)
    on_target = tell("NPS in {period} is on the target of {target}", **places)
    words = when(nearest(lead).equals(0), on_target, when(lead > 0, above, below))
    limit = setting(f"1-{CONFIDENCE}", lambda card: 1 - card.confidence)
    judged = tell("{words}: {certainty}", words=words, certainty=when(p < limit, tell(SHOWN), tell(NOT_SHOWN)))
    none = tell("NPS by period; no answers in {period}", period=name_of_period())
    return when_number(nps, when_number(p, judged, words), none)


def _mix() -> OfPeriod:
    shares = {band: whole(figure(f"{band}_share")) for band in ("promoters", "passives", "detractors")}
    words = tell(
        "{promoters} % promoters, {passives} % passives, {detractors} % detractors in {period}",
        period=name_of_period(),
        **shares,
    )
    return when(figure("answers") > 0, words, tell("No answers in {period}", period=name_of_period()))


def _interval(key: str, unit: str = "") -> Figure:
    """Return an interval in words; nothing without one."""
    low, high = figure(f"{key}_low"), figure(f"{key}_high")
    confidence = setting(CONFIDENCE, lambda card: card.confidence)
    words = tell("{interval} ({sure})", interval=between(low, high, unit), sure=sure(confidence))
    label = translate("{figure}, interval in words", figure=translate(_CALLED[key]))
    return in_words(f"{key}_interval", label, when_number(low, words))


def _moved(key: str) -> Figure:
    """Return a change in words; nothing for a figure without data."""
    words = moved(figure(f"{key}_change"), figure(f"{key}_word"), name_of_period(1))
    label = translate("{figure}, change in words", figure=translate(_CALLED[key]))
    return in_words(f"{key}_moved", label, when_number(figure(key), if_later(words, tell(NOTHING_BEFORE))))


def _was(key: str, unit: str = "") -> Figure:
    """Return what a figure was in the period before, for those that have no test of their change."""
    before = figure(key, 1)
    was = tell("was {figure} in {period}", figure=with_unit(whole(before), unit), period=name_of_period(1))
    label = translate("{figure}, the period before in words", figure=translate(_CALLED[key]))
    words = if_later(when_number(before, was, tell(NOTHING_BEFORE)), tell(NOTHING_BEFORE))
    return in_words(f"{key}_was", label, when_number(figure(key), words))
