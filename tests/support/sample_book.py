"""A small workbook with one of everything that a scorecard holds, for tests of the ground under it.

Run as a program it writes the workbook to the file named by its argument.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.series import SeriesLabel
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table

from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.theme import (
    CHIPS,
    DATE,
    FIGURE,
    HEAD,
    HEAD_NUMBER,
    RATINGS,
    ROW,
    ROW_NUMBER,
    SHARE,
    TITLE,
)
from partnerkpi.workbook.writer.cells import Writer

TEXTS = (
    *("plain", " leading and trailing ", "two  blanks", "line\nbreak", "tab\there", "\u0634\u0631\u064a\u0643 العربية"),
    *("\U0001f600 emoji", "日本語", '<b>&amp;"quotes"\'', "_x0041_ is not A", "plain", "é e\u0301"),
)
HOSTILE = (
    *(
        '=HYPERLINK("http://example.com","pay")',
        "+1",
        "-1+2",
        "@SUM(A1)",
        "#N/A",
        "#REF!",
        "TRUE",
        "0012",
        "1/2",
        "=",
        "'x",
    ),
    *("=cmd|'/C calc'!A0", "\x00nul", "bell\x07", "half \ud83d of a pair", "\ufffe\uffff", "x" * 40_000, "😀" * 20_000),
)
PARTNERS = (("Acme", 2, 5, 23), ("Brüder & Söhne", 1, 3, 6), ("Café", 0, 0, 5), ("Dunder", 8, 7, 5))
LAST = len(PARTNERS) + 1


def build() -> Writer:
    """Return the workbook, ready to be saved."""
    writer = Writer()
    _partners(writer)
    _kinds(writer)
    _texts(writer)
    return writer


def _partners(writer: Writer) -> None:
    """Write a table of partners with formulas, coloured by rating, and charts of it."""
    sheet = writer.sheet("Partner's table")
    for column, head in enumerate(("Partner", "Detractors", "Passives", "Promoters", "NPS", "Rating", "Asked\non"), 1):
        writer.put(sheet, (1, column), head, HEAD if column in (1, 6) else HEAD_NUMBER)
    for row, (name, detractors, passives, promoters) in enumerate(PARTNERS, 2):
        score = 100 * (promoters - detractors) / (detractors + passives + promoters)
        rating = "exceptional" if score >= 70 else "strong" if score >= 50 else "investigate"
        writer.put(sheet, (row, 1), name, ROW)
        for column, count in enumerate((detractors, passives, promoters), 2):
            writer.put(sheet, (row, column), count, ROW_NUMBER)
        writer.put(sheet, (row, 5), Live(f"=100*(D{row}-B{row})/SUM(B{row}:D{row})", score), ROW_NUMBER)
        words = [RATINGS[word].label for word in ("exceptional", "strong", "investigate")]
        formula = f'=IF(E{row}>=70,"{words[0]}",IF(E{row}>=50,"{words[1]}","{words[2]}"))'
        writer.put(sheet, (row, 6), Live(formula, RATINGS[rating].label), CHIPS["no data"])
        writer.put(sheet, (row, 7), date(2026, 9, row), ROW_NUMBER.but(number=DATE))
    sheet.add_table(Table(displayName="Partners", ref=f"A1:G{LAST}"))
    for name, test in (("exceptional", ">=70"), ("investigate", "<30")):
        sheet.conditional_formatting.add(f"F2:F{LAST}", RATINGS[name].rule(f"AND(ISNUMBER($E2),$E2{test})"))
    choice = DataValidation(type="list", formula1=f"$A$2:$A${LAST}", allow_blank=True)
    choice.add("I1")
    choice.add("K3:K4")
    choice.add("J7")
    sheet.add_data_validation(choice)
    sheet.freeze_panes = "B2"
    scores = LineChart()
    scores.add_data(Reference(sheet, min_col=5, min_row=1, max_row=LAST), titles_from_data=True)
    scores.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=LAST))
    counts = BarChart()
    counts.add_data(Reference(sheet, min_col=2, max_col=4, min_row=1, max_row=LAST), titles_from_data=True)
    counts.set_categories(Reference(sheet, min_col=7, min_row=2, max_row=LAST))
    gaps = LineChart()
    gaps.add_data(Reference(writer.sheet("Kinds"), min_col=2, min_row=1, max_row=11))
    gaps.series[0].tx = SeriesLabel(v="Kinds")
    for chart, anchor in ((scores, "A8"), (counts, "H8"), (gaps, "A24")):
        chart.x_axis.delete = chart.y_axis.delete = False
        sheet.add_chart(chart, anchor)


def _kinds(writer: Writer) -> None:
    """Write every kind of value that a formula gives, and every kind of constant."""
    sheet = writer.workbook["Kinds"]
    table = "'Partner''s table'"
    live = (
        ("whole number", Live(f"=SUM({table}!B2:B{LAST})", sum(row[1] for row in PARTNERS))),
        ("fraction", Live("=1/3", 1 / 3)),
        ("text", Live(f"=INDEX({table}!A2:A{LAST},2)", PARTNERS[1][0])),
        ("text with blanks", Live('=" a"&"  b "', " a  b ")),
        ("empty text", Live('=IF(1>2,"x","")', "")),
        ("true", Live("=AND(B1>1,ISNUMBER(B2))", True)),
        ("false", Live("=OR(B1<1,1>2)", False)),
        ("no data", Live("=NA()", None)),
        ("not a number", Live("=NA()", float("nan"))),
        ("division", Live("=1/0", "#DIV/0!")),
        ("date", Live(f"=MAX({table}!G2:G{LAST})", date(2026, 9, LAST))),
    )
    for row, (name, content) in enumerate(live, 1):
        style = FIGURE.but(number=DATE) if name == "date" else FIGURE
        writer.put(sheet, (row, 1), name)
        writer.put(sheet, (row, 2), content, style)
    constants = (0.1 + 0.2, 1 / 3, 1e-7, 1.7976931348623157e308, -0.0, 7, 10**14, 10**15, True, None, float("nan"))
    for row, constant in enumerate((*constants, float("inf"), date(2026, 9, 30), ""), 1):
        writer.put(sheet, (row, 4), constant)
    writer.put(sheet, "F1", 45, FIGURE.but(number=SHARE))


def _texts(writer: Writer) -> None:
    """Write texts that are hard to keep, texts that are hard to bear, a rich text, a link and a comment."""
    sheet = writer.sheet("Texts")
    writer.put(sheet, "A1", "Texts", TITLE)
    for row, text in enumerate(TEXTS, 2):
        writer.put(sheet, (row, 1), text)
    for row, text in enumerate(HOSTILE, 2):
        writer.put(sheet, (row, 3), text)
    sheet["E1"] = CellRichText("so ", TextBlock(InlineFont(rFont="Calibri", b=True, sz=11), "much "))
    sheet["E2"].comment = Comment("asked twice", "partnerkpi", height=80, width=160)
    link = writer.put(sheet, "E3", "to the table")
    link.hyperlink = Hyperlink(ref="E3", location="'Partner''s table'!A1")


if __name__ == "__main__":
    build().save(Path(sys.argv[1]))
