"""What a respondent writes beside a score: phrases from comments.toml, put together to fit the mood of the answer."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from partnerkpi.demo.draw import Dice
from partnerkpi.demo.programme import Partner
from partnerkpi.demo.quarters import Quarter

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


@cache
def phrases() -> dict[str, Phrases]:
    """Return the phrases by language, theme or frame, and mood."""
    return tomllib.loads(files("partnerkpi.demo").joinpath("comments.toml").read_text(encoding="utf-8"))


def mood(score: int | None) -> str:
    """Name the mood behind a score: promoters praise, passives are mixed, detractors complain."""
    if score is None:
        return "no_score"
    if score >= 9:
        return "praise"
    return "mixed" if score >= 7 else "complaint"


def comment(score: int | None, partner: Partner, product: str, quarter: Quarter, dice: Dice) -> str:
    """Write the comment that goes with this score; empty for those who write nothing."""
    feeling = mood(score)
    if not dice.chance(COMMENTED[feeling]):
        return ""
    language = partner.language if dice.chance(HOME_LANGUAGE) else "en"
    said = phrases()[language]
    if feeling == "no_score":
        text = dice.one_of(said["frame"]["no_score"])
    else:
        text = _composed(feeling, said, _first_theme(feeling, partner, quarter, dice), dice)
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


def _composed(feeling: str, said: Phrases, theme: str, dice: Dice) -> str:
    """Put phrases together; a mixed answer praises one thing and complains about another."""
    shape = dice.weighted(SHAPES)
    if shape == "short":
        return dice.one_of(said["short"][feeling])
    if shape == "awkward":
        return dice.one_of(phrases()["en"]["awkward"][feeling])
    second_theme = dice.weighted(tuple(pair for pair in THEMES if pair[0] != theme))
    if feeling == "mixed":
        second, first = dice.one_of(said[theme]["complaint"]), dice.one_of(said[second_theme]["praise"])
    else:
        first, second = dice.one_of(said[theme][feeling]), dice.one_of(said[second_theme][feeling])
    if shape == "list":
        return f"- {first}\n- {second}"
    if shape == "wish":
        return f"{first} {dice.one_of(said['frame']['offers' if feeling == 'praise' else 'wishes'])}"
    if shape == "one" and feeling != "mixed":
        return first
    gap = "\n\n" if dice.chance(PARAGRAPH) else " "
    opener = f"{dice.one_of(said['frame']['openers'])} " if feeling == "mixed" else ""
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
