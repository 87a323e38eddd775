"""What a partner's own workbook says to that partner, in the second person: of its answers, its customers, its help."""

from __future__ import annotations

from collections.abc import Iterator

from partnerkpi.language.figures import DOWN, UP, rounded
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import RESPONSES
from partnerkpi.scorecard.parts import Counts, Partner, Quartiles
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.translation import current_language, message, translate, translate_count
from partnerkpi.workbook.sheets.peers import standing_of

#: The sheets of such a workbook, in their order.
TOGETHER, PLAN, OTHERS, COUNTS = message("Together"), message("Plan"), message("Others"), message("Counts")


def partner_of(card: Scorecard) -> Partner:
    """Return whose workbook it is."""
    return card.partners[0]


def own_counts(card: Scorecard, period: str) -> Counts:
    """Return what was counted of the partner in a period."""
    return card.count(partner_of(card).name, period)


def rate_of(counts: Counts) -> float | None:
    """Return which part of the partner's customers stayed, in per cent; None without customers."""
    return 100 * counts.retained / counts.customers if counts.customers else None


def with_answers(card: Scorecard) -> bool:
    """Tell whether the partner ever answered, even if that is not shown."""
    return bool(card.withheld) or any(own_counts(card, period).scores.responses for period in card.periods)


def with_customers(card: Scorecard) -> bool:
    """Tell whether the partner ever had a customer."""
    known = card.has_customers and card.has_own_customers
    return known and any(own_counts(card, period).customers for period in card.periods)


def with_activities(card: Scorecard) -> bool:
    """Tell whether the partner was ever seen to speak for the company."""
    return card.has_activities and any(own_counts(card, period).activities for period in card.periods)


def greeting(card: Scorecard) -> str:
    """Return what the first sheet says of the current period, in some sentences."""
    sentences = [*_of_answers(card), *_of_customers(card), *_of_activities(card)]
    return " ".join(sentences) or translate(
        "We have no figures of yours for {period}.", period=period_name(card.current)
    )


def _of_answers(card: Scorecard) -> Iterator[str]:
    if not with_answers(card):
        if any(one.kind == RESPONSES for one in card.sources):
            yield translate("Nobody at your company has answered yet. We would like to hear from you.")
        return
    now, period = own_counts(card, card.current).scores, period_name(card.current)
    if card.current in card.withheld:
        yield translate(
            "Thank you for your answers in {period}. Fewer than {n} of you answered, so we do not show them: no single "
            "answer should be recognisable.",
            period=period,
            n=card.rules.comments.min_group,
        )
        return
    if not now.responses or now.nps is None:
        yield translate("Nobody at your company answered in {period}. We would like to hear from you.", period=period)
        return
    places = {"n": current_language().number(now.responses), "period": period}
    if card.answers_once:
        yield translate("Thank you: {n} of you answered in {period}.", **places)
    else:
        yield translate("Thank you for your {n} answers in {period}.", **places)
    yield _nps(card, now.nps)
    if rounded(now.nps) < 0:
        yield translate(
            "An NPS below 0 is not good enough; what we do about it is on the sheet {sheet}.", sheet=translate(PLAN)
        )


def _nps(card: Scorecard, nps: float) -> str:
    """Return the NPS and how it moved since the period before."""
    number = current_language().number
    previous = card.previous_of(card.current)
    before = own_counts(card, previous).scores.nps if previous is not None else None
    if previous is None or before is None:
        return translate("You give us an NPS of {nps}.", nps=number(nps))
    places = {"nps": number(nps), "before": number(before), "previous": period_name(previous)}
    word = card.nps_change(partner_of(card).name, previous, card.current).word
    if word == UP:
        return translate(
            "You give us an NPS of {nps}, up from {before} in {previous}: more than chance explains.", **places
        )
    if word == DOWN:
        return translate(
            "You give us an NPS of {nps}, down from {before} in {previous}: more than chance explains.", **places
        )
    if rounded(nps) == rounded(before):
        return translate(
            "You give us an NPS of {nps}, as in {previous}.", nps=places["nps"], previous=places["previous"]
        )
    return translate(
        "You give us an NPS of {nps}; in {previous} it was {before}, and chance alone could explain the difference.",
        **places,
    )


def _of_customers(card: Scorecard) -> Iterator[str]:
    now = own_counts(card, card.current)
    if not with_customers(card) or not now.customers:
        return
    number = current_language().number
    if now.customers == 1:
        yield translate("Your one customer stayed.") if now.retained else translate("Your one customer left.")
    elif now.retained == now.customers == 2:
        yield translate("Both your customers stayed.")
    elif now.retained == now.customers:
        yield translate("All your {customers} customers stayed.", customers=number(now.customers))
    else:
        kept, customers = number(now.retained), number(now.customers)
        if now.retained == 1:
            yield translate("One of your {customers} customers stayed.", customers=customers)
        elif now.retained == 0 and now.customers == 2:
            yield translate("Neither of your two customers stayed.")
        elif now.retained == 0:
            yield translate("None of your {customers} customers stayed.", customers=customers)
        else:
            yield translate("{kept} of your {customers} customers stayed.", kept=kept, customers=customers)


def _of_activities(card: Scorecard) -> Iterator[str]:
    now = own_counts(card, card.current).activities if card.has_activities else 0
    if now:
        yield translate_count(now, "You spoke for us once: thank you.", "You spoke for us {n} times: thank you.")


def shown_quartiles(card: Scorecard) -> list[tuple[Quartiles, float]]:
    """Return the quartiles of the current period that the partner has a figure to set beside, with this figure."""
    counts = own_counts(card, card.current)
    enough = counts.scores.responses >= card.min_responses
    own = {
        "nps": counts.scores.nps if enough else None,
        "retention": rate_of(counts) if counts.customers >= max(1, card.min_responses) else None,
    }
    return [
        (one, figure) for one in card.peers if one.period == card.current and (figure := own.get(one.kpi)) is not None
    ]


def place_among_others(card: Scorecard) -> str:
    """Return where the partner stands in a sentence: by the NPS, without one by its customers, or by what it did."""
    period = period_name(card.current)
    for quartiles, own in shown_quartiles(card):
        standing = standing_of(quartiles.kpi, own, quartiles)
        places = {"period": period, "standing": standing, "partners": current_language().number(quartiles.partners)}
        if quartiles.kpi == "nps":
            return translate("Your NPS in {period} is {standing} of {partners} partners.", **places)
        return translate("Your retention rate in {period} is {standing} of {partners} partners.", **places)
    word = translate(card.beside[card.current])
    return translate("How often you spoke for us in {period}: {standing}.", period=period, standing=word)
