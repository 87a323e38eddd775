"""What a team typed into the Actions sheet of a workbook: read by its heads and words, wherever the rows stand.

A workbook that another program saved may have lost its record, and rows may have been sorted: so what a row is about
is taken from the row itself. The record adds what nobody sees: calls whose rows somebody deleted.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.utils.datetime import from_excel

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, OpenQuestion, PartnerKpiError
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE
from partnerkpi.results.choosing import Part
from partnerkpi.scorecard.called import NOT_REACHED, OPEN, PARTNER, STATUSES, Called
from partnerkpi.scorecard.findings.actions import LOST_ADVOCATE
from partnerkpi.scorecard.findings.loop import called_of
from partnerkpi.scorecard.record import from_record
from partnerkpi.tables.dates import read_day
from partnerkpi.verify.alone import label_of_period, language_of_sheets
from partnerkpi.verify.contents import Contents, read_contents
from partnerkpi.vocabulary import same_name
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.translation import current_language, in_language, translate
from partnerkpi.workbook.sheets.called import BY_PERIOD, EARLIER, KINDS, NO_NAME
from partnerkpi.workbook.writer.custom_part import find_part

_TYPED = ("Status", "Date", "Note")
_OWN = ("Partner", "Who", "Kind", "Why", *_TYPED)
_FIRST_DAY = dt.date(2000, 1, 1)


@dataclass
class Statuses:
    """What was typed: of each call, of which those that nobody touched are `OPEN`, and where rows said nothing.

    `period` is that of the workbook, `part` the part of the data that is in it, None where it has lost its record;
    `not_made` counts, by period, earlier calls of which nobody said anything.
    """

    path: Path
    period: str
    calls: list[Called] = field(default_factory=list)
    not_made: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    part: Part | None = None


def read_statuses(path: Path, *, day_first: bool | None = None, record: str | None = None) -> Statuses:
    """Return what became of the calls of a workbook, as its Actions sheet says.

    DataProblem where it has no such sheet, or a status is none of the list; OpenQuestion for a day that can be read in
    two ways. `record` is that of the workbook, for one that has lost it.
    """
    contents = read_contents(path)
    if names.DATA not in contents.sheets:
        raise DataProblem(f"--carry-on {path}: this is no scorecard of partnerkpi, or a partner's own workbook")
    with in_language(language_of_sheets(contents)):
        shown = [found.value for place in contents.named(names.PERIODS) if (found := contents.cell(*place))]
        period = label_of_period(str(shown[-1])) if shown else None
        if period is None:
            raise DataProblem(f"--carry-on {path}: its periods cannot be read: was the sheet Data changed?")
        typed = _Reader(contents, Statuses(path, period), day_first).read()
    return _with_the_record(contents, typed, record)


def _with_the_record(contents: Contents, found: Statuses, kept: str | None) -> Statuses:
    """Add the calls of the record whose rows are gone: as they were when the workbook was made."""
    carried = find_part(contents.parts)
    record = carried.record if carried is not None else kept
    if record is None:
        found.notes.append(f"{found.path.name} has lost its record: statuses are taken from its sheets alone")
        return found
    try:
        card = from_record(json.loads(record)).newest
    except (PartnerKpiError, ValueError):
        return found
    found.part = card.part
    met = Counter(_key(one) for one in found.calls)
    every = [called_of(one, card.current) for one in card.actions]
    every += [*card.bound.earlier, *card.bound.partners.values()]
    known = {_key(one): one for one in every}
    found.calls = [_completed(one, known.get(_key(one))) for one in found.calls]
    gone = 0
    for one in every:
        if met[_key(one)] > 0:
            met[_key(one)] -= 1
        else:
            found.calls.append(one)
            gone += 1
    if gone:
        several = f"{gone:,} calls of {found.path.name} have no row there any more: their status is kept"
        single = f"1 call of {found.path.name} has no row there any more: its status is kept"
        found.notes.append(single if gone == 1 else several)
    found.not_made = Counter(card.not_made)
    return found


def _key(one: Called) -> tuple[Any, ...]:
    score = one.score if one.who is None else None
    return same_name(one.partner), one.kind, one.who, one.since, score, one.period if one.kind == PARTNER else None


def _completed(typed: Called, known: Called | None) -> Called:
    """Return a status with what the record knows of the call."""
    if known is None:
        return typed
    return dataclasses.replace(
        typed, period=known.period, score=known.score, next_score=known.next_score, next_day=known.next_day
    )


class _Reader:
    """The Actions sheet, row by row: below each row of heads stands what these heads say."""

    def __init__(self, contents: Contents, found: Statuses, day_first: bool | None) -> None:
        self.contents, self.found, self.day_first = contents, found, day_first
        self.kinds = {translate(text): kind for kind, text in KINDS.items()}
        self.statuses = {translate(one).casefold(): one for one in STATUSES}
        self.statuses |= {one.casefold(): one for one in STATUSES} | {"no answer": NOT_REACHED}
        self.answered = [(_pattern("answered {score} on {day}"), True), (_pattern("answered {score}"), False)]
        self.silent = [
            _pattern("no advocacy since {period}"),
            _pattern("no advocacy since {period}, when it gave {n} activity"),
            _pattern("no advocacy since {period}, when it gave {n} activities"),
        ]

    def read(self) -> Statuses:
        """Return what was typed."""
        sheet = self.contents.sheets.get(names.ACTIONS)
        if sheet is None:
            return self.found
        rows: dict[int, dict[str, Any]] = {}
        for ref in sheet.cells:
            row, column = coordinate_to_tuple(ref)
            value = self.contents.shown(sheet.title, ref)
            if value not in (None, ""):
                rows.setdefault(row, {})[get_column_letter(column)] = value
        heads: Mapping[str, str] | None = None
        odd = []
        for number, cells in sorted(rows.items()):
            if (told := self._heads(cells)) is not None:
                heads = told
                continue
            if heads is None:
                continue
            if "Open, no row" in heads.values():
                self._not_made({head: cells.get(letter) for letter, head in heads.items()})
                continue
            values = {head: cells.get(letter) for letter, head in heads.items()}
            if not self._row(number, values) and any(values.get(head) for head in _TYPED):
                odd.append(number)
        if odd:
            where = ", ".join(map(str, odd[:5])) + ("" if len(odd) <= 5 else f" and {len(odd) - 5} more")
            self.found.notes.append(
                f"{self.found.path.name}: what is typed in row {where} of Actions stands beside no call: not carried on"
            )
        return self.found

    def _heads(self, cells: Mapping[str, Any]) -> dict[str, str] | None:
        """Return which column has which head, where a row is one of heads; {} where another table begins."""
        for several, needed in ((_OWN, ("Partner", "Kind", "Status")), (EARLIER, EARLIER[:3]), (BY_PERIOD, BY_PERIOD)):
            own = {translate(head): head for head in several}
            found = {letter: own[value] for letter, value in cells.items() if isinstance(value, str) and value in own}
            if not set(needed) - set(found.values()):
                if several is _OWN and translate("Period") in cells.values():
                    continue
                return found
        return None

    def _not_made(self, values: Mapping[str, Any]) -> None:
        label = label_of_period(str(values.get("Period")))
        number = values.get("Open, no row")
        if label is not None and isinstance(number, (int, float)):
            self.found.not_made[label] += int(number)

    def _row(self, number: int, values: Mapping[str, Any]) -> bool:
        """Take what a row says of a call; return whether it is one."""
        partner = values.get("Partner")
        if partner is None:
            return False
        is_earlier = "Period" in values
        kind = self.kinds.get(str(values.get("Kind")))
        if kind is None and not is_earlier:
            kind = PARTNER
            if not any(values.get(head) for head in _TYPED):
                return True
        if kind is None:
            return False
        period = label_of_period(str(values["Period"])) if is_earlier else self.found.period
        if period is None:
            return False
        since, score = self._why(kind, values.get("Why"))
        name = None if partner == translate(NO_NAME) else str(partner)
        who = _plain(values.get("Who")) if kind not in (PARTNER, LOST_ADVOCATE) else None
        called = Called(
            *(name, kind, who, period, since if kind != PARTNER else period, score),
            *(self._status(number, values.get("Status")), self._day(number, values.get("Date"))),
            note=_plain(values.get("Note")),
        )
        if is_earlier:
            score, day = self._why("", values.get("Next answer"))[::-1]
            called = dataclasses.replace(called, next_score=score, next_day=_as_day(day))
        self.found.calls.append(called)
        return True

    def _why(self, kind: str, text: Any) -> tuple[str | None, float | None]:
        """Return since when a call is one and the score that was answered, as the reason tells."""
        if not isinstance(text, str):
            return None, None
        if kind == LOST_ADVOCATE:
            for pattern in self.silent:
                if match := pattern.match(text):
                    return label_of_period(match["period"]), None
            return None, None
        for pattern, dated in self.answered:
            if match := pattern.match(text):
                score = float(match["score"].replace(",", "."))
                if LOWEST_SCORE <= score <= HIGHEST_SCORE:
                    day = _day_in_words(match["day"]) if dated else None
                    if day is not None or not dated:
                        return day.isoformat() if day is not None else None, score
        return None, None

    def _status(self, row: int, value: Any) -> str:
        if value in (None, ""):
            return OPEN
        status = self.statuses.get(" ".join(str(value).split()).casefold())
        if status is None:
            known = ", ".join(translate(one) for one in STATUSES)
            raise DataProblem(
                f"{self.found.path}, sheet Actions, row {row}: {str(value)!r} is no status of a call; choose {known}"
            )
        return status

    def _day(self, row: int, value: Any) -> dt.date | None:
        if value in (None, ""):
            return None
        where = f"{self.found.path}, sheet Actions, row {row}"
        try:
            if isinstance(value, (int, float)):
                found = from_excel(value)
                day = found.date() if isinstance(found, dt.datetime) else found
            else:
                day = read_day(str(value), day_first=self.day_first, last=True)
        except OpenQuestion as question:
            raise OpenQuestion(f"{where}: {question}; or type it as 2026-09-30") from None
        except (ValueError, TypeError, OverflowError):
            day = None
        if not isinstance(day, dt.date) or day < _FIRST_DAY:
            raise DataProblem(f"{where}: {value!r} is no day: type it as 2026-09-30")
        return day


def _pattern(english: str) -> re.Pattern[str]:
    """Return what finds a message in the language of the workbook, and what fills its places."""
    text = re.escape(translate(english))
    return re.compile(
        re.sub(r"\\\{(\w+)\\\}", lambda m: f"(?P<{m[1]}>{r'[0-9.,]+' if m[1] in 'score n' else r'[^,]+?'})", text)
        + r"(?=$|,)"
    )


def _day_in_words(text: str) -> dt.date | None:
    """Return the day that the workbook writes as 30 Sep 2026, in its language."""
    match = re.fullmatch(r"\D*(\d{1,2})\D.*?(\d{4})", text.strip())
    if match is None:
        return None
    for month in range(1, 13):
        try:
            day = dt.date(int(match[2]), month, int(match[1]))
        except ValueError:
            continue
        if current_language().date(day) == text.strip():
            return day
    return None


def _as_day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text is not None else None


def _plain(value: Any) -> str | None:
    """Return a text of a cell; a number as it is shown, 7 and not 7.0."""
    if value in (None, ""):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None
