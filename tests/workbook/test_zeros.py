"""No figure shows a minus before a nought."""

from __future__ import annotations

import subprocess
from pathlib import Path

import books
import office

from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.theme import BODY, CHANGE, PULL, SCORE, SHARE, TENTHS
from partnerkpi.workbook.sheets.zeros import plain_zeros

SHOWN = {
    CHANGE: {-0.3: "0", 0.3: "0", 0: "0", -0.5: "−1", -1.4: "−1", 0.6: "+1", 12: "+12"},
    PULL: {-0.04: "0.0", 0.04: "0.0", -0.06: "−0.1", -2: "−2.0", 3.44: "+3.4"},
    SCORE: {-0.3: "0", 0.3: "0", -35.2: "−35", 46.4: "46"},
    TENTHS: {-0.04: "0.0", -0.2: "−0.2", 80.55: "80.6"},
}


def test_what_rounds_to_nothing_is_shown_without_a_sign(tmp_path: Path) -> None:
    """As LibreOffice shows them: numbers, and formulas that give them; text and empty cells stay as they are."""
    model = WorkbookModel()
    sheet = model.sheet("Zeros")
    expected = []
    row = 0
    for number, values in SHOWN.items():
        for value, shown in values.items():
            row += 1
            model.put(sheet, (row, 1), value, BODY.but(number=number))
            model.put(sheet, (row, 2), Live(f"={value!r}", value), BODY.but(number=number))
            model.put(sheet, (row, 4), "–", BODY.but(number=number))
            expected.append([shown, shown, "–"])
    plain_zeros(sheet)
    path = tmp_path / "zeros.xlsx"
    path.write_bytes(books.written(model))
    assert office.open_xml_sdk(path) == []
    assert office.validate(path) == []
    pdf = office.to_pdf(path, tmp_path)
    printed = subprocess.run(
        [office.need("pdftotext"), "-layout", pdf, "-"], check=True, capture_output=True, text=True
    )
    assert [line.split() for line in printed.stdout.splitlines() if line.strip()] == expected


def test_only_figures_that_may_be_negative_have_the_rule() -> None:
    """Counts, shares and words have none, and a block of cells has one rule, also where one of them is empty."""
    model = WorkbookModel()
    sheet = model.sheet("Few")
    for row in range(1, 4):
        for column in range(1, 4):
            if (row, column) == (2, 2):
                model.blank(sheet, (row, column), BODY.but(number=CHANGE))
            else:
                model.put(sheet, (row, column), 1.5, BODY.but(number=CHANGE))
        model.put(sheet, (row, 5), 40, BODY.but(number=SHARE))
        model.put(sheet, (row, 6), "word", BODY)
    plain_zeros(sheet)
    rules = books.opened(model)["Few"].conditional_formatting
    assert [str(one.sqref) for one in rules] == ["A1:C3"]
