"""What to ask a partner in the quarterly talk: questions that its own figures raise, and that it can answer."""

from __future__ import annotations

from collections.abc import Iterator

from partnerkpi.language.figures import DOWN, UP, rounded
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.translation import current_language, translate, translate_count

#: Below this share of the invited who answered it is asked who should be asked, in per cent.
_FEW_OF_THE_INVITED = 50


def questions_of(card: Scorecard) -> dict[str, list[str]]:
    """Return the questions about each KPI with data, and under "" the one that is always asked."""
    name, period = card.partners[0].name, card.current
    previous = card.previous_of(period)
    now = card.count(name, period)
    before = card.count(name, previous)
    found = {
        "nps": list(_of_answers(card, now, before)),
        "advocacy": list(_of_activities(card, now, before)) if card.has_activities else [],
        "retention": list(_of_customers(now)) if card.has_customers else [],
    }
    last = translate("What is the one thing that we should do differently from now on?")
    return {**{kpi: texts for kpi, texts in found.items() if texts}, "": [last]}


def _of_answers(card: Scorecard, now: Counts, before: Counts) -> Iterator[str]:
    scores, number = now.scores, current_language().number
    least = card.rules.comments.min_group
    if scores.nps is None:
        if before.scores.responses:
            yield translate(
                "Nobody answered in {period}. Whom should we ask, and when?", period=period_name(card.current)
            )
        return
    previous = card.previous_of(card.current)
    if previous is not None and before.scores.nps is not None:
        places = {"before": number(before.scores.nps), "nps": number(scores.nps), "period": period_name(previous)}
        word = card.nps_change(card.partners[0].name, previous, card.current).word
        if word == DOWN:
            yield translate("Your NPS of us fell from {before} in {period} to {nps}. What happened?", **places)
        if word == UP:
            yield translate("Your NPS of us rose from {before} in {period} to {nps}. What should we keep?", **places)
    if scores.detractors >= least:
        low, answers = number(scores.detractors), number(scores.responses)
        yield translate(
            "{n} of {answers} people gave us 6 or less. What would change their minds?", n=low, answers=answers
        )
    elif scores.detractors:
        yield translate("Some gave us 6 or less. What would change their minds?")
    if scores.promoters >= least and scores.promoters > scores.detractors:
        yield translate("{n} people gave us 9 or 10. What do we do right for them?", n=number(scores.promoters))
    if now.invited and 100 * scores.responses < _FEW_OF_THE_INVITED * now.invited:
        asked, answered = number(now.invited), number(scores.responses)
        yield translate(
            "{n} of {invited} people whom we asked answered. Whom should we ask?", n=answered, invited=asked
        )
    for one in card.peers:
        if one.kpi == "nps" and one.period == card.current and rounded(scores.nps) < one.median - one.step / 2:
            yield translate(
                "Half of the partners give us about {median} or more. What do we do worse for you?",
                median=number(one.median),
            )


def _of_activities(card: Scorecard, now: Counts, before: Counts) -> Iterator[str]:
    if now.activities:
        yield translate_count(
            now.activities,
            "You spoke for us once. What came of it?",
            "You spoke for us {n} times. What came of it?",
        )
    elif before.activities:
        yield translate(
            "You spoke for us before, and not in {period}. What is in the way?", period=period_name(card.current)
        )


def _of_customers(now: Counts) -> Iterator[str]:
    left, customers = now.customers - now.retained, current_language().number(now.customers)
    if left == now.customers == 1:
        yield translate("Your one customer left. Why, and when could we have known?")
    elif left == now.customers == 2:
        yield translate("Both your customers left. Why, and when could we have known?")
    elif left and not now.retained:
        yield translate("All your {customers} customers left. Why, and when could we have known?", customers=customers)
    elif left:
        yield translate_count(
            left,
            "One of your {customers} customers left. Why, and when could we have known?",
            "{n} of your {customers} customers left. Why, and when could we have known?",
            customers=customers,
        )
    elif now.customers > 1:
        yield translate(
            "None of your {customers} customers left. What do you do that others could learn?", customers=customers
        )
    if now.retained:
        yield translate("Which of your customers do you worry about, and what do they need from us?")
