"""Rows of a report that add others up: totals, counts and averages between its groups and below them.

A word alone proves little: somebody may be called Total. A row between others is a total where its word has no other
sense (subtotal, Teilsumme), where it names the group above it (Alder Total), or where the row lacks what every other
row has, such as a date. All its other cells are numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from partnerkpi.csvtext import copy_writer
from partnerkpi.lazily import pattern
from partnerkpi.vocabulary import SUBTOTALS, TOTALS, reads_as_number, same_name

_WORDS = "|".join(sorted(map(re.escape, {*TOTALS, *SUBTOTALS}), key=len, reverse=True))
_TOTAL = pattern(
    rf"^(?:grand |sub|sub-|sub )?(?:{'|'.join(map(re.escape, TOTALS))})"
    r"(?: (?:score|nps|responses|answers|result|of all|overall)| \(\d[\d.,]* [^\W\d]+\)"
    r"|(?: (?:number|no\.))?(?: (?:of|de|der|des|di|van))? (?:partners?|customers?|partenaires|kunden"
    r"|clients|clientes|socios|clienti|klanten))?:?$"
    r"|^(?:number|no\.) of (?:partners|customers|accounts|activities|responses):?$",
    re.IGNORECASE,
)
#: What says nothing but that a row adds others up, with the name of a group or a number of records behind it.
_SURE = pattern(rf"^(?:{'|'.join(map(re.escape, SUBTOTALS))})\b[^0-9]*(?:\(\d[\d.,]* [^\W\d]+\))?:?$", re.IGNORECASE)
#: The same behind the name of a group, whichever stands above it.
_SURE_OF_ANY = pattern(rf"^.*\w[ :–-]+(?:{'|'.join(map(re.escape, SUBTOTALS))}):?$", re.IGNORECASE)
#: Words for the sum of a part, which end no name.
_PART = re.compile("sub|teil|zwischen|sous|parcial|parzial|partiel|delsum|częściow|小計")
_PART_OF_ANY = pattern(
    rf"^.*\w[ :–-]+(?:{'|'.join(re.escape(word) for word in SUBTOTALS if _PART.search(word))}):?$", re.IGNORECASE
)
_OF_GROUP = pattern(
    rf"^(?:(?P<behind>.+?)(?:[ :-]+(?:{_WORDS})|[ :-]*\(\d[\d.,]* [^\W\d]+\))"
    rf"|(?:{_WORDS})[ :-]+(?:for |of |de |di |da |von |van |der |pour |para |per |dla )?(?P<before>.+?)):?$",
    re.IGNORECASE,
)
#: A word for a sum, or the number of records of a group behind its name: Alder (5 records).
_ANY = pattern(rf"\b(?:{_WORDS})\b|∑|\(\d[\d.,]* [^\W\d]+\):?$", re.IGNORECASE)
#: So many rows show which columns every row has; so many columns from the left may name a group, and be filled down.
_LEARNT_ROWS, _GROUP_COLUMNS, _FILLED_COLUMNS = 1_000, 24, 3
#: In larger tables no names of groups are filled down.
_MOST_FILLED = 200_000


#: Figures that people work out below a table of answers, by the names of their bands and of the NPS.
_FIGURE = pattern(
    r"^(?:(?:number of |no\.? of |# ?|% ?|anzahl )?(?:promoters|passives|detractors|promotoren|passive|kritiker"
    r"|detraktoren|promoteurs|passifs|détracteurs|promotores|pasivos|neutros|detractores|detratores)"
    r"|nps(?: score| gesamt| total)?|net promoter score|median)(?: ?%)?:?$",
    re.IGNORECASE,
)
#: Below so many rows that are none of these.
_ABOVE_FIGURES = 3


def is_figure(cells: Sequence[str]) -> bool:
    """Tell whether a row could be a figure made of those above it: its first cell names it, the others are numbers."""
    first, *others = [cell.strip() for cell in cells if cell and not cell.isspace()] or [""]
    return bool(others) and _FIGURE.match(first) is not None and all(map(reads_as_number, others))


def is_total(cells: Sequence[str]) -> bool:
    """Tell whether a row could be a total: its first cell of words says so, and the others are numbers."""
    words = (text for _, text in _words_of(cells))
    first = next(words, "")
    return any(form.match(first) for form in (_TOTAL, _SURE, _SURE_OF_ANY)) and _add_up(words)


def _words_of(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the cells of a row that are filled with something else than numbers, each with its column.

    Of most rows the first one tells enough, and of a wide one to look at all takes long.
    """
    filled = ((column, cell.strip()) for column, cell in enumerate(cells) if cell and not cell.isspace())
    return ((column, text) for column, text in filled if not reads_as_number(text))


def _add_up(cells: Iterable[str]) -> bool:
    return all(reads_as_number(cell) or _TOTAL.match(cell) or _SURE.match(cell) for cell in cells)


class Totals:
    """What the rows of a table show of its groups, to tell rows that add up from others."""

    def __init__(self, width: int) -> None:
        self._rows = 0
        self._blanks = [0] * width
        self._of_figures = False
        self._groups = [""] * min(width, _GROUP_COLUMNS)

    def learn(self, cells: Sequence[str]) -> None:
        """Take note of a row that is none."""
        for column in range(len(self._groups)):
            if cells[column]:
                self._groups[column] = cells[column]
        self._of_figures = self._of_figures or (self._rows <= _LEARNT_ROWS and is_figure(cells))
        if self._rows < _LEARNT_ROWS:
            self._rows += 1
            for column, cell in enumerate(cells):
                if not cell:
                    self._blanks[column] += 1

    def below(self, cells: Sequence[str]) -> bool:
        """Tell whether a row adds others up, or is a figure made of them, if nothing but the like follows it."""
        return is_total(cells) or (self._rows >= _ABOVE_FIGURES and not self._of_figures and is_figure(cells))

    def between(self, cells: Sequence[str], *, below_a_total: bool = False) -> bool:
        """Tell whether a row adds others up, whatever follows it; `below_a_total` it may have any word and a number."""
        words = _words_of(cells)
        column, first = next(words, (0, ""))
        others: Iterable[str] = (text for _, text in words)
        if first and _ANY.search(first) is not None:
            others = list(others)
            if _SURE.match(first) and (_add_up(others) or self.lacks(cells)):
                return True
            if _add_up(others) and self._names_a_group(column, first):
                return True
            if _add_up(others) and (_TOTAL.match(first) or _SURE_OF_ANY.match(first)) and self.lacks(cells):
                return True
            if _add_up(others) and _PART_OF_ANY.match(first):
                return True
        if not below_a_total or self._rows < _ABOVE_FIGURES or not self.lacks(cells):
            return False
        return any(map(reads_as_number, cells)) and _add_up(text for text in others if text not in self._groups)

    def lacks(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is blank where all others have something."""
        return self._rows > 0 and any(
            not cell and self._blanks[column] * 10 <= self._rows for column, cell in enumerate(cells)
        )

    def _names_a_group(self, column: int, text: str) -> bool:
        if column >= len(self._groups) or not self._groups[column]:
            return False
        found = _OF_GROUP.match(text)
        whose = found and (found["behind"] or found["before"])
        return bool(whose) and same_name(whose) == same_name(self._groups[column])


def may_hold_totals(content: bytes, encoding: str) -> bool:
    """Tell whether a text could hold rows of totals between others: some cell has such a word at an end."""
    text = content.decode(encoding, "replace")
    return _AT_AN_END.search(text) is not None


_EDGE = '[,;\t|"\r\n]'
_AT_AN_END = pattern(
    rf"{_EDGE}[ \t]*(?:{_WORDS})\b[^,;\t|\"\r\n]{{0,60}}{_EDGE}|\b(?:{_WORDS}):?[ \t]*{_EDGE}"
    rf"|∑|\(\d[\d.,]* [^\W\d]+\):?[ \t]*{_EDGE}",
    re.IGNORECASE,
)


def fill_down(target: Path, breaks: Sequence[int], names: Sequence[str]) -> list[str]:
    """Write the name of a group into its rows where it stands in the first of them alone; return what to say of it.

    `breaks` are the numbers of rows before which a total stood. Only columns at the left, filled nowhere but in the
    first rows of groups, are names of groups.
    """
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    if len(rows) > _MOST_FILLED or len(rows) < 2:
        return []
    starts = {0, *(one for one in breaks if one < len(rows))}
    columns: list[int] = []
    for column in range(1, min(len(rows[0]), _FILLED_COLUMNS + 1)):
        filled = {number for number, row in enumerate(rows) if row[column].strip()}
        if 0 not in filled or not filled <= starts or len(filled) == len(rows):
            return []
        columns.append(column)
        if filled == starts:  # the innermost group
            break
    else:
        return []
    notes = []
    for column in columns:
        count, name = 0, ""
        for row in rows:
            name = row[column] or name
            count += not row[column]
            row[column] = name
        head = names[column - 1]
        notes.append(
            f"{head!r} stands once for each group: it is filled into the row below"
            if count == 1
            else f"{head!r} stands once for each group: it is filled into {count:,} rows below"
        )
    with target.open("w", encoding="utf-8", errors="replace", newline="") as out:
        write = copy_writer(out)
        for row in rows:
            write(row)
    return notes
