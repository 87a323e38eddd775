"""The page of a scorecard workbook, read back from the values that its cells carry.

Figures stand on the sheet Data in one column a period, partners on the sheet Partners in one row each, both under
their own names. This module alone knows that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerkpi.errors import DataProblem
from partnerkpi.mail.content import CANNOT_TELL, PageContent, PartnerFigures, Tile
from partnerkpi.scorecard.packs import ONE_PARTNER
from partnerkpi.tables.guard import preflight
from partnerkpi.workbook import names
from partnerkpi.workbook.columns import all_columns
from partnerkpi.workbook.figures import all_figures
from partnerkpi.workbook.layout import FIRST_ROW, HEAD_ROW

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEETS = (names.SCORECARD, names.PARTNERS, names.BENCHMARKS, names.DATA, names.ABOUT)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DIGEST = re.compile(r"[0-9a-f]{64}")

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BookContent:
    """What a workbook says: its page, and the SHA-256 of each file that it was made from, by name."""

    page: PageContent
    digests: Mapping[str, str]


def read_book(path: Path) -> BookContent:
    """Return what a scorecard workbook says, as it was when it was last calculated.

    Raises FileProblem where the file cannot be read, DataProblem where it is no scorecard.
    """
    from openpyxl import load_workbook

    preflight(path)
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        missing = [sheet for sheet in SHEETS if sheet not in book.sheetnames]
        if missing:
            raise DataProblem(
                f"{path} is no scorecard: it has no sheet {missing[0]!r}. Name a workbook of 'partnerkpi scorecard'"
            )
        return _Reader(path, book).content()
    finally:
        book.close()


class _Reader:
    """One open workbook."""

    def __init__(self, path: Path, book: Workbook) -> None:
        self.path = path
        self.book = book

    def content(self) -> BookContent:
        labels, columns = self._periods()
        number = int(self._named(names.PERIOD_NUMBER))
        now, before = columns[number - 1], columns[number - 2] if number > 1 else {}
        about = list(self._rows(names.ABOUT))
        partners = tuple(self._partners())
        own = any(ONE_PARTNER in row for row in about) and len(partners) == 1
        partner = partners[0].name if own else None
        title = " ".join(str(self.book.properties.title or "").split())
        page = PageContent(
            title=title.removesuffix(f": {' '.join(partner.split())}") if partner is not None else title,
            period=_period(labels[number - 1]),
            previous=_period(labels[number - 2]) if number > 1 else None,
            as_of=self._as_of(),
            partner=partner,
            tiles=self._tiles(now, before),
            partners=partners,
            confidence=float(self._named(names.CONFIDENCE)),
            min_answers=int(self._named(names.MIN_ANSWERS)),
            lowest=_rating(self._named(names.labels("nps"))) or "",
            rows_read=int(self._named(names.ROWS_READ)),
            rows_set_aside=int(self._named(names.ROWS_SET_ASIDE)),
        )
        return BookContent(page, _digests(about))

    def _rows(self, sheet: str, first: int = 1, last: int | None = None) -> Iterator[Sequence[Any]]:
        return iter(self.book[sheet].iter_rows(min_row=first, max_row=last, values_only=True))

    def _named(self, name: str) -> Any:
        """Return the value of a named cell, of a range the first."""
        defined = self.book.defined_names.get(name)
        if defined is None:
            raise DataProblem(f"{self.path} is no scorecard that can be read: it has no name {name!r}. Build it again")
        sheet, ref = next(iter(defined.destinations))
        value = self.book[sheet][ref.replace("$", "").partition(":")[0]].value
        if value is None:
            raise DataProblem(f"{self.path}: {name} has no value. Open it in Excel and save it, or build it again")
        return value

    def _periods(self) -> tuple[list[str], Sequence[Figures]]:
        """Return the names of the periods and their figures, by key."""
        from openpyxl.utils.cell import range_boundaries

        _, ref = next(iter(self.book.defined_names[names.PERIODS].destinations))
        first, _, last, _ = (edge or 1 for edge in range_boundaries(ref.replace("$", "")))
        keys = {figure.label: figure.key for figure in all_figures()}
        rows = list(self._rows(names.DATA, HEAD_ROW, FIRST_ROW + 2 * len(keys)))
        labels = [str(value) for value in rows[0][first - 1 : last]]
        columns: list[dict[str, Any]] = [{} for _ in labels]
        for row in rows[1:]:
            key = keys.get(row[first - 2]) if len(row) >= last else None
            for column, value in zip(columns, row[first - 1 : last], strict=False):
                if key is not None:
                    column.setdefault(key, value)
        return labels, columns

    def _partners(self) -> Iterator[PartnerFigures]:
        heads = {column.head: column.key for column in all_columns()}
        head, *rows = self._rows(names.PARTNERS, HEAD_ROW)
        keys = [heads.get(str(text), "") for text in head]
        for row in rows:
            one = dict(zip(keys, row, strict=False))
            if one.get("name") is None:
                return
            yield PartnerFigures(
                str(one["name"]),
                str(one["tier"]) if one.get("tier") is not None else None,
                _number(one.get("nps")),
                int(_number(one.get("answers")) or 0),
                _rating(one.get("rating")),
                _number(one.get("change")),
                _word(one.get("certainty")),
                ranked=_number(one.get("order")) is not None,
                compared=_number(one.get("p")) is not None,
            )

    def _as_of(self) -> dt.date | None:
        cells = (value for row in self._rows(names.SCORECARD, 1, 4) for value in row)
        return next((value.date() for value in cells if isinstance(value, dt.datetime)), None)

    def _tiles(self, now: Figures, before: Figures) -> dict[str, Tile]:
        def rated(key: str, kpi: str, **rests_on: Any) -> Tile:
            target = _number(self._named(names.of_kpi(kpi, "target")))
            return _tile(key, now, before, _rating(now.get(f"{key}_rating")), target, rests_on)

        counts = {"active": now.get("active"), "partners": now.get("listed"), "activities": now.get("activities")}
        return {
            "nps": rated("nps", "nps", answers=now.get("answers")),
            "advocacy": rated("advocacy", "advocacy", **(counts if self._given(names.HAS_ACTIVITIES) else {})),
            "influence": rated("influence", "retention", base=now.get("base_share"), index=now.get("index")),
            "retention": _tile("retention", now, before),
            "activities": _tile("activities", now, before) if self._given(names.HAS_ACTIVITIES) else Tile(),
            "response": _tile(
                "response",
                now,
                before,
                rests_on={"invited": now.get("invited"), "answered": now.get("answered")},
            ),
            "health": _tile("health", now, before, _rating(now.get("worst"))),
        }

    def _given(self, name: str) -> bool:
        return bool(self._named(name))


def _tile(
    key: str,
    now: Figures,
    before: Figures,
    rating: str | None = None,
    target: float | None = None,
    rests_on: Mapping[str, Any] | None = None,
) -> Tile:
    known = {name: number for name, value in (rests_on or {}).items() if (number := _number(value)) is not None}
    return Tile(
        _number(now.get(key)),
        _number(now.get(f"{key}_low")),
        _number(now.get(f"{key}_high")),
        rating,
        target,
        _number(before.get(key)),
        _number(now.get(f"{key}_change")),
        _word(now.get(f"{key}_word")),
        known,
    )


def _number(value: Any) -> float | None:
    """Return a figure; a dash or a text is no data."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _word(value: Any) -> str:
    return str(value) if value in ("up", "down") else CANNOT_TELL


def _rating(value: Any) -> str | None:
    """Return the name of a rating from its label: watch for "▲ Watch", None for a dash."""
    _, _, name = str(value or "").partition(" ")
    return name.casefold() or None


def _period(label: str) -> str:
    """Return a period's name in the data, 2026-Q3 or 2026-09, from the one on the page, Q3 2026 or Sep 2026."""
    part, _, year = label.partition(" ")
    if year and part in _MONTHS:
        return f"{year}-{_MONTHS.index(part) + 1:02d}"
    return f"{year}-{part}" if re.fullmatch("Q[1-4]", part) else label


def _digests(about: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Return the SHA-256 of each file that About lists: source, file, digest in one row."""
    return {
        str(row[1]).rpartition("#")[0] or str(row[1]): str(row[2])
        for row in about
        if len(row) > 2 and row[1] and _DIGEST.fullmatch(str(row[2] or ""))
    }
