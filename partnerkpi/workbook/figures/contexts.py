"""What stands below the figures of a tile: what they rest on, or how to supply what is missing."""

from __future__ import annotations

from partnerkpi.workbook.arithmetic import when_number
from partnerkpi.workbook.figures.base import Column, Figure, Month
from partnerkpi.workbook.figures.health import KPIS, WEIGHTS
from partnerkpi.workbook.names import (
    HAS_ACTIVITIES,
    HAS_ANSWERS,
    HAS_CUSTOMER_PARTNERS,
    HAS_CUSTOMERS,
    HAS_PARTNER_LIST,
    MIN_ANSWERS,
)
from partnerkpi.workbook.phrases import whole, whole_text

ADD_ANSWERS = "Add a file with the answers (0-10)."
ADD_ACTIVITIES = "Add a file with the partners' activities."
ADD_PARTNERS = "Add the list of partners."
ADD_CUSTOMERS = "Add a file with the customers."
ADD_ATTRIBUTION = "Name the partner of each customer."
OF_YOUR_CUSTOMERS = " of your customers."
ADD_INVITED = "Add how many people were invited."
ADD_ANYTHING = "Needs data for one of the three KPIs."
EMPTY_LIST = "The list of partners is empty."
FEW = "; few: read with care"


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure("nps_context", "NPS, what it rests on", _nps, _nps_text),
        Figure("advocacy_context", "Active advocates, what they rest on", _advocacy, advocacy_text),
        Figure("influence_context", "Influence share, what it rests on", _influence, influence_text),
        Figure("response_context", "Response rate, what it rests on", _response, _response_text),
        Figure("health_context", "Partner health, what it rests on", _health, _health_text),
    ]


def _nps(c: Column) -> str:
    answers = c("answers")
    words = f'{answers}&IF({answers}=1," answer"," answers")&IF({answers}<{MIN_ANSWERS},"{FEW}","")'
    return f'IF({answers}>0,{words},IF({HAS_ANSWERS}=1,"No answers in "&{c.name}&".","{ADD_ANSWERS}"))'


def _nps_text(m: Month) -> str:
    answers = m.line.scores.responses
    if answers:
        few = FEW if answers < m.card.min_responses else ""
        return f"{answers} {'answer' if answers == 1 else 'answers'}{few}"
    return f"No answers in {m.name}." if has_answers(m) else ADD_ANSWERS


def has_answers(m: Month) -> bool:
    """Tell whether there are answers in any period."""
    return any(counts.scores.responses for counts in m.card.counts.values())


def _advocacy(c: Column) -> str:
    activities = f'{c("activities")}&IF({c("activities")}=1," activity"," activities")'
    words = f'{c("active")}&" of "&{c("listed")}&" partners, "&{activities}'
    missing = f'IF({HAS_ACTIVITIES}<>1,"{ADD_ACTIVITIES}",IF({HAS_PARTNER_LIST}<>1,"{ADD_PARTNERS}","{EMPTY_LIST}"))'
    return when_number(c("advocacy"), words, missing)


def advocacy_text(m: Month) -> str:
    """Return what the share of active advocates rests on, or how to supply what is missing."""
    tally = m.line.advocacy
    if tally is not None and tally.active_share is not None:
        activities = "activity" if tally.activities == 1 else "activities"
        return f"{tally.active} of {tally.partners} partners, {tally.activities} {activities}"
    if not m.card.has_activities:
        return ADD_ACTIVITIES
    return EMPTY_LIST if m.card.has_partner_list else ADD_PARTNERS


def _influence(c: Column) -> str:
    index = when_number(c("index"), f'", index "&{whole(c("index"))}', '""')
    words = f'"Base share "&{whole(c("base_share"))}&" %"&{index}&"; retention "&{whole(c("retention"))}&" %"'
    unnamed = (
        when_number(c("retention"), f'"Retention "&{whole(c("retention"))}&" %. "', '""') + f'&"{ADD_ATTRIBUTION}"'
    )
    if c.layout.is_pack:
        kept = f'"Retention "&{whole(c("retention"))}&" %{OF_YOUR_CUSTOMERS}"'
        unnamed = when_number(c("retention"), kept, f'"No customers in "&{c.name}&"."')
    none = f'IF({c("customers")}>0,"No customer was retained.","No customers in "&{c.name}&".")'
    missing = f'IF({HAS_CUSTOMERS}<>1,"{ADD_CUSTOMERS}",IF({HAS_CUSTOMER_PARTNERS}<>1,{unnamed},{none}))'
    return when_number(c("influence"), words, missing)


def influence_text(m: Month) -> str:
    """Return what the influence share rests on, or how to supply what is missing."""
    tally = m.line.retention
    if tally is None:
        return ADD_CUSTOMERS
    kept = f"etention {whole_text(tally.retention_rate)} %" if tally.retention_rate is not None else ""
    if m.line.influence_share is not None and tally.base_share is not None:
        index = f", index {whole_text(tally.influence_index)}" if tally.influence_index is not None else ""
        return f"Base share {whole_text(tally.base_share)} %{index}; r{kept}"
    if m.card.is_pack and not m.card.customers_have_partners:
        return f"R{kept}{OF_YOUR_CUSTOMERS}" if kept else f"No customers in {m.name}."
    if not m.card.customers_have_partners:
        return (f"R{kept}. " if kept else "") + ADD_ATTRIBUTION
    return "No customer was retained." if tally.customers else f"No customers in {m.name}."


def _response(c: Column) -> str:
    return when_number(c("response"), f'{c("answered")}&" of "&{c("invited")}&" invited answered"', f'"{ADD_INVITED}"')


def _response_text(m: Month) -> str:
    if m.line.response_rate is None:
        return ADD_INVITED
    return f"{m.answered} of {m.line.invited} invited answered"


def _health(c: Column) -> str:
    known = f"COUNT({','.join(c(key) for _, key, _ in KPIS)})"
    weight = whole(f"(100*{c('covered')}/({'+'.join(WEIGHTS.values())}))")
    return when_number(c("health"), f'{known}&" of 3 KPIs, "&{weight}&" % of the weight"', f'"{ADD_ANYTHING}"')


def _health_text(m: Month) -> str:
    if m.line.health.score is None:
        return ADD_ANYTHING
    known = sum(figure is not None for figure in m.kpis)
    return f"{known} of 3 KPIs, {whole_text(100 * m.line.health.covered_weight)} % of the weight"
