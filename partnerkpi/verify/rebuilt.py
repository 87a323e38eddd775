"""The workbook as its record gives it: what a received one is compared with, part by part or fact by fact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError
from partnerkpi.scorecard.called import OPEN
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import MOST_CALLS
from partnerkpi.verify.contents import MAIN, Contents, ErrorValue, Place, contents_of
from partnerkpi.verify.finding import Report
from partnerkpi.verify.layout import Facts, facts_of
from partnerkpi.verify.looks import Looks
from partnerkpi.verify.package import Package, unpacked
from partnerkpi.workbook.build import build, without_data
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.brand import Logo, logo_of
from partnerkpi.workbook.model.layout import FIRST_ROW
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.provenance import LOGO
from partnerkpi.workbook.sheets.actions import last_row, open_rows, told_calls
from partnerkpi.workbook.sheets.called import ON, REMARK, STATUS
from partnerkpi.workbook.sheets.responses import HEAD_ROW
from partnerkpi.workbook.writer.writer import Writer


@dataclass
class Rebuilt:
    """The workbook of a card as it was made: `titles` are the sheets of the file, `logo` the picture of its brand."""

    card: Scorecard
    titles: Collection[str]
    logo: Logo | None
    answers: list[tuple[Value, ...]]
    signed: tuple[str, str] = ("", "")  # what was signed, and the signature

    @cached_property
    def model(self) -> WorkbookModel:
        """Return the workbook as data."""
        model = self.of(self.card)
        if names.RESPONSES in model.rows:
            model.rows[names.RESPONSES] = replace(model.rows[names.RESPONSES], rows=self.answers)
        if model.provenance is not None:
            statement, signature = self.signed
            model.provenance = replace(model.provenance, signed=statement, signature=signature)
        return model

    @property
    def formulas(self) -> int:
        """Return how many formulas the workbook has."""
        return len(self.model.values())

    @cached_property
    def package(self) -> Package:
        """Return the parts of the file."""
        return unpacked(Writer(several=False).write(self.model))

    @cached_property
    def contents(self) -> Contents:
        """Return what the file holds, read as any other."""
        return contents_of(self.package)

    @cached_property
    def facts(self) -> Facts:
        """Return what is laid out in the file."""
        return facts_of(self.contents, self.contents.sheets)

    def of(self, card: Scorecard) -> WorkbookModel:
        """Return the workbook of the same card with other choices."""
        # sheets without data were left out when the workbook was made: then none of them is there
        sheets = "all" if without_data(card) & set(self.titles) else "with-data"
        return build(
            card,
            sheets=sheets,  # type: ignore[arg-type]  # one of the two
            responses=() if names.RESPONSES in self.titles else None,
            logo=self.logo,
        )


def answers_of(contents: Contents) -> list[tuple[Value, ...]]:
    """Return the rows of the sheet of responses as they stand there; none where it is not one of ours."""
    sheet = contents.sheets.get(names.RESPONSES)
    if sheet is None:
        return []
    rows, row = list[tuple[Value, ...]](), HEAD_ROW + 1
    while f"D{row}" in sheet.cells:
        values = [contents.shown(sheet.title, f"{letter}{row}") for letter in "ABCD"]
        if not all(isinstance(value, str) for value in values[:2]) or not isinstance(values[3], float):
            return []
        day = int(values[2]) if isinstance(values[2], float) else None
        rows.append((*values[:2], day, values[3]))
        row += 1
    return rows


def logo_in(parts: Mapping[str, bytes], record: Mapping[str, Any]) -> Logo | None:
    """Return the picture of which the record has the SHA-256; None where it has none or the picture is gone."""
    wanted = record.get(LOGO)
    if isinstance(wanted, str):
        for name, data in parts.items():
            if name.startswith("xl/media/") and hashlib.sha256(data).hexdigest() == wanted:
                try:
                    return logo_of(data, name)
                except ConfigError:
                    return None
    return None


def as_chosen(rebuilt: Rebuilt, card: Scorecard, contents: Contents) -> WorkbookModel:
    """Return the workbook with the choices of a card, and the sentence about calls that the statuses give."""
    listed = len(rebuilt.card.newest.actions[:MOST_CALLS])
    last = last_row(rebuilt.card.newest)
    rows = range(FIRST_ROW, last + 1)
    still = sum(contents.shown(names.ACTIONS, f"{STATUS}{row}") == translate(OPEN) for row in rows)
    made = sum(one.status == OPEN for one in rebuilt.card.newest.actions[:MOST_CALLS])
    if card == rebuilt.card and (still == made or names.ACTIONS not in rebuilt.model.sheets):
        return rebuilt.model
    model = rebuilt.of(card.with_calls_of(rebuilt.card))
    if (sheet := model.sheets.get(names.ACTIONS)) is not None and listed:
        newest = rebuilt.card.newest
        told = told_calls(newest.calls, listed, last, period_name(newest.current), still)
        for place, (formula, _, look) in sheet.cells.items():
            if formula == told.formula:
                sheet.cells[place] = formula, told.value, look
    return model


def judge_open_cells(
    card: Scorecard, contents: Contents, expected: Contents, judged: Collection[Place], report: Report
) -> set[Place]:
    """Return the cells that are a person's to fill and hold something that may stand there.

    The writer leaves them unlocked: a list says what may be chosen, or they are empty and for anybody's words.
    """
    looks, words = Looks(expected), 0
    typed = typed_cells(card, contents, expected, report)
    passed = set(typed)
    for title, sheet in expected.sheets.items():
        if title not in contents.sheets or sheet.root is None:
            continue
        choices = _choices(sheet.root)
        chosen = 0
        for ref, made in sheet.cells.items():
            place = (title, ref)
            if made.formula is not None or place in judged or looks.of(made.style).get("locked", True):
                continue
            found = contents.cell(*place)
            if found is None or found.formula is not None or found.value == made.value:
                continue
            if ref in choices:
                if found.value in choices[ref]:
                    passed.add(place)
                    chosen += place not in typed
            elif made.value in (None, ""):
                passed.add(place)
                words += 1
        if chosen:
            report.changed.append(f"{title}: something else was chosen in {_cells(chosen)}")
    if words:
        report.not_judged.append(f"what was written into {_cells(words)} left open for that")
    return passed


def typed_cells(card: Scorecard, contents: Contents, expected: Contents, report: Report) -> set[Place]:
    """Return the cells in which somebody typed what became of calls: a status of the list, a day, a note."""
    sheet = expected.sheets.get(names.ACTIONS)
    if sheet is None or sheet.root is None or names.ACTIONS not in contents.sheets:
        return set()
    choices, passed = _choices(sheet.root), set[Place]()
    for row in open_rows(card.newest):
        for letter in (STATUS, ON, REMARK):
            place = names.ACTIONS, f"{letter}{row}"
            found, made = contents.cell(*place), expected.cell(*place)
            value = found.value if found is not None else None
            if (found is not None and found.formula is not None) or isinstance(value, ErrorValue):
                continue
            if value == (made.value if made is not None else None):
                continue
            if letter != STATUS or value in choices.get(place[1], ()) or value in (None, ""):
                passed.add(place)
    if passed:
        report.changed.append(f"{names.ACTIONS}: what became of calls was typed into {_cells(len(passed))}")
    return passed


def own_looks(passed: Collection[Place]) -> set[Place]:
    """Return of the cells that are a person's those that may look as that person likes: days and notes of calls."""
    return {(title, ref) for title, ref in passed if title == names.ACTIONS and ref[0] in (ON, REMARK)}


def _cells(count: int) -> str:
    return f"{count:,} {'cell' if count == 1 else 'cells'}"


def _choices(root: Any) -> dict[str, set[str]]:
    """Return what may be chosen in each cell that has a list of its own."""
    from openpyxl.utils.cell import get_column_letter, range_boundaries

    found = dict[str, set[str]]()
    for check in root.iterfind(f"{MAIN}dataValidations/{MAIN}dataValidation"):
        listed = check.findtext(f"{MAIN}formula1") or ""
        if check.get("type") != "list" or not listed.startswith('"'):
            continue
        choices = set(listed.strip('"').replace('""', '"').split(","))
        for cells in (check.get("sqref") or "").split():
            left, top, right, bottom = (int(end or 0) for end in range_boundaries(cells))
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    found[f"{get_column_letter(column)}{row}"] = choices
    return found


def record_of(text: str) -> dict[str, Any]:
    """Return the record that a text of JSON holds; ValueError where it is none."""
    record = json.loads(text)
    if not isinstance(record, dict):
        raise ValueError("it is no record")
    return record
