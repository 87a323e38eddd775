"""A small workbook with one of everything that a scorecard holds, for tests of the ground under it.

Run as a program it writes the workbook to the file named by its argument.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.series_factory import SeriesFactory

from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.sheet import drawn
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
from partnerkpi.workbook.sheets.charts import area
from partnerkpi.workbook.writer.writer import Writer

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


def build() -> WorkbookModel:
    """Return the workbook."""
    model = WorkbookModel()
    _partners(model)
    _kinds(model)
    _texts(model)
    return model


def _partners(model: WorkbookModel) -> None:
    """Write a table of partners with formulas, coloured by rating, and charts of it."""
    sheet = model.sheet("Partner's table")
    for column, head in enumerate(("Partner", "Detractors", "Passives", "Promoters", "NPS", "Rating", "Asked\non"), 1):
        model.put(sheet, (1, column), head, HEAD if column in (1, 6) else HEAD_NUMBER)
    for row, (name, detractors, passives, promoters) in enumerate(PARTNERS, 2):
        score = 100 * (promoters - detractors) / (detractors + passives + promoters)
        rating = "exceptional" if score >= 70 else "strong" if score >= 50 else "investigate"
        model.put(sheet, (row, 1), name, ROW)
        for column, count in enumerate((detractors, passives, promoters), 2):
            model.put(sheet, (row, column), count, ROW_NUMBER)
        model.put(sheet, (row, 5), Live(f"=100*(D{row}-B{row})/SUM(B{row}:D{row})", score), ROW_NUMBER)
        words = [RATINGS[word].label for word in ("exceptional", "strong", "investigate")]
        formula = f'=IF(E{row}>=70,"{words[0]}",IF(E{row}>=50,"{words[1]}","{words[2]}"))'
        model.put(sheet, (row, 6), Live(formula, RATINGS[rating].label), CHIPS["no data"])
        model.put(sheet, (row, 7), date(2026, 9, row), ROW_NUMBER.but(number=DATE))
    sheet.add_table("Partners", f"A1:G{LAST}")
    for name, test in (("exceptional", ">=70"), ("investigate", "<30")):
        sheet.colour_where(f"F2:F{LAST}", f"AND(ISNUMBER($E2),$E2{test})", RATINGS[name].colours)
    for cells in ("I1", "K3:K4", "J7"):
        sheet.check_entry(cells, type="list", formula1=f"$A$2:$A${LAST}", allow_blank=True)
    sheet.freeze_panes = "B2"
    kinds = model.sheet("Kinds")
    for drawing, cells in (
        (_scores(sheet), (0, 6, 7, 21)),
        (_counts(sheet), (7, 13, 7, 21)),
        (_gaps(kinds), (0, 6, 23, 37)),
    ):
        sheet.place_chart(drawing, cells, "What is drawn")


@drawn
def _scores(data: str) -> LineChart:
    chart = LineChart()
    chart.series.append(SeriesFactory(area(data, 5, 1, bottom=LAST), title_from_data=True))
    return _named(chart, data, 1)


@drawn
def _counts(data: str) -> BarChart:
    chart = BarChart()
    for column in (2, 3, 4):
        chart.series.append(SeriesFactory(area(data, column, 1, bottom=LAST), title_from_data=True))
    return _named(chart, data, 7)


@drawn
def _gaps(data: str) -> LineChart:
    chart = LineChart()
    chart.series.append(SeriesFactory(area(data, 2, 1, bottom=11), title="Kinds"))
    chart.x_axis.delete = chart.y_axis.delete = False
    return chart


def _named(chart: Any, data: str, column: int) -> Any:
    """Return a chart whose points are called what stands in a column."""
    chart.set_categories(area(data, column, 2, bottom=LAST))
    chart.x_axis.delete = chart.y_axis.delete = False
    return chart


def _kinds(model: WorkbookModel) -> None:
    """Write every kind of value that a formula gives, and every kind of constant."""
    sheet = model["Kinds"]
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
        model.put(sheet, (row, 1), name)
        model.put(sheet, (row, 2), content, style)
    constants = (0.1 + 0.2, 1 / 3, 1e-7, 1.7976931348623157e308, -0.0, 7, 10**14, 10**15, True, None, float("nan"))
    for row, constant in enumerate((*constants, float("inf"), date(2026, 9, 30), ""), 1):
        model.put(sheet, (row, 4), constant)
    model.put(sheet, "F1", 45, FIGURE.but(number=SHARE))


def _texts(model: WorkbookModel) -> None:
    """Write texts that are hard to keep, texts that are hard to bear, and a link."""
    sheet = model.sheet("Texts")
    model.put(sheet, "A1", "Texts", TITLE)
    for row, text in enumerate(TEXTS, 2):
        model.put(sheet, (row, 1), text)
    for row, text in enumerate(HOSTILE, 2):
        model.put(sheet, (row, 3), text)
    model.put(sheet, "E3", "to the table")
    sheet.link(3, 5, "'Partner''s table'!A1", "Go there")


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(Writer().write(build()))
