"""The survey answers of the example data: who was asked, who answered, with what score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from partnerkpi.demo.comments import comment
from partnerkpi.demo.draw import Dice
from partnerkpi.demo.programme import PARTNERS, REGIONS, Partner
from partnerkpi.demo.quarters import QUARTERS, Quarter

HEADER = ("response_id", "date", "partner", "region", "tier", "product", "respondent", "score", "comment", "channel")

# What the respondents work with: (product, how common), and how it moves their NPS (the mobile one is the weak spot).
PRODUCTS = (("Core", 40), ("Analytics", 25), ("Connect", 20), ("Mobile", 15))
PRODUCT_EFFECT = {"Core": 3, "Analytics": 6, "Connect": 0, "Mobile": -12}
CHANNELS = (("e-mail", 70), ("portal", 22), ("phone", 8))

BLANK_SCORE = 0.02  # share of answers without a score
ANSWERED_TWICE = 0.015  # share of answers that are followed by a second one of the same person in the same quarter
OTHER_REGION = 0.08  # share of contacts that sit in another region than their partner
SURVEY_OPENS = 14  # days into the quarter on which the invitations go out
SURVEY_RUNS = 60  # days in which answers come back, most of them early
SECOND_THOUGHTS = 12  # days within which a second answer comes
OFFICE_OPENS, OFFICE_CLOSES = 7, 19  # hours of the day

# Within its band, how often each score is given.
PROMOTER_SCORES = ((9, 52), (10, 48))
PASSIVE_SCORES = ((7, 42), (8, 58))
DETRACTOR_SCORES = ((6, 36), (5, 25), (4, 13), (3, 10), (2, 6), (1, 3), (0, 7))

# The share of passives: fewer the further the NPS is from zero (at 0: 32 %, at +-50: 24 %, at +-80: 19 %).
PASSIVES_AT_ZERO, PASSIVES_LOST = 0.32, 0.16
HIGHEST_LEVEL = 80  # true NPS of partner and product together stays within +-80, where every band still has a share


@dataclass(frozen=True)
class Contact:
    """One person at a partner who is invited every quarter."""

    respondent: str
    partner: Partner
    region: str
    product: str


@dataclass(frozen=True)
class Answer:
    """One answer; `score` is None where the person left it blank."""

    when: datetime
    quarter: Quarter
    contact: Contact
    score: int | None
    channel: str


def answer_rows(seed: int, comments_seed: int) -> list[tuple[object, ...]]:
    """Return the rows of responses.csv in the order in which they came in.

    The comments have a seed of their own: a phrase more or less moves no score.
    """
    dice = Dice(seed)
    contacts = _contacts(dice)
    answers = [answer for quarter in QUARTERS for answer in _answers_of_quarter(quarter, contacts, dice)]
    answers.sort(key=lambda answer: (answer.when, answer.contact.respondent))
    words = Dice(comments_seed)
    return [_row(f"a-{number:05d}", answer, words) for number, answer in enumerate(answers, start=1)]


def draw_score(level: int, dice: Dice) -> int:
    """Draw a score 0..10 from a population whose true NPS is `level`, clipped to +-80.

    At level 40, 25.6 % are passives, 57.2 % promoters and 17.2 % detractors.
    """
    nps = max(-HIGHEST_LEVEL, min(HIGHEST_LEVEL, level)) / 100
    passives = PASSIVES_AT_ZERO - PASSIVES_LOST * abs(nps)
    promoters = (1 - passives + nps) / 2
    draw = dice.between(0, 1)
    if draw < promoters:
        return dice.weighted(PROMOTER_SCORES)
    return dice.weighted(PASSIVE_SCORES if draw < promoters + passives else DETRACTOR_SCORES)


def _contacts(dice: Dice) -> list[Contact]:
    """Return everybody who is ever invited, numbered through."""
    contacts: list[Contact] = []
    for partner in PARTNERS:
        elsewhere = [region for region in REGIONS if region != partner.region]
        for _ in range(partner.invited):
            region = dice.one_of(elsewhere) if dice.chance(OTHER_REGION) else partner.region
            respondent = f"r-{len(contacts) + 1:05d}"
            contacts.append(Contact(respondent, partner, region, dice.weighted(PRODUCTS)))
    return contacts


def _answers_of_quarter(quarter: Quarter, contacts: list[Contact], dice: Dice) -> list[Answer]:
    """Let each contact answer or not; a few answer twice."""
    answers: list[Answer] = []
    for contact in contacts:
        if not contact.partner.answers_in(quarter) or not dice.chance(contact.partner.answering):
            continue
        answer = _answer(quarter, contact, dice)
        answers.append(answer)
        if answer.score is not None and dice.chance(ANSWERED_TWICE):
            answers.append(_second_answer(answer, answer.score, dice))
    return answers


def _answer(quarter: Quarter, contact: Contact, dice: Dice) -> Answer:
    level = contact.partner.nps_in(quarter) + PRODUCT_EFFECT[contact.product]
    score = None if dice.chance(BLANK_SCORE) else draw_score(level, dice)
    when = _office_hours(quarter, SURVEY_OPENS + dice.early(SURVEY_RUNS), dice)
    return Answer(when, quarter, contact, score, dice.weighted(CHANNELS))


def _second_answer(first: Answer, score: int, dice: Dice) -> Answer:
    """Return the same person's second answer: later in the quarter, and up to two points away."""
    days = (first.when.date() - first.quarter.start).days + dice.whole(1, SECOND_THOUGHTS)
    score = max(0, min(10, score + dice.whole(-2, 2)))
    return replace(first, when=_office_hours(first.quarter, days, dice), score=score)


def _office_hours(quarter: Quarter, offset: int, dice: Dice) -> datetime:
    seconds = dice.whole(OFFICE_OPENS * 3600, OFFICE_CLOSES * 3600)
    return datetime.combine(quarter.workday(offset), time()) + timedelta(seconds=seconds)


def _row(response_id: str, answer: Answer, words: Dice) -> tuple[object, ...]:
    contact = answer.contact
    return (
        response_id,
        answer.when.isoformat(sep=" "),  # a blank instead of the T: Excel reads it as a date and time
        contact.partner.name,
        contact.region,
        contact.partner.tier,
        contact.product,
        contact.respondent,
        "" if answer.score is None else answer.score,
        comment(answer.score, contact.partner, contact.product, answer.quarter, words),
        answer.channel,
    )
