"""Figures in words, in one language: what the sentences, the table and the lists of a message are put together from."""

from __future__ import annotations

import re

from partnerkpi.language import Language
from partnerkpi.mail.content import CANNOT_TELL, PageContent, Tile
from partnerkpi.workbook.model.ratings import rating_named
from partnerkpi.workbook.model.theme import NO_DATA
from partnerkpi.workbook.model.values import clean_text

DASH = "–"
#: Characters that would break a line, or turn the reading direction of what follows.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def one_line(text: str) -> str:
    """Return what somebody typed as one line without invisible characters: fit for a header and for a sentence."""
    return " ".join(_UNSEEN.sub(" ", clean_text(text)).split())


class Phrases:
    """The phrases about one page in one language."""

    def __init__(self, page: PageContent, say: Language) -> None:
        self.page = page
        self.say = say
        self.period = say.period(page.period)
        self.before = say.period(page.previous) if page.previous is not None else None
        share = 100 * page.confidence
        self.sure = say("word.sure", share=say.percent(share, 0 if share == round(share) else 1))

    def figure(self, key: str, value: float | None) -> str:
        """Return a KPI's figure as it is shown: 46, 70 %, a dash without data."""
        if value is None:
            return DASH
        return self.say.number(value) if key in ("nps", "health", "activities") else self.say.percent(value)

    def answers(self, number: int) -> str:
        """Return a number of answers: 729 answers."""
        return self.say.count("word.answers", number)

    def interval(self, key: str, tile: Tile, *, sure: bool) -> str:
        """Return an interval, 41 to 52, with how sure it is if asked; nothing where there is none."""
        if tile.low is None or tile.high is None:
            return ""
        low, high = self.say.number(tile.low), self.figure(key, tile.high)
        if sure:
            return self.say("word.interval_sure", low=low, high=high, sure=self.sure)
        return self.say("word.interval", low=low, high=high)

    def moved(self, change: float | None, word: str) -> str:
        """Return how a figure moved and how certain that is: "up 11 since Q2 2026: more than noise"."""
        if change is None or self.before is None:
            return self.say("word.no_comparison")
        certainty = self.say("word.cannot_tell" if word == CANNOT_TELL else "word.shown")
        return self.say("word.moved", change=self._direction(change, word), certainty=certainty)

    def _direction(self, change: float, word: str) -> str:
        before = self.before or ""
        points = self.say.number(abs(change))
        if points == "0":  # a change that is shown is never called unchanged
            key = "word.unchanged" if word == CANNOT_TELL else f"word.{word}_less"
            return self.say(key, before=before)
        return self.say("word.up" if change > 0 else "word.down", points=points, before=before)

    def was(self, key: str, before: float | None) -> str:
        """Return what a figure was in the period before: was 86 % in Q2 2026."""
        if before is None or self.before is None:
            return self.say("word.no_comparison")
        return self.say("word.was", value=self.figure(key, before), before=self.before)

    def rating(self, name: str | None, *, glyph: bool = True) -> str:
        """Return a rating with the glyph that carries it without its colour: ▲ Watch; other names stay as they are."""
        shown = rating_named(name)
        known = self.say.messages.get(f"rating.{shown.name.replace(' ', '_')}")
        word = known or shown.name.capitalize()
        return f"{shown.glyph}\u00a0{word}" if glyph else str(word)

    def lowest_rating(self) -> str:
        """Return the worst rating that an NPS can have."""
        return self.rating(self.page.lowest)


def rating_colours(name: str | None) -> tuple[str, str]:
    """Return the colours of a rating's text and ground, as #RRGGBB."""
    shown = rating_named(name) if name is not None else NO_DATA
    return f"#{shown.text}", f"#{shown.fill}"
