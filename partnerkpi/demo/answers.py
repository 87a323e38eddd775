"""The survey answers of the example data: who was asked, who answered, with what score and which words beside it.

Comments are phrases from comments.toml, put together to fit the mood of the answer.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files

from partnerkpi.dataclass import dataclass
from partnerkpi.demo.draw import Dice
from partnerkpi.demo.programme import PARTNERS, QUARTERS, REGIONS, Partner, Quarter
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM

Phrases = dict[str, dict[str, list[str]]]

# Theme and how often it comes up: support first, as in most partner programmes.
THEMES = (
    ("support", 22), ("communication", 14), ("product", 14), ("pricing", 13), ("training", 8), ("onboarding", 6),
    ("deal_registration", 8), ("portal", 8), ("payments", 6), ("marketing", 7),
)  # fmt: skip

# How a comment is built, and how often.
SHAPES = (("one", 44), ("two", 24), ("short", 14), ("wish", 10), ("list", 5), ("awkward", 3))

HOME_LANGUAGE = 0.45  # share of comments in the partner's own language, where that is not English
STORY_THEME = 0.85  # share of comments about the partner's story, once it has begun and where the mood fits
STORY_BEGUN = 20  # NPS points of change from which respondents write about it
IN_A_HURRY = 0.07  # share of English comments typed without capitals and full stop
PARAGRAPH = 0.25  # share of two-sentence comments with an empty line between the two
# The share of answers that come with a comment: the annoyed write more often.
COMMENTED = {"praise": 0.43, "mixed": 0.40, "complaint": 0.63, "no_score": 0.35}

ANSWERS_HEADER = (
    "response_id",
    "date",
    "partner",
    "region",
    "tier",
    "product",
    "respondent",
    "score",
    "comment",
    "channel",
)

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


@cache
def phrases() -> dict[str, Phrases]:
    """Return the phrases by language, theme or frame, and mood."""
    return tomllib.loads(files("partnerkpi.demo").joinpath("comments.toml").read_text(encoding="utf-8"))


def mood(score: int | None) -> str:
    """Name the mood behind a score: promoters praise, passives are mixed, detractors complain."""
    if score is None:
        return "no_score"
    if score >= PROMOTER_FROM:
        return "praise"
    return "mixed" if score >= PASSIVE_FROM else "complaint"


def comment(score: int | None, partner: Partner, product: str, quarter: Quarter, dice: Dice) -> str:
    """Write the comment that goes with this score; empty for those who write nothing."""
    feeling = mood(score)
    if not dice.chance(COMMENTED[feeling]):
        return ""
    language = partner.language if dice.chance(HOME_LANGUAGE) else "en"
    own_phrases = phrases()[language]
    if feeling == "no_score":
        text = dice.one_of(own_phrases["frame"]["no_score"])
    else:
        text = _composed(feeling, own_phrases, _first_theme(feeling, partner, quarter, dice), dice)
    text = _filled_in(text, partner, product, dice)
    if language == "en" and dice.chance(IN_A_HURRY):
        return text.lower().rstrip(".")
    return text


def _first_theme(feeling: str, partner: Partner, quarter: Quarter, dice: Dice) -> str:
    """Pick what the comment is about: the partner's story when it explains the mood, else any theme."""
    change = partner.story.change[quarter.index]
    fits = change >= STORY_BEGUN if feeling == "praise" else change <= -STORY_BEGUN
    if partner.story.theme and fits and dice.chance(STORY_THEME):
        return partner.story.theme
    return dice.weighted(THEMES)


def _composed(feeling: str, own_phrases: Phrases, theme: str, dice: Dice) -> str:
    """Put phrases together; a mixed answer praises one thing and complains about another."""
    shape = dice.weighted(SHAPES)
    if shape == "short":
        return dice.one_of(own_phrases["short"][feeling])
    if shape == "awkward":
        return dice.one_of(phrases()["en"]["awkward"][feeling])
    second_theme = dice.weighted(tuple(pair for pair in THEMES if pair[0] != theme))
    if feeling == "mixed":
        second, first = dice.one_of(own_phrases[theme]["complaint"]), dice.one_of(own_phrases[second_theme]["praise"])
    else:
        first, second = dice.one_of(own_phrases[theme][feeling]), dice.one_of(own_phrases[second_theme][feeling])
    if shape == "list":
        return f"- {first}\n- {second}"
    if shape == "wish":
        return f"{first} {dice.one_of(own_phrases['frame']['offers' if feeling == 'praise' else 'wishes'])}"
    if shape == "one" and feeling != "mixed":
        return first
    gap = "\n\n" if dice.chance(PARAGRAPH) else " "
    opener = f"{dice.one_of(own_phrases['frame']['openers'])} " if feeling == "mixed" else ""
    return f"{opener}{first}{gap}{second}"


def _filled_in(text: str, partner: Partner, product: str, dice: Dice) -> str:
    """Put numbers, the product and the partner manager's first name in the place of the slots."""
    return text.format(
        days=dice.whole(4, 16),
        weeks=dice.whole(3, 11),
        percent=dice.whole(2, 8),
        product=product,
        manager=partner.owner.split()[0],
    )


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
    score = max(int(LOWEST_SCORE), min(int(HIGHEST_SCORE), score + dice.whole(-2, 2)))
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
