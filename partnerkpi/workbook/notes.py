"""The notes on the data in the language of the workbook: a card has them in English, as the terminal prints them.

A note is known by its message, whose places are whatever stands there: names of files and columns, numbers, days. One
that is none of these stays as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter

from partnerkpi.workbook.model.translation import current_language, message, translate

_NOTES = (
    message("This workbook holds the figures of one partner."),
    message("no responses were given, so there is no data for the NPS: add a file with the answers from 0 to 10"),
    message(
        "no activities were given, so there is no data for advocacy: add a file with the partners' activities "
        "(partner, type, date)"
    ),
    message(
        "no customers were given, so there is no data for retention: add a file with the customers "
        "(customer, period, retained, partner)"
    ),
    message(
        "no partners were given, so there is no data for the share of active advocates and the response rate: add the "
        "list of partners"
    ),
    message("{file} has no column that names the partner: its answers count in the total only"),
    message(
        "{file} has no column that is recognised as the date: everything is counted together "
        "(--date names one, such as {column})"
    ),
    message("{file} has no column that is recognised as the date: everything is counted together"),
    message("{number} activities are of partners not on the list, set aside: {partners}"),
    message(
        "{number} activities are of partners that were not on the list in that period, and do not count in it: "
        "{partners}"
    ),
    message("{number} activities have no date: they count in no period"),
    message("{number} rows are like another one in every cell, and no id tells them apart: all count"),
    message("not UTF-8: read as {encoding}; another is named with --encoding"),
    message("{column} is read as dates with day first, seen from {text}"),
    message("{column} is read as dates with month first, seen from {text}"),
    message("partners are joined by their id: {columns}"),
    message(
        "{period} is not over: it is counted until {day}. Activities and response rates are compared with {before} "
        "until {then}, as many days; they are not rated and raise no alert"
    ),
    message(
        "{period} is not over: it is counted until {day}; activities and response rates are not rated and raise no "
        "alert"
    ),
    message(
        "{period} has begun (the data go to {day}): less than half of it has passed, so the page is about {before}; "
        "--to-date makes it about {period}"
    ),
    message("not on the list of partners, and no part of the advocacy share: {partners}"),
    message("hidden sheets in the workbook: {names}"),
    message("{number} rows are hidden and counted all the same"),
    message("a filter hides rows, which are counted all the same"),
    message("{number} cells hold errors ({kinds})"),
    message("rows outside the window: {number}, since by {column} only days from {day} until {last} count ({options})"),
    message("rows outside the window: {number}, since by {column} only days from {day} count ({options})"),
    message("rows outside the window: {number}, since by {column} only days until {day} count ({options})"),
    message(
        "{column} may name persons, {number} of whom answered several times ({rows} more answers): all count. "
        "{option} takes one of each"
    ),
    message("{number} rows are gone by {column} and have no end: they count as still there"),
    message("counted until {day}, the last day in the data: --as-of names another"),
    message("{column} stands once for each group: it is filled into {number} rows below"),
    message("not every file has the columns {columns}: blank there"),
    message("{column} of the list of partners is taken as the NPS that each is to reach"),
    message("{file}: {number} rows count under another spelling of the partner: {names}"),
    message("{file}: read as no partner: {names}"),
    message("{file}: read as a partner that is not known: {names}"),
    message("{file}: counted as a partner of that name: {names}; write direct where it is none"),
    message("{name} has the ids {ids}: counted as {number} partners"),
)
_QUARTER = re.compile(r"Q([1-4]) (\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})")


def note_in_words(note: str) -> str:
    """Return a note on the data in the language of the workbook, with its days and periods as this writes them."""
    for english in _NOTES:
        if (found := _pattern(english).fullmatch(note)) is not None:
            return translate(english, **_places(found.groupdict()))
    return note


@lru_cache(maxsize=len(_NOTES))
def _pattern(english: str) -> re.Pattern[str]:
    """Return what a note of this message looks like."""
    known, parts = set[str](), []
    for text, name, _, _ in Formatter().parse(english):
        parts.append(re.escape(text))
        if name is not None:
            parts.append(f"(?P={name})" if name in known else f"(?P<{name}>.+?)")
            known.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _places(found: Mapping[str, str]) -> dict[str, str]:
    say = current_language()
    places = {}
    for name, text in found.items():
        if (quarter := _QUARTER.fullmatch(text)) is not None:
            places[name] = say.period(f"{quarter[2]}-Q{quarter[1]}")
        elif (day := _DAY.fullmatch(text)) is not None:
            places[name] = say.date(dt.date(int(day[3]), 1 + _MONTHS.index(day[2]), int(day[1])))
        elif name == "number" and text.replace(",", "").isdigit():
            places[name] = say.number(int(text.replace(",", "")))
        else:
            places[name] = text
    return places
