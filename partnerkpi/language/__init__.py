"""What the program says to people, in their language: messages, plurals, numbers, dates and names of periods.

There are two kinds of messages. Those of the mail are TOML files beside this one, with the same keys in each language:
a key names the place where its message stands, `mail.subject`, `rating.strong`, `format.decimal`. What the workbook
says, alone or with the mail, stands in English in the code, and `workbook/*.toml` have it by the English message.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError
from partnerkpi.language.figures import number
from partnerkpi.language.sentence import DayWords, FigureWords, translate_sentence
from partnerkpi.lazily import pattern

#: The languages, by the code of their file; the first is the one that everything falls back on in people's minds.
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "fr": "français", "es": "español"}

PLURALS = {"one", "other"}
#: The places of messages that a period stands in, and the words before them that some kinds of periods need others for.
PERIOD_PLACES, _BEFORE = ("period", "before", "previous"), ("in", "for", "since", "of")
_PERIOD = pattern(r"(FY)?([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])|W([0-9]{2})))?")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `language("mail.greeting", name="Ana")` gives a message with its places filled in."""

    code: str
    messages: Mapping[str, Any]
    translations: Mapping[str, str]  # by the English message; none in English itself

    def __call__(self, key: str, /, **values: str) -> str:
        """Return a message; what is filled in is text, ready to be read. KeyError for an unknown key."""
        return self._with_period(str(self.messages[key]), values).format(**values)

    def count(self, key: str, number: int, /, **values: str) -> str:
        """Return the message for a number of things, `{n}` in it: 1 answer, 729 answers."""
        forms = self.messages[key]
        single = number in (0, 1) if self.code == "fr" else number == 1
        form = self._with_period(str(forms["one" if single else "other"]), values)
        return form.format(n=self.number(number), **values)

    def translate(self, english: str, /, **values: object) -> str:
        """Return an English message in this language, its places filled in."""
        found = self.translations.get(english, english)
        return self._with_period(found, values).format(**values) if values else found

    def fitting(self, text: str, place: str, kind: str) -> str:
        """Return a message whose words before the period in a place fit its kind: "im September 2026", "au T3 2026"."""
        for usual, instead in _words_before(self.code, kind):
            phrase, better = (one.replace("{period}", f"{{{place}}}") for one in (usual, instead))
            for old, new in ((phrase, better), (phrase[0].upper() + phrase[1:], better[0].upper() + better[1:])):
                text = re.sub(rf"(?<!\w){re.escape(old)}", new, text)
        return text

    def kind_of(self, label: str) -> str:
        """Return what kind of period a label is: month, quarter, fiscal_year ...; "usual" for others."""
        match = _PERIOD.fullmatch(label)
        if match is None:
            return "all_time" if label == "all time" else "usual"
        fiscal, _, quarter, month, week = match.groups()
        return "week" if week else "quarter" if quarter else "month" if month else "fiscal_year" if fiscal else "year"

    def _with_period(self, text: str, values: Mapping[str, object]) -> str:
        for place in PERIOD_PLACES:
            if isinstance(value_text := values.get(place), str):
                text = self.fitting(text, place, _kind_of_period(self.code, value_text))
        return text

    def translated(self, text: str) -> str:
        """Return a sentence in this language; a text that is none comes back as it is."""
        return str(translate_sentence(text, self.translate, self.period, self._day, self.written))

    def number(self, value: float, digits: int = 0, *, sign: bool = False) -> str:
        """Return a number as this language writes it: 1,718 or 1.718 or 1 718; halves are rounded away from zero."""
        return self.written(number(value, digits, sign=sign).digits)

    def written(self, figure: str) -> str:
        """Write digits, or a figure of `language.figures`, as this language does: −1718.5 is −1.718,5."""
        digits = figure.digits if isinstance(figure, FigureWords) else figure
        whole, _, rest = digits.partition(".")
        if len(whole.lstrip("+−")) >= int(self.messages["format.grouped_from"]):
            whole = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", str(self.messages["format.thousands"]), whole)
        return whole + (str(self.messages["format.decimal"]) + rest if rest else "")

    def _day(self, day: DayWords) -> str:
        return self.date(day.day, year=day.year)

    def percent(self, value: float) -> str:
        """Return a share of 0..100: 70 %."""
        return self("format.percent", n=self.number(value))

    def rating(self, name: str) -> str:
        """Return a rating in a word: Watch, Beobachten; one that is none of ours as it is, with a capital."""
        return str(self.messages.get(f"rating.{name.replace(' ', '_')}", name.capitalize()))

    def date(self, day: dt.date, *, year: bool = True) -> str:
        """Return a day: 30 Sep 2026; without its year 30 Sep."""
        month = str(self.messages["format.months_short"][day.month - 1])
        number = str(self.messages["format.first"]) if day.day == 1 else str(day.day)
        if not year:
            return self("format.day", day=number, month=month)
        return self("format.date", day=number, month=month, year=str(day.year))

    def period(self, label: str, *, short: bool = False) -> str:
        """Return a period as people say it: Q3 2026 for 2026-Q3, Q1 FY2027 for FY2027-Q1; other labels as they are.

        Months are written out unless `short`: September 2026, Sep 2026.
        """
        if label == "all time":
            return self("format.all_time")
        match = _PERIOD.fullmatch(label)
        if match is None:
            return label
        fiscal, digits, quarter, month, week = match.groups()
        year = self("format.fiscal_year", year=digits) if fiscal else digits
        if week:
            return self("format.week", n=week, year=year)
        if quarter:
            return self("format.quarter", n=quarter, year=year)
        if month:
            names = self.messages["format.months_short" if short else "format.months"]
            shape = "format.month_short" if short else "format.month"
            return self(shape, month=str(names[int(month) - 1]), year=year)
        return year


@cache
def language(code: str = "en") -> Language:
    """Return a language by its code. UsageError, which lists the codes, for one that there is not."""
    if code not in LANGUAGES:
        raise UsageError(f"there is no language {code!r}: choose one of {', '.join(LANGUAGES)}")
    translations = {} if code == "en" else _loaded("workbook", f"{code}.toml")
    return Language(code, dict(_flat(_loaded(f"{code}.toml"))), translations)


@cache
def _words_before(code: str, kind: str) -> Sequence[tuple[str, str]]:
    """Return what stands before a period as messages have it, and what instead before one of a kind."""
    texts = language(code)
    words = ((str(texts.messages[f"period.{one}.{word}"]) for one in ("usual", kind)) for word in _BEFORE)
    return tuple((usual, instead) for usual, instead in words if usual != instead)


@lru_cache(maxsize=4096)
def _kind_of_period(code: str, value_text: str) -> str:
    """Return the kind of a period in the words of a language."""
    texts = language(code)
    if value_text == texts.messages["format.all_time"]:
        return "all_time"
    year = "[0-9]{4}"
    shapes = {
        "week": texts("format.week", n="[0-9]+", year=".+"),
        "quarter": texts("format.quarter", n="[1-4]", year=".+"),
    }
    shapes |= {"year": year, "fiscal_year": texts("format.fiscal_year", year=year)}
    names = [*texts.messages["format.months"], *texts.messages["format.months_short"]]
    named = "|".join(re.escape(name) for name in names)
    shapes["month"] = f"(?:{named})(?: .*)? (?:{year}|{shapes['fiscal_year']})"
    return next((kind for kind, shape in shapes.items() if re.fullmatch(shape, value_text)), "usual")


def _loaded(*name: str) -> dict[str, Any]:
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files("partnerkpi.language").joinpath(*name).read_text(encoding="utf-8"))


def _flat(table: Mapping[str, Any], place: str = "") -> list[tuple[str, Any]]:
    """Return nested tables as keys with dots; the forms of a plural stay together."""
    found: list[tuple[str, Any]] = []
    for name, value in table.items():
        key = f"{place}{name}"
        if isinstance(value, dict) and set(value) != PLURALS:
            found += _flat(value, f"{key}.")
        else:
            found.append((key, value))
    return found
