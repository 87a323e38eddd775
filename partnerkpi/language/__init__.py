"""What the program says to people, in their language: messages, plurals, numbers, dates and names of periods.

The messages are TOML files beside this one, with the same keys in each language. A key names the place where its
message stands: `mail.subject`, `rating.strong`, `kpi.nps.name`, `word.sure`, `format.decimal`.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from partnerkpi.errors import UsageError

#: The languages, by the code of their file; the first is the one that everything falls back on in people's minds.
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "fr": "français", "es": "español"}

PLURALS = {"one", "other"}
_PERIOD = re.compile(r"(FY)?([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `language("mail.greeting", name="Ana")` gives a message with its places filled in."""

    code: str
    messages: Mapping[str, Any]

    def __call__(self, key: str, /, **values: str) -> str:
        """Return a message; what is filled in is text, ready to be read. KeyError for an unknown key."""
        return str(self.messages[key]).format(**values)

    def count(self, key: str, number: int, /, **values: str) -> str:
        """Return the message for a number of things, `{n}` in it: 1 answer, 729 answers."""
        forms = self.messages[key]
        single = number in (0, 1) if self.code == "fr" else number == 1
        return str(forms["one" if single else "other"]).format(n=self.number(number), **values)

    def number(self, value: float, decimals: int = 0, *, sign: bool = False) -> str:
        """Return a number as this language writes it: 1,718 or 1.718 or 1 718; halves are rounded away from zero."""
        rounded = _rounded(value, decimals)
        whole, _, rest = f"{abs(rounded):.{decimals}f}".partition(".")
        if len(whole) >= int(self.messages["format.grouped_from"]):
            whole = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", str(self.messages["format.thousands"]), whole)
        mark = "−" if rounded < 0 else "+" if sign and rounded > 0 else ""
        return mark + whole + (str(self.messages["format.decimal"]) + rest if rest else "")

    def percent(self, value: float, decimals: int = 0) -> str:
        """Return a share of 0..100: 70 %."""
        return self("format.percent", n=self.number(value, decimals))

    def date(self, day: dt.date, *, year: bool = True) -> str:
        """Return a day: 30 Sep 2026; without its year 30 Sep."""
        month = str(self.messages["format.months_short"][day.month - 1])
        if not year:
            return self("format.day", day=str(day.day), month=month)
        return self("format.date", day=str(day.day), month=month, year=str(day.year))

    def period(self, label: str, *, short: bool = False) -> str:
        """Return a period as people say it: Q3 2026 for 2026-Q3, Q1 FY2027 for FY2027-Q1; other labels as they are.

        Months are written out unless `short`: September 2026, Sep 2026.
        """
        if label == "all time":
            return self("format.all_time")
        match = _PERIOD.fullmatch(label)
        if match is None:
            return label
        fiscal, digits, quarter, month = match.groups()
        year = self("format.fiscal_year", year=digits) if fiscal else digits
        if quarter:
            return self("format.quarter", n=quarter, year=year)
        if month:
            names = self.messages["format.months_short" if short else "format.months"]
            return self("format.month", month=str(names[int(month) - 1]), year=year)
        return year


@cache
def language(code: str = "en") -> Language:
    """Return a language by its code. UsageError, which lists the codes, for one that there is not."""
    if code not in LANGUAGES:
        raise UsageError(f"there is no language {code!r}: choose one of {', '.join(LANGUAGES)}")
    content = files("partnerkpi.language").joinpath(f"{code}.toml").read_text(encoding="utf-8")
    return Language(code, dict(_flat(tomllib.loads(content))))


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


def _rounded(value: float, decimals: int) -> float:
    """Round halves away from zero, as spreadsheets do: 2.5 is 3; a figure a hair below the half counts as the half."""
    scale: int = 10**decimals
    size: float = int(abs(round(value, 9)) * scale + 0.5) / scale
    return -size if value < 0 and size else size
