"""The figures of one page in the words of one language, from which the parts of a message are put together."""

from __future__ import annotations

import re

from partnerkpi.language import Language, figures
from partnerkpi.language.figures import DASH
from partnerkpi.language.sentence import message
from partnerkpi.mail.content import PageContent, Tile
from partnerkpi.workbook.model.ratings import rating_named
from partnerkpi.workbook.model.theme import NO_DATA
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.sheets.page_data import LESS, LESS_WORTH, TURNED, TURNED_WORTH, Unit, is_against

#: What each KPI is called.
NAMES = {
    "nps": message("Strategic Partner NPS"),
    "advocacy": message("Active advocates"),
    "influence": message("Retained customers with a partner"),
    "retention": message("Customer retention"),
    "activities": message("Advocacy activities"),
    "response": message("Response rate"),
}
#: The same as a partner reads them, of itself.
OWN_NAMES = NAMES | {
    "nps": message("NPS"),
    "retention": message("Customers kept"),
    "activities": message("Times you spoke for us"),
}
_TOO_FEW = message("too few answers")
_WAS = message("was {figure} in {period}")
_WAS_THEN = message("was {figure}, same day of {period}")
#: Characters that would break a line, or turn the reading direction of what follows.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def one_line(text: str) -> str:
    """Return what somebody typed as one line without invisible characters: fit for a header and for a sentence."""
    return " ".join(_UNSEEN.sub(" ", clean_text(text)).split())


class PageInWords:
    """One page in one language: the figures in words that sentences, table and lists are put together from."""

    def __init__(self, page: PageContent, texts: Language) -> None:
        self.page = page
        self.texts = texts
        self.period = texts.period(page.period)
        self.before = texts.period(page.previous) if page.previous is not None else None
        share = texts.written(figures.shortest(100 * page.confidence, 1))
        self.interval_at = texts.translate(figures.AT, share=share).replace(" %", "\u00a0%")  # stays in one line
        self.risk = texts.written(figures.shortest(100 - 100 * page.confidence, 1))

    def figure(self, key: str, value: float | None) -> str:
        """Return a KPI's figure as it is shown: 46, 70 %, a dash without data."""
        if value is None:
            return DASH
        return self.texts.number(value) if key in ("nps", "activities") else self.texts.percent(value)

    def money(self, value: float) -> str:
        """Return a yearly value in words: 2.8 million, 930 thousand."""
        unit = Unit.of(value)
        return self.texts.translate(unit.words, amount=self.texts.number(value / unit.divisor, unit.digits))

    def turned(self) -> str | None:
        """Say how many partners turned against us, and what they are worth; None where none did."""
        fallen = [one for one in self.page.calls if one.fallen]
        if not fallen:
            return None
        worth = sum(one.value or 0.0 for one in fallen)
        against = all(is_against(one.course) for one in fallen)
        forms = (TURNED_WORTH if worth else TURNED) if against else (LESS_WORTH if worth else LESS)
        english = forms[0] if len(fallen) == 1 else forms[1]
        value = {"value": self.money(worth)} if worth else {}
        return self.texts.translate(english, n=self.texts.number(len(fallen)), **value).removesuffix(".")

    def answers(self, number: int) -> str:
        """Return a number of answers: 729 answers."""
        return self.texts.count("word.answers", number)

    def interval(self, key: str, tile: Tile, *, named: bool) -> str:
        """Return an interval, 41 to 52, with how it is to be read if asked; nothing where there is none."""
        if tile.low is None or tile.high is None:
            return self.texts.translate(figures.FULL_COUNT) if named and tile.reading == "full count" else ""
        reach = self.texts.translate(
            figures.INTERVAL, low=self.texts.number(tile.low), high=self.figure(key, tile.high)
        )
        stated = self.texts.translate(figures.READ_AS.get(tile.reading or "", "{interval}"), interval=reach)
        return reach if not named else f"{reach}, {self.interval_at}" if tile.reading is None else stated

    def moved(self, change: float | None, word: str) -> str:
        """Return how a partner's NPS moved, "up 11 on Q2 2026: more than chance"; nothing where nothing was before."""
        if change is None or self.before is None:
            return ""
        return self.texts.translated(figures.moved(change, word, self.before))

    def share_moved(self, tile: Tile) -> str:
        """Return how a share moved: by points, or how many more there are of those that are counted."""
        if tile.change is None or self.before is None:
            return ""
        if tile.then is None:
            stated = figures.moved(tile.change, tile.word, self.before, to_date=tile.to_date, share=True)
        else:
            now = int(tile.rests_on["active"]), int(tile.rests_on["partners"])
            stated = figures.moved_count(now, tile.then, tile.change, tile.word, self.before, to_date=tile.to_date)
        return self.texts.translated(stated)

    def nps_moved(self) -> str:
        """Return how the NPS of the period moved, "about as in Q2 2026 (45)"; nothing where nothing was before."""
        if self.page.nps_moved.message == figures.NOTHING_BEFORE:
            return ""
        return self.texts.translated(self.page.nps_moved)

    def was(self, key: str, tile: Tile) -> str:
        """Return what a figure was in the period before, was 86 % in Q2 2026; nothing where it was none."""
        if tile.before is None or self.before is None:
            return ""
        was = _WAS_THEN if tile.to_date else _WAS
        return self.texts.translate(was, figure=self.figure(key, tile.before), period=self.before)

    def rating(self, name: str | None, *, glyph: bool = True) -> str:
        """Return a rating with the glyph that carries it without its colour: ▲ Watch; other names stay as they are."""
        shown = rating_named(name)
        word = self.texts.rating(shown.name)
        return f"{shown.glyph}\u00a0{word}" if glyph else word

    def rating_of(self, key: str, tile: Tile, *, glyph: bool = True) -> str:
        """Return the rating of a KPI; an NPS of fewer answers than the minimum has none, and that is said instead."""
        if key == "nps" and tile.rating is None and tile.value is not None:
            return self.texts.translate(_TOO_FEW)
        return self.rating(tile.rating, glyph=glyph)

    def lowest_rating(self) -> str:
        """Return the worst rating that an NPS can have."""
        return self.rating(self.page.lowest)


def rating_colours(name: str | None) -> tuple[str, str]:
    """Return the colours of a rating's text and ground, as #RRGGBB."""
    shown = rating_named(name) if name is not None else NO_DATA
    return f"#{shown.text}", f"#{shown.fill}"
