"""What the first page says of a period: how each KPI moved, the headline, and how far to trust the NPS.

A change that is more than chance has an arrow, "↑ 5"; one within chance, or one that is not tested, a sign, "+5". So
the difference is seen in grey as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.language.figures import DOWN, FULL_COUNT, PERIODS, UP
from partnerkpi.workbook.figures.base import (
    Figure,
    OfPeriod,
    by_number,
    expressed,
    figure,
    if_later,
    if_to_date,
    name_of_period,
    target_of,
)
from partnerkpi.workbook.figures.certainty import FULL, OTHERS
from partnerkpi.workbook.figures.charts import REVENUE
from partnerkpi.workbook.model.expression import (
    count,
    expression,
    in_brackets,
    joined,
    or_,
    size,
    tell,
    when,
    when_number,
)
from partnerkpi.workbook.model.phrases import PERCENT, counted, nearest, whole, with_unit
from partnerkpi.workbook.model.translation import message, translate

RISES, FALLS = "↑", "↓"
_OPEN = 75  # points to either side: an interval so wide leaves everything open
#: The rows of the page that compare with earlier periods, and what they are called on Data.
COMPARED = {
    "nps": message("NPS"),
    "advocacy": message("Active advocates"),
    "influence": message("Influence share"),
    "retention": message("Retention rate"),
    "response": message("Response rate"),
    **REVENUE,
}
_POINT, _POINTS = message("{change} pt"), message("{change} pts")


def figures(length: int, before: Mapping[int, int], kind: str, *, answers: bool, revenue: bool) -> list[Figure]:
    """Return the figures in the order of their rows; `length` and `before` as for those of several periods.

    Without `answers` the page leads with the customers, or with advocacy; of `revenue` it tells where that is known.
    """
    alone = expressed("page_retention", translate("Page, customers in words"), _customers(kind))
    keys = [key for key in COMPARED if revenue or key not in REVENUE]
    found = [_against_previous(key) for key in keys] + [
        _against_year(key, length, before) for key in keys if key != "response"
    ]
    return [
        *found,
        expressed("page_headline", translate("Page, headline"), _headline(length, kind)),
        *([] if answers else [alone]),
        expressed("page_trust", translate("Page, how far to trust it"), _trust()),
    ]


def _against_previous(key: str) -> Figure:
    """Return the change since the period before, of a share that adds up to date since the same day of it."""
    label = translate("Page, {figure} against the period before", figure=translate(COMPARED[key]))
    if key == "nps":
        words = _change(figure("nps_change"), figure("nps_word"))
    elif key in ("advocacy", "influence"):
        words = _change(figure(f"{key}_change"), figure(f"{key}_word"), unit=True)
    else:
        words = _untested(key, 1)
        if key == "response":
            words = if_to_date("", words)
    return expressed(f"{key}_previous_page", label, when_number(figure(key), if_later(words, expression(""))))


def _against_year(key: str, length: int, before: Mapping[int, int]) -> Figure:
    """Return the change in a year: of the NPS, where data reach back so far, of several periods on as many before."""

    def words(number: int) -> OfPeriod | str:
        if key == "nps" and number >= 2 * length > 2:
            return _change(figure("rolled_change"), figure("rolled_word"))
        if number not in before:
            return ""
        if key == "nps":
            return _change(figure("year_change"), figure("year_word"))
        return _untested(key, number - before[number])

    told = by_number(words)
    if key == "advocacy":
        told = if_to_date("", told)
    label = translate("Page, {figure} against the year before", figure=translate(COMPARED[key]))
    return expressed(f"{key}_year_page", label, when_number(figure(key), told))


def _change(change: OfPeriod, word: OfPeriod, *, unit: bool = False) -> OfPeriod:
    arrow = when(word.equals(tell(UP)), f"{RISES} ", f"{FALLS} ")
    shown = joined(arrow, _unsigned(change))
    text = when(or_(word.equals(tell(UP)), word.equals(tell(DOWN))), shown, _signed(change))
    return when_number(change, _points(change, text) if unit else text)


def _untested(key: str, back: int) -> OfPeriod:
    change = in_brackets(figure(key) - figure(key, back))
    return when_number(figure(key, back), _points(change, _signed(change)))


def _points(change: OfPeriod, text: OfPeriod) -> OfPeriod:
    """Return a change of a share with its unit: +1 pt, +3 pts."""
    return when(size(nearest(change)).equals(1), tell(_POINT, change=text), tell(_POINTS, change=text))


def _unsigned(change: OfPeriod) -> OfPeriod:
    """Return how large a change is; one that is shown is never 0."""
    return when(nearest(change).equals(0), "<1", whole(size(change)))


def _signed(change: OfPeriod) -> OfPeriod:
    return joined(when(nearest(change) > 0, "+", ""), whole(change))


def _headline(length: int, kind: str) -> OfPeriod:
    """Return what the NPS says, as a person would say it: the comparison that holds, or that it stands where it was."""
    nps, moved = whole(figure("nps")), figure("nps_moved")
    compared = figure("nps_moved").differs(tell("nothing to compare it with"))
    lead = in_brackets(figure("nps") - target_of("nps"))
    against = {"nps": nps, "points": whole(size(lead)), "target": whole(target_of("nps"))}
    reached = when(
        nearest(lead).equals(0),
        tell("NPS {nps}: on target.", nps=nps),
        when(
            lead > 0,
            tell("NPS {nps}: {points} above the target of {target}.", **against),
            tell("NPS {nps}: {points} below the target of {target}.", **against),
        ),
    )
    single = when(compared, tell("NPS {nps}, {moved}.", nps=nps, moved=moved), reached)
    places: dict[str, OfPeriod | str] = {
        "nps": whole(figure("rolling")),
        "periods": translate(PERIODS.get(kind, PERIODS["quarter"]), n=length),
        "points": whole(size(figure("rolled_change"))),
    }
    better = tell("Partners recommend us more than before: NPS {nps} over {periods}, up {points}.", **places)
    worse = tell("Partners recommend us less than before: NPS {nps} over {periods}, down {points}.", **places)
    over = when(figure("rolled_change") > 0, better, worse)
    leads = when(figure("lead").equals(3), over, single)
    told = by_number(lambda number: leads if number >= 2 * length > 2 else single)
    return when_number(figure("nps"), told, tell("No answers in {period}.", period=name_of_period()))


def _customers(kind: str) -> OfPeriod:
    """Return what became of the customers, and the part of those with a partner where it is known."""
    places: dict[str, OfPeriod | str] = {
        "customers": count(figure("customers"), "{n} customer", "{n} customers"),
        "rate": whole(figure("retention")),
    }
    if kind == "all":
        kept = count(
            figure("retained"),
            "{n} of {customers} was retained: {rate} %.",
            "{n} of {customers} were retained: {rate} %.",
            **places,
        )
    else:
        kept = count(
            figure("retained"),
            "{n} of {customers} was retained in {period}: {rate} %.",
            "{n} of {customers} were retained in {period}: {rate} %.",
            period=name_of_period(),
            **places,
        )
    part = tell(
        " Those with a partner are {share} % of them and {base} % of all customers.",
        share=whole(figure("influence")),
        base=whole(figure("base_share")),
    )
    told = joined(kept, when_number(figure("influence"), part))
    return when_number(figure("retention"), told, tell("No customers in {period}.", period=name_of_period()))


def _trust() -> OfPeriod:
    """Say how well the NPS of the period is known, and how many of those who were invited are silent."""
    half = in_brackets(figure("stated_high") - figure("stated_low")) / 2
    well = count(nearest(half), "The NPS is known to ±{n} point.", "The NPS is known to ±{n} points.")
    roughly = tell("The NPS is known only roughly, to ±{points} points.", points=whole(half))
    others = tell("The NPS is known to ±{points} points if these partners stand for others.", points=whole(half))
    own = in_brackets(figure("nps_high") - figure("nps_low")) / 2
    nothing = tell(
        "These {partners} partners tell nothing of others; of them the NPS is known to ±{points} points.",
        partners=counted(figure("clusters")),
        points=whole(own),
    )
    known = when_number(
        figure("stated_low"),
        when(figure("reading").equals(OTHERS), when(half > _OPEN, nothing, others), when(half > 25, roughly, well)),
    )
    full = when(figure("reading").equals(FULL), tell("The NPS is {how}.", how=tell(FULL_COUNT)), known)
    silent = when_number(
        figure("silent_share"),
        when(
            figure("silent_share") > 0,
            tell(" {share} of those invited did not answer.", share=with_unit(whole(figure("silent_share")), PERCENT)),
        ),
    )
    return when_number(figure("nps"), joined(full, silent))
