"""The figures of a period in words: headlines, what the tiles say, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partnerkpi.language.figures import (
    DASH,
    FULL_COUNT,
    NOT_SHOWN,
    NOTHING_BEFORE,
    READ_AS,
    SHOWN,
)
from partnerkpi.workbook.figures.base import (
    Figure,
    OfPeriod,
    by_number,
    expressed,
    figure,
    if_later,
    if_to_date,
    name_of_period,
    setting,
    target_of,
)
from partnerkpi.workbook.figures.certainty import FULL, OTHERS, READINGS, THESE
from partnerkpi.workbook.figures.health import ADDS_UP, KPIS
from partnerkpi.workbook.figures.over_time import nps_headline, nps_moved, trend_headline, year_words
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import (
    Expression,
    count,
    expression,
    how_many,
    in_brackets,
    joined,
    or_,
    size,
    tell,
    total,
    when,
    when_number,
)
from partnerkpi.workbook.model.phrases import (
    PERCENT,
    between,
    counted,
    interval_at,
    moved_count,
    nearest,
    whole,
    with_unit,
)
from partnerkpi.workbook.model.translation import message, translate

ADD_ACTIVITIES = message("Add a file with the partners' activities.")
ADD_PARTNERS = message("Add the list of partners.")
ADD_CUSTOMERS = message("Add a file with the customers.")
ONE_ACTIVE = message("One partner is active or it is not: there is no share.")
#: Said of a programme that is one partner: what all partners do together is no more than what it does.
ONE_PARTNER = message("One partner has no influence share: its part of all retained is on Partners.")
#: Said of a part of the data that was chosen by partner.
ALL_CAME = message("All of these customers came with a partner: there is no influence share.")
ADD_ATTRIBUTION = message("Name the partner of each customer.")
ADD_INVITED = message("Add how many people were invited.")
EMPTY_LIST = message("No partner was on the list then.")

#: What was given, 1 or 0.
_ACTIVITIES = setting(names.HAS_ACTIVITIES, lambda card: int(card.has_activities))
_PARTNER_LIST = setting(names.HAS_PARTNER_LIST, lambda card: int(card.has_partner_list))
_CUSTOMERS = setting(names.HAS_CUSTOMERS, lambda card: int(card.has_customers))
_ATTRIBUTION = setting(names.HAS_CUSTOMER_PARTNERS, lambda card: int(card.customers_have_partners))
_FEWEST = setting(names.MIN_ANSWERS, lambda card: card.min_responses)
#: The KPIs of a period to date that can be rated already.
_OVER = [kpi for kpi in KPIS if kpi[1] != ADDS_UP]
_CALLED = {
    "nps": message("NPS"),
    "advocacy": message("Advocacy"),
    "influence": message("Influence"),
    "response": message("Response"),
    "retention": message("Retention"),
    "activities": message("Activities"),
    "customers": message("Customers"),
}


def figures(length: int, before: Mapping[int, int], kind: str, *, so_far: bool, is_pack: bool = False) -> list[Figure]:
    """Return the figures in the order of their rows; `length` and `before` as for those of several periods.

    `so_far` where a period to date is compared with the one before; what a tile says stands in a pack alone.
    """
    tiles = [
        _nps_interval(),
        _full_count("advocacy"),
        _interval("influence", PERCENT),
        _was("response", PERCENT, _response_then() if so_far else tell(NOTHING_BEFORE)),
        _interval("retention", PERCENT),
        _was("retention", PERCENT),
        _was("customers"),
        _was("activities", "", tell(NOTHING_BEFORE)),  # to date they are not all there
    ]
    return [
        expressed("nps_headline", translate("Headline, NPS"), nps_headline(length, kind)),
        expressed("targets_headline", translate("Headline, targets"), if_to_date(_targets(_OVER), _targets(KPIS))),
        expressed("above_trend", translate("Above the trend"), _against_target()),
        expressed("above_mix", translate("Above the distribution"), _mix()),
        nps_moved(before),
        *(tiles if is_pack else []),
    ]


def _targets(kpis: Sequence[tuple[str, str, str]]) -> OfPeriod:
    known = how_many(*(_of_several(key) for _, key, _ in kpis))
    tests = (when_number(_of_several(key), when(figure(key) >= target_of(kpi), 1, 0), 0) for kpi, key, _ in kpis)
    reached = total(*tests)
    one = when(
        reached.equals(1),
        tell("The one KPI with a target has reached it."),
        tell("The one KPI with a target has not reached it."),
    )
    places = {"reached": whole(reached), "number": whole(known)}
    none = tell("None of the {number} KPIs with a target has reached it.", **places)
    single = tell("{reached} of the {number} KPIs with a target has reached it.", **places)
    several = tell("{reached} of the {number} KPIs with a target have reached it.", **places)
    every = when(
        known.equals(2),
        tell("Both KPIs with a target have reached it."),
        tell("All {number} KPIs with a target have reached it.", **places),
    )
    some = when(reached.equals(0), none, when(reached.equals(known), every, when(reached.equals(1), single, several)))
    return when(known.equals(0), "", when(known.equals(1), one, some))


def _of_several(key: str) -> OfPeriod:
    """Return a figure that a target can be held against: one partner has no share of active ones."""
    return when(figure("listed").equals(1), DASH, figure(key)) if key == "advocacy" else figure(key)


def _against_target() -> OfPeriod:
    nps, target, p = figure("nps"), target_of("nps"), figure("target_p")
    lead = in_brackets(nps - target)
    places = {"period": name_of_period(), "target": whole(target), "points": whole(size(nps - target))}
    above = tell("NPS in {period} is {points} above the target of {target}", **places)
    below = tell("NPS in {period} is {points} below the target of {target}", **places)
    on_target = tell("NPS in {period} is on the target of {target}", **places)
    words = when(nearest(lead).equals(0), on_target, when(lead > 0, above, below))
    limit = setting(f"1-{names.CONFIDENCE}", lambda card: 1 - card.confidence)
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


def _nps_interval() -> Figure:
    """Return the interval of the NPS that is said; how it is to be read stands with what the NPS rests on."""
    words = when_number(figure("stated_low"), between(figure("stated_low"), figure("stated_high")))
    return expressed(
        "nps_interval",
        translate("{figure}, interval in words", figure=translate(_CALLED["nps"])),
        when(figure("reading").equals(FULL), tell(FULL_COUNT), words),
    )


def _full_count(key: str) -> Figure:
    """Say of a share of all partners on the list that it is no sample."""
    label = translate("{figure}, interval in words", figure=translate(_CALLED[key]))
    return expressed(f"{key}_interval", label, when_number(figure(key), tell(FULL_COUNT)))


def _interval(key: str, unit: str = "") -> Figure:
    """Return an interval in words; nothing without one."""
    low, high = figure(f"{key}_low"), figure(f"{key}_high")
    confidence = setting(names.CONFIDENCE, lambda card: card.confidence)
    words = tell("{interval} ({confidence})", interval=between(low, high, unit), confidence=interval_at(confidence))
    label = translate("{figure}, interval in words", figure=translate(_CALLED[key]))
    return expressed(f"{key}_interval", label, when_number(low, words))


def _was(key: str, unit: str = "", to_date: OfPeriod | None = None) -> Figure:
    """Return what a figure was in the period before, for those that have no test of their change; or `to_date`."""
    before = figure(key, 1)
    figure_before = with_unit(whole(before), unit) if unit else counted(before)
    was = tell("was {figure} in {period}", figure=figure_before, period=name_of_period(1))
    label = translate("{figure}, the period before in words", figure=translate(_CALLED[key]))
    words = if_later(when_number(before, was, tell(NOTHING_BEFORE)), tell(NOTHING_BEFORE))
    return expressed(
        f"{key}_was", label, when_number(figure(key), words if to_date is None else if_to_date(to_date, words))
    )


def _response_then() -> OfPeriod:
    before = figure("response_then")
    was = tell("was {figure}, same day of {period}", figure=with_unit(whole(before), PERCENT), period=name_of_period(1))
    return when_number(before, was, tell(NOTHING_BEFORE))


def contexts(*, is_pack: bool, by_partner: bool = False) -> list[Figure]:
    """Return the figures in the order of their rows."""
    tiles = [
        expressed("nps_context", translate("NPS, what it rests on"), _nps_context()),
        expressed("retention_context", translate("Retention rate, what it rests on"), _retention_context()),
    ]
    return [
        *(tiles if is_pack else []),
        expressed("advocacy_context", translate("Active advocates, what they rest on"), _advocacy_context()),
        expressed(
            "influence_context", translate("Influence share, what it rests on"), _influence_context(is_pack, by_partner)
        ),
        expressed("response_context", translate("Response rate, what it rests on"), _response_context()),
    ]


def _nps_context() -> OfPeriod:
    plain = count(figure("answers"), "{n} answer", "{n} answers")
    these, others = (tell(READ_AS[READINGS[number]], interval=plain) for number in (THESE, OTHERS))
    answers = when(figure("reading").equals(OTHERS), others, when(figure("reading").equals(THESE), these, plain))
    words = when(figure("answers") < _FEWEST, tell("{answers}; few: read with care", answers=answers), answers)
    none = tell("No answers in {period}.", period=name_of_period())
    return when(figure("answers") > 0, words, none)


def _advocacy_context() -> OfPeriod:
    words = count(
        figure("listed"),
        "{active} of {n} partner, {activities}",
        "{active} of {n} partners, {activities}",
        active=counted(figure("active")),
        activities=count(figure("activities"), "{n} activity", "{n} activities"),
    )
    no_list = when(_PARTNER_LIST.differs(1), tell(ADD_PARTNERS), tell(EMPTY_LIST))
    listed = when(figure("listed") > 0, words, no_list)
    return when_number(figure("listed"), listed, when(_ACTIVITIES.differs(1), tell(ADD_ACTIVITIES), no_list))


def _influence_context(is_pack: bool, by_partner: bool) -> OfPeriod:
    share, index, rate = whole(figure("base_share")), whole(figure("index")), whole(figure("retention"))
    words = when_number(
        figure("index"),
        tell("Base share {share} %, index {index}", share=share, index=index),
        tell("Base share {share} %", share=share),
    )
    no_customers = tell("No customers in {period}.", period=name_of_period())
    unnamed: OfPeriod = tell(ADD_ATTRIBUTION)
    if is_pack:
        own = tell("Retention {rate} % of your customers.", rate=rate)
        unnamed = when_number(figure("retention"), own, no_customers)
    partners: OfPeriod = Expression(lambda c: c.count(own="1"), lambda m: len(m.card.partners))
    alone = when(figure("own_customers") > 0, tell(ONE_PARTNER), tell(ADD_ATTRIBUTION))
    why = tell(ALL_CAME) if by_partner else when(partners.equals(1), alone, tell("No customer was retained."))
    retained = when(figure("retained") > 0, why, tell("No customer was retained."))
    none = when(figure("customers") > 0, retained, no_customers)
    missing = when(_CUSTOMERS.differs(1), tell(ADD_CUSTOMERS), when(_ATTRIBUTION.differs(1), unnamed, none))
    return when_number(figure("influence"), words, missing)


def _response_context() -> OfPeriod:
    places = {"answered": counted(figure("answered")), "invited": counted(figure("invited"))}
    words = tell("{answered} of {invited} invited answered", **places)
    return when_number(figure("response"), words, tell(ADD_INVITED))


def _retention_context() -> OfPeriod:
    words = count(
        figure("customers"),
        "{retained} of {n} customer stayed",
        "{retained} of {n} customers stayed",
        retained=counted(figure("retained")),
    )
    none = tell("No customers in {period}.", period=name_of_period())
    return when_number(figure("retention"), words, when(_CUSTOMERS.differs(1), tell(ADD_CUSTOMERS), none))


def headlines(length: int, before: Mapping[int, int], *, so_far: bool, is_pack: bool, thousands: bool) -> list[Figure]:
    """Return the figures in the order of their rows; `length`, `before` and `so_far` as for those above.

    `thousands`: whether there are as many partners.
    """
    return [
        _advocacy_moved(so_far=so_far, thousands=thousands),
        expressed("advocacy_headline", translate("Headline, advocacy"), _advocacy_headline()),
        expressed("retention_headline", translate("Headline, retention"), _retention_headline(is_pack)),
        expressed(
            "trend_headline",
            translate("Headline, trend"),
            by_number(lambda number: trend_headline(number, length, year_words(number, before.get(number)))),
        ),
    ]


def _advocacy_moved(*, so_far: bool, thousands: bool) -> Figure:
    """Return how many more are active than before, in words; nothing where there is nothing to compare it with."""
    change, word, active = figure("advocacy_change"), figure("advocacy_word"), figure("active")
    then, by_then = (figure("active", 1), figure("listed", 1)), (figure("active_then"), figure("listed_then"))
    words = if_to_date(
        moved_count(active, by_then, change, word, name_of_period(1), to_date=True, thousands=thousands)
        if so_far
        else "",
        moved_count(active, then, change, word, name_of_period(1), thousands=thousands),
    )
    label = translate("{figure}, change in words", figure=translate(_CALLED["advocacy"]))
    return expressed("advocacy_moved", label, if_later(when_number(change, words), expression("")))


def _advocacy_headline() -> OfPeriod:
    share, target, moved = figure("advocacy"), target_of("advocacy"), figure("advocacy_moved")
    places: dict[str, OfPeriod | str] = {
        "partners": count(figure("listed"), "{n} partner", "{n} partners"),
        "period": name_of_period(),
        "share": whole(share),
    }
    active = if_to_date(
        count(
            figure("active"),
            "{n} of {partners} was active in {period} to date ({share} %)",
            "{n} of {partners} were active in {period} to date ({share} %)",
            **places,
        ),
        count(
            figure("active"),
            "{n} of {partners} was active in {period} ({share} %)",
            "{n} of {partners} were active in {period} ({share} %)",
            **places,
        ),
    )
    compared = joined(when(moved.equals(""), "", joined(", ", moved)), ".")
    reached = when(
        share >= target,
        tell("The target of {target} % is reached.", target=whole(target)),
        tell("The target of {target} % is not reached.", target=whole(target)),
    )
    words = joined(active, compared, if_to_date("", joined(" ", reached)))
    one = tell(
        "{activities} in {period}.",
        activities=count(figure("activities"), "{n} activity", "{n} activities"),
        period=name_of_period(),
    )
    none = tell("No share of active advocates. {advice}", advice=figure("advocacy_context"))
    missing = when_number(figure("activities"), when(figure("listed").equals(1), one, none), none)
    return when_number(share, words, missing)


def _retention_headline(is_pack: bool) -> OfPeriod:
    rate, lift = figure("retention"), figure("lift")
    places = {"share": whole(figure("influence")), "base": whole(figure("base_share"))}
    shown = when(or_(figure("lift_low") > 0, figure("lift_high") < 0), tell(SHOWN), tell(NOT_SHOWN))
    points = nearest(size(lift))
    above = count(
        points,
        "Those with a partner are {share} % of them and {base} % of all customers; "
        "their rate is {n} point above that of the others: {certainty}.",
        "Those with a partner are {share} % of them and {base} % of all customers; "
        "their rate is {n} points above that of the others: {certainty}.",
        certainty=shown,
        **places,
    )
    below = count(
        points,
        "Those with a partner are {share} % of them and {base} % of all customers; "
        "their rate is {n} point below that of the others: {certainty}.",
        "Those with a partner are {share} % of them and {base} % of all customers; "
        "their rate is {n} points below that of the others: {certainty}.",
        certainty=shown,
        **places,
    )
    same = tell(
        "Those with a partner are {share} % of them and {base} % of all customers; their rate is that of the others.",
        **places,
    )
    alone = tell("Those with a partner are {share} % of them and {base} % of all customers.", **places)
    parts = when_number(lift, when(points.equals(0), same, when(lift < 0, below, above)), alone)
    words = count(
        figure("retained"),
        "{n} of {customers} was retained in {period}: {rate} %.",
        "{n} of {customers} were retained in {period}: {rate} %.",
        customers=count(figure("customers"), "{n} customer", "{n} customers"),
        period=name_of_period(),
        rate=whole(rate),
    )
    nothing_to_say = or_(figure("retained").equals(0), _ATTRIBUTION.differs(1))  # that they are not named is no finding
    nobody = when(nothing_to_say, "", joined(" ", figure("influence_context")))
    partners = when_number(figure("influence"), joined(" ", parts), "" if is_pack else nobody)
    none = tell("No retention rate. {advice}", advice=figure("influence_context"))
    return when_number(rate, joined(words, partners), none)
