"""A table as plain CSV, each row with its number in front, and beside it the rows that are no rows of the table.

Repeated headers, totals and notes below the table, rows with more cells than the header names, and answers that a
survey tool marks as tests or unfinished are not copied: they go into a file of their own, each with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from partnerkpi.csvtext import copy_writer
from partnerkpi.lazily import pattern
from partnerkpi.tables.locate import Place
from partnerkpi.tables.totals import Totals, fill_down
from partnerkpi.vocabulary import reads_as_number

#: A row with more cells than the header names: which cell belongs where cannot be told.
TOO_MANY_CELLS = "too many cells in the row"
#: A row with bytes that are no letters in the encoding of the file.
UNREADABLE = "bytes that are not readable"
REPEATED_HEADER = "repeated header"
TOTAL = "total below the table"
SUBTOTAL = "total between rows"
NOTE = "note below the table"
REASONS = (TOO_MANY_CELLS, UNREADABLE, REPEATED_HEADER, TOTAL, SUBTOTAL, NOTE)

#: Below a table stands a handful of remarks; more of them are rows.
_MOST_BELOW = 50
_MARKED = pattern(
    r"\*|note|source|remark|hinweis|anmerkung|quelle|exported|generated|©|\(c\)|copyright (?:\(c\)|©|\d)"
    r"|(?:run|created|downloaded|prepared|report(?:ed)?) (?:by|on|at)\b|exportiert|erstellt (?:von|am)",
    re.IGNORECASE,
)
#: What reports and people write below a list, though one cell of a narrow table is filled by it: how many there are,
#: since when it stands, what its words mean.
_THINGS = (
    r"(?:rows?|records?|partners?|customers?|accounts?|entries|items?|results?|lines?|activities|zeilen|einträge|datensätze"
    r"|kunden|treffer|lignes?|partenaires?|clients?|résultats?|enregistrements?|filas?|registros?|socios?|clientes?"
    r"|resultados?|linhas?|parceiros?|righe|clienti|risultati|rijen|klanten|wiersz\w*|rekord\w*|klient\w*)"
)
_SUM = (
    r"(?:total|count|sum|number|no\.|anzahl|summe|gesamt|insgesamt|nombre|somme|número|suma|totale|numero|aantal"
    r"|liczba)"
)
_OF = r"(?: (?:of|de|des|der|di|van|number of|nombre de))?"
_REMARK = pattern(
    rf"\(?\d[\d.,]* {_THINGS}(?: (?:selected|affected|returned|exported|in set|found|gefunden).*)?\)?\.?$"
    rf"|{_SUM}{_OF}(?: {_THINGS})? ?(?::|=) ?\d[\d.,]*(?: {_THINGS})?\.?$"
    rf"|{_SUM}{_OF} {_THINGS} ?\(?\d[\d.,]*\)?$"
    r"|(?:stand|as of|as at|last (?:updated?|refresh\w*|modified)|updated|printed|created|data as of|report date"
    r"|stato al|état au|situation au|fecha|datum)\b(?: \w+)?:? ?\d"
    r"|(?:end of (?:report|list|file)|ende der liste|fin du rapport|confidential\b.*|vertraulich\b.*|confidentiel\b.*"
    r"|confidencial\b.*|page \d+(?: (?:of|/) \d+)?|seite \d+(?: (?:von|/) \d+)?)\.?$"
    r"|(?:applied )?filters?(?: applied)?:|legend(?:e)?:|[\w+*]{1,12} ?= ?\S",
    re.IGNORECASE,
)


def is_broken(text: str) -> bool:
    """Tell whether a text holds bytes that its encoding does not know."""
    return not text.isascii() and any("\udc80" <= letter <= "\udcff" for letter in text)


def is_note(cells: Sequence[str]) -> bool:
    """Tell whether a row could be a remark rather than values: few of its cells hold anything, and those hold words."""
    filled = [cell.strip() for cell in cells if cell and not cell.isspace()]
    if len(filled) == 1 and _REMARK.match(filled[0]) is not None:
        return True
    if len(cells) < 3:
        return len(filled) == 1 and _MARKED.match(filled[0]) is not None
    return 0 < len(filled) * 3 <= len(cells) and not any(reads_as_number(cell) or "@" in cell for cell in filled)


def is_sentence(cells: Sequence[str]) -> bool:
    """Tell whether a cell of a row is a sentence, or begins as remarks do: a name or a place is neither."""
    return any(
        len(cell.split()) > 2 or _MARKED.match(cell.strip()) or _REMARK.match(cell.strip()) for cell in cells if cell
    )


def is_cut(cells: Sequence[str], width: int, *, below_a_gap: bool) -> bool:
    """Tell whether a line that is shorter than the others could be a sentence with a separator in it: Run by Ann, Ops.

    So it could where it begins as remarks do, or `below_a_gap`, an empty line, where there is no figure in it.
    """
    if not 1 < len(cells) < width:
        return False
    return _MARKED.match(cells[0].strip()) is not None or (
        below_a_gap and not any(letter.isdigit() or letter == "@" for cell in cells for letter in cell)
    )


class TableWriter:
    """Writes the rows of one table to a file, and what is no row of it to another."""

    def __init__(self, place: Place, target: Path, aside: Path, *, may_be_broken: bool = False) -> None:
        self._may_be_broken = may_be_broken
        self.rows = 0
        self.aside: Counter[str] = Counter()
        self._place = place
        self._width = len(place.names)
        self._header = [cell.strip().casefold() for cell in place.header_cells[: self._width]]
        self._head = next((cell for cell in self._header if cell), None)
        self._at = self._header.index(self._head) if self._head is not None else 0
        self._padding = [""] * self._width
        self._few = max(1, self._width // 3)
        self._totals = Totals(self._width)
        self._breaks: list[int] = []
        self.notes: list[str] = []
        self.target, self.aside_path = target, aside
        self._waiting: list[tuple[int, list[str], str]] = []
        self._last: int | None = None  # the number of the row before
        self._short = False  # a row has fewer cells than the header
        self._first: tuple[int, list[str]] | None = None
        self._title: tuple[int, list[str]] | None = None

    def start_again(self) -> None:
        """Forget what was written: the rows will be read once more, in another way."""
        self.rows = 0
        self.aside.clear()
        self._waiting.clear()
        self._last, self._short = None, False
        self._first = self._title = None
        self._totals = Totals(self._width)
        self._breaks.clear()

    def copy(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        """Write all rows, each given with its number and its cells as text, from the table's first column on."""
        with (
            self.target.open("w", encoding="utf-8", errors="replace", newline="") as out,
            self.aside_path.open("w", encoding="utf-8", errors="replace", newline="") as aside,
        ):
            self._write = copy_writer(out)
            self._write_aside = copy_writer(aside)
            for number, cells in rows:
                self._add(number, cells)
            self._settle_title()
            # A table of nothing but remarks is a table of remarks.
            below = self.rows > 0
            self._settle_first()
            self._settle(below=below)
        if self._breaks:
            self.notes = fill_down(self.target, self._breaks, self._place.names)

    def _add(self, number: int, cells: list[str]) -> None:
        width = self._width
        if self._may_be_broken and any(map(is_broken, cells)):
            self._set_aside(number, cells, UNREADABLE)
            return
        short = 1 < len(cells) < width
        cut = short and is_cut(cells, width, below_a_gap=not self._short and self._is_below_a_gap(number))
        if len(cells) != width:
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                self._set_aside(number, cells, TOO_MANY_CELLS)
                return
            cells = (cells + self._padding)[:width]
        filled = width - cells.count("")
        if not filled:
            return
        self._last = number
        self._short |= short and not cut
        if (reason := self._no_answer(cells)) is not None:
            self._settle_title(of_header=reason == REPEATED_HEADER)
            if reason == REPEATED_HEADER:
                self._settle_remarks()
            self._set_aside(number, cells, reason)
            return
        self._settle_title()
        for column, values in self._place.blanks.items():
            if column < width and cells[column].strip().casefold() in values:
                cells[column] = ""
        # Whether a total or a note is below the table is known when nothing else comes after it.
        if self._totals.between(cells, below_a_total=bool(self._waiting) and self._waiting[-1][2] == SUBTOTAL):
            reason = SUBTOTAL
        else:
            is_remark = cut or (filled <= self._few and is_note(cells))
            reason = TOTAL if self._totals.below(cells) else NOTE if is_remark else None
        if reason == TOTAL and self.rows == 0 and self._first is None:
            self._first = (number, cells)  # whether it lacks what others have is known behind them
            return
        if reason is not None and len(self._waiting) < _MOST_BELOW:
            self._waiting.append((number, cells, reason))
            return
        if self._waiting:
            self._settle(below=False)
        if reason == SUBTOTAL:
            self._set_aside(number, cells, SUBTOTAL)
            return
        if filled == 1 < width:
            self._title = (number, cells)  # what the next row tells
            return
        self._take(number, cells)

    def _is_below_a_gap(self, number: int) -> bool:
        """Tell whether an empty line stands above a row, or a remark that is below one."""
        return (self._last is not None and number > self._last + 1) or (
            bool(self._waiting) and self._waiting[-1][2] == NOTE
        )

    def _take(self, number: int, cells: list[str]) -> None:
        self.rows += 1
        self._totals.learn(cells)
        self._write([number, *cells])

    def _settle_title(self, *, of_header: bool = False) -> None:
        """Decide on a row with one cell: just above a header that comes again it is the title of what follows."""
        if self._title is not None:
            number, cells = self._title
            self._title = None
            if of_header:
                self._set_aside(number, cells, NOTE)
            else:
                self._take(number, cells)

    def _settle_remarks(self) -> None:
        """Set aside the remarks above a header that comes again: Page 1 of 2."""
        remarks = [one for one in self._waiting if one[2] == NOTE and is_sentence(one[1])]
        self._waiting = [one for one in self._waiting if one not in remarks]
        for number, cells, reason in remarks:
            self._set_aside(number, cells, reason)

    def _settle_first(self) -> None:
        """Decide on a row above all others whose words are those of a total."""
        if self._first is None:
            return
        number, cells = self._first
        if self._totals.lacks(cells):
            self._set_aside(number, cells, SUBTOTAL)
        else:
            self.rows += 1
            self._write([number, *cells])

    def _no_answer(self, cells: Sequence[str]) -> str | None:
        if cells[self._at].strip().casefold() == self._head and self._repeats_header(cells):
            return REPEATED_HEADER
        return next((rule.reason for rule in self._place.rules if rule.takes(cells)), None)

    def _settle(self, *, below: bool) -> None:
        """Decide on the rows that wait: they stand below the table, or they are rows like the others."""
        remarks = any(reason == NOTE and is_sentence(cells) for _, cells, reason in self._waiting)
        for number, cells, reason in self._waiting:
            if below and (remarks or reason != NOTE):
                self._set_aside(number, cells, TOTAL if reason == SUBTOTAL else reason)
            elif reason == SUBTOTAL:
                self._set_aside(number, cells, reason)
                self._breaks.append(self.rows)
            else:
                self._take(number, cells)
        self._waiting.clear()

    def _set_aside(self, number: int, cells: Sequence[str], reason: str) -> None:
        self.aside[reason] += 1
        self._write_aside([number, reason, *cells])

    def _repeats_header(self, cells: Sequence[str]) -> bool:
        names = self._header
        return sum(bool(name) for name in names) > 1 and all(
            cell.strip().casefold() == name for cell, name in zip(cells, names, strict=False) if name
        )
