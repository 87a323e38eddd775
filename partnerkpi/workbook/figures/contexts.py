"""What stands below the figures of a tile: what they rest on, or how to supply what is missing."""

from __future__ import annotations

from partnerkpi.workbook.figures.base import Column, Figure, PeriodFigures
from partnerkpi.workbook.figures.health import KPIS, WEIGHTS
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import (
    HAS_ACTIVITIES,
    HAS_ANSWERS,
    HAS_CUSTOMER_PARTNERS,
    HAS_CUSTOMERS,
    HAS_PARTNER_LIST,
    MIN_ANSWERS,
)
from partnerkpi.workbook.model.phrases import whole, whole_text
from partnerkpi.workbook.model.translation import choice, count, count_live, message, translate, translate_formula

ADD_ANSWERS = message("Add a file with the answers (0-10).")
ADD_ACTIVITIES = message("Add a file with the partners' activities.")
ADD_PARTNERS = message("Add the list of partners.")
ADD_CUSTOMERS = message("Add a file with the customers.")
ADD_ATTRIBUTION = message("Name the partner of each customer.")
ADD_INVITED = message("Add how many people were invited.")
ADD_ANYTHING = message("Needs data for one of the three KPIs.")
EMPTY_LIST = message("The list of partners is empty.")
FEW = message("{answers}; few: read with care")
_ANSWERS = message("{n} answer"), message("{n} answers")
_ACTIVITIES = message("{n} activity"), message("{n} activities")
_NO_ANSWERS, _NO_CUSTOMERS = message("No answers in {period}."), message("No customers in {period}.")
_NOBODY_STAYED = message("No customer was retained.")
_ACTIVE = message("{active} of {partners} partners, {activities}")
_SHARE = message("Base share {share} %; retention {rate} %")
_SHARE_AND_INDEX = message("Base share {share} %, index {index}; retention {rate} %")
_RETENTION = message("Retention {rate} %. {advice}")
_OF_YOURS = message("Retention {rate} % of your customers.")
_INVITED = message("{answered} of {invited} invited answered")
_COVERED = message("{number} of 3 KPIs, {weight} % of the weight")


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure("nps_context", translate("NPS, what it rests on"), _nps, _nps_text),
        Figure("advocacy_context", translate("Active advocates, what they rest on"), _advocacy, advocacy_text),
        Figure("influence_context", translate("Influence share, what it rests on"), _influence, influence_text),
        Figure("response_context", translate("Response rate, what it rests on"), _response, _response_text),
        Figure("health_context", translate("Partner health, what it rests on"), _health, _health_text),
    ]


def _nps(c: Column) -> str:
    answers = count_live(c("answers"), *_ANSWERS)
    words = f"IF({c('answers')}<{MIN_ANSWERS},{translate_formula(FEW, answers=answers)},{answers})"
    missing = f"IF({HAS_ANSWERS}=1,{translate_formula(_NO_ANSWERS, period=c.name)},{translate_formula(ADD_ANSWERS)})"
    return f"IF({c('answers')}>0,{words},{missing})"


def _nps_text(m: PeriodFigures) -> str:
    number = m.line.scores.responses
    if number:
        answers = count(number, *_ANSWERS)
        return translate(FEW, answers=answers) if number < m.card.min_responses else answers
    return translate(_NO_ANSWERS, period=m.name) if has_answers(m) else translate(ADD_ANSWERS)


def has_answers(m: PeriodFigures) -> bool:
    """Tell whether there are answers in any period."""
    return any(counts.scores.responses for counts in m.card.counts.values())


def _advocacy(c: Column) -> str:
    activities = count_live(c("activities"), *_ACTIVITIES)
    words = translate_formula(_ACTIVE, active=c("active"), partners=c("listed"), activities=activities)
    no_list = choice(f"{HAS_PARTNER_LIST}<>1", ADD_PARTNERS, EMPTY_LIST)
    return when_number(c("advocacy"), words, f"IF({HAS_ACTIVITIES}<>1,{translate_formula(ADD_ACTIVITIES)},{no_list})")


def advocacy_text(m: PeriodFigures) -> str:
    """Return what the share of active advocates rests on, or how to supply what is missing."""
    tally = m.line.advocacy
    if tally is not None and tally.active_share is not None:
        activities = count(tally.activities, *_ACTIVITIES)
        return translate(_ACTIVE, active=tally.active, partners=tally.partners, activities=activities)
    if not m.card.has_activities:
        return translate(ADD_ACTIVITIES)
    return translate(EMPTY_LIST if m.card.has_partner_list else ADD_PARTNERS)


def _influence(c: Column) -> str:
    share, rate = whole(c("base_share")), whole(c("retention"))
    with_index = translate_formula(_SHARE_AND_INDEX, share=share, index=whole(c("index")), rate=rate)
    words = when_number(c("index"), with_index, translate_formula(_SHARE, share=share, rate=rate))
    no_customers, advice = translate_formula(_NO_CUSTOMERS, period=c.name), translate_formula(ADD_ATTRIBUTION)
    if c.layout.is_pack:
        unnamed = when_number(c("retention"), translate_formula(_OF_YOURS, rate=rate), no_customers)
    else:
        unnamed = when_number(c("retention"), translate_formula(_RETENTION, rate=rate, advice=advice), advice)
    none = f"IF({c('customers')}>0,{translate_formula(_NOBODY_STAYED)},{no_customers})"
    missing = (
        f"IF({HAS_CUSTOMERS}<>1,{translate_formula(ADD_CUSTOMERS)},IF({HAS_CUSTOMER_PARTNERS}<>1,{unnamed},{none}))"
    )
    return when_number(c("influence"), words, missing)


def influence_text(m: PeriodFigures) -> str:
    """Return what the influence share rests on, or how to supply what is missing."""
    tally = m.line.retention
    if tally is None:
        return translate(ADD_CUSTOMERS)
    rate = whole_text(tally.retention_rate) if tally.retention_rate is not None else ""
    no_customers = translate(_NO_CUSTOMERS, period=m.name)
    if m.line.influence_share is not None and tally.base_share is not None:
        share = whole_text(tally.base_share)
        if tally.influence_index is None:
            return translate(_SHARE, share=share, rate=rate)
        return translate(_SHARE_AND_INDEX, share=share, index=whole_text(tally.influence_index), rate=rate)
    if m.card.customers_have_partners:
        return translate(_NOBODY_STAYED) if tally.customers else no_customers
    if m.card.is_pack:
        return translate(_OF_YOURS, rate=rate) if rate else no_customers
    return translate(_RETENTION, rate=rate, advice=translate(ADD_ATTRIBUTION)) if rate else translate(ADD_ATTRIBUTION)


def _response(c: Column) -> str:
    words = translate_formula(_INVITED, answered=c("answered"), invited=c("invited"))
    return when_number(c("response"), words, translate_formula(ADD_INVITED))


def _response_text(m: PeriodFigures) -> str:
    if m.line.response_rate is None:
        return translate(ADD_INVITED)
    return translate(_INVITED, answered=m.answered, invited=m.line.invited)


def _health(c: Column) -> str:
    known = f"COUNT({','.join(c(key) for _, key, _ in KPIS)})"
    weight = whole(f"(100*{c('covered')}/({'+'.join(WEIGHTS.values())}))")
    return when_number(
        c("health"), translate_formula(_COVERED, number=known, weight=weight), translate_formula(ADD_ANYTHING)
    )


def _health_text(m: PeriodFigures) -> str:
    if m.line.health.score is None:
        return translate(ADD_ANYTHING)
    known = sum(figure is not None for figure in m.kpis)
    return translate(_COVERED, number=known, weight=whole_text(100 * m.line.health.covered_weight))
