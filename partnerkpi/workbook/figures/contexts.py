"""What stands below the figures of a tile: what they rest on, or how to supply what is missing."""

from __future__ import annotations

from partnerkpi.workbook.figures.base import Figure, OfPeriod, figure, in_words, name_of_period, setting
from partnerkpi.workbook.figures.health import KPIS, WEIGHTS
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import Expression, count, how_many, tell, when, when_number
from partnerkpi.workbook.model.phrases import whole
from partnerkpi.workbook.model.translation import message, translate

ADD_ANSWERS = message("Add a file with the answers (0-10).")
ADD_ACTIVITIES = message("Add a file with the partners' activities.")
ADD_PARTNERS = message("Add the list of partners.")
ADD_CUSTOMERS = message("Add a file with the customers.")
ADD_ATTRIBUTION = message("Name the partner of each customer.")
ADD_INVITED = message("Add how many people were invited.")
ADD_ANYTHING = message("Needs data for one of the three KPIs.")
EMPTY_LIST = message("The list of partners is empty.")

#: What was given, 1 or 0.
_ANSWERS = setting(names.HAS_ANSWERS, lambda card: int(card.has_answers))
_ACTIVITIES = setting(names.HAS_ACTIVITIES, lambda card: int(card.has_activities))
_PARTNER_LIST = setting(names.HAS_PARTNER_LIST, lambda card: int(card.has_partner_list))
_CUSTOMERS = setting(names.HAS_CUSTOMERS, lambda card: int(card.has_customers))
_ATTRIBUTION = setting(names.HAS_CUSTOMER_PARTNERS, lambda card: int(card.customers_have_partners))
_FEWEST = setting(names.MIN_ANSWERS, lambda card: card.min_responses)


def figures(*, is_pack: bool) -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        in_words("nps_context", translate("NPS, what it rests on"), _nps()),
        in_words("advocacy_context", translate("Active advocates, what they rest on"), _advocacy()),
        in_words("influence_context", translate("Influence share, what it rests on"), _influence(is_pack=is_pack)),
        in_words("response_context", translate("Response rate, what it rests on"), _response()),
        in_words("health_context", translate("Partner health, what it rests on"), _health()),
    ]


def _nps() -> OfPeriod:
    answers = count(figure("answers"), "{n} answer", "{n} answers")
    words = when(figure("answers") < _FEWEST, tell("{answers}; few: read with care", answers=answers), answers)
    none = tell("No answers in {period}.", period=name_of_period())
    return when(figure("answers") > 0, words, when(_ANSWERS.equals(1), none, tell(ADD_ANSWERS)))


def _advocacy() -> OfPeriod:
    words = tell(
        "{active} of {partners} partners, {activities}",
        active=figure("active"),
        partners=figure("listed"),
        activities=count(figure("activities"), "{n} activity", "{n} activities"),
    )
    no_list = when(_PARTNER_LIST.differs(1), tell(ADD_PARTNERS), tell(EMPTY_LIST))
    return when_number(figure("advocacy"), words, when(_ACTIVITIES.differs(1), tell(ADD_ACTIVITIES), no_list))


def _influence(*, is_pack: bool) -> OfPeriod:
    share, index, rate = whole(figure("base_share")), whole(figure("index")), whole(figure("retention"))
    words = when_number(
        figure("index"),
        tell("Base share {share} %, index {index}; retention {rate} %", share=share, index=index, rate=rate),
        tell("Base share {share} %; retention {rate} %", share=share, rate=rate),
    )
    no_customers = tell("No customers in {period}.", period=name_of_period())
    advice: OfPeriod = tell(ADD_ATTRIBUTION)
    unnamed = when_number(figure("retention"), tell("Retention {rate} %. {advice}", rate=rate, advice=advice), advice)
    if is_pack:
        own = tell("Retention {rate} % of your customers.", rate=rate)
        unnamed = when_number(figure("retention"), own, no_customers)
    none = when(figure("customers") > 0, tell("No customer was retained."), no_customers)
    missing = when(_CUSTOMERS.differs(1), tell(ADD_CUSTOMERS), when(_ATTRIBUTION.differs(1), unnamed, none))
    return when_number(figure("influence"), words, missing)


def _response() -> OfPeriod:
    words = tell("{answered} of {invited} invited answered", answered=figure("answered"), invited=figure("invited"))
    return when_number(figure("response"), words, tell(ADD_INVITED))


def _health() -> OfPeriod:
    known = how_many(*(figure(key) for _, key, _ in KPIS))
    weight: OfPeriod = Expression(
        lambda c: f"(100*{c('covered')}/({'+'.join(WEIGHTS.values())}))",
        lambda m: 100 * m.line.health.covered_weight,
    )
    words = tell("{number} of 3 KPIs, {weight} % of the weight", number=known, weight=whole(weight))
    return when_number(figure("health"), words, tell(ADD_ANYTHING))
