"""Every cell of a workbook against the one that the recovered scorecard gives: formulas, values and texts.

The sheet of responses is compared with the tallies: the answers of each partner and period must add up to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from openpyxl.utils.cell import absolute_coordinate, coordinate_to_tuple, get_column_letter

from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, classify
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.verify.contents import Contents, ErrorValue, Found, Place, as_shown, same
from partnerkpi.verify.finding import Report
from partnerkpi.verify.formulas import same_formula
from partnerkpi.verify.grounds import Grounds
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.layout import P_IN_A_YEAR, P_OF_CHANGE, PERIOD_LABEL_COLUMN, TALLIES
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import BLANK, Spill
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.model.values import NO_DATA, Value, clean_text, encode, serial
from partnerkpi.workbook.sheets.data import NO_PARTNER
from partnerkpi.workbook.sheets.responses import HEAD_ROW, HEADS

#: The columns of the tallies with tests of two single periods; how many periods the third one pools, Data does not say.
_TESTS = {TALLIES.index(head) + 1 for head in (P_OF_CHANGE, P_IN_A_YEAR)}


def expected_cells(model: WorkbookModel) -> Iterator[tuple[Place, Found]]:
    """Yield what each cell of a workbook in the making holds, as it would be read back."""
    for title, sheet in model.sheets.items():
        for (row, column), (formula, value, _) in sheet.held():
            if value is not BLANK:
                yield (title, f"{get_column_letter(column)}{row}"), _as_read(formula, value)


def _as_read(formula: str | Spill | None, value: Any) -> Found:
    value = serial(value) if isinstance(value, date) else value
    kind, text = encode(value)
    is_error = kind == "e" and (formula is not None or not isinstance(value, str))
    return Found(str(formula)[1:] if formula else None, ErrorValue(text) if is_error else value)


def compare(
    contents: Contents, made: WorkbookModel, model: WorkbookModel, report: Report, passed: Collection[Place]
) -> None:
    """Add a finding for each cell that differs, except at the places that were judged before.

    `made` is the workbook as it was made, `model` that of the period and the thresholds that stand in it now: what
    formulas give is of the second, and so are the p-values on Data, which follow from tallies; all else of the first.
    """
    expected, fixed = dict(expected_cells(made)), dict[Place, Found]()
    if model is not made:
        now = dict(expected_cells(model))
        # sentences of the day on which the workbook was made: formulas show them as they were written
        written = {
            f"{title}!{absolute_coordinate(ref)}"
            for (title, ref), should in expected.items()
            if should.formula is None and isinstance(should.value, str) and now.get((title, ref), should) != should
        }
        for place, should in expected.items():
            follows = should.formula is not None or (place[0] == names.DATA and isinstance(should.value, float))
            if follows and place in now and (now[place].formula is None) == (should.formula is None):
                expected[place] = Found(should.formula, now[place].value)
                formula = should.formula or ""
                if formula != (now[place].formula or "") or any(ref in formula for ref in written):
                    fixed[place] = should
    for title in made.sheets:
        if title not in contents.sheets:
            report.add("structure", title, "the sheet is missing")
    for title, sheet in contents.sheets.items():
        if title not in made.sheets:
            continue
        rows = HEAD_ROW if title == names.RESPONSES else None  # below it, judged by what the answers add up to
        for ref, found in sheet.cells.items():
            place = (title, ref)
            if place not in passed and (rows is None or coordinate_to_tuple(ref)[0] <= rows):
                wanted = expected.get(place)
                if place in fixed and same(found.value, fixed[place].value):
                    wanted = fixed[place]
                _compare_one(place, found, wanted, report)
    for place, should in expected.items():
        if place[0] in contents.sheets and place not in passed and contents.cell(*place) is None:
            _compare_one(place, Found(None, None), should, report)


def compare_figures(
    contents: Contents, model: WorkbookModel, report: Report, unknown: Collection[str], sheets: Collection[str] = ()
) -> None:
    """Compare the stored values of those formulas that rest on the same in both workbooks, and of the tests on Data.

    `unknown` are names of sheets and cells: formulas that stand on them or refer to them are passed over, and so are
    those on `sheets`.
    """
    rows, cells = rows_of_figures(contents), dict(expected_cells(model))
    grounds = Grounds(contents, model, cells)
    for (title, ref), should in cells.items():
        if title == names.DATA and should.formula is None:
            ref = _where_it_stands(ref, model, rows)
        found = contents.cell(title, ref)
        if title in unknown or title in sheets or found is None:
            continue
        if title == names.DATA and coordinate_to_tuple(ref)[1] in _TESTS and isinstance(should.value, float):
            # they follow from the tallies, and no formula says how
            if found.formula is should.formula is None and not same(found.value, should.value):
                _value_differs((title, ref), found, should, report)
            continue
        if found.formula is None or should.formula is None:
            continue
        if any(name in should.formula for name in unknown):
            continue
        alike = same_formula(found.formula, should.formula) and grounds.bear(title, should.formula)
        if alike and found.value is not None:
            report.recomputed += 1
            if not same(found.value, should.value):
                _value_differs((title, ref), found, should, report)


def rows_of_figures(contents: Contents) -> dict[Value, int]:
    """Return the row on Data of each figure by period, by its label."""
    sheet = contents.sheets.get(names.DATA)
    places = ((coordinate_to_tuple(ref), found) for ref, found in sheet.cells.items()) if sheet is not None else ()
    return {str(found.value): row for (row, column), found in places if column == PERIOD_LABEL_COLUMN}


def _where_it_stands(ref: str, model: WorkbookModel, rows: Mapping[Value, int]) -> str:
    """Return the cell of a figure by period in the workbook, which has rows that cannot be worked out again."""
    row, column = coordinate_to_tuple(ref)
    data = model[names.DATA]
    if column <= PERIOD_LABEL_COLUMN or (row, PERIOD_LABEL_COLUMN) not in data.cells:
        return ref
    label = str(data.content((row, PERIOD_LABEL_COLUMN))[1])
    return f"{get_column_letter(column)}{rows.get(label, row)}"


def _compare_one(place: Place, found: Found, should: Found | None, report: Report) -> None:
    where = f"{place[0]}!{place[1]}"
    if should is None:
        if found.formula is not None:
            report.add("formula", where, "a formula was put in", f"={found.formula}")
        elif found.value is not None and found.value != "":
            report.add("text", where, "something was added here", as_shown(found.value))
    elif should.formula is None:
        if found.formula is not None:
            report.add("formula", where, "a formula was put in", f"={found.formula}", as_shown(should.value))
        elif place[0] == names.DATA and isinstance(should.value, float):
            if not same(found.value, should.value):
                _value_differs(place, found, should, report)
        elif not same(found.value, should.value):
            what = "the text was changed" if isinstance(should.value, str) else "the number was changed"
            report.add("text", where, what, as_shown(found.value), as_shown(should.value))
    elif found.formula is None:
        report.add("formula", where, "the formula was replaced", as_shown(found.value), f"={should.formula}")
    elif not same_formula(found.formula, should.formula):
        report.add("formula", where, "the formula was changed", f"={found.formula}", f"={should.formula}")
    else:
        report.recomputed += 1
        if found.value is not None and not same(found.value, should.value):
            _value_differs(place, found, should, report)


def _value_differs(place: Place, found: Found, should: Found, report: Report) -> None:
    if not (isinstance(found.value, ErrorValue) and found.value.code != NO_DATA):  # other errors have been told
        what = "the stored figure does not follow from the Data sheet"
        report.add("figure", f"{place[0]}!{place[1]}", what, as_shown(found.value), as_shown(should.value))


def check_answers(card: Scorecard, contents: Contents, report: Report) -> None:
    """Add a finding for each partner and period whose answers are not those of the tallies."""
    sheet = contents.sheets.get(names.RESPONSES)
    if sheet is None:
        return
    counted: Counter[tuple[str, str, str]] = Counter()
    last = HEAD_ROW
    for ref, found in sheet.cells.items():
        row, column = coordinate_to_tuple(ref)
        if row <= HEAD_ROW or (found.value is None and found.formula is None):
            continue
        last = max(last, row)
        if column > len(HEADS) or found.formula is not None:
            report.add("text", f"{sheet.title}!{ref}", "something was added here", as_shown(found.value))
    for row in range(HEAD_ROW + 1, last + 1):
        partner, period, _, score = (contents.shown(sheet.title, f"{letter}{row}") for letter in "ABCD")
        if not isinstance(score, float) or not LOWEST_SCORE <= score <= HIGHEST_SCORE:
            report.add("text", f"{sheet.title}!D{row}", "the score of an answer is a number from 0 to 10", score)
            continue
        counted[str(partner), str(period), classify(score)] += 1
    for (name, period), counts in card.counts.items():
        who, when = clean_text(name) if name is not None else translate(NO_PARTNER), period_name(period)
        scores = counts.scores
        for band in ("detractor", "passive", "promoter"):
            should = getattr(scores, f"{band}s")
            says = counted.pop((who, when, band), 0)
            if says != should:
                report.add("tally", sheet.title, f"{band}s of {who} in {when}, counted from the answers", says, should)
    for (who, when, _), number in counted.items():
        report.add("tally", sheet.title, f"{number} answers of {who} in {when}, who has none in the tallies")
